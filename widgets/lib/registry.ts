/**
 * The widgets that are open, and what a front end may ask for without knowing any: all states at once
 * (`jupyter.widget.control`) or a new widget (`jupyter.widget`).
 */
import { type Comm, type CommMessage, type Host, host, type JsonObject } from "../../src/display.js";
import { ValueError } from "../../src/errors.js";
import type { BufferPath, SplitState } from "./buffers.js";
import { controlTarget, widgetTarget } from "./protocol.js";
import { callSafely, describe } from "./report.js";
import type { FrontEndClass } from "./spec.js";

/** What the registry knows of an open widget. */
export interface OpenWidget {
  readonly id: string;
  /** The front end's class of the model. */
  readonly model: FrontEndClass;
  /** The whole state, as it travels. */
  encodedState(): SplitState;
  close(): void;
}

/** A widget that is being made for a comm or a saved state that exists already. */
export interface Adoption {
  readonly id: string;
  /** The comm that the front end opened. Without one, the widget opens its own. */
  readonly comm?: Comm;
  /** The values that were saved, as they travel. */
  readonly state?: Readonly<Record<string, unknown>>;
}

/**
 * Held weakly: what nothing refers to any more goes away, and its models in the front end with it. A widget refers to its
 * children, layout and style, and to whatever it is linked with.
 */
const open = new Map<string, WeakRef<OpenWidget>>();
/** Held strongly: what a person sees in some output, as far as the host knows, and what a front end has made. */
const kept = new Map<string, OpenWidget>();
/** What lives as long as another widget. */
const tied = new WeakMap<OpenWidget, Set<OpenWidget>>();
const factories = new Map<string, () => OpenWidget>();
const connected = new WeakSet<Host>();
let adoption: { readonly of: Adoption; taken: boolean } | undefined;

/** Closes the comms of widgets that were collected. Must not refer to the widget. */
const collected = new FinalizationRegistry<Comm>((comm) => {
  if (open.get(comm.id)?.deref() === undefined) open.delete(comm.id);
  callSafely("a widget that nothing refers to", () => comm.close(), undefined);
});

/** Remembers an open widget until {@link forget}, or until it is collected. */
export function remember(widget: OpenWidget, comm: Comm): void {
  open.set(widget.id, new WeakRef(widget));
  // A host that cannot tell what a person sees: the widget may be in view until it is closed.
  if (!host().knowsWhatIsShown) kept.set(widget.id, widget);
  collected.register(widget, comm, widget);
}

/** Forgets a closed widget. */
export function forget(widget: OpenWidget): void {
  open.delete(widget.id);
  kept.delete(widget.id);
  collected.unregister(widget);
}

/** Keeps a widget alive, or no longer: whether a person sees it. */
export function keep(widget: OpenWidget, shown: boolean): void {
  if (shown && open.has(widget.id)) kept.set(widget.id, widget);
  else kept.delete(widget.id);
}

/** Keeps `companion` alive as long as `widget`. */
export function tie(widget: OpenWidget, companion: OpenWidget): void {
  const companions = tied.get(widget) ?? new Set();
  tied.set(widget, companions.add(companion));
}

/** Returns the open widget with this id. @example findWidget(slider.id) === slider */
export function findWidget(id: string): OpenWidget | undefined {
  return open.get(id)?.deref();
}

/** Returns how many widgets are open, the layouts and styles among them. */
export function countOpen(): number {
  return openWidgets().length;
}

/** Closes every open widget here and in the front end; views go away. @example closeAll() */
export function closeAll(): void {
  for (const widget of openWidgets().reverse()) widget.close();
}

function openWidgets(): OpenWidget[] {
  return [...open.values()].flatMap((reference) => reference.deref() ?? []);
}

/** Lets a front end create widgets of this model; `make` is called without arguments. */
export function registerWidget(model: FrontEndClass, make: () => OpenWidget): void {
  factories.set(`${model.module}/${model.name}`, make);
}

/** Returns whether the class of a saved model is registered. */
export function canRestore(model: { readonly model_module: string; readonly model_name: string }): boolean {
  return factories.has(`${model.model_module}/${model.model_name}`);
}

/** Makes a widget of a registered class with this id and these values. */
export function restoreWidget(
  id: string,
  model: { readonly model_module: string; readonly model_name: string },
  state: Readonly<Record<string, unknown>>,
): OpenWidget {
  const widget = adopt(`${model.model_module}/${model.model_name}`, { id, state });
  // The saved page shows it.
  keep(widget, true);
  return widget;
}

function adopt(name: string, of: Adoption): OpenWidget {
  const make = factories.get(name);
  if (make === undefined) throw new ValueError(`${widgetTarget}: model ${describe(name)}, expected a registered model`);
  adoption = { of, taken: false };
  try {
    return make();
  } finally {
    adoption = undefined;
  }
}

/** Registers the two comm targets with the kernel, once per kernel. Without a kernel nothing happens. */
export function connect(): void {
  const kernel = host();
  if (connected.has(kernel)) return;
  connected.add(kernel);
  kernel.registerCommTarget(controlTarget, (comm) => {
    comm.onMessage = (message) => callSafely("jupyter.widget.control", answerControl, { comm, message });
  });
  kernel.registerCommTarget(widgetTarget, (comm, message) => {
    callSafely("jupyter.widget", createFromFrontEnd, { comm, message });
  });
}

/** Returns what the widget under construction is made for; the first caller gets it. */
export function takeAdoption(): Adoption | undefined {
  if (adoption === undefined || adoption.taken) return undefined;
  adoption.taken = true;
  return adoption.of;
}

function answerControl({ comm, message }: { comm: Comm; message: CommMessage }): void {
  if (message.data.method !== "request_states") {
    throw new ValueError(`${controlTarget}: method ${describe(message.data.method)}, expected "request_states"`);
  }
  const states: [string, JsonObject][] = [];
  const bufferPaths: BufferPath[] = [];
  const buffers: (ArrayBuffer | ArrayBufferView)[] = [];
  for (const widget of openWidgets()) {
    const { id, model } = widget;
    const split = widget.encodedState();
    const state = split.state as JsonObject;
    states.push([
      id,
      { model_name: model.name, model_module: model.module, model_module_version: model.version, state },
    ]);
    // messages.md says [id, key]; ipywidgets and the front end use [id, "state", key].
    for (const path of split.bufferPaths) bufferPaths.push([id, "state", ...path]);
    buffers.push(...split.buffers);
  }
  const data = { method: "update_states", states: Object.fromEntries(states), buffer_paths: bufferPaths };
  comm.send(data, { buffers });
}

function createFromFrontEnd({ comm, message }: { comm: Comm; message: CommMessage }): void {
  const state = message.data.state as JsonObject | undefined;
  const name = `${String(state?._model_module)}/${String(state?._model_name)}`;
  try {
    // Only the front end refers to it: it lives until that closes it.
    keep(adopt(name, { id: comm.id, comm }), true);
  } catch (error) {
    comm.close();
    throw error;
  }
}
