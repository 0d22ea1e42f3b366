/** The outputs of one cell, gathered from what its kernel says, as a notebook holds them. */
import { type Fields, type JournalMessage, text } from "./messages.js";

/** An output as a notebook holds it. */
export type JournalOutput = Readonly<Record<string, unknown>> & { readonly output_type: string };

/** See {@link createCellOutputs}. */
export interface CellOutputs {
  /** Takes an iopub message of this cell. */
  add(message: JournalMessage): void;
  /** Replaces what is shown under a display id. Returns whether there was anything. */
  update(content: Fields): boolean;
  list(): readonly JournalOutput[];
  /** How many of them stand under a display id, by position: front ends update those. */
  displays(): readonly (readonly [index: number, displayId: string])[];
  /** About how much memory they take, in bytes. */
  readonly bytes: number;
  /** Forgets them, with a sentence in their place. */
  leaveOut(reason: string): void;
}

interface Entry {
  output: JournalOutput;
  readonly displayId: string;
  bytes: number;
}

/** What an output takes besides its text. */
const overhead = 200;

/** Returns an empty list. @param most bytes of outputs that are kept; of what comes after, its size is told */
export function createCellOutputs(most: number): CellOutputs {
  let entries: Entry[] = [];
  let bytes = 0;
  let clearNext = false;
  let leftOut = 0;

  const clear = (): void => {
    entries = [];
    bytes = 0;
    leftOut = 0;
    clearNext = false;
  };
  const push = (output: JournalOutput, displayId: string): void => {
    if (clearNext) clear();
    const last = entries.at(-1);
    const size = sizeOf(output);
    if (bytes + size > most) {
      leftOut += size;
      return;
    }
    bytes += size;
    if (last?.output.output_type === "stream" && output.output_type === "stream" && last.output.name === output.name) {
      last.output = { ...last.output, text: `${text(last.output.text)}${text(output.text)}` };
      last.bytes += size;
    } else {
      entries.push({ output, displayId, bytes: size });
    }
  };
  const replace = (entry: Entry, content: Fields): void => {
    const output = { ...entry.output, data: content.data, metadata: content.metadata };
    const size = sizeOf(output);
    if (bytes - entry.bytes + size > most) return;
    bytes += size - entry.bytes;
    Object.assign(entry, { output, bytes: size });
  };

  return {
    add: ({ type, content }) => {
      if (type === "clear_output") {
        if (content.wait === true) clearNext = true;
        else clear();
        return;
      }
      const output = toOutput(type, content);
      if (output) push(output, displayIdOf(content));
    },
    update: (content) => {
      const shown = entries.filter(({ displayId }) => displayId !== "" && displayId === displayIdOf(content));
      for (const entry of shown) replace(entry, content);
      return shown.length > 0;
    },
    list: () => {
      const outputs = entries.map(({ output }) => output);
      return leftOut === 0 ? outputs : [...outputs, note(`… ${size(leftOut)} more of output was not kept.`)];
    },
    displays: () => entries.flatMap(({ displayId }, index) => (displayId === "" ? [] : [[index, displayId] as const])),
    get bytes() {
      return bytes;
    },
    leaveOut: (reason) => {
      const all = bytes + leftOut;
      clear();
      if (all > 0) push(note(`… ${size(all)} of output was not kept: ${reason}`), "");
    },
  };
}

function toOutput(type: string, content: Fields): JournalOutput | undefined {
  const { data, metadata = {} } = content;
  switch (type) {
    case "stream":
      return { output_type: type, name: content.name, text: content.text };
    case "display_data":
      return { output_type: type, data, metadata };
    case "execute_result":
      return { output_type: type, data, metadata, execution_count: content.execution_count };
    case "error":
      return { output_type: type, ename: content.ename, evalue: content.evalue, traceback: content.traceback };
    default:
      return undefined;
  }
}

function note(words: string): JournalOutput {
  return { output_type: "stream", name: "stderr", text: `${words}\n` };
}

function sizeOf(output: JournalOutput): number {
  return overhead + (typeof output.text === "string" ? output.text.length : JSON.stringify(output).length);
}

function size(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** The display id in *content*; "" for none. */
export function displayIdOf({ transient }: Fields): string {
  return text((transient as Fields | undefined)?.display_id);
}
