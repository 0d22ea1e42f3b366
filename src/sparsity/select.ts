/** After so many rounds without an end the values are an adversary's: sorting what is left bounds the time. */
const maxRounds = 64;

/**
 * Returns the value that would be at place `rank` if the values were sorted ascending; reorders them. Quickselect with
 * the median of three as pivot: expected time proportional to the length.
 * @param values not NaN
 * @param rank 0..values.length - 1
 */
export function select(values: Float64Array, rank: number): number {
  let [first, last] = [0, values.length - 1];
  for (let round = 0; first < last; round++) {
    if (round === maxRounds) {
      values.subarray(first, last + 1).sort();
      break;
    }
    const pivot = medianOfThree(
      values[first] as number,
      values[(first + last) >>> 1] as number,
      values[last] as number,
    );
    let [low, high] = [first, last];
    while (low <= high) {
      while ((values[low] as number) < pivot) low++;
      while ((values[high] as number) > pivot) high--;
      if (low > high) break;
      const value = values[low] as number;
      values[low++] = values[high] as number;
      values[high--] = value;
    }
    // Now all up to `high` are at most the pivot, all from `low` on at least; between them there are only pivots.
    if (rank <= high) last = high;
    else if (rank >= low) first = low;
    else break;
  }
  return values[rank] as number;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
