/** A table of things that were compared: what was measured down, who was measured across. */
import { median } from "./measure.js";

/** The values of one measurement of one peer; words where there is no number. */
export interface Cell {
  readonly median?: number;
  readonly min?: number;
  readonly max?: number;
  readonly count?: number;
  readonly word?: string;
}

/** One measurement. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  /** By peer, in the order of the columns. */
  readonly cells: readonly Cell[];
}

/** The outcome of a benchmark that compares programs. */
export interface Comparison {
  readonly title: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  /** How it was measured. */
  readonly method: string;
  readonly notes: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Condenses what the runs gave. A word stands when most runs gave one. @example toCell([3, 1, 2]).median // 2 */
export function toCell(values: readonly (number | string | undefined)[]): Cell {
  const numbers = values.filter((value) => typeof value === "number");
  const words = values.filter((value) => typeof value === "string");
  if (numbers.length === 0 || words.length > numbers.length) return { word: words[0] ?? "–" };
  return { median: median(numbers), min: Math.min(...numbers), max: Math.max(...numbers), count: numbers.length };
}

/** Returns the table alone. @param spread also show the least and the largest value */
export function comparisonTable({ columns, rows }: Comparison, spread: boolean): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(["", ...columns]),
    line(["---", ...columns.map(() => "---:")]),
    ...rows.map(({ name, unit, cells }) =>
      line([unit === "" ? name : `${name}, ${unit}`, ...cells.map((cell) => cellText(cell, spread))]),
    ),
  ].join("\n");
}

/** Returns the line below the table: with what it was measured. */
export function comparisonCaption({ machine, versions, method }: Comparison): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${method} ${machine}; ${named.join(", ")}.`;
}

/** Returns the comparison as a Markdown page. */
export function comparisonPage(comparison: Comparison): string {
  const notes = comparison.notes.map((note) => `- ${note}`);
  return [
    `# ${comparison.title}`,
    "",
    comparisonCaption(comparison),
    "",
    comparisonTable(comparison, true),
    "",
    ...(notes.length > 0 ? [...notes, ""] : []),
  ].join("\n");
}

function cellText({ median: middle, min, max, count, word }: Cell, spread: boolean): string {
  if (middle === undefined || min === undefined || max === undefined) return word ?? "–";
  const range = spread && count !== undefined && count > 1 && min !== max;
  return range ? `${rounded(middle)} (${rounded(min)}–${rounded(max)})` : rounded(middle);
}

function rounded(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toPrecision(2);
}
