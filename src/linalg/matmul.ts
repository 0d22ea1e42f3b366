import { ShapeError } from "../errors.js";
import { allocate } from "../tensor/data.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { checkMatrix } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";

/**
 * Returns the matrix product a b: float64 when one of the two is, else float32. Each element is the sum over k, added
 * in float64 in ascending k from +0 and rounded once to the dtype of the result, so that the bits do not depend on the
 * engine. NaN and infinities spread as IEEE 754 says; an inner side of 0 gives zeros.
 * @param a shape [rows, inner]; b shape [inner, columns]
 * @returns shape [rows, columns], in the product of the units
 * @throws DtypeError unless both are float32 or float64; ShapeError unless both are matrices and the inner sides agree
 * @see c_ij = Σ_k a_ik b_kj
 * @example matmul(tensor.from([[1, 2, 3]]), tensor.from([[1], [10], [100]])).data[0] // 321
 */
export function matmul(a: Tensor<"float32">, b: Tensor<"float32">): Tensor<"float32">;
export function matmul(a: Tensor<"float64">, b: Tensor<Float>): Tensor<"float64">;
export function matmul(a: Tensor<Float>, b: Tensor<"float64">): Tensor<"float64">;
export function matmul(a: Tensor<Float>, b: Tensor<Float>): Tensor<Float>;
export function matmul(a: Tensor<Float>, b: Tensor<Float>): Tensor<Float> {
  checkFloat("matmul", a);
  checkFloat("matmul", b);
  const [rows, inner] = checkMatrix("matmul", a);
  const [innerB, columns] = checkMatrix("matmul", b);
  if (inner !== innerB) {
    throw new ShapeError(
      `matmul: shapes [${rows}, ${inner}] and [${innerB}, ${columns}], expected the same inner side`,
    );
  }
  const dtype = a.dtype === "float32" && b.dtype === "float32" ? "float32" : "float64";
  const data = allocate(dtype, rows * columns) as Float32Array | Float64Array;
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    row.fill(0);
    for (let k = 0; k < inner; k++) addScaled(row, b.data, k * columns, a.data[i * inner + k] as number);
    data.set(row, i * columns);
  }
  return { data, shape: [rows, columns], dtype } as Tensor<Float>;
}

/** Adds `factor` times the row of `source` that begins at `start`. */
function addScaled(row: Float64Array, source: Float32Array | Float64Array, start: number, factor: number): void {
  for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) + factor * (source[start + j] as number);
}
