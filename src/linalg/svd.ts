import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { bidiagonal } from "./bidiagonal.js";
import { checkDecomposable, scaleOf, signOf } from "./checked.js";
import { strideOf } from "./dot.js";
import { diagonalizeBidiagonal } from "./golub-kahan.js";
import { type Mirrors, reflectUnits } from "./reflect.js";
import { type Panels, panelsOf, rotationsOf, rowOf } from "./rotations.js";
import type { Grid } from "./triangular.js";

/** A matrix as orthonormal columns times singular values times orthonormal rows. */
export interface Svd {
  /** Shape [rows, k], k = min(rows, columns): orthonormal columns. */
  readonly u: Tensor<"float64">;
  /** Shape [k]: the singular values, descending, >= 0, in the unit of the matrix. */
  readonly s: Tensor<"float64">;
  /** Shape [k, columns]: orthonormal rows. */
  readonly vt: Tensor<"float64">;
}

/**
 * Returns the singular value decomposition: matrix = u diag(s) vt. The sign of each pair is fixed: a column of u is
 * positive in the first of its components whose magnitude is within one part in a million of the largest. Computed in
 * float64 from the four operations and square roots alone: the same bits on every engine. Values are right to some ε of the
 * largest.
 * @param matrix shape [rows, columns], float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError unless a matrix; ValueError for an empty matrix or a value that is
 *   not finite, and should a singular value not converge in 60 steps
 * @see Golub and Reinsch 1970, Singular value decomposition and least squares solutions: Householder's bidiagonal form and
 *   implicit QR
 * @example svd(tensor.from([[3, 0], [0, -4]])).s.data // 4, 3
 */
export function svd(matrix: Tensor<Float>): Svd {
  const [rows, columns] = checkDecomposable("svd", matrix);
  const tall = rows >= columns;
  const scale = scaleOf(matrix.data);
  const { lefts, rights, diagonal, beside } = bidiagonal(tallOf(matrix, tall, scale));
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const [longVectors, shortVectors] = [vectorsOf(lefts, short, long), vectorsOf(rights, short, short)];
  // The transpose is upper bidiagonal, and has the vectors of the other side.
  const [left, right] = [rotationsOf(shortVectors), rotationsOf(longVectors)];
  diagonalizeBidiagonal("svd", { diagonal, beside, left, right });
  const sides = tall ? ([longVectors, shortVectors] as const) : ([shortVectors, longVectors] as const);
  return ordered(diagonal, sides, [rows, columns], scale);
}

/** Returns the matrix, or its transpose unless it is `tall`, divided by `scale`. */
function tallOf({ data, shape }: Tensor, tall: boolean, scale: number): Grid {
  const [height, width] = shape as [number, number];
  const [rows, columns] = tall ? [height, width] : [width, height];
  const [down, right] = tall ? [width, 1] : [1, width];
  const stride = strideOf(columns);
  const result = new Float64Array(rows * stride);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[i * stride + j] = (data[i * down + j * right] as number) / scale;
  }
  return { rows, columns, stride, data: result };
}

/** Returns the first vectors of one side, one to a row. */
function vectorsOf(mirrors: Mirrors, rows: number, columns: number): Panels {
  return panelsOf(reflectUnits(mirrors, rows), rows, columns, mirrors.stride);
}

/** Puts singular values, times `scale`, and their vectors into order, and gives vectors their signs. */
function ordered(
  found: Float64Array,
  sides: readonly [Panels, Panels],
  shape: readonly [number, number],
  scale: number,
): Svd {
  const [rows, columns] = shape;
  const k = found.length;
  const order = Array.from(found, (_, i) => i).sort(
    (i, j) => Math.abs(found[j] as number) - Math.abs(found[i] as number),
  );
  const [u, vt] = [new Float64Array(rows * k), new Float64Array(k * columns)];
  const [left, right] = [new Float64Array(rows), new Float64Array(columns)];
  order.forEach((from, to) => {
    rowOf(sides[0], from, left);
    rowOf(sides[1], from, right);
    const sign = signOf(left);
    const other = (found[from] as number) < 0 ? -sign : sign;
    for (let i = 0; i < rows; i++) u[i * k + to] = sign * (left[i] as number);
    for (let j = 0; j < columns; j++) vt[to * columns + j] = other * (right[j] as number);
  });
  const values = Float64Array.from(order, (from) => Math.abs(found[from] as number) * scale);
  return {
    u: { data: u, shape: [rows, k], dtype: "float64" },
    s: { data: values, shape: [k], dtype: "float64" },
    vt: { data: vt, shape: [k, columns], dtype: "float64" },
  };
}
