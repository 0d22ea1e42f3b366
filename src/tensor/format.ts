import type { Tensor } from "./types.js";

/** Options of {@link format}. */
export interface FormatOptions {
  /** Significant digits of floating-point values; default 4. */
  readonly precision?: number;
  /** Longest side shown; a longer one keeps its first and last entries around an ellipsis. Default 16. */
  readonly maxSide?: number;
}

/**
 * Returns the tensor as aligned text, its dtype and shape first.
 * @example tensor.format(tensor.from([[1, -2.5], [3, 4]]))
 * // float32 [2, 2]
 * //    1  -2.5
 * //    3     4
 */
export function format(tensor: Tensor, options: FormatOptions = {}): string {
  const { precision = 4, maxSide = 16 } = options;
  const float = tensor.dtype.startsWith("float");
  const text = (value: number): string => (float ? formatNumber(value, precision) : String(value));
  const head = `${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.data.length === 0) return head;
  if (tensor.shape.length === 0) return `${head} ${text(tensor.data[0] as number)}`;
  const columns = tensor.shape.at(-1) as number;
  const rows = tensor.shape.at(-2) ?? 1;
  const matrices = tensor.data.length / (rows * columns);
  const parts = [head];
  for (const matrix of visible(matrices, maxSide)) {
    if (matrix === undefined) parts.push("...");
    else {
      if (matrices > 1) parts.push(`[${matrixIndex(matrix, tensor.shape).join(", ")}]`);
      parts.push(formatMatrix(tensor.data, matrix * rows * columns, rows, columns, maxSide, text));
    }
  }
  return parts.join("\n");
}

/**
 * Returns a number with at most `precision` significant digits and no trailing zeros.
 * @example formatNumber(0.123456, 3) // "0.123"
 */
export function formatNumber(value: number, precision: number): string {
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value) || value === 0) return String(value);
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e6) return String(value);
  if (magnitude < 1e-4 || magnitude >= 1e6) return value.toExponential(precision - 1).replace(/\.?0+e/, "e");
  const text = value.toPrecision(precision);
  return text.includes("e") ? String(Number(text)) : text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function formatMatrix(
  data: ArrayLike<number>,
  start: number,
  rows: number,
  columns: number,
  maxSide: number,
  text: (value: number) => string,
): string {
  const shown = visible(columns, maxSide);
  const cells = visible(rows, maxSide).map((row) =>
    row === undefined
      ? undefined
      : shown.map((column) => (column === undefined ? "..." : text(data[start + row * columns + column] as number))),
  );
  const widths = shown.map((_, c) => Math.max(...cells.map((line) => line?.[c]?.length ?? 0)));
  return cells
    .map((line) => (line ? line.map((cell, c) => cell.padStart((widths[c] as number) + 2)).join("") : "  ..."))
    .join("\n");
}

/** Indices 0..length-1; the middle of a long range is one `undefined`. */
function visible(length: number, maxSide: number): (number | undefined)[] {
  if (length <= maxSide) return Array.from({ length }, (_, i) => i);
  const head = Math.ceil((maxSide - 1) / 2);
  const tail = Math.max(0, maxSide - 1 - head);
  return [
    ...Array.from({ length: head }, (_, i) => i),
    undefined,
    ...Array.from({ length: tail }, (_, i) => length - tail + i),
  ];
}

function matrixIndex(matrix: number, shape: readonly number[]): string[] {
  const index: string[] = [];
  for (let axis = shape.length - 3, rest = matrix; axis >= 0; axis--) {
    const side = shape[axis] as number;
    index.unshift(String(rest % side));
    rest = Math.floor(rest / side);
  }
  return [...index, ":", ":"];
}
