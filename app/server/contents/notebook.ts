/** The notebook file format, version 4: reading, checking and writing it as Jupyter does. */
import { HttpError } from "../http-error.js";
import { isObject, problemOf } from "./notebook-schema.js";

/** A value in a JSON document. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonRecord;
/** An object in a JSON document. */
export interface JsonRecord {
  [key: string]: JsonValue;
}

/** A notebook: as much of its shape as the server relies on. */
export interface Notebook extends JsonRecord {
  nbformat: number;
  nbformat_minor: number;
  metadata: JsonRecord;
  cells: JsonRecord[];
}

/**
 * Reads a notebook. Text that the file keeps as a list of lines comes back as one string.
 * @throws HttpError 400 when *text* is not JSON or not a notebook of format 4
 */
export function parseNotebook(text: string, name: string): Notebook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, `${name}: is not a notebook: ${(error as Error).message}`);
  }
  return mapText(requireNotebook(value, name), joinLines);
}

/** Returns *value* as a notebook. @throws HttpError 400 when it is not one of format 4 */
export function requireNotebook(value: unknown, name: string): Notebook {
  if (!isObject(value) || !Array.isArray(value.cells) || !value.cells.every(isObject)) {
    const older = isObject(value) && typeof value.nbformat === "number" && value.nbformat < 4;
    throw new HttpError(
      400,
      older
        ? `${name}: notebook format ${value.nbformat}, expected 4; convert it with a Jupyter that still reads it`
        : `${name}: is not a notebook: it has no list of cells`,
    );
  }
  if (value.nbformat !== 4) {
    throw new HttpError(400, `${name}: notebook format ${String(value.nbformat)}, expected 4`);
  }
  return value as Notebook;
}

/** Says in one sentence where *notebook* departs from the schema of its format; undefined when it does not. */
export function validateNotebook(notebook: Notebook): string | undefined {
  return problemOf(notebook);
}

/** Writes a notebook as nbformat does, so that a save changes only what changed: keys sorted, lists of lines,
 * indented by one, a newline at the end. */
export function formatNotebook(notebook: Notebook): string {
  return `${JSON.stringify(sortKeys(mapText(notebook, splitLines)), null, 1)}\n`;
}

/** Removes the front end's `trusted` marks, which never go to disk. Returns whether all that can act is trusted:
 * a cell is when it is marked, or when its outputs are only text of streams and errors. */
export function takeTrust(notebook: Notebook): boolean {
  let trusted = true;
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    const metadata = isObject(cell.metadata) ? (cell.metadata as JsonRecord) : {};
    const marked = metadata.trusted === true;
    delete metadata.trusted;
    if (!marked && hasActiveOutput(cell)) trusted = false;
  }
  return trusted;
}

/** Marks every code cell as trusted or not, as the front end expects it. */
export function markTrust(notebook: Notebook, trusted: boolean): void {
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code" || !isObject(cell.metadata)) continue;
    (cell.metadata as JsonRecord).trusted = trusted;
  }
}

function hasActiveOutput(cell: JsonRecord): boolean {
  const outputs = Array.isArray(cell.outputs) ? cell.outputs : [];
  return outputs.some((output) => {
    const type = isObject(output) ? output.output_type : undefined;
    return type !== "stream" && type !== "error";
  });
}

type TextMap = (value: JsonValue) => JsonValue;

/** Applies *map* wherever the format allows a string or a list of lines. */
function mapText(notebook: Notebook, map: TextMap): Notebook {
  return { ...notebook, cells: notebook.cells.map((cell) => mapCell(cell, map)) };
}

function mapCell(cell: JsonRecord, map: TextMap): JsonRecord {
  const mapped: JsonRecord = { ...cell, source: map(cell.source ?? "") };
  const { attachments, outputs } = cell;
  if (isObject(attachments)) {
    mapped.attachments = mapValues(attachments as JsonRecord, (bundle) => mapBundle(bundle, map));
  }
  if (Array.isArray(outputs)) mapped.outputs = outputs.map((output) => mapOutput(output, map));
  return mapped;
}

function mapOutput(output: JsonValue, map: TextMap): JsonValue {
  if (!isObject(output)) return output;
  const { text, data } = output as JsonRecord;
  const mapped: JsonRecord = { ...(output as JsonRecord) };
  if (text !== undefined) mapped.text = map(text);
  if (data !== undefined) mapped.data = mapBundle(data, map);
  return mapped;
}

function mapBundle(bundle: JsonValue, map: TextMap): JsonValue {
  if (!isObject(bundle)) return bundle;
  return mapValues(bundle as JsonRecord, (value, type) =>
    /^application\/(.*\+)?json$/.test(type) ? value : map(value),
  );
}

function mapValues(record: JsonRecord, map: (value: JsonValue, key: string) => JsonValue): JsonRecord {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function joinLines(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.every((line) => typeof line === "string") ? value.join("") : value;
}

function splitLines(value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  return value === "" ? [] : value.split(/(?<=\n)/);
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const record = value as JsonRecord;
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, sortKeys(record[key] as JsonValue)]),
  );
}
