/** The server's own line to a kernel: it follows the kernel's state and asks it to stop or to end. */
import type { ConnectionInfo } from "../../../kernel/io/connection.js";
import { createHeader } from "../../../kernel/io/wire.js";
import { openChannels } from "./channels.js";
import type { ChannelMessage } from "./frames.js";

/** What {@link openMonitor} reports. */
export interface MonitorEvents {
  /** The kernel published its state: "starting", "busy" or "idle". */
  state(state: string): void;
  /** The kernel published anything at all. */
  activity(): void;
}

/** An open line to a kernel. */
export interface Monitor {
  /** Sends a request and returns the content of its reply. Rejects after *milliseconds*, or when closed. */
  request(
    channel: "shell" | "control",
    type: string,
    content: Record<string, unknown>,
    milliseconds: number,
  ): Promise<Record<string, unknown>>;
  /** The header of the cell that is running, as bytes; undefined when none is. */
  readonly runningCell: Uint8Array | undefined;
  close(): void;
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

/** Opens the server's line to the kernel at *info*. */
export function openMonitor(info: ConnectionInfo, events: MonitorEvents): Monitor {
  const waiting = new Map<string, (content: Record<string, unknown>) => void>();
  const rejects = new Set<(reason: Error) => void>();
  let runningCell: Uint8Array | undefined;

  const channels = openChannels(info, (message) => {
    if (message.channel !== "iopub") {
      const id = parse(message.parts[1]).msg_id;
      waiting.get(String(id))?.(parse(message.parts[3]));
      return;
    }
    events.activity();
    // Only the small messages about the state are parsed, and they are found without parsing.
    if (!asBuffer(message.parts[0]).includes('"status"')) return;
    if (parse(message.parts[0]).msg_type !== "status") return;
    const state = parse(message.parts[3]).execution_state;
    if (typeof state !== "string") return;
    if (parse(message.parts[1]).msg_type === "execute_request") {
      runningCell = state === "busy" ? message.parts[1] : undefined;
    }
    events.state(state);
  });

  return {
    get runningCell() {
      return runningCell;
    },
    request: (channel, type, content, milliseconds) =>
      new Promise((resolve, reject) => {
        const message = serverMessage(type, content, undefined, channel);
        const id = String(parse(message.parts[0]).msg_id);
        const settle = (): void => {
          clearTimeout(timer);
          waiting.delete(id);
          rejects.delete(fail);
        };
        const fail = (reason: Error): void => {
          settle();
          reject(reason);
        };
        const timer = setTimeout(() => fail(new Error(`no reply to ${type} in ${milliseconds} ms`)), milliseconds);
        waiting.set(id, (reply) => {
          settle();
          resolve(reply);
        });
        rejects.add(fail);
        channels.send(message);
      }),
    close: () => {
      channels.close();
      for (const fail of [...rejects]) fail(new Error("the kernel's connection was closed"));
    },
  };
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
