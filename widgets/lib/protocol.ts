/**
 * The constants of the Jupyter widget messaging protocol.
 * Source: `messages.md` of `@jupyter-widgets/schema`, protocol 2.1.0 and control protocol 1.0.0.
 */

/** Version of the widget messaging protocol; goes into the metadata of every `comm_open`. */
export const protocolVersion = "2.1.0" as const;
/** Comm target of widget models, in both directions. */
export const widgetTarget = "jupyter.widget" as const;
/** Comm target on which a front end asks for the state of all widgets at once. */
export const controlTarget = "jupyter.widget.control" as const;
/** What precedes a model's id where one widget refers to another. */
export const referencePrefix = "IPY_MODEL_" as const;
/** MIME type that makes a front end show a widget's view. */
export const viewMimeType = "application/vnd.jupyter.widget-view+json" as const;

/** Returns whether updates from a front end are echoed to all of them; `JUPYTER_WIDGETS_ECHO=0` turns it off. */
export function echoEnabled(): boolean {
  const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env;
  return !/^(0|false|no|off)$/i.test(environment?.JUPYTER_WIDGETS_ECHO ?? "");
}
