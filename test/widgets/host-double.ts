/** A kernel's host that records what widgets send and lets a test be the front end. */
import {
  type Comm,
  type CommMessage,
  type CommOpen,
  type Host,
  hostSymbol,
  type JsonObject,
} from "../../src/display.js";

/** One recorded message; data went through JSON text and buffers were copied, as on a real wire. */
export interface Sent {
  readonly type: "open" | "msg" | "close";
  readonly id: string;
  readonly targetName: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly buffers: readonly number[][];
}

interface DoubleComm extends Comm {
  closed: boolean;
}

/** The double itself. */
export class HostDouble implements Host {
  readonly sent: Sent[] = [];
  readonly comms: Map<string, DoubleComm> = new Map();
  readonly targets: Map<string, (comm: Comm, open: CommMessage) => void> = new Map();

  display(): void {
    throw new Error("widgets do not display by themselves");
  }

  clearOutput(): void {
    throw new Error("widgets do not clear outputs");
  }

  openComm(open: CommOpen): Comm {
    const id = open.id ?? "missing id";
    this.#record("open", id, open.targetName, open.data, open);
    return this.#comm(id, open.targetName);
  }

  registerCommTarget(name: string, handler: (comm: Comm, open: CommMessage) => void): void {
    this.targets.set(name, handler);
  }

  /** Takes and forgets what was recorded. */
  take(): Sent[] {
    return this.sent.splice(0);
  }

  /** The front end sends a message on a widget's comm. */
  receive(id: string, data: JsonObject, buffers: readonly Uint8Array[] = []): void {
    const comm = this.comms.get(id);
    if (comm?.onMessage === undefined) throw new Error(`no open comm ${id}`);
    comm.onMessage(message(data, buffers));
  }

  /** The front end changes state. */
  update(
    id: string,
    state: JsonObject,
    paths: readonly (readonly (string | number)[])[] = [],
    buffers: readonly Uint8Array[] = [],
  ): void {
    this.receive(id, { method: "update", state, buffer_paths: paths }, buffers);
  }

  /** The front end opens a comm. */
  open(targetName: string, id: string, data: JsonObject): void {
    const handler = this.targets.get(targetName);
    if (handler === undefined) throw new Error(`unknown target ${targetName}`);
    handler(this.#comm(id, targetName), message(data, []));
  }

  /** The front end closes a comm. */
  closeFromFrontEnd(id: string): void {
    this.comms.get(id)?.onClose?.(message({}, []));
  }

  #comm(id: string, targetName: string): DoubleComm {
    const comm: DoubleComm = {
      id,
      targetName,
      closed: false,
      send: (data, payload) => this.#record("msg", id, targetName, data, payload ?? {}),
      close: (data, payload) => {
        comm.closed = true;
        this.#record("close", id, targetName, data ?? {}, payload ?? {});
      },
      onMessage: undefined,
      onClose: undefined,
    };
    this.comms.set(id, comm);
    return comm;
  }

  #record(type: Sent["type"], id: string, targetName: string, data: JsonObject, payload: Partial<CommOpen>): void {
    const bytes = (payload.buffers ?? []).map((part) =>
      ArrayBuffer.isView(part)
        ? [...new Uint8Array(part.buffer, part.byteOffset, part.byteLength)]
        : [...new Uint8Array(part)],
    );
    this.sent.push({ type, id, targetName, data: copy(data), metadata: copy(payload.metadata ?? {}), buffers: bytes });
  }
}

function message(data: JsonObject, buffers: readonly Uint8Array[]): CommMessage {
  // Offset by 3, because nothing promises that incoming buffers are aligned.
  const views = buffers.map((bytes) => {
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    return new DataView(padded.buffer, 3, bytes.length);
  });
  return { data: copy(data), metadata: {}, buffers: views };
}

function copy(data: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(data)) as JsonObject;
}

/** Installs a fresh double as the kernel's host. */
export function installHost(): HostDouble {
  const double = new HostDouble();
  Object.assign(globalThis, { [hostSymbol]: double });
  return double;
}

/** Takes the kernel's host away. */
export function removeHost(): void {
  Reflect.deleteProperty(globalThis, hostSymbol);
}
