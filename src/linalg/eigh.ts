import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkSymmetric, scaleOf, signOf } from "./checked.js";

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** Shape [n], ascending, in the unit of the matrix. */
  readonly values: Tensor<"float64">;
  /** Shape [n, n]: column j is the unit eigenvector of value j. */
  readonly vectors: Tensor<"float64">;
}

/**
 * Returns the eigenvalues of a symmetric matrix in ascending order and its orthonormal eigenvectors as columns.
 * The sign of each vector is fixed: positive in the first of its components whose magnitude is within one part in a
 * million of the largest. Vectors of equal eigenvalues are one orthonormal basis of many. Computed in float64
 * from the four operations and square roots alone: the same bits on every engine.
 * @param matrix shape [n, n], float32 or float64; the mean of its two halves is taken
 * @throws ShapeError unless square and symmetric to 1e-6 of its largest magnitude; DtypeError for an integer dtype;
 *   ValueError for an empty matrix or a value that is not finite
 * @see A v = λ v; Householder's tridiagonal form and implicit QL, by ml-matrix
 * @example eigh(tensor.from([[2, 1], [1, 2]])).values.data // 1, 3, up to rounding
 */
export function eigh(matrix: Tensor<Float>): SymmetricEigen {
  const n = checkSymmetric("eigh", matrix);
  const scale = scaleOf(matrix.data);
  const solved = new EigenvalueDecomposition(symmetric(matrix, n, scale), { assumeSymmetric: true });
  const found = solved.realEigenvalues;
  const basis = solved.eigenvectorMatrix;
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => (found[i] as number) - (found[j] as number));
  const values = Float64Array.from(order, (from) => (found[from] as number) * scale);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    const vector = basis.getColumn(from);
    const sign = signOf(vector);
    for (let i = 0; i < n; i++) vectors[i * n + to] = sign * (vector[i] as number);
  });
  return {
    values: { data: values, shape: [n], dtype: "float64" },
    vectors: { data: vectors, shape: [n, n], dtype: "float64" },
  };
}

/** Returns the mean of the matrix and its transpose, divided by `scale`. */
function symmetric({ data }: Tensor, n: number, scale: number): Matrix {
  const result = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      result.set(i, j, ((data[i * n + j] as number) / scale + (data[j * n + i] as number) / scale) / 2);
    }
  }
  return result;
}
