/**
 * A kernel and a front end in one page, or in one process: the kernel half of the widgets talks to a widget manager
 * (Jupyter's `HTMLManager`, or any other) without a server. Messages go through JSON text, buffers are copied, and each
 * takes a turn of the event loop, in order, as over a real connection.
 */
import type {
  BufferLike,
  Comm,
  CommMessage,
  CommOpen,
  CommPayload,
  DisplayOptions,
  FunctionOrigin,
  Host,
  HostOutput,
  JsonObject,
  OutputSink,
} from "../../src/display.js";
import { bytesOf } from "./equal.js";
import { randomId } from "./identity.js";
import { PageOutputs } from "./page-outputs.js";

/** The calls by which a front end follows its own message; those of `@jupyter-widgets/base`'s `ICallbacks`. */
export interface FrontEndCallbacks {
  readonly iopub?: { readonly status?: (message: never) => unknown };
}

/** The front end's side of a comm; has the shape of `@jupyter-widgets/base`'s `IClassicComm`. */
export interface FrontEndComm {
  readonly comm_id: string;
  readonly target_name: string;
  open(): string;
  send(data: JsonObject, callbacks?: FrontEndCallbacks, metadata?: JsonObject, buffers?: readonly BufferLike[]): string;
  close(): string;
  on_msg(handler: (message: never) => unknown): void;
  on_close(handler: (message: never) => unknown): void;
}

/** What a front end's manager is told when the kernel half opens a comm: what `handle_comm_open` takes. */
export interface OpenMessage {
  readonly content: { readonly comm_id: string; readonly target_name: string; readonly data: JsonObject };
  readonly metadata: JsonObject;
  readonly buffers: readonly DataView[];
}

/** One message that went over the connection. */
export interface Traffic {
  readonly from: "kernel" | "front end";
  readonly data: JsonObject;
  /** Length of all buffers. */
  readonly bytes: number;
}

type Handler = ((message: never) => unknown) | undefined;

interface Wire {
  readonly kernel: Comm;
  open: boolean;
  frontEnd: Handler;
  frontEndClose: Handler;
}

/**
 * The host of widgets that live in a page.
 * @example
 * const host = new InPageHost();
 * setHost(host);
 * host.onOpen = (comm, message) => manager.handle_comm_open(comm, message); // manager: an HTMLManager
 * const slider = new IntSlider(); // now a model in the manager, under slider.id
 */
export class InPageHost implements Host {
  /** Called when the kernel half opens a comm. Until it is set, models are reached by {@link InPageHost.frontEndComm}. */
  onOpen: ((comm: FrontEndComm, message: OpenMessage) => void) | undefined;
  /** Called for every message, in both directions. */
  onTraffic: ((traffic: Traffic) => void) | undefined;
  /** Takes what is put out and not captured by an Output widget. */
  onOutput: ((output: HostOutput) => void) | undefined;
  /** Says where functions come from; see {@link Host.originOf}. */
  origins: ReadonlyMap<unknown, FunctionOrigin> = new Map();
  readonly #wires: Map<string, Wire> = new Map();
  readonly #targets: Map<string, (comm: Comm, open: CommMessage) => void> = new Map();
  readonly #outputs: PageOutputs = new PageOutputs((output) => this.onOutput?.(output));
  #answering = "";
  #count = 0;

  display(value: unknown, options: DisplayOptions & { readonly displayId?: string } = {}): void {
    this.#outputs.display(value, options);
  }

  newDisplayId(): string {
    return randomId();
  }

  clearOutput(options: { readonly wait?: boolean } = {}): void {
    this.#outputs.put({ type: "clear_output", content: { wait: options.wait ?? false } });
  }

  capture<Result>(sink: OutputSink, action: () => Result): Result {
    return this.#outputs.capture(sink, action);
  }

  showError(error: unknown): void {
    this.#outputs.showError(error);
  }

  originOf(value: unknown): FunctionOrigin | undefined {
    return this.origins.get(value);
  }

  openComm(open: CommOpen): Comm {
    const id = open.id ?? randomId();
    const wire = this.#wire(id, open.targetName);
    const [data, buffers] = this.#carry("kernel", open.data, open.buffers);
    const content = { comm_id: id, target_name: open.targetName, data };
    later(() => this.onOpen?.(this.frontEndComm(id), { content, metadata: open.metadata ?? {}, buffers }));
    return wire.kernel;
  }

  registerCommTarget(name: string, handler: (comm: Comm, open: CommMessage) => void): void {
    this.#targets.set(name, handler);
  }

  /** Returns the ids of the open comms of a target; default: the widgets'. What `_get_comm_info` is to answer. */
  openComms(target = "jupyter.widget"): readonly string[] {
    return [...this.#wires].filter(([, { open, kernel }]) => open && kernel.targetName === target).map(([id]) => id);
  }

  /** The front end opens a comm to the kernel half. @throws Error when no such target is registered */
  openFromFrontEnd(target: string, id: string, data: JsonObject): FrontEndComm {
    const handler = this.#targets.get(target);
    if (!handler) throw new Error(`openFromFrontEnd: target ${target}, expected one of ${[...this.#targets.keys()]}`);
    const { kernel } = this.#wire(id, target);
    const [copy, buffers] = this.#carry("front end", data);
    handler(kernel, { data: copy, metadata: {}, buffers });
    return this.frontEndComm(id);
  }

  /** Returns the front end's side of an open comm. @throws Error when there is none with this id */
  frontEndComm(id: string): FrontEndComm {
    const wire = this.#wires.get(id);
    if (!wire) throw new Error(`frontEndComm: no open comm has the id ${id}`);
    return {
      comm_id: id,
      target_name: wire.kernel.targetName,
      open: () => "",
      on_msg: (handler) => {
        wire.frontEnd = handler;
      },
      on_close: (handler) => {
        wire.frontEndClose = handler;
      },
      send: (data, callbacks, _metadata, buffers) => this.#toKernel(wire, data, callbacks, buffers),
      close: () => this.#closeFromFrontEnd(wire),
    };
  }

  #wire(id: string, targetName: string): Wire {
    const kernel: Comm = {
      id,
      targetName,
      onMessage: undefined,
      onClose: undefined,
      send: (data, payload) => this.#toFrontEnd(wire, data, payload),
      close: (data = {}) => {
        if (!this.#forget(wire)) return;
        const message = { content: { comm_id: id, data }, metadata: {}, buffers: [] };
        later(() => wire.frontEndClose?.(message as never));
      },
    };
    const wire: Wire = { kernel, open: true, frontEnd: undefined, frontEndClose: undefined };
    this.#wires.set(id, wire);
    return wire;
  }

  #forget(wire: Wire): boolean {
    const was = wire.open;
    wire.open = false;
    if (this.#wires.get(wire.kernel.id) === wire) this.#wires.delete(wire.kernel.id);
    return was;
  }

  #closeFromFrontEnd(wire: Wire): string {
    if (this.#forget(wire)) later(() => wire.kernel.onClose?.({ data: {}, metadata: {}, buffers: [] }));
    return "";
  }

  #toFrontEnd(wire: Wire, data: JsonObject, payload: CommPayload = {}): void {
    if (!wire.open) throw new Error(`comm.send: the comm ${wire.kernel.id} (${wire.kernel.targetName}) is closed`);
    const [copy, buffers] = this.#carry("kernel", data, payload.buffers);
    const message = {
      header: { msg_id: `kernel-${this.#count++}`, msg_type: "comm_msg" },
      parent_header: { msg_id: this.#answering },
      content: { comm_id: wire.kernel.id, data: copy },
      metadata: payload.metadata ?? {},
      buffers,
    };
    later(() => wire.frontEnd?.(message as never));
  }

  #toKernel(wire: Wire, data: JsonObject, callbacks?: FrontEndCallbacks, parts?: readonly BufferLike[]): string {
    const [copy, buffers] = this.#carry("front end", data, parts);
    const id = `front-end-${this.#count++}`;
    const status = (state: string): unknown =>
      callbacks?.iopub?.status?.({ content: { execution_state: state }, parent_header: { msg_id: id } } as never);
    later(() => {
      status("busy");
      this.#answering = id;
      try {
        wire.kernel.onMessage?.({ data: copy, metadata: {}, buffers });
      } finally {
        this.#answering = "";
        later(() => status("idle"));
      }
    });
    return id;
  }

  #carry(from: Traffic["from"], data: JsonObject, parts: readonly BufferLike[] = []): [JsonObject, DataView[]] {
    const buffers = parts.map((part) => new DataView(bytesOf(part).slice().buffer));
    const copy = JSON.parse(JSON.stringify(data)) as JsonObject;
    this.onTraffic?.({ from, data: copy, bytes: buffers.reduce((sum, part) => sum + part.byteLength, 0) });
    return [copy, buffers];
  }
}

/** A turn of the event loop: browsers and Node keep the order of timers with the same delay. */
function later(action: () => void): void {
  (globalThis as unknown as { setTimeout(action: () => void, delay: number): unknown }).setTimeout(action, 0);
}
