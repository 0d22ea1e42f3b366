/** Runs the view that a widget brings along as text. */
import { element, keepKeys } from "../dom/elements.js";
import type { RenderProps, ViewModel } from "../dom/view-model.js";
import type { EsmState } from "./state.js";

/** What the module's `render` may return. */
type Undo = (() => unknown) | undefined;

/** The model as anywidget's views know it: `set` takes a name and a value too. */
interface EsmModel {
  get(name: string): unknown;
  set(name: string | object, value?: unknown): void;
  save_changes(): void;
  on(event: string, handler: (content?: unknown) => void): void;
  off(event: string, handler?: (content?: unknown) => void): void;
  send(content: object): void;
}

type EsmRender = (props: { readonly model: EsmModel; readonly el: HTMLElement }) => Undo | Promise<Undo>;

/** Draws the view, again when its text changes, and takes it away; an error is shown in its place. */
export function render({ model, el }: RenderProps<EsmState>): () => void {
  let take = (): void => undefined;
  const draw = (): void => {
    take();
    take = show(model, el);
  };
  model.on("change:_esm", draw);
  model.on("change:_css", draw);
  const giveBackShortcuts = keepKeys(el);
  draw();
  return () => {
    giveBackShortcuts();
    model.off("change:_esm", draw);
    model.off("change:_css", draw);
    take();
  };
}

/** Starts one life of the view and returns what ends it, also while it is still being loaded. */
function show(model: ViewModel<EsmState>, el: HTMLElement): () => void {
  const root = element("div", { class: "lowbit-esm" });
  if (isForbidden()) {
    el.replaceChildren(root);
    root.append(element("p", { class: "lowbit-esm-note", role: "note" }, forbidden));
    return () => el.replaceChildren();
  }
  const css = model.get("_css");
  el.replaceChildren(...(css === "" ? [] : [element("style", {}, css)]), root);
  let undo: Undo;
  let ended = false;
  const report = (error: unknown): void => {
    if (!ended) root.replaceChildren(element("p", { role: "alert" }, `The view failed: ${messageOf(error)}`));
  };
  const end = (): void => {
    try {
      undo?.();
    } catch (error) {
      reportError(error);
    }
  };
  load(model.get("_esm"))
    .then((draw) => (ended ? undefined : draw({ model: facade(model), el: root })))
    .then((returned) => {
      undo = typeof returned === "function" ? returned : undefined;
      if (ended) end();
    })
    .catch(report);
  return () => {
    ended = true;
    end();
    el.replaceChildren();
  };
}

const forbidden =
  "This view is code of the notebook, and this page runs no code of a notebook: it lives where a kernel is.";

/** Whether the page's own policy keeps it from running what is not in the page's program, as in exported pages. */
function isForbidden(): boolean {
  const policy = document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? "";
  return /script-src/.test(policy) && !/'unsafe-eval'/.test(policy);
}

/** Hidden from bundlers, which would look for the module among their own. */
function importAddress(address: string): Promise<Readonly<Record<string, unknown>>> {
  const importer = new Function("address", "return import(address)") as (address: string) => Promise<object>;
  return importer(address) as Promise<Readonly<Record<string, unknown>>>;
}

async function load(text: string): Promise<EsmRender> {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const module = await importAddress(address);
    const { render: found = (module.default as { render?: unknown } | undefined)?.render } = module;
    if (typeof found !== "function")
      throw new TypeError("no render function, expected export function render({ model, el })");
    return found as EsmRender;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function facade(model: ViewModel<EsmState>): EsmModel {
  const any = model as unknown as EsmModel;
  return {
    get: (name) => any.get(name),
    set: (name, value) => any.set(typeof name === "string" ? { [name]: value } : name),
    save_changes: () => model.save_changes(),
    on: (event, handler) => model.on(event, handler),
    off: (event, handler) => any.off(event, handler),
    send: (content) => model.send?.(content),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
