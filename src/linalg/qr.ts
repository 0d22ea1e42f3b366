import type { Float } from "../tensor/floats.js";
import { transpose } from "../tensor/transpose.js";
import type { Tensor } from "../tensor/types.js";
import { checkDecomposable, scaleOf } from "./checked.js";

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
  const k = Math.min(rows, columns);
  const scale = scaleOf(matrix.data);
  // Columns lie in memory one after the other, because reflections run along them.
  const work = Float64Array.from(transpose(matrix).data, (value) => value / scale);
  const q = new Float64Array(k * rows);
  for (let j = 0; j < k; j++) q[j * rows + j] = 1;
  const mirrors = Array.from({ length: k }, (_, j) => {
    const mirror = mirrorOf(work, j * rows + j, rows - j);
    for (let c = j; c < columns; c++) reflect(work, c * rows + j, mirror);
    return mirror;
  });
  for (let j = k - 1; j >= 0; j--) {
    for (let c = j; c < k; c++) reflect(q, c * rows + j, mirrors[j] as Float64Array);
  }
  return collect(work, q, { rows, columns, k, scale });
}

/** Returns the vector of length √2 whose reflection x - v (v·x) turns the column into a multiple of e₁; zeros for zeros. */
function mirrorOf(work: Float64Array, start: number, length: number): Float64Array {
  const mirror = work.slice(start, start + length);
  const first = mirror[0] as number;
  const norm = normOf(mirror);
  if (norm === 0) return mirror.fill(0);
  mirror[0] = first + (first < 0 ? -norm : norm);
  const size = normOf(mirror) / Math.SQRT2;
  for (let i = 0; i < length; i++) mirror[i] = (mirror[i] as number) / size;
  return mirror;
}

function normOf(vector: Float64Array): number {
  const scale = scaleOf(vector);
  let squares = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = (vector[i] as number) / scale;
    squares += value * value;
  }
  return Math.sqrt(squares) * scale;
}

function reflect(work: Float64Array, start: number, mirror: Float64Array): void {
  let product = 0;
  for (let i = 0; i < mirror.length; i++) product += (mirror[i] as number) * (work[start + i] as number);
  for (let i = 0; i < mirror.length; i++)
    work[start + i] = (work[start + i] as number) - product * (mirror[i] as number);
}

interface Sides {
  readonly rows: number;
  readonly columns: number;
  readonly k: number;
  readonly scale: number;
}

/** Makes the diagonal of r positive, puts both back into row-major order and r into its unit. */
function collect(work: Float64Array, q: Float64Array, { rows, columns, k, scale }: Sides): QrFactors {
  const r = new Float64Array(k * columns);
  for (let j = 0; j < k; j++) {
    const sign = (work[j * rows + j] as number) < 0 ? -1 : 1;
    for (let c = j; c < columns; c++) r[j * columns + c] = sign * (work[c * rows + j] as number) * scale;
    for (let i = 0; i < rows; i++) q[j * rows + i] = sign * (q[j * rows + i] as number);
  }
  return {
    q: transpose({ data: q, shape: [k, rows], dtype: "float64" }),
    r: { data: r, shape: [k, columns], dtype: "float64" },
  };
}
