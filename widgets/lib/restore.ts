/** The kernel half of saved widgets: made again under their ids, and run by the functions that were bound to them. */
import type { JsonObject } from "../../src/display.js";
import { ValueError } from "../../src/errors.js";
import type { BindingState } from "./binding-spec.js";
import { putBuffers } from "./buffers.js";
import { effect } from "./effect.js";
import { type Capturing, Interaction, type ValueSource } from "./interaction.js";
import { referencePrefix } from "./protocol.js";
import { canRestore, findWidget, type OpenWidget, restoreWidget } from "./registry.js";
import { describe } from "./report.js";
import type { Widget } from "./widget.js";

/** One model as a notebook's `application/vnd.jupyter.widget-state+json` holds it. */
export interface SavedModel {
  readonly model_name: string;
  readonly model_module: string;
  readonly model_module_version?: string;
  readonly state: JsonObject;
  readonly buffers?: readonly SavedBuffer[];
}

/** A binary part of a saved model. */
export interface SavedBuffer {
  readonly path: readonly (string | number)[];
  readonly data: string;
  readonly encoding: "base64" | "hex";
}

/**
 * Makes the kernel half of saved widgets again, under their ids, over the host of now; each opens its comm. Models whose
 * class is not registered (import `lowbit/widgets` for the core controls) are left out. Values that were not saved get
 * their defaults.
 * @returns the widgets by id
 * @throws ValueError when a saved value is not allowed, or models refer to each other in a circle
 * @example const widgets = restoreWidgets(notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"].state)
 */
export function restoreWidgets(states: Readonly<Record<string, SavedModel>>): Map<string, Widget> {
  const restored = new Map<string, Widget>();
  const begun = new Set<string>();
  const restore = (id: string): void => {
    const model = states[id];
    if (model === undefined || restored.has(id) || findWidget(id) || !canRestore(model)) return;
    if (begun.has(id)) throw new ValueError(`restoreWidgets: ${model.model_name} ${id} refers to itself`);
    begun.add(id);
    for (const reference of referencesIn(model.state)) restore(reference);
    restored.set(id, restoreWidget(id, model, withBuffers(model)) as OpenWidget as Widget);
  };
  for (const id of Object.keys(states)) restore(id);
  return restored;
}

/**
 * Runs a recorded function as `interact` or `effect` does: whenever its inputs change, and an effect also at once. What an
 * interact showed when it was saved stays until the first change.
 * @param binding the state of a saved `BindingModel`; the widgets it refers to must be restored
 * @param fn the function that it names
 * @returns a function that ends it
 * @throws ValueError when a widget that it refers to is not open
 * @example bind(state, (await import(state.module))[state.name])
 */
export function bind(binding: BindingState, fn: (argument: never) => unknown): () => void {
  const inputs = Object.fromEntries(
    Object.entries(binding.inputs).map(([name, reference]) => [name, resolve(binding, reference)]),
  );
  for (const [name, options] of Object.entries(binding.options ?? {})) restoreOptions(inputs[name], options);
  if (binding.kind === "effect") return effect(fn as (widgets: Record<string, Widget>) => unknown, inputs);
  if (binding.output === null) throw new ValueError(`bind: ${binding.name} has no output, expected an Output widget`);
  const fixed = Object.entries(binding.fixed ?? {}).map(([name, value]) => [name, { value }]);
  const interaction = new Interaction({
    fn,
    inputs: { ...(inputs as unknown as Record<string, ValueSource>), ...Object.fromEntries(fixed) },
    output: resolve(binding, binding.output) as unknown as Capturing,
    button: binding.button ? resolve(binding, binding.button) : undefined,
    display: binding.display ?? true,
  });
  interaction.connect();
  return () => interaction.disconnect();
}

function resolve(binding: BindingState, reference: string): Widget {
  const widget = findWidget(reference.slice(referencePrefix.length));
  if (widget) return widget as OpenWidget as Widget;
  throw new ValueError(`bind: ${binding.name} refers to ${describe(reference)}, expected an open widget`);
}

/** A front end knows only the labels of a selection; here its values come back, and the choice stays. */
function restoreOptions(widget: Widget | undefined, options: readonly unknown[]): void {
  const selection = widget as Widget<{ options: readonly unknown[]; index: unknown }> | undefined;
  selection?.set({ options, index: selection.get("index") });
}

function referencesIn(value: unknown): string[] {
  if (typeof value === "string") return value.startsWith(referencePrefix) ? [value.slice(referencePrefix.length)] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

function withBuffers(model: SavedModel): Record<string, unknown> {
  const state = JSON.parse(JSON.stringify(model.state)) as Record<string, unknown>;
  const buffers = model.buffers ?? [];
  putBuffers(
    state,
    buffers.map(({ path }) => path),
    buffers.map(decodeBuffer),
  );
  return state;
}

function decodeBuffer({ data, encoding }: SavedBuffer): DataView {
  const { atob } = globalThis as unknown as { atob(text: string): string };
  const bytes =
    encoding === "hex"
      ? (data.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
      : Array.from(atob(data), (character) => character.charCodeAt(0));
  return new DataView(Uint8Array.from(bytes).buffer);
}
