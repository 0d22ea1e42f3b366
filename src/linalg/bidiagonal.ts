import { fastBidiagonal } from "./decompositions-fast.js";
import { dot, strideOf } from "./dot.js";
import { mirrorLast } from "./mirror.js";
import type { Mirrors } from "./reflect.js";
import { type Grid, reduceColumn } from "./triangular.js";

/**
 * A square lower bidiagonal matrix B and what makes the given one of it: A = U B Vᵀ, where the rows of Uᵀ and of Vᵀ are
 * those of the products of the reflections.
 */
export interface Bidiagonal {
  readonly lefts: Mirrors;
  readonly rights: Mirrors;
  /** [columns] */
  readonly diagonal: Float64Array;
  /** [columns]: element j stands in row j, before the diagonal; the first is 0. */
  readonly beside: Float64Array;
}

/** Reduces a matrix of at least as many rows as columns, whose memory it uses, to lower bidiagonal form, from the last column and row upward. */
export function bidiagonal(matrix: Grid): Bidiagonal {
  const { rows, columns, stride } = matrix;
  const strideLeft = strideOf(rows);
  const mirrors = new Float64Array((columns + 1) * strideLeft);
  const result: Bidiagonal = {
    lefts: { mirrors, stride: strideLeft, count: columns, offset: rows - columns },
    rights: { mirrors: new Float64Array(columns * stride), stride, count: columns - 1, offset: 0 },
    diagonal: new Float64Array(columns),
    beside: new Float64Array(columns),
  };
  if (fastBidiagonal(matrix, result)) return result;
  const sums = new Float64Array(columns);
  for (let j = columns - 1; j >= 0; j--) {
    result.diagonal[j] = reduceColumn(
      matrix,
      { column: j, high: rows - columns + j + 1, index: j + 1 },
      result.lefts,
      sums,
    );
    if (j > 0) reduceRow(matrix, result, j);
  }
  return result;
}

/** Reflects the leading columns so that the row of column j has one number before the diagonal. */
function reduceRow({ rows, columns, stride, data }: Grid, { rights, beside }: Bidiagonal, j: number): void {
  const last = rows - columns + j;
  const v = rights.mirrors.subarray(j * stride, j * stride + j);
  v.set(data.subarray(last * stride, last * stride + j));
  beside[j] = mirrorLast(v, 0, j);
  if (v[j - 1] === 0) return;
  for (let r = 0; r < last; r++) {
    const row = r * stride;
    const product = dot(data, row, v, 0, j);
    for (let t = 0; t < j; t++) data[row + t] = (data[row + t] as number) - product * (v[t] as number);
  }
}
