import { ValueError } from "../errors.js";
import { log } from "../math/log.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { absmaxOf } from "./absmax-clip.js";

/** Options of {@link klClip}. */
export interface KlClipOptions {
  /** Bins of the histogram over ±max |x|, an odd number; default 8001. */
  readonly bins?: number;
  /** Levels of the quantizer, an odd number 3..bins: default 255, those of `intSymmetric(8)`. */
  readonly levels?: number;
}

/** What takes the place of a probability 0 next to others. */
const epsilon = 1e-4;

/**
 * Returns the clip at which the histogram of the values, what is beyond added to its end bins, is told from its quantized
 * self with the least information: the least Kullback–Leibler divergence. In the unit of the values; only zeros give 0.
 *
 * As in MXNet, the quantized histogram is made from the counts without what was cut off. Unlike there, its last bin
 * is filled like the others; the reference code leaves it empty by a slice that ends one too early.
 * @param values any shape, finite
 * @throws ValueError for an empty tensor, a value that is not finite, or options out of range
 * @see Migacz 2017, 8-bit inference with TensorRT; MXNet's calibration: smoothing by 1e-4 counts
 * @example klClip(activations, { bins: 2001, levels: 15 })
 */
export function klClip(values: Tensor, options: KlClipOptions = {}): number {
  const { bins = 8001, levels = 255 } = options;
  if (!Number.isInteger(bins) || bins % 2 !== 1 || bins > 2 ** 20) {
    throw new ValueError(`klClip: bins = ${bins}, expected an odd number up to 2^20`);
  }
  if (!Number.isInteger(levels) || levels % 2 !== 1 || levels < 3 || levels > bins) {
    throw new ValueError(`klClip: levels = ${levels}, expected an odd number 3..${bins}`);
  }
  checkFinite("klClip", values);
  const largest = absmaxOf(values.data);
  if (largest === 0) return 0;
  const histogram = new Float64Array(bins);
  for (const value of values.data) {
    const bin = Math.min(Math.floor(((value / largest + 1) / 2) * bins), bins - 1);
    histogram[bin] = (histogram[bin] as number) + 1;
  }
  const middle = (bins - 1) / 2;
  let best = middle;
  let least = Number.POSITIVE_INFINITY;
  for (let half = (levels - 1) / 2; half <= middle; half++) {
    const divergence = divergenceOf(histogram, middle - half, middle + half + 1, levels);
    if (divergence < least) [best, least] = [half, divergence];
  }
  return ((2 * best + 1) / bins) * largest;
}

/** Divergence of the bins start..stop - 1 from their quantized selves; Infinity where it is not defined. */
function divergenceOf(histogram: Float64Array, start: number, stop: number, levels: number): number {
  const kept = histogram.subarray(start, stop);
  const size = kept.length;
  const p = kept.slice();
  for (let i = 0; i < start; i++) p[0] = (p[0] as number) + (histogram[i] as number);
  for (let i = stop; i < histogram.length; i++) p[size - 1] = (p[size - 1] as number) + (histogram[i] as number);
  const q = new Float64Array(size);
  const merged = Math.floor(size / levels);
  for (let level = 0; level < levels; level++) {
    const from = level * merged;
    // The last level takes what does not divide.
    const to = level === levels - 1 ? size : from + merged;
    let [count, filled] = [0, 0];
    for (let i = from; i < to; i++) {
      count += kept[i] as number;
      if ((p[i] as number) > 0) filled++;
    }
    for (let i = from; i < to; i++) if ((p[i] as number) > 0) q[i] = count / filled;
  }
  return smooth(p) && smooth(q) ? divergence(p, q) : Number.POSITIVE_INFINITY;
}

/** Gives every empty bin 1e-4, at the cost of the others alike. Returns whether all are positive then. */
function smooth(counts: Float64Array): boolean {
  let empty = 0;
  for (const count of counts) if (count === 0) empty++;
  const cost = (epsilon * empty) / (counts.length - empty);
  let positive = true;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    counts[i] = count === 0 ? epsilon : count - cost;
    if (!((counts[i] as number) > 0)) positive = false;
  }
  return positive;
}

function divergence(p: Float64Array, q: Float64Array): number {
  let [sumP, sumQ, total] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    sumP += p[i] as number;
    sumQ += q[i] as number;
    total += (p[i] as number) * log((p[i] as number) / (q[i] as number));
  }
  return total / sumP + log(sumQ / sumP);
}
