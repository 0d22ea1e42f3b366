import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { blocksOf } from "./granularity.js";
import { fastRanges } from "./grid-fast.js";

/**
 * Returns the largest magnitude: the clip that cuts nothing off, in the unit of the values.
 * @throws ValueError for an empty tensor or a value that is not finite
 * @see α = max |x|
 * @example absmaxClip(tensor.from([1, -3, 2])) // 3
 */
export function absmaxClip(values: Tensor): number {
  const ranges = fastRanges(values, { per: "tensor" }, blocksOf("absmaxClip", values.shape, { per: "tensor" }));
  if (ranges !== undefined) return Math.max(ranges.highs[0] as number, -(ranges.lows[0] as number)) + 0;
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
