/** Typed arrays and tensors in words: dtype, shape, range, and the first values. */
import type { MimeBundle } from "../../src/display.js";

type NumberArray = ArrayLike<number> | ArrayLike<bigint>;

/** Anything with data, shape and dtype, whoever made it. */
export interface TensorLike {
  readonly data: NumberArray;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Rows and columns shown of a large matrix: so many from each end. */
const edge = 4;
/** Values shown of a long vector. */
const firstValues = 12;

/** Tells whether a value is a tensor: its data must fill its shape. */
export function isTensorLike(value: object): value is TensorLike {
  const { data, shape, dtype } = value as Partial<TensorLike>;
  if (!ArrayBuffer.isView(data) || data instanceof DataView || !Array.isArray(shape)) return false;
  if (typeof dtype !== "string" || !shape.every((size) => Number.isInteger(size) && size >= 0)) return false;
  return shape.reduce((product: number, size: number) => product * size, 1) === (data as { length?: number }).length;
}

/** Returns the summary of a typed array. */
export function typedArrayBundle(array: ArrayBufferView): MimeBundle {
  const data = array as unknown as NumberArray;
  const name = String((array as { [Symbol.toStringTag]?: string })[Symbol.toStringTag])
    .replace(/Array$/, "")
    .replace("Clamped", "")
    .toLowerCase();
  return { "text/plain": `${headline(name, [data.length], data)}\n${vector(data)}` };
}

/** Returns the summary of a tensor with its values as a matrix. */
export function tensorBundle(tensor: TensorLike): MimeBundle {
  const { data, shape, dtype } = tensor;
  const rank = shape.length;
  const body = rank < 2 ? vector(data) : matrix(data, shape[rank - 2] as number, shape[rank - 1] as number);
  const more = rank > 2 ? `\n(the first of ${shape.slice(0, -2).join(" × ")} matrices)` : "";
  return { "text/plain": `${headline(dtype, shape, data)}\n${body}${more}` };
}

function headline(dtype: string, shape: readonly number[], data: NumberArray): string {
  const where = `${dtype} [${shape.join(", ")}]`;
  const { low, high, nan } = range(data);
  if (low === undefined) return `${where} ${nan > 0 ? "all NaN" : "empty"}`;
  return `${where} min ${number(low)} max ${number(high as number)}${nan > 0 ? `, ${nan} NaN` : ""}`;
}

function range(data: NumberArray): { low?: number | bigint; high?: number | bigint; nan: number } {
  let low: number | bigint | undefined;
  let high: number | bigint | undefined;
  let nan = 0;
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number | bigint;
    if (Number.isNaN(value)) nan++;
    else {
      if (low === undefined || value < low) low = value;
      if (high === undefined || value > high) high = value;
    }
  }
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }), nan };
}

function number(value: number | bigint): string {
  if (typeof value === "bigint" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}

function vector(data: NumberArray): string {
  const shown = Array.from({ length: Math.min(firstValues, data.length) }, (_, index) =>
    number(data[index] as number | bigint),
  );
  return `[${shown.join(", ")}${data.length > firstValues ? `, … ${data.length - firstValues} more` : ""}]`;
}

function matrix(data: NumberArray, rows: number, cols: number): string {
  const rowNumbers = ends(rows);
  const colNumbers = ends(cols);
  const cells = rowNumbers.map((row) =>
    colNumbers.map((col) => (row < 0 || col < 0 ? "…" : number(data[row * cols + col] as number | bigint))),
  );
  const widths = colNumbers.map((_, at) => Math.max(...cells.map((line) => (line[at] as string).length)));
  return cells.map((line) => line.map((cell, at) => cell.padStart(widths[at] as number)).join("  ")).join("\n");
}

/** All indices of a short axis; of a long one the two ends, with −1 for the gap. */
function ends(size: number): number[] {
  const all = Array.from({ length: size }, (_, index) => index);
  return size <= 4 * edge ? all : [...all.slice(0, edge), -1, ...all.slice(-edge)];
}
