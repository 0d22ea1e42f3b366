/** Keeps a cell that prints in an endless loop from drowning the page: text beyond what a notebook can show is
 * left out, and the cell says so. Pictures, results, errors and widgets are never left out. */
import type { ChannelMessage } from "./frames.js";
import { serverMessage } from "./monitor.js";

/** How much text passes. */
export interface OutputLimit {
  /** Bytes that pass at once, after a quiet time. */
  readonly burst: number;
  /** Bytes per second that pass for ever. */
  readonly rate: number;
}

/** A megabyte is some 20,000 lines. A page takes a second to show them, and twenty to show four times as many. */
export const defaultLimit: OutputLimit = { burst: 2 ** 20, rate: 64 * 1024 };

/** Returns what a front end should get in place of a message: the message, a notice, or nothing.
 * @param now the clock, in milliseconds */
export function createOutputLimit(
  { burst, rate }: OutputLimit = defaultLimit,
  now: () => number = Date.now,
): (message: ChannelMessage) => readonly ChannelMessage[] {
  let allowance = burst;
  let last = now();
  let noticed: Buffer | undefined;
  return (message) => {
    if (!isStream(message)) return [message];
    const time = now();
    allowance = Math.min(burst, allowance + ((time - last) / 1000) * rate);
    last = time;
    const size = message.parts[3]?.length ?? 0;
    if (size <= allowance) {
      allowance -= size;
      return [message];
    }
    const parent = Buffer.from(message.parts[1] ?? []);
    if (noticed?.equals(parent)) return [];
    noticed = parent;
    const text = "\n… text was left out here: the cell prints faster than a notebook can show.\n";
    return [serverMessage("stream", { name: "stderr", text }, parent)];
  };
}

/** Most messages are told apart by a look at the header's bytes. */
function isStream({ channel, parts: [header] }: ChannelMessage): boolean {
  if (channel !== "iopub" || header === undefined) return false;
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  if (!bytes.includes('"stream"')) return false;
  return (JSON.parse(bytes.toString("utf8")) as { msg_type?: unknown }).msg_type === "stream";
}
