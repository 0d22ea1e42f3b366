/** Gathers what a cell sends on iopub into the outputs of its notebook cell. */
import { beforeCharacter } from "../io/characters.js";
import type { Message } from "../io/wire.js";
import type { Cell, Metadata, Output } from "./document.js";

type DataOutput = Extract<Output, { data: Record<string, unknown> }>;

/** See {@link createOutputs}. */
export interface Outputs {
  /** Takes an iopub message that belongs to this cell. */
  add(cell: Cell, message: Message): void;
  /** Says in the cells from which text was left out how much it was. To be called when all has arrived. */
  finish(): void;
}

/** Characters of printed text that a cell keeps unless told otherwise: a megabyte is some 20,000 lines. */
export const defaultTextLimit: number = 2 ** 20;

/**
 * Returns a collector for one notebook; it follows display ids from cell to cell.
 * @param textLimit characters of printed text that are kept of each cell; the rest is counted
 */
export function createOutputs(textLimit: number = defaultTextLimit): Outputs {
  /** Characters printed by each cell since it began, or last cleared its output. */
  const printed = new Map<Cell, number>();
  const displayed = new Map<string, DataOutput[]>();
  /** Cells whose outputs go when the next one comes: `clearOutput({ wait: true })`. */
  const clearNext = new Set<Cell>();

  const clear = (cell: Cell): void => {
    cell.outputs = [];
    printed.delete(cell);
  };
  /** Keeps what there is room for. */
  const print = (cell: Cell, name: "stdout" | "stderr", text: string): void => {
    if (clearNext.delete(cell)) clear(cell);
    const before = printed.get(cell) ?? 0;
    printed.set(cell, before + text.length);
    const kept = text.slice(0, beforeCharacter(text, Math.max(0, textLimit - before)));
    if (kept !== "") append(cell, { output_type: "stream", name, text: kept });
  };
  const append = (cell: Cell, output: Output): void => {
    if (clearNext.delete(cell)) clear(cell);
    cell.outputs ??= [];
    const last = cell.outputs.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text += output.text;
    } else {
      cell.outputs.push(output);
    }
  };
  const update = (content: Record<string, unknown>): void => {
    for (const output of displayed.get(displayId(content) ?? "") ?? []) {
      output.data = content.data as Record<string, unknown>;
      output.metadata = content.metadata as Metadata;
    }
  };

  return {
    add: (cell, { header, content }) => {
      switch (header.msg_type) {
        case "stream":
          print(cell, content.name as "stdout" | "stderr", String(content.text));
          break;
        case "display_data":
        case "execute_result": {
          const output = toOutput(header.msg_type, content);
          append(cell, output);
          const id = displayId(content);
          if (id !== undefined) displayed.set(id, [...(displayed.get(id) ?? []), output]);
          break;
        }
        case "update_display_data":
          update(content);
          break;
        case "error":
          append(cell, {
            output_type: "error",
            ename: String(content.ename),
            evalue: String(content.evalue),
            traceback: (content.traceback as unknown[]).map(String),
          });
          break;
        case "clear_output":
          if (content.wait) clearNext.add(cell);
          else clear(cell);
          break;
        case "execute_input":
          cell.execution_count = content.execution_count as number;
          break;
      }
    },
    finish: () => {
      for (const [cell, length] of printed) {
        if (length <= textLimit) continue;
        const count = (length - textLimit).toLocaleString("en-US");
        const text = `\n… ${count} more characters were printed and are not kept: lowbit run --output-limit 0 keeps all\n`;
        append(cell, { output_type: "stream", name: "stderr", text });
      }
      printed.clear();
    },
  };
}

function toOutput(type: "display_data" | "execute_result", content: Record<string, unknown>): DataOutput {
  const data = content.data as Record<string, unknown>;
  const metadata = content.metadata as Metadata;
  if (type === "display_data") return { output_type: type, data, metadata };
  return { output_type: type, data, metadata, execution_count: content.execution_count as number };
}

function displayId(content: Record<string, unknown>): string | undefined {
  const id = (content.transient as { display_id?: unknown } | undefined)?.display_id;
  return typeof id === "string" ? id : undefined;
}
