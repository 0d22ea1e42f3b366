/** Messages of a kernel, as far as the journal reads them. */
import type { ChannelMessage } from "../kernels/frames.js";

/** A parsed message. */
export interface JournalMessage {
  readonly type: string;
  readonly id: string;
  /** Who sent it: each connection of a front end to a kernel has its own. */
  readonly client: string;
  /** When it was made: an ISO date, which sorts as text. */
  readonly date: string;
  /** What it answers; "" for nothing. */
  readonly parentId: string;
  readonly parentType: string;
  readonly metadata: Fields;
  readonly content: Fields;
  readonly buffers: readonly Uint8Array[];
}

/** A JSON object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Returns *message* with its parts parsed; undefined when they are not JSON objects. */
export function parseMessage({ parts, buffers }: ChannelMessage): JournalMessage | undefined {
  try {
    const [header, parent, metadata, content] = parts.map(parse);
    return {
      type: text(header?.msg_type),
      id: text(header?.msg_id),
      client: text(header?.session),
      date: text(header?.date),
      parentId: text(parent?.msg_id),
      parentType: text(parent?.msg_type),
      metadata: metadata ?? {},
      content: content ?? {},
      buffers,
    };
  } catch {
    return undefined;
  }
}

function parse(part: Uint8Array): Fields {
  const value: unknown = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("utf8"));
  if (!isFields(value)) throw new TypeError("parseMessage: a part that is no object");
  return value;
}

/** Whether *value* is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns *value* when it is text, else "". */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
