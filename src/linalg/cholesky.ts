import { ValueError } from "../errors.js";
import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkSymmetric } from "./checked.js";

/**
 * Returns the lower triangle L with positive diagonal and L Lᵀ = matrix. Computed in float64, in a fixed order.
 * @param matrix shape [n, n], float32 or float64, symmetric and positive definite; the lower half is read
 * @returns shape [n, n], zeros above the diagonal, in the square root of the matrix's unit
 * @throws ValueError unless positive definite, for an empty matrix, or for a value that is not finite; ShapeError unless
 *   square and symmetric to 1e-6 of its largest magnitude; DtypeError for an integer dtype
 * @see Golub and Van Loan, Matrix Computations, §4.2: Cholesky's factor, row by row
 * @example cholesky(tensor.from([[4, 2], [2, 5]])).data // 2, 0, 1, 2
 */
export function cholesky(matrix: Tensor<Float>): Tensor<"float64"> {
  const n = checkSymmetric("cholesky", matrix);
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix.data[i * n + j] as number;
      for (let k = 0; k < j; k++) rest -= (lower[i * n + k] as number) * (lower[j * n + k] as number);
      if (j < i) lower[i * n + j] = rest / (lower[j * n + j] as number);
      else if (rest > 0) lower[i * n + i] = Math.sqrt(rest);
      else throw new ValueError(`cholesky: pivot ${rest} in row ${i}, expected a positive definite matrix`);
    }
  }
  return { data: lower, shape: [n, n], dtype: "float64" };
}
