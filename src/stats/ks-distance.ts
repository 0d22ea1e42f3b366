import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { checkFinite } from "./checked.js";
import { floatBins } from "./float-bins.js";
import { largestGap, markCandidates } from "./ks-bins.js";

/** From so many float32 values on, counting them in bins is faster than sorting them. */
export const worthBins: number = 2 ** 17;

/**
 * Returns the Kolmogorov–Smirnov distance D between the values and a distribution: the largest gap between the share of
 * values <= x and `cdf(x)`, 0..1. Only the distance: when the distribution's parameters were fitted to the same values,
 * the usual p-values are far too large (Lilliefors 1967), so none is given.
 * @param cdf the distribution function, which does not fall and stays within 0..1
 * @throws ValueError for an empty tensor, a value that is not finite, or a cdf that leaves 0..1
 * @see D = sup |F_n(x) - F(x)|, seen from both sides of every step of F_n
 * @example ksDistance(tensor.from([0.1, 0.4, 0.7]), (x) => x) // 0.3, against the uniform distribution
 */
export function ksDistance(values: Tensor, cdf: (x: number) => number): number {
  checkFinite("ksDistance", values);
  const { data } = values;
  if (data instanceof Float32Array && data.length >= worthBins) {
    const distance = distanceByBins(data, cdf);
    if (distance !== undefined) return distance;
  }
  return ksDistanceOfSorted(Float64Array.from(values.data).sort(), cdf);
}

/** Counts, looks where the largest gap can be, and sorts only there; undefined when the cdf is none. */
function distanceByBins(values: Float32Array, cdf: (x: number) => number): number | undefined {
  const bins = floatBins(values);
  const wanted = new Uint8Array(bins.counts.length);
  if (!markCandidates(bins, cdf, wanted)) return undefined;
  const distance = largestGap(bins, cdf, wanted, bins.collect(wanted));
  return Number.isNaN(distance) ? undefined : distance;
}

/** Does the work of {@link ksDistance} on values in ascending order. */
export function ksDistanceOfSorted(sorted: ArrayLike<number>, cdf: (x: number) => number): number {
  const count = sorted.length;
  let largest = 0;
  for (let i = 0; i < count; ) {
    const x = sorted[i] as number;
    let next = i + 1;
    // Equal values are one step.
    while (next < count && sorted[next] === x) next++;
    const p = cdf(x);
    if (!(p >= 0 && p <= 1)) throw new ValueError(`ksDistance: cdf(${x}) = ${p}, expected 0..1`);
    largest = Math.max(largest, Math.abs(p - i / count), Math.abs(next / count - p));
    i = next;
  }
  return largest;
}
