/** Arrays of records as tables. */
import { inspect } from "node:util";
import { escapeHtml, type MimeBundle } from "../../src/display.js";

type Row = Readonly<Record<string, unknown>>;

/** Rows and columns that are shown; the rest is counted. */
const maxRows = 50;
const maxColumns = 20;

/** Tells whether a value is a non-empty array of plain objects that share their keys with the first one. */
export function isTable(value: object): value is readonly Row[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  const keys = isPlain(value[0]) ? Object.keys(value[0]) : [];
  if (keys.length === 0) return false;
  return value.slice(0, maxRows).every((row) => isPlain(row) && keys.some((key) => Object.hasOwn(row, key)));
}

function isPlain(value: unknown): value is Row {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Returns the table in HTML and as aligned text. */
export function tableBundle(rows: readonly Row[]): MimeBundle {
  const shown = rows.slice(0, maxRows);
  const all = [...new Set(shown.flatMap((row) => Object.keys(row)))];
  const columns = all.slice(0, maxColumns);
  const cells = shown.map((row) => columns.map((column) => cellText(row[column])));
  const hidden = [
    rows.length > shown.length ? `${rows.length - shown.length} more rows` : "",
    all.length > columns.length ? `${all.length - columns.length} more columns` : "",
  ].filter((text) => text !== "");
  const note = hidden.join(", ");
  return { "text/html": htmlTable(columns, cells, shown, note), "text/plain": textTable(columns, cells, note) };
}

function cellText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 6 });
}

function htmlTable(
  columns: readonly string[],
  cells: readonly (readonly string[])[],
  rows: readonly Row[],
  note: string,
): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join("");
  const body = cells.map((line, row) => {
    const tds = line.map((text, at) => {
      const right = typeof rows[row]?.[columns[at] as string] === "number";
      return `<td style="text-align:${right ? "right" : "left"}">${escapeHtml(text)}</td>`;
    });
    return `<tr>${tds.join("")}</tr>`;
  });
  const foot = note === "" ? "" : `<p>${escapeHtml(note)}</p>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>${foot}`;
}

function textTable(columns: readonly string[], cells: readonly (readonly string[])[], note: string): string {
  const lines = [columns, ...cells];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => (line[at] as string).length)));
  const text = lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] as number))
      .join("  ")
      .trimEnd(),
  );
  return note === "" ? text.join("\n") : `${text.join("\n")}\n(${note})`;
}
