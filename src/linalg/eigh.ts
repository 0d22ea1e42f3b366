import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkSymmetric, scaleOf, signOf } from "./checked.js";
import { strideOf } from "./dot.js";
import { diagonalize } from "./ql.js";
import { reflectUnits } from "./reflect.js";
import { type Panels, panelsOf, rotationsOf, rowOf } from "./rotations.js";
import { type Halved, tridiagonal } from "./tridiagonal.js";

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
 *   ValueError for an empty matrix or a value that is not finite, and should an eigenvalue not converge in 60 steps
 * @see A v = λ v; Householder's tridiagonal form and implicit QL with Wilkinson's shift; Golub and Van Loan, Matrix
 *   Computations, §8.3
 * @example eigh(tensor.from([[2, 1], [1, 2]])).values.data // 1, 3, up to rounding
 */
export function eigh(matrix: Tensor<Float>): SymmetricEigen {
  const n = checkSymmetric("eigh", matrix);
  const scale = scaleOf(matrix.data);
  const reduced = tridiagonal(halves(matrix, n, scale));
  const { below: mirrors, stride, diagonal } = reduced;
  const panels = panelsOf(reflectUnits({ mirrors, stride, count: n - 1, offset: 0 }, n), n, n, stride);
  diagonalize("eigh", diagonal, reduced.beside, rotationsOf(panels));
  return ordered(diagonal, panels, scale);
}

/** Puts the values, times `scale`, and their vectors, the rows of panels, into order, and gives vectors their signs. */
function ordered(found: Float64Array, panels: Panels, scale: number): SymmetricEigen {
  const n = found.length;
  const order = Array.from(found, (_, i) => i).sort((i, j) => (found[i] as number) - (found[j] as number));
  const vectors = new Float64Array(n * n);
  const vector = new Float64Array(n);
  order.forEach((from, to) => {
    rowOf(panels, from, vector);
    const sign = signOf(vector);
    for (let i = 0; i < n; i++) vectors[i * n + to] = sign * (vector[i] as number);
  });
  const values = Float64Array.from(order, (from) => (found[from] as number) * scale);
  return {
    values: { data: values, shape: [n], dtype: "float64" },
    vectors: { data: vectors, shape: [n, n], dtype: "float64" },
  };
}

/** Returns the mean of the matrix and its transpose, divided by `scale`. */
function halves({ data }: Tensor, n: number, scale: number): Halved {
  const stride = strideOf(n);
  const below = new Float64Array(n * stride);
  const mean = (i: number, j: number): number =>
    ((data[i * n + j] as number) / scale + (data[j * n + i] as number) / scale) / 2;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) below[i * stride + j] = mean(i, j);
  return { n, stride, below, diagonal: Float64Array.from({ length: n }, (_, i) => mean(i, i)) };
}
