import { SingularValueDecomposition } from "ml-matrix";
import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkDecomposable, scaleOf, signOf } from "./checked.js";
import { toMatrix } from "./library.js";

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
 * float64 from the four operations and square roots alone: the same bits on every engine.
 * @param matrix shape [rows, columns], float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError unless a matrix; ValueError for an empty matrix or a value that is
 *   not finite
 * @see Golub and Reinsch 1970, Singular value decomposition and least squares solutions; by ml-matrix
 * @example svd(tensor.from([[3, 0], [0, -4]])).s.data // 4, 3
 */
export function svd(matrix: Tensor<Float>): Svd {
  const [rows, columns] = checkDecomposable("svd", matrix);
  const k = Math.min(rows, columns);
  const scale = scaleOf(matrix.data);
  const solved = new SingularValueDecomposition(toMatrix(matrix, scale), { autoTranspose: true });
  const { diagonal, leftSingularVectors: left, rightSingularVectors: right } = solved;
  const order = Array.from({ length: k }, (_, i) => i).sort(
    (i, j) => (diagonal[j] as number) - (diagonal[i] as number),
  );
  const u = new Float64Array(rows * k);
  const vt = new Float64Array(k * columns);
  order.forEach((from, to) => {
    const sign = signOf(left.getColumn(from));
    for (let i = 0; i < rows; i++) u[i * k + to] = sign * left.get(i, from);
    for (let j = 0; j < columns; j++) vt[to * columns + j] = sign * right.get(j, from);
  });
  return {
    u: { data: u, shape: [rows, k], dtype: "float64" },
    s: { data: Float64Array.from(order, (from) => (diagonal[from] as number) * scale), shape: [k], dtype: "float64" },
    vt: { data: vt, shape: [k, columns], dtype: "float64" },
  };
}
