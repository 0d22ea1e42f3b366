import { binAround, type FloatBins, magnitudeBins, ranksOfEdges } from "../stats/float-bins.js";
import { type Histogram, histogram, logEdges } from "../stats/histogram.js";
import { largestGap, markCandidates } from "../stats/ks-bins.js";
import { ksDistanceOfSorted, worthBins } from "../stats/ks-distance.js";
import type { Tensor } from "../tensor/types.js";
import type { LognormalLaw } from "./law.js";
import { lognormalFit } from "./lognormal-fit.js";
import { magnitudeCdf } from "./magnitude-cdf.js";
import { magnitudesOf } from "./magnitudes.js";

/** Options of {@link lognormalSummary}. */
export interface LognormalSummaryOptions {
  /** Bins of the histogram, 1..10^7; default 512. */
  readonly bins?: number;
}

/** How near a gradient's magnitudes are to the lognormal law that fits them best. */
export interface LognormalSummary {
  readonly law: LognormalLaw;
  /** Kolmogorov–Smirnov distance between the magnitudes that are not zero and the law, 0..1; exact. */
  readonly distance: number;
  /** The magnitudes that are not zero, in bins of the same ratio from the smallest to the largest. */
  readonly histogram: Histogram;
}

/**
 * Returns the lognormal law of a gradient's magnitudes, how far from it they are, and their histogram. Float32 values are
 * counted, not sorted: only where the largest gap can be, and around the edges of bins, are values themselves looked at,
 * so that the result is the same as that of sorting them all.
 * @param gradients any shape, finite
 * @throws ValueError for an empty tensor, one with only zeros, a value that is not finite, or bins that are none
 * @see {@link lognormalFit}, `stats.ksDistance`, `stats.histogram`; Chmiel et al. 2021, arXiv:2006.08173, figure 1
 * @example lognormalSummary(g).distance // how far from lognormal
 */
export function lognormalSummary(gradients: Tensor, options: LognormalSummaryOptions = {}): LognormalSummary {
  const { bins = 512 } = options;
  const law = lognormalFit(gradients);
  const cdf = (x: number): number => magnitudeCdf(law, x);
  const { data } = gradients;
  if (data instanceof Float32Array && data.length >= worthBins) return byBins(data, law, cdf, bins);
  const { magnitudes } = magnitudesOf("lognormalSummary", gradients);
  const sorted = { ...magnitudes, data: magnitudes.data.sort() };
  const range = [sorted.data[0] as number, sorted.data[sorted.data.length - 1] as number] as const;
  return {
    law,
    distance: ksDistanceOfSorted(sorted.data, cdf),
    histogram: histogram(sorted, { bins, range, log: true }),
  };
}

function byBins(values: Float32Array, law: LognormalLaw, cdf: (x: number) => number, bins: number): LognormalSummary {
  const counted = magnitudeBins(values);
  const edges = logEdges(rangeOf(counted), bins);
  const wanted = new Uint8Array(counted.counts.length);
  markCandidates(counted, cdf, wanted);
  for (const edge of edges) wanted[binAround(counted, edge)] = 1;
  const sorted = counted.collect(wanted);
  const ranks = ranksOfEdges(counted, edges, wanted, sorted);
  // The last bin has its upper edge, the largest value, too.
  ranks[bins] = counted.total;
  const counts = Float64Array.from({ length: bins }, (_, i) => (ranks[i + 1] as number) - (ranks[i] as number));
  const tensorOf = (data: Float64Array): Tensor<"float64"> => ({ data, shape: [data.length], dtype: "float64" });
  return {
    law,
    distance: largestGap(counted, cdf, wanted, sorted),
    histogram: { counts: tensorOf(counts), edges: tensorOf(edges), below: 0, above: 0 },
  };
}

/** The smallest and the largest value: those of the first and the last bin that hold any. */
function rangeOf(counted: FloatBins): [number, number] {
  const { counts } = counted;
  const ends = new Uint8Array(counts.length);
  const first = counts.findIndex((count) => count > 0);
  let last = counts.length - 1;
  while (counts[last] === 0) last--;
  ends[first] = 1;
  ends[last] = 1;
  const values = counted.collect(ends);
  return [values[0] as number, values[values.length - 1] as number];
}
