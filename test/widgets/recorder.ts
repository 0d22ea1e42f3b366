/** A kernel's host that notes messages in the form of test/fixtures/ipywidgets/messages.json. */
import {
  type BufferLike,
  type Comm,
  type CommMessage,
  type CommOpen,
  type CommPayload,
  displaySymbol,
  type Host,
  type HostOutput,
  type JsonObject,
  type MimeBundle,
  type OutputSink,
} from "../../src/display.js";
import { viewMimeType } from "../../widgets/lib/protocol.js";
import type { Widget } from "../../widgets/lib/widget.js";

/** One noted message. */
export type Noted = Readonly<Record<string, unknown>>;

/** The host; code that runs in it answers the message "message". */
export class Recorder implements Host {
  readonly log: Noted[] = [];
  readonly comms: Map<string, Comm> = new Map();
  readonly targets: Map<string, (comm: Comm, open: CommMessage) => void> = new Map();
  #sinks: readonly OutputSink[] = [];

  openComm({ id = "no id", targetName, ...open }: CommOpen): Comm {
    this.#note("comm_open", id, open.data, open, { target: targetName });
    return this.comm(id, targetName);
  }

  /** Returns a comm that notes what is sent on it. */
  comm(id: string, targetName: string): Comm {
    const comm: Comm = {
      id,
      targetName,
      send: (data, payload = {}) => this.#note("comm_msg", id, data, payload),
      close: (data = {}, payload = {}) => this.#note("comm_close", id, data, payload),
      onMessage: undefined,
      onClose: undefined,
    };
    this.comms.set(id, comm);
    return comm;
  }

  registerCommTarget(name: string, handler: (comm: Comm, open: CommMessage) => void): void {
    this.targets.set(name, handler);
  }

  display(value: unknown): void {
    const show = (value as { [displaySymbol]?: () => MimeBundle })[displaySymbol];
    const data = show ? show.call(value) : { "text/plain": String(value) };
    this.put({ type: "display_data", content: { data } });
  }

  clearOutput({ wait = false }: { readonly wait?: boolean } = {}): void {
    this.put({ type: "clear_output", content: { wait } });
  }

  print(text: string): void {
    this.put({ type: "stream", content: { name: "stdout", text: `${text}\n` } });
  }

  showError(error: unknown): void {
    this.put({ type: "error", content: { evalue: (error as Error).message } });
  }

  messageId(): string {
    return "message";
  }

  capture<Result>(sink: OutputSink, action: () => Result): Result {
    const before = this.#sinks;
    this.#sinks = [...before, sink];
    try {
      return action();
    } finally {
      this.#sinks = before;
    }
  }

  put(output: HostOutput): void {
    if (this.#sinks.at(-1)?.(output) === true) return;
    const { type, content } = output;
    const data = content.data as JsonObject | undefined;
    if (data) this.log.push({ type, mimes: Object.keys(data).sort(), view: data[viewMimeType] ?? null });
    else this.log.push({ type, ...content });
  }

  #note(type: string, comm: string, data: JsonObject, payload: CommPayload, more: object = {}): void {
    const buffers = (payload.buffers ?? []).map(toBase64);
    const metadata = payload.metadata ?? {};
    this.log.push(JSON.parse(JSON.stringify({ type, comm, data, metadata, buffers, ...more })));
  }
}

/** A front end changes values. */
export function update(
  host: Recorder,
  widget: Widget,
  state: JsonObject,
  paths: readonly (readonly (string | number)[])[] = [],
  buffers: readonly Uint8Array[] = [],
): void {
  receive(host, widget, { method: "update", state, buffer_paths: paths }, buffers);
}

/** A front end sends a message. */
export function receive(host: Recorder, widget: Widget, data: JsonObject, buffers: readonly Uint8Array[] = []): void {
  const copy = JSON.parse(JSON.stringify(data)) as JsonObject;
  const views = buffers.map((bytes) => new DataView(bytes.slice().buffer));
  host.comms.get(widget.id)?.onMessage?.({ data: copy, metadata: {}, buffers: views });
}

/** Replaces ids by #1, #2 … in the order of comm_open, and joins texts that were printed one after the other. */
export function normalized(log: readonly Noted[]): Noted[] {
  const joined: Record<string, unknown>[] = [];
  for (const message of log) {
    const { name: _, ...rest } = message;
    const last = joined.at(-1);
    if (message.type === "stream" && last?.type === "stream") last.text = `${last.text}${message.text}`;
    else joined.push(message.type === "stream" ? { ...rest } : { ...message });
  }
  const ids = joined.filter(({ type }) => type === "comm_open").map(({ comm }) => String(comm));
  let text = JSON.stringify(joined);
  for (const [index, id] of ids.entries()) text = text.replaceAll(id, `#${index + 1}`);
  return JSON.parse(text) as Noted[];
}

function toBase64(part: BufferLike): string {
  return ArrayBuffer.isView(part)
    ? Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("base64")
    : Buffer.from(part).toString("base64");
}
