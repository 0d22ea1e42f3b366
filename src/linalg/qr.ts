import type { Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { checkDecomposable, scaleOf } from "./checked.js";
import { strideOf } from "./dot.js";
import { reflectUnits } from "./reflect.js";
import { type Grid, triangular } from "./triangular.js";

/** A matrix as orthonormal columns times an upper triangle. */
export interface QrFactors {
  /** Shape [rows, k], k = min(rows, columns): orthonormal columns. */
  readonly q: Tensor<"float64">;
  /** Shape [k, columns]: zeros below the diagonal, whose elements are >= 0; in the unit of the matrix. */
  readonly r: Tensor<"float64">;
}

/**
 * Returns q and r with q r = matrix, the columns of q orthonormal, r an upper triangle with a diagonal >= 0. That makes
 * the pair unique where the first k columns are independent. Computed in float64, in a fixed order.
 * @param matrix shape [rows, columns], float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError unless a matrix; ValueError for an empty matrix or a value that is
 *   not finite
 * @see Golub and Van Loan, Matrix Computations, §5.2: Householder's reflections
 * @example qr(tensor.from([[3, 1], [4, 2]])).r.data // 5, 2.2, 0, 0.4, up to rounding
 */
export function qr(matrix: Tensor<Float>): QrFactors {
  const [rows, columns] = checkDecomposable("qr", matrix);
  const scale = scaleOf(matrix.data);
  const grid = reversed(matrix, [rows, columns], scale);
  const { mirrors, diagonal } = triangular(grid);
  return collect(grid, diagonal, reflectUnits(mirrors, diagonal.length), scale);
}

/** Returns the matrix, divided by `scale`, from its last row and column to the first: its first column is reduced first. */
function reversed({ data }: Tensor, [rows, columns]: readonly [number, number], scale: number): Grid {
  const stride = strideOf(columns);
  const result = new Float64Array(rows * stride);
  for (let i = 0; i < rows; i++) {
    const row = (rows - 1 - i) * stride + columns - 1;
    for (let j = 0; j < columns; j++) result[row - j] = (data[i * columns + j] as number) / scale;
  }
  return { rows, columns, stride, data: result };
}

/** Makes the diagonal of r positive, puts both back into order and r into its unit. */
function collect(grid: Grid, diagonal: Float64Array, units: Float64Array, scale: number): QrFactors {
  const { rows, columns, stride, data } = grid;
  const k = diagonal.length;
  const apart = strideOf(rows);
  const [q, r] = [new Float64Array(rows * k), new Float64Array(k * columns)];
  for (let j = 0; j < k; j++) {
    const end = diagonal[k - 1 - j] as number;
    const sign = end < 0 ? -1 : 1;
    const [row, unit] = [(rows - 1 - j) * stride + columns - 1, (k - 1 - j) * apart + rows - 1];
    r[j * columns + j] = sign * end * scale;
    for (let c = j + 1; c < columns; c++) r[j * columns + c] = sign * (data[row - c] as number) * scale;
    for (let i = 0; i < rows; i++) q[i * k + j] = sign * (units[unit - i] as number);
  }
  return {
    q: { data: q, shape: [rows, k], dtype: "float64" },
    r: { data: r, shape: [k, columns], dtype: "float64" },
  };
}
