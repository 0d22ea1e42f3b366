/**
 * Returns the product of two stretches of `length` numbers: terms at even places are added up, terms at odd places, and
 * then the two sums. Kernels add in the same order, two at a time.
 */
export function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, length: number): number {
  let even = 0;
  let odd = 0;
  const pairs = length - (length % 2);
  for (let t = 0; t < pairs; t += 2) {
    even += (a[fromA + t] as number) * (b[fromB + t] as number);
    odd += (a[fromA + t + 1] as number) * (b[fromB + t + 1] as number);
  }
  if (pairs < length) even += (a[fromA + pairs] as number) * (b[fromB + pairs] as number);
  return even + odd;
}

/** Returns how far apart rows of `columns` numbers lie in working memory: an odd number of cache lines, so that rows do
 * not all fall on the same places of the caches. */
export function strideOf(columns: number): number {
  return 8 * (Math.ceil(columns / 8) | 1);
}
