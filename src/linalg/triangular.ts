import { fastTriangular } from "./decompositions-fast.js";
import { strideOf } from "./dot.js";
import { mirrorLast } from "./mirror.js";
import type { Mirrors } from "./reflect.js";

/** A matrix in working memory. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** How far apart rows lie. */
  readonly stride: number;
  /** [rows, stride] */
  readonly data: Float64Array;
}

/** The reflections that make a matrix lower triangular, and the ends of its last k rows; k = min(rows, columns). */
export interface Triangular {
  readonly mirrors: Mirrors;
  /** [k] */
  readonly diagonal: Float64Array;
}

/**
 * Reduces a matrix in place to lower triangular form, from the last column and row upward: the diagonal ends in the last
 * row and column, and what is at and behind it in the last k rows holds anything.
 */
export function triangular(matrix: Grid): Triangular {
  const { rows, columns } = matrix;
  const k = Math.min(rows, columns);
  const stride = strideOf(rows);
  const mirrors = { mirrors: new Float64Array((k + 1) * stride), stride, count: k, offset: rows - k };
  const result = { mirrors, diagonal: new Float64Array(k) };
  if (fastTriangular(matrix, result)) return result;
  const sums = new Float64Array(columns);
  for (let i = k; i > 0; i--) {
    const place = { column: columns - k + i - 1, high: rows - k + i, index: i };
    result.diagonal[i - 1] = reduceColumn(matrix, place, mirrors, sums);
  }
  return result;
}

/** Which column is reduced, how many leading rows are reflected for it, and by which of the reflections. */
interface Place {
  readonly column: number;
  readonly high: number;
  readonly index: number;
}

/** Reflects leading rows so that a column has one number, the last, and returns it; the columns before are reflected too. */
export function reduceColumn(
  matrix: Grid,
  place: Place,
  { mirrors, stride: apart }: Mirrors,
  sums: Float64Array,
): number {
  const { data, stride } = matrix;
  const { column, high, index } = place;
  const u = mirrors.subarray(index * apart, index * apart + high);
  for (let r = 0; r < high; r++) u[r] = data[r * stride + column] as number;
  const last = mirrorLast(u, 0, high);
  if (u[high - 1] === 0) return last;
  sums.fill(0);
  for (let r = 0; r < high; r++) {
    const [x, row] = [u[r] as number, r * stride];
    for (let t = 0; t < column; t++) sums[t] = (sums[t] as number) + x * (data[row + t] as number);
  }
  for (let r = 0; r < high; r++) {
    const [x, row] = [u[r] as number, r * stride];
    for (let t = 0; t < column; t++) data[row + t] = (data[row + t] as number) - x * (sums[t] as number);
  }
  return last;
}
