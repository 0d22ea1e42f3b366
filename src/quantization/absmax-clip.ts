import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";

/**
 * Returns the largest magnitude: the clip that cuts nothing off, in the unit of the values.
 * @throws ValueError for an empty tensor or a value that is not finite
 * @see α = max |x|
 * @example absmaxClip(tensor.from([1, -3, 2])) // 3
 */
export function absmaxClip(values: Tensor): number {
  checkFinite("absmaxClip", values);
  return absmaxOf(values.data);
}

/** The largest magnitude of finite values, 0 for none. */
export function absmaxOf(data: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] as number);
    if (size > largest) largest = size;
  }
  return largest;
}
