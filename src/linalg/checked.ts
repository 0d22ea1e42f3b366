import { ShapeError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { checkMatrix } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";

/** Returns `[rows, columns]` of a matrix that can be decomposed: float, two axes, not empty, finite. */
export function checkDecomposable(caller: string, matrix: Tensor): [number, number] {
  checkFloat(caller, matrix);
  const sides = checkMatrix(caller, matrix);
  checkFinite(caller, matrix);
  return sides;
}

/**
 * Returns the size of a square matrix that can be decomposed and whose halves agree: |a_ij - a_ji| is at most 1e-6 of
 * the largest magnitude, what float32 sums of products leave.
 */
export function checkSymmetric(caller: string, matrix: Tensor<Float>): number {
  const [n, columns] = checkDecomposable(caller, matrix);
  if (n !== columns) throw new ShapeError(`${caller}: shape [${n}, ${columns}], expected a square matrix`);
  const { data } = matrix;
  const allowed = 1e-6 * largestMagnitude(data);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const below = data[i * n + j] as number;
      const above = data[j * n + i] as number;
      if (Math.abs(below - above) > allowed) {
        throw new ShapeError(
          `${caller}: ${below} at [${i}, ${j}] and ${above} at [${j}, ${i}], expected a symmetric matrix`,
        );
      }
    }
  }
  return n;
}

/** Returns the largest magnitude, 0 for no values. */
export function largestMagnitude(data: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i] as number));
  return largest;
}

const bits = new DataView(new ArrayBuffer(8));

/**
 * Returns a power of two near the largest magnitude (within 2^±1022), or 1 for zeros: a division by it is exact for
 * normal numbers, and afterwards no square overflows or vanishes.
 */
export function scaleOf(data: ArrayLike<number>): number {
  const largest = largestMagnitude(data);
  if (largest === 0) return 1;
  bits.setFloat64(0, largest);
  bits.setUint32(0, Math.min(Math.max(bits.getUint32(0) >>> 20, 1), 2045) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/**
 * Returns 1 or -1, the factor by which a vector gets the house's sign: positive in the first of its components whose
 * magnitude is within one part in a million of the largest, so that components of equal size are not told apart by
 * rounding.
 */
export function signOf(vector: ArrayLike<number>): number {
  const bound = (1 - 1e-6) * largestMagnitude(vector);
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] as number;
    if (Math.abs(value) >= bound) return value < 0 ? -1 : 1;
  }
  return 1;
}
