import type { FloatBins } from "./float-bins.js";

/** Bins that are looked at together first. */
const together = 4;
/** A cdf made of polynomials may fall by its last bits; gaps that differ by less are both looked at. */
const slack = 1e-12;

/** Where the largest gap between values and a distribution can be: bins with a 1. */
export type Candidates = Uint8Array;

/** Returns the value of the cdf within 0..1, or NaN. */
type Cdf = (x: number) => number;

/**
 * Marks the bins in which the largest gap can be, and leaves the others out: between two edges the cdf cannot be further
 * from the values' steps than its values at the edges say. Returns false when the cdf leaves 0..1 where values are.
 */
export function markCandidates(bins: FloatBins, cdf: Cdf, wanted: Candidates): boolean {
  const { counts, before, total } = bins;
  const valuesBefore = (bin: number): number => (bin < before.length ? (before[bin] as number) : total);
  const given = rememberingLast(cdf);
  let best = 0;
  /** Looks at the values between two bins: how large the gap can be there, and how large it is at least. */
  const bound = (from: number, to: number): number => {
    const [low, high] = [given(bins.edge(from)), given(bins.edge(to))];
    // A cdf may leave 0..1 between the values and the edge beyond them; before the values it may not.
    if (!(low <= 1) || !(high >= 0)) return Number.NaN;
    const [under, upper] = [Math.max(0, low), Math.min(1, high)];
    const first = (before[from] as number) / total;
    const last = valuesBefore(to) / total;
    best = Math.max(best, Math.abs(under - first), Math.abs(upper - last));
    return low < 0 || high > 1 ? Number.POSITIVE_INFINITY : Math.max(upper - first, last - under);
  };
  const groups: (readonly [number, number])[] = [];
  for (let from = 0; from < counts.length; from += together) {
    if (valuesBefore(from) === valuesBefore(from + together)) continue;
    const most = bound(from, from + together);
    if (Number.isNaN(most)) return false;
    groups.push([from, most]);
  }
  const single: (readonly [number, number])[] = [];
  for (const [from, most] of groups) {
    if (most + slack < best) continue;
    for (let bin = from; bin < from + together; bin++) {
      if (counts[bin] === 0) continue;
      const here = bound(bin, bin + 1);
      if (Number.isNaN(here)) return false;
      single.push([bin, here]);
    }
  }
  for (const [bin, most] of single) if (most + slack >= best) wanted[bin] = 1;
  return true;
}

/** Bins are looked at in order, so that the upper edge of one is mostly the lower edge of the next. */
function rememberingLast(cdf: Cdf): Cdf {
  let [known, value] = [Number.NaN, Number.NaN];
  return (x) => {
    if (x !== known) [known, value] = [x, cdf(x)];
    return value;
  };
}

/**
 * Returns the largest gap at the values of the wanted bins, or NaN when the cdf leaves 0..1 there.
 * @param sorted what `collect` gave for the wanted bins
 */
export function largestGap(
  { counts, before, total }: FloatBins,
  cdf: Cdf,
  wanted: Uint8Array,
  sorted: Float64Array,
): number {
  let largest = 0;
  let at = 0;
  for (let bin = 0; at < sorted.length; bin++) {
    if (wanted[bin] !== 1) continue;
    let rank = before[bin] as number;
    for (const end = at + (counts[bin] as number); at < end; ) {
      const x = sorted[at] as number;
      let next = at + 1;
      while (next < end && sorted[next] === x) next++;
      const p = cdf(x);
      if (!(p >= 0 && p <= 1)) return Number.NaN;
      const after = rank + next - at;
      largest = Math.max(largest, Math.abs(p - rank / total), Math.abs(after / total - p));
      rank = after;
      at = next;
    }
  }
  return largest;
}
