import { ShapeError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { outOf } from "../tensor/out.js";
import { checkMatrix } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";
import { depth, fastMatmul } from "./matmul-fast.js";

/** Options of {@link matmul}. */
export interface MatmulOptions<D extends Float> {
  /** Default a new tensor. */
  readonly out?: Tensor<D>;
}

/**
 * Returns the matrix product a b: float64 when one of the two is, else float32. Products and sums have
 * the precision of the result, as in BLAS; float32 adds up 256 products at a time in ascending k from +0, and then these
 * sums, so that the bits depend neither on the engine nor on threads. NaN and infinities spread as IEEE 754 says; an inner side of 0 gives zeros.
 * @param a shape [rows, inner]; b shape [inner, columns]
 * @returns shape [rows, columns], in the product of the units
 * @param options.out where the product is written, for reuse: of its dtype and shape, apart from a and b
 * @throws ValueError when out shares memory with a or b
 * @throws DtypeError unless both are float32 or float64; ShapeError unless both are matrices and the inner sides agree
 * @see c_ij = Σ_k a_ik b_kj
 * @example matmul(tensor.from([[1, 2, 3]]), tensor.from([[1], [10], [100]])).data[0] // 321
 */
export function matmul(
  a: Tensor<"float32">,
  b: Tensor<"float32">,
  options?: MatmulOptions<"float32">,
): Tensor<"float32">;
export function matmul(a: Tensor<"float64">, b: Tensor<Float>, options?: MatmulOptions<"float64">): Tensor<"float64">;
export function matmul(a: Tensor<Float>, b: Tensor<"float64">, options?: MatmulOptions<"float64">): Tensor<"float64">;
export function matmul(a: Tensor<Float>, b: Tensor<Float>, options?: MatmulOptions<Float>): Tensor<Float>;
export function matmul(a: Tensor<Float>, b: Tensor<Float>, options: MatmulOptions<Float> = {}): Tensor<Float> {
  checkFloat("matmul", a);
  checkFloat("matmul", b);
  const [rows, inner] = checkMatrix("matmul", a);
  const [innerB, columns] = checkMatrix("matmul", b);
  if (inner !== innerB) {
    throw new ShapeError(
      `matmul: shapes [${rows}, ${inner}] and [${innerB}, ${columns}], expected the same inner side`,
    );
  }
  const dtype: Float = a.dtype === "float32" && b.dtype === "float32" ? "float32" : "float64";
  const out: Tensor<Float> = outOf<Float>("matmul", options.out, dtype, [rows, columns], [a, b]);
  if (fastMatmul(a, b, out)) return out;
  if (dtype === "float64") product64(a, b, out);
  else product32(a, b, out);
  return out;
}

function product64(a: Tensor<Float>, b: Tensor<Float>, { data, shape }: Tensor<Float>): void {
  const [rows, columns] = shape as [number, number];
  const inner = a.shape[1] as number;
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    row.fill(0);
    for (let k = 0; k < inner; k++) addScaled(row, b.data, k * columns, a.data[i * inner + k] as number);
    data.set(row, i * columns);
  }
}

/** Adds `factor` times the row of `source` that begins at `start`. */
function addScaled(row: Float64Array, source: Float32Array | Float64Array, start: number, factor: number): void {
  for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) + factor * (source[start + j] as number);
}

function product32(a: Tensor<Float>, b: Tensor<Float>, { data, shape }: Tensor<Float>): void {
  const [rows, columns] = shape as [number, number];
  const inner = a.shape[1] as number;
  const part = new Float32Array(columns);
  data.fill(0);
  for (let i = 0; i < rows; i++) {
    for (let from = 0; from < inner; from += depth) {
      part.fill(0);
      const end = Math.min(from + depth, inner);
      for (let k = from; k < end; k++) addScaled32(part, b.data, k * columns, a.data[i * inner + k] as number);
      for (let j = 0; j < columns; j++) data[i * columns + j] = (data[i * columns + j] as number) + (part[j] as number);
    }
  }
}

/** As {@link addScaled}, in float32: a sum of two float32 in float64 is rounded as if it were exact. */
function addScaled32(row: Float32Array, source: Float32Array | Float64Array, start: number, factor: number): void {
  for (let j = 0; j < row.length; j++) {
    row[j] = (row[j] as number) + Math.fround(factor * (source[start + j] as number));
  }
}
