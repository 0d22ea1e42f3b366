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

const open = new Map<string, OpenWidget>();
const factories = new Map<string, () => OpenWidget>();
const connected = new WeakSet<Host>();
let adoption: { comm: Comm; taken: boolean } | undefined;

/** Remembers an open widget until {@link forget}. */
export function remember(widget: OpenWidget): void {
  open.set(widget.id, widget);
}

/** Forgets a closed widget. */
export function forget(widget: OpenWidget): void {
  open.delete(widget.id);
}

/** Returns the open widget with this id. @example findWidget(slider.id) === slider */
export function findWidget(id: string): OpenWidget | undefined {
  return open.get(id);
}

/** Returns how many widgets are open, the layouts and styles among them. */
export function countOpen(): number {
  return open.size;
}

/** Closes every open widget here and in the front end; views go away. @example closeAll() */
export function closeAll(): void {
  for (const widget of [...open.values()].reverse()) widget.close();
}

/** Lets a front end create widgets of this model; `make` is called without arguments. */
export function registerWidget(model: FrontEndClass, make: () => OpenWidget): void {
  factories.set(`${model.module}/${model.name}`, make);
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

/** Returns the comm that a front end opened for the widget under construction; the first caller gets it. */
export function takeAdoptedComm(): Comm | undefined {
  if (adoption === undefined || adoption.taken) return undefined;
  adoption.taken = true;
  return adoption.comm;
}

function answerControl({ comm, message }: { comm: Comm; message: CommMessage }): void {
  if (message.data.method !== "request_states") {
    throw new ValueError(`${controlTarget}: method ${describe(message.data.method)}, expected "request_states"`);
  }
  const states: [string, JsonObject][] = [];
  const bufferPaths: BufferPath[] = [];
  const buffers: (ArrayBuffer | ArrayBufferView)[] = [];
  for (const widget of open.values()) {
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
  const make = factories.get(name);
  if (make === undefined) {
    comm.close();
    throw new ValueError(`${widgetTarget}: model ${describe(name)}, expected a registered model`);
  }
  adoption = { comm, taken: false };
  try {
    make();
  } catch (error) {
    comm.close();
    throw error;
  } finally {
    adoption = undefined;
  }
}
