/** The server's own line to a kernel: it follows what the kernel says and asks it to stop or to end. */
import type { ConnectionInfo } from "../../../kernel/io/connection.js";
import { createHeader } from "../../../kernel/io/wire.js";
import { type Channels, openChannels } from "./channels.js";
import type { ChannelMessage } from "./frames.js";

/** What a {@link Monitor} reports. */
export interface MonitorEvents {
  /** The kernel published its state: "starting", "busy" or "idle". */
  state(state: string): void;
  /** The kernel published something. */
  published(message: ChannelMessage): void;
}

interface PendingRequest {
  readonly resolve: (content: Record<string, unknown>) => void;
  readonly reject: (reason: Error) => void;
}

/** Returns a message that the server says in the kernel's name. */
export function serverMessage(
  type: string,
  content: Record<string, unknown>,
  parent?: Uint8Array,
  channel: ChannelMessage["channel"] = "iopub",
): ChannelMessage {
  const header = createHeader({ type, session: "lowbit-server" });
  const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  return { channel, parts: [bytes(header), parent ?? bytes({}), bytes({}), bytes(content)], buffers: [] };
}

/** An open line to the kernel at `info`. */
export class Monitor {
  readonly #events: MonitorEvents;
  readonly #channels: Channels;
  readonly #waiting = new Map<string, PendingRequest>();
  #runningCell: Uint8Array | undefined;

  /** @param onlyTypes types of messages to hear; "status" must be among them */
  constructor(info: ConnectionInfo, events: MonitorEvents, onlyTypes: readonly string[]) {
    this.#events = events;
    const receive = (message: ChannelMessage): void => {
      if (message.channel === "iopub") this.#observe(message);
      else this.#waiting.get(String(parse(message.parts[1]).msg_id))?.resolve(parse(message.parts[3]));
    };
    this.#channels = openChannels(info, receive, { onlyTypes });
  }

  /** The header of the cell that is running, as bytes; undefined when none is. */
  get runningCell(): Uint8Array | undefined {
    return this.#runningCell;
  }

  /** Sends a request and returns the content of its reply. Rejects after *milliseconds*, or when closed. */
  async request(
    channel: "shell" | "control",
    type: string,
    content: Record<string, unknown>,
    milliseconds: number,
  ): Promise<Record<string, unknown>> {
    const message = serverMessage(type, content, undefined, channel);
    const id = String(parse(message.parts[0]).msg_id);
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<Record<string, unknown>>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no reply to ${type} in ${milliseconds} ms`)), milliseconds);
      this.#waiting.set(id, { resolve, reject });
    });
    this.#channels.send(message);
    return await reply.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(id);
    });
  }

  close(): void {
    this.#channels.close();
    for (const { reject } of this.#waiting.values()) reject(new Error("the kernel's connection was closed"));
  }

  /** Only the small messages about the state are parsed, and they are found without parsing. */
  #observe(message: ChannelMessage): void {
    this.#events.published(message);
    const { parts } = message;
    if (!asBuffer(parts[0]).includes('"status"') || parse(parts[0]).msg_type !== "status") return;
    const state = parse(parts[3]).execution_state;
    if (typeof state !== "string") return;
    if (parse(parts[1]).msg_type === "execute_request") {
      this.#runningCell = state === "busy" ? parts[1] : undefined;
    }
    this.#events.state(state);
  }
}

function asBuffer(part: Uint8Array | undefined): Buffer {
  return part === undefined ? Buffer.alloc(0) : Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

function parse(part: Uint8Array | undefined): Record<string, unknown> {
  try {
    return JSON.parse(asBuffer(part).toString("utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}
