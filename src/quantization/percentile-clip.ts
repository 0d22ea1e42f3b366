import { ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { fastFinite } from "./grid-fast.js";
import { neighboursByRank } from "./sorted.js";

/** Options of {@link percentileClip}. */
export interface PercentileClipOptions {
  /** How many of a hundred magnitudes lie within the clip, 0..100; default 99.9. */
  readonly percent?: number;
}

/**
 * Returns the magnitude below which `percent` of a hundred lie, interpolated between neighbours, in the unit of the
 * values.
 * @throws ValueError for an empty tensor, a value that is not finite, or a percent outside 0..100
 * @see Hyndman and Fan 1996, definition 7, of |x|
 * @example percentileClip(tensor.from([0, 1, -2, 3, -40]), { percent: 75 }) // 3
 */
export function percentileClip(values: Tensor, options: PercentileClipOptions = {}): number {
  const { percent = 99.9 } = options;
  if (!(percent >= 0 && percent <= 100)) {
    throw new ValueError(`percentileClip: percent = ${percent}, expected 0..100`);
  }
  if (!fastFinite(values)) checkFinite("percentileClip", values);
  const place = (values.data.length - 1) * (percent / 100);
  const below = Math.floor(place);
  const [low, high] = neighboursByRank(values.data, below);
  return low + (high - low) * (place - below);
}
