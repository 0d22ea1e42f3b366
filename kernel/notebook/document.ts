/** Notebooks as files: read with checks, written whole or not at all. */
import { readFileSync, statSync } from "node:fs";
import { writeWhole } from "../io/write-whole.js";

/** JSON metadata of a notebook or a cell; Lowbit leaves what it does not know as it is. */
export type Metadata = Record<string, unknown>;

/** One output of a code cell, as nbformat 4 has it. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: Record<string, unknown>; metadata: Metadata }
  | { output_type: "execute_result"; data: Record<string, unknown>; metadata: Metadata; execution_count: number }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** One cell. */
export interface Cell {
  id?: string;
  cell_type: "code" | "markdown" | "raw";
  source: string;
  metadata: Metadata;
  outputs?: Output[];
  execution_count?: number | null;
  attachments?: unknown;
}

/** A notebook of nbformat 4. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: Metadata;
  cells: Cell[];
}

/** A file that is not a notebook, with the reason. */
export class NotebookError extends Error {
  override readonly name = "NotebookError" as const;
}

/**
 * Returns the notebook in a file, with multi-line texts joined.
 * @throws NotebookError naming the file and what is wrong with it
 */
export function readNotebook(file: string): Notebook {
  let value: unknown;
  try {
    // Some editors put a byte order mark first, which JSON does not allow.
    value = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new NotebookError(`readNotebook: ${file}: ${(error as Error).message}`);
  }
  const { nbformat, nbformat_minor, metadata, cells } = (value ?? {}) as Record<string, unknown>;
  if (nbformat !== 4) throw new NotebookError(`readNotebook: ${file}: nbformat ${String(nbformat)}, expected 4`);
  if (!Array.isArray(cells)) throw new NotebookError(`readNotebook: ${file}: no list of cells`);
  return {
    nbformat: 4,
    nbformat_minor: typeof nbformat_minor === "number" ? nbformat_minor : 0,
    metadata: isObject(metadata) ? metadata : {},
    cells: cells.map((cell, index) => readCell(cell, `${file}: cell ${index + 1}`)),
  };
}

function readCell(value: unknown, where: string): Cell {
  if (!isObject(value)) throw new NotebookError(`readNotebook: ${where}: not an object`);
  const { cell_type, source } = value;
  if (cell_type !== "code" && cell_type !== "markdown" && cell_type !== "raw") {
    throw new NotebookError(`readNotebook: ${where}: cell_type ${JSON.stringify(cell_type)}`);
  }
  const text = Array.isArray(source) ? source.join("") : source;
  if (typeof text !== "string") throw new NotebookError(`readNotebook: ${where}: source is not a text`);
  return { ...value, cell_type, source: text, metadata: isObject(value.metadata) ? value.metadata : {} };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the text of a notebook as Jupyter writes it: one space of indent, long texts as lists of lines. */
export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: toLines(cell.source),
    ...(cell.outputs && { outputs: cell.outputs.map(splitOutput) }),
  }));
  return `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`;
}

function splitOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: toLines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => {
    const isText = typeof value === "string" && (type.startsWith("text/") || type === "image/svg+xml");
    return [type, isText ? toLines(value) : value];
  });
  return { ...output, data: Object.fromEntries(data) };
}

function toLines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/**
 * Writes a notebook; at every moment the file is the old one or the new one, whole. See {@link writeWhole}.
 * @throws NotebookError naming the file and why it was not written
 */
export function writeNotebook(file: string, notebook: Notebook): void {
  try {
    writeWhole(file, notebookText(notebook), statSync(file, { throwIfNoEntry: false })?.mode ?? 0o644);
  } catch (error) {
    throw new NotebookError(`writeNotebook: ${file} was not written and is as it was: ${(error as Error).message}`);
  }
}
