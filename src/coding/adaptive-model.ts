import { normalizeCounts } from "./normalize-counts.js";
import { type Slots, slotsOf } from "./rans-segment.js";

/** Every occurrence counts as much as this many symbols that were never seen. */
const increment = 8;
/** Counts are halved when they add up to more: what was seen long ago fades. */
const limit = 2 ** 17;
/** The frequencies are renewed after so many symbols, after twice as many more, and so on. */
const firstInterval = 16;
/** Up to this many, or as many as the range has. */
const longestInterval = 4096;

/** Frequencies that follow the symbols; the same on both sides, because it learns only from symbols already decoded. */
export interface AdaptiveModel {
  readonly precision: number;
  readonly counts: Uint32Array;
  /** What the coder uses until they are renewed. */
  frequencies: Uint32Array;
  readonly slots: Slots;
  total: number;
  /** Symbols until the frequencies are renewed. */
  left: number;
  interval: number;
}

/** Returns a model that holds all `span` symbols equally likely. */
export function adaptiveModel(span: number, precision: number): AdaptiveModel {
  const counts = new Uint32Array(span).fill(1);
  const frequencies = normalizeCounts(counts, precision);
  const slots = slotsOf(frequencies, precision);
  return { precision, counts, frequencies, slots, total: span, left: firstInterval, interval: firstInterval };
}

/** Takes note of a symbol, counted from the smallest. */
export function observe(model: AdaptiveModel, index: number): void {
  (model.counts[index] as number) += increment;
  model.total += increment;
  if (--model.left === 0) renew(model);
}

function renew(model: AdaptiveModel): void {
  const { counts, precision, slots } = model;
  if (model.total > limit) {
    let total = 0;
    // Rounded up, so that none becomes impossible.
    for (let i = 0; i < counts.length; i++) total += counts[i] = ((counts[i] as number) + 1) >>> 1;
    model.total = total;
  }
  model.frequencies = normalizeCounts(counts, precision);
  slotsOf(model.frequencies, precision, slots);
  model.interval = Math.min(2 * model.interval, Math.max(longestInterval, counts.length));
  model.left = model.interval;
}
