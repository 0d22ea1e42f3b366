/** Keeps a cell that prints very much from drowning the page: of each cell a megabyte of text is shown. How much more
 * there is stands below it, with a link to the whole. Pictures, results, errors and widgets are never left out. */
import { randomUUID } from "node:crypto";
import { beforeCharacter } from "../../../kernel/io/characters.js";
import type { ChannelMessage } from "./frames.js";
import { serverMessage } from "./monitor.js";
import type { Spool, SpooledText } from "./spool.js";

/** Characters of text that a page gets of one cell: some 20,000 lines, which it takes a second to show. */
export const mostText: number = 2 ** 20;

/** How often the number of hidden characters is told anew while a cell prints, in milliseconds. */
const tellEvery = 1000;
/** Cells that are remembered; older ones that print again, by a timer, start anew. */
const mostCells = 100;

/** What {@link createOutputLimit} takes. */
export interface OutputLimitOptions {
  /** Where whole texts go. */
  readonly spool: Spool;
  /** The address of a whole text; undefined when the front end's own address is not known. */
  readonly link: (text: SpooledText) => string | undefined;
  readonly most?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** What was printed by one cell. */
interface Printed {
  readonly parent: Uint8Array;
  length: number;
  /** What was shown, until it is known whether the whole has to be kept. */
  shown: string[];
  hidden?: { readonly text: SpooledText; readonly displayId: string; told: number };
}

/** Returns what a front end should get in place of a message: the message, part of it, a notice, or nothing. */
export function createOutputLimit(options: OutputLimitOptions): (message: ChannelMessage) => readonly ChannelMessage[] {
  const { most = mostText, now = Date.now } = options;
  const cells = new Map<string, Printed>();

  const stream = (message: ChannelMessage, cell: Printed): readonly ChannelMessage[] => {
    const content = parse(message.parts[3]);
    const text = String(content.text);
    const room = Math.max(0, most - cell.length);
    cell.length += text.length;
    if (text.length <= room) {
      cell.shown.push(text);
      return [message];
    }
    if (cell.hidden) {
      cell.hidden.text.append(text);
      return now() - cell.hidden.told < tellEvery ? [] : [notice(cell, "update_display_data", options, most, now())];
    }
    cell.hidden = { text: options.spool.create([...cell.shown, text]), displayId: randomUUID(), told: now() };
    cell.shown = [];
    const first = { name: content.name, text: text.slice(0, beforeCharacter(text, room)) };
    const part = room === 0 ? [] : [serverMessage("stream", first, message.parts[1])];
    return [...part, notice(cell, "display_data", options, most, now())];
  };
  return (message) => {
    const type = typeOf(message);
    if (type === undefined) return [message];
    const parent = message.parts[1] ?? new Uint8Array();
    const key = Buffer.from(parent).toString("latin1");
    if (type === "clear_output") cells.delete(key);
    if (type === "stream") return stream(message, remember(cells, key, parent));
    const cell = cells.get(key);
    // The cell is done: now the number is final.
    if (type === "status" && cell?.hidden) return [notice(cell, "update_display_data", options, most, now()), message];
    return [message];
  };
}

function remember(cells: Map<string, Printed>, key: string, parent: Uint8Array): Printed {
  const cell = cells.get(key) ?? { parent, length: 0, shown: [] };
  cells.set(key, cell);
  if (cells.size > mostCells) cells.delete(cells.keys().next().value as string);
  return cell;
}

function notice(
  cell: Printed,
  type: "display_data" | "update_display_data",
  { link }: OutputLimitOptions,
  most: number,
  time: number,
): ChannelMessage {
  const { text, displayId } = cell.hidden as NonNullable<Printed["hidden"]>;
  (cell.hidden as NonNullable<Printed["hidden"]>).told = time;
  const words = `${(cell.length - most).toLocaleString("en-US")} more characters were printed and are not shown here.`;
  const kept = text.complete ? "all" : "the first part of it";
  const address = link(text);
  const html = address && `<p>… ${words} <a href="${address}" target="_blank" rel="noopener">Show ${kept}</a></p>`;
  const data = { "text/plain": `… ${words}`, ...(html && { "text/html": html }) };
  return serverMessage(type, { data, metadata: {}, transient: { display_id: displayId } }, cell.parent);
}

/** The type of a message that concerns printed text or the end of a cell. Most others are told apart by a look at
 * the header's bytes. */
function typeOf({ channel, parts: [header] }: ChannelMessage): "stream" | "clear_output" | "status" | undefined {
  if (channel !== "iopub" || header === undefined) return undefined;
  const bytes = Buffer.from(header.buffer, header.byteOffset, header.byteLength);
  for (const type of ["stream", "clear_output", "status"] as const) {
    if (bytes.includes(`"${type}"`) && parse(header).msg_type === type) return type;
  }
  return undefined;
}

function parse(part: Uint8Array | undefined): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part ?? []).toString("utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}
