/** Opens the record of a function that a module exports, so that a page without a kernel can run it. */
import { host, type Json, type JsonObject } from "../../src/display.js";
import { type BindingState, bindingSpec } from "./binding-spec.js";
import { referencePrefix } from "./protocol.js";
import { tie } from "./registry.js";
import { json } from "./traits.js";
import { Widget } from "./widget.js";

/** What is to be recorded. */
export interface BindingParts {
  readonly kind: BindingState["kind"];
  readonly fn: unknown;
  readonly inputs: Readonly<Record<string, Widget>>;
  readonly output?: Widget;
  readonly button?: Widget;
  readonly display?: boolean;
  readonly fixed?: Readonly<Record<string, unknown>>;
}

const jsonTrait = json<Json>(null);

/**
 * Opens the record when the kernel knows where `fn` comes from and its fixed arguments are JSON; else does nothing.
 * @returns a function that closes it
 */
export function openBinding(parts: BindingParts): () => void {
  const origin = Object.keys(parts.inputs).length > 0 ? host().originOf?.(parts.fn) : undefined;
  const fixed = parts.fixed ?? {};
  if (origin === undefined || !Object.values(fixed).every((value) => jsonTrait.accept(value) !== undefined)) {
    return () => undefined;
  }
  const binding = new Widget<BindingState>(bindingSpec, {
    kind: parts.kind,
    ...origin,
    inputs: Object.fromEntries(Object.entries(parts.inputs).map(([name, widget]) => [name, referenceTo(widget)])),
    output: parts.output ? referenceTo(parts.output) : null,
    button: parts.button ? referenceTo(parts.button) : null,
    manual: parts.button !== undefined,
    display: parts.display ?? true,
    fixed: fixed as JsonObject,
    options: optionsOf(parts.inputs),
  });
  for (const widget of Object.values(parts.inputs)) tie(widget, binding);
  return () => binding.close();
}

function referenceTo(widget: Widget): string {
  return `${referencePrefix}${widget.id}`;
}

/** Returns the options of the selections among the inputs, where they are JSON. */
function optionsOf(inputs: Readonly<Record<string, Widget>>): Record<string, readonly Json[]> {
  const found: Record<string, readonly Json[]> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const { options } = input as { options?: unknown };
    if (Array.isArray(options) && jsonTrait.accept(options) !== undefined) found[name] = options as readonly Json[];
  }
  return found;
}
