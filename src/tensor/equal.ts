import type { Tensor } from "./types.js";

/**
 * Returns whether two tensors have the same shape, dtype and values. NaN equals NaN, and 0 equals -0.
 * @example tensor.equal(tensor.transpose(tensor.transpose(W)), W) // true
 */
export function equal(a: Tensor, b: Tensor): boolean {
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return false;
  if (a.shape.some((side, axis) => side !== b.shape[axis])) return false;
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [a.data[i], b.data[i]];
    if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
  }
  return true;
}
