/**
 * A kernel and a front end in one page: the kernel half of the widgets talks to Jupyter's own widget manager. Messages
 * go through JSON text, buffers are copied, and each takes a turn of the event loop, as over a real connection.
 */
import type { ICallbacks, IClassicComm } from "@jupyter-widgets/base";
import type { BufferLike, Comm, CommMessage, CommOpen, Host, JsonObject } from "../../../src/display.js";

type FrontEndHandler = (message: never) => unknown;

/** What the front end's manager is told when the kernel opens a comm. */
export interface OpenMessage {
  readonly content: { readonly comm_id: string; readonly data: JsonObject };
  readonly metadata: JsonObject;
  readonly buffers: readonly DataView[];
}

interface Wire {
  kernel: Comm;
  frontEnd: FrontEndHandler | undefined;
  frontEndClose: FrontEndHandler | undefined;
}

/** The connection; `traffic` lists what went over it. */
export class InPageHost implements Host {
  readonly traffic: { readonly from: "kernel" | "front end"; readonly data: JsonObject; readonly bytes: number }[] = [];
  /** Called when the kernel opens a comm. */
  onOpen: (comm: IClassicComm, message: OpenMessage) => void = () => undefined;
  readonly #wires: Map<string, Wire> = new Map();
  readonly #targets: Map<string, (comm: Comm, open: CommMessage) => void> = new Map();
  #answering = "";
  #count = 0;

  display(): void {
    throw new Error("not used here");
  }

  clearOutput(): void {
    throw new Error("not used here");
  }

  openComm(open: CommOpen): Comm {
    const id = open.id ?? crypto.randomUUID();
    const wire = this.#wire(id, open.targetName);
    const [data, buffers] = this.#carry("kernel", open.data, open.buffers);
    const metadata = open.metadata ?? {};
    setTimeout(() => this.onOpen(this.frontEndComm(id), { content: { comm_id: id, data }, metadata, buffers }), 0);
    return wire.kernel;
  }

  registerCommTarget(name: string, handler: (comm: Comm, open: CommMessage) => void): void {
    this.#targets.set(name, handler);
  }

  /** The front end opens a comm to the kernel. */
  openFromFrontEnd(target: string, id: string, data: JsonObject): IClassicComm {
    const { kernel } = this.#wire(id, target);
    this.#targets.get(target)?.(kernel, { data, metadata: {}, buffers: [] });
    return this.frontEndComm(id);
  }

  /** The front end's side of a comm that exists. */
  frontEndComm(id: string): IClassicComm {
    const wire = this.#wires.get(id) as Wire;
    const comm = {
      comm_id: id,
      target_name: wire.kernel.targetName,
      open: () => "",
      on_msg: (handler: FrontEndHandler) => {
        wire.frontEnd = handler;
      },
      on_close: (handler: FrontEndHandler) => {
        wire.frontEndClose = handler;
      },
      send: (data: JsonObject, callbacks?: ICallbacks, _metadata?: JsonObject, buffers?: readonly BufferLike[]) =>
        this.#toKernel(wire, data, callbacks, buffers),
      close: () => {
        wire.kernel.onClose?.({ data: {}, metadata: {}, buffers: [] });
        return "";
      },
    };
    return comm as unknown as IClassicComm;
  }

  #wire(id: string, targetName: string): Wire {
    const wire: Wire = {
      frontEnd: undefined,
      frontEndClose: undefined,
      kernel: {
        id,
        targetName,
        onMessage: undefined,
        onClose: undefined,
        send: (data, payload) => this.#toFrontEnd(wire, data, payload?.buffers),
        close: () => setTimeout(() => wire.frontEndClose?.({ content: { comm_id: id, data: {} } } as never), 0),
      },
    };
    this.#wires.set(id, wire);
    return wire;
  }

  #toFrontEnd(wire: Wire, data: JsonObject, parts?: readonly BufferLike[]): void {
    const [copy, buffers] = this.#carry("kernel", data, parts);
    const message = {
      header: { msg_id: `kernel-${this.#count++}`, msg_type: "comm_msg" },
      parent_header: { msg_id: this.#answering },
      content: { comm_id: wire.kernel.id, data: copy },
      metadata: {},
      buffers,
    };
    setTimeout(() => wire.frontEnd?.(message as never), 0);
  }

  #toKernel(wire: Wire, data: JsonObject, callbacks?: ICallbacks, parts?: readonly BufferLike[]): string {
    const [copy, buffers] = this.#carry("front end", data, parts);
    const id = `front-end-${this.#count++}`;
    const status = (state: string): unknown =>
      callbacks?.iopub?.status?.({ content: { execution_state: state }, parent_header: { msg_id: id } } as never);
    setTimeout(() => {
      status("busy");
      this.#answering = id;
      wire.kernel.onMessage?.({ data: copy, metadata: {}, buffers });
      this.#answering = "";
      setTimeout(() => status("idle"), 0);
    }, 0);
    return id;
  }

  #carry(from: "kernel" | "front end", data: JsonObject, parts: readonly BufferLike[] = []): [JsonObject, DataView[]] {
    const buffers = parts.map((part) => {
      const bytes = ArrayBuffer.isView(part)
        ? new Uint8Array(part.buffer as ArrayBuffer, part.byteOffset, part.byteLength)
        : new Uint8Array(part as ArrayBuffer);
      return new DataView(bytes.slice().buffer);
    });
    const copy = JSON.parse(JSON.stringify(data)) as JsonObject;
    this.traffic.push({ from, data: copy, bytes: buffers.reduce((sum, part) => sum + part.byteLength, 0) });
    return [copy, buffers];
  }
}
