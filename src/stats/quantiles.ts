import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { checkFinite } from "./checked.js";
import { selectRanks } from "./select.js";

/**
 * Returns the quantiles of all values at the given probabilities, interpolated between neighbours. Nothing is sorted:
 * the values at the places that count are selected, in time in proportion to the number of values.
 * @param probabilities each within 0..1; 0 is the smallest value, 1 the largest
 * @returns shape [probabilities.length], in the unit of the values
 * @throws ValueError for an empty tensor, a value that is not finite, or a probability outside 0..1
 * @see Hyndman and Fan 1996, definition 7: position (n - 1) p, counted from 0
 * @example quantiles(tensor.from([3, 1, 2]), [0.5]).data[0] // 2
 */
export function quantiles(values: Tensor, probabilities: readonly number[]): Tensor<"float64"> {
  const caller = "stats.quantiles";
  checkFinite(caller, values);
  const { data } = values;
  const places = new Set<number>();
  for (const p of probabilities) {
    if (!(p >= 0 && p <= 1)) continue;
    const below = Math.floor((data.length - 1) * p);
    places.add(below).add(Math.min(below + 1, data.length - 1));
  }
  const copy = data.slice();
  selectRanks(
    copy,
    [...places].sort((a, b) => a - b),
  );
  return quantilesOfSorted(copy, probabilities, caller);
}

/** Does the work of {@link quantiles} on values in ascending order, at least at the places that count. */
export function quantilesOfSorted(
  sorted: ArrayLike<number>,
  probabilities: readonly number[],
  caller: string,
): Tensor<"float64"> {
  const data = Float64Array.from(probabilities, (p) => {
    if (!(p >= 0 && p <= 1)) throw new ValueError(`${caller}: probability ${p}, expected 0..1`);
    const place = (sorted.length - 1) * p;
    const below = Math.floor(place);
    const low = sorted[below] as number;
    const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
    return low + (high - low) * (place - below);
  });
  return { data, shape: [data.length], dtype: "float64" };
}
