import { escapeHtml, type MimeBundle } from "../display.js";
import type { TensorSummary, TensorTable } from "./tensor-table.js";

type Shown = Pick<TensorTable, "rows" | "metadata" | "elements" | "bytes">;

const columns = ["name", "dtype", "shape", "elements", "bytes", "range", "zeros", "not finite"] as const;
/** The columns that hold numbers, from this one on. */
const firstNumber = 3;
/** What is as short as this, a shape or a range, stays on one line. */
const longestUnbroken = 24;
const longestName = 120;
const longestText = 200;
const mostTexts = 50;

/** Returns a table of tensors as HTML and as plain text; names and texts are made harmless in both. */
export function showTensorTable(table: Shown, maxRows: number): MimeBundle {
  const shown = table.rows.slice(0, Math.floor(Math.min(maxRows, table.rows.length)));
  const notes = notesOf(table, shown.length);
  const cells = [...shown.map(cellsOf), totalOf(table)];
  const texts = [...table.metadata].slice(0, mostTexts).map(([key, text]) => [visible(key), visible(text)] as const);
  const heading = `${table.rows.length} ${table.rows.length === 1 ? "tensor" : "tensors"}`;
  return { "text/html": htmlOf(heading, cells, notes, texts), "text/plain": textOf(heading, cells, notes, texts) };
}

type Texts = readonly (readonly [string, string])[];

function htmlOf(heading: string, cells: readonly string[][], notes: readonly string[], texts: Texts): string {
  const cell = (text: string, column: number, tag: "td" | "th"): string => {
    const left = column < firstNumber ? ' style="text-align:left"' : "";
    // By the spaces themselves, because front ends take `white-space` away.
    const whole = column > 0 && text.length <= longestUnbroken ? text.replaceAll(" ", "\u00a0") : text;
    return `<${tag}${tag === "th" ? ' scope="row"' : ""}${left}>${escapeHtml(whole)}</${tag}>`;
  };
  const head = columns.map((name) => `<th scope="col">${name}</th>`).join("");
  const rows = cells.map(
    (row) => `<tr style="text-align:right">${row.map((text, i) => cell(text, i, i === 0 ? "th" : "td")).join("")}</tr>`,
  );
  const list = texts.map(([key, text]) => `<dt>${escapeHtml(key)}</dt><dd>${escapeHtml(text)}</dd>`).join("");
  return [
    `<table style="white-space:pre-wrap"><caption>${heading}</caption><thead><tr>${head}</tr></thead>`,
    `<tbody>${rows.slice(0, -1).join("")}</tbody><tfoot>${rows.at(-1)}</tfoot></table>`,
    ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
    ...(list === "" ? [] : [`<dl aria-label="metadata">${list}</dl>`]),
  ].join("\n");
}

function textOf(heading: string, cells: readonly string[][], notes: readonly string[], texts: Texts): string {
  const lines = [[...columns], ...cells];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] as string).length)));
  const padded = lines.map((line) =>
    line
      .map((text, i) => (i < firstNumber ? text.padEnd(widths[i] as number) : text.padStart(widths[i] as number)))
      .join("  ")
      .trimEnd(),
  );
  return [heading, ...padded, ...notes, ...texts.map(([key, text]) => `${key}: ${text}`)].join("\n");
}

function cellsOf({ name, dtype, shape, elements, bytes, values, reason }: TensorSummary): string[] {
  const sides = shape.length > 16 ? `${shape.slice(0, 16).join(", ")}, … (${shape.length} sides)` : shape.join(", ");
  const front = [visible(name, longestName), dtype, `[${sides}]`, grouped(elements), grouped(bytes)];
  if (values === undefined) {
    return [
      ...front,
      reason?.startsWith("beyond maxBytes") ? "not read" : `not read: ${visible(reason ?? "")}`,
      "",
      "",
    ];
  }
  const { min, max, zeros, nan, infinite } = values;
  const range = min === undefined || max === undefined ? "" : `${short(min)} .. ${short(max)}`;
  const odd = [nan > 0 ? `${grouped(nan)} NaN` : "", infinite > 0 ? `${grouped(infinite)} Inf` : ""].filter(Boolean);
  return [...front, range, share(zeros, elements), odd.join(", ")];
}

function totalOf({ rows, elements, bytes }: Shown): string[] {
  const read = rows.filter(({ values }) => values !== undefined);
  const sum = (pick: (values: NonNullable<TensorSummary["values"]>) => number): number =>
    read.reduce((total, { values }) => total + (values ? pick(values) : 0), 0);
  const [nan, infinite] = [sum((values) => values.nan), sum((values) => values.infinite)];
  const odd = [nan > 0 ? `${grouped(nan)} NaN` : "", infinite > 0 ? `${grouped(infinite)} Inf` : ""].filter(Boolean);
  const all = read.length === rows.length;
  const counted = read.reduce((total, row) => total + row.elements, 0);
  const zeros = `${share(
    sum((values) => values.zeros),
    counted,
  )}${all || counted === 0 ? "" : " of what was read"}`;
  return ["total", "", "", grouped(elements), grouped(bytes), "", zeros, odd.join(", ")];
}

function notesOf({ rows, metadata }: Shown, shown: number): string[] {
  const notes: string[] = [];
  if (shown < rows.length) {
    notes.push(`${grouped(rows.length - shown)} more are not shown: io.tensorTable(file, { maxRows: Infinity })`);
  }
  const beyond = rows.filter(({ reason }) => reason?.startsWith("beyond maxBytes"));
  if (beyond.length > 0) {
    const bytes = beyond.reduce((total, row) => total + row.bytes, 0);
    notes.push(`${grouped(bytes)} bytes were not read: io.tensorTable(file, { maxBytes: Infinity }) reads all`);
  }
  if (metadata.size > mostTexts) notes.push(`${grouped(metadata.size - mostTexts)} more texts of metadata`);
  return notes;
}

/** Text on one line: characters that steer a terminal, or the direction of writing, are written out; cut when long. */
function visible(text: string, longest: number = longestText): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${grouped(text.length)} characters)` : text;
  return cut.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Whole numbers as they are; others with four digits. */
function short(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** A share in percent; never rounded to none or to all. */
function share(part: number, whole: number): string {
  if (whole === 0) return "";
  if (part === 0 || part === whole) return part === 0 ? "0 %" : "100 %";
  const percent = (100 * part) / whole;
  return percent < 0.01 ? "< 0.01 %" : percent > 99.99 ? "> 99.99 %" : `${percent.toFixed(2)} %`;
}
