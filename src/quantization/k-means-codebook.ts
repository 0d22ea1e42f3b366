import { ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { absmaxOf } from "./absmax-clip.js";

/** Options of {@link kMeansCodebook}. */
export interface KMeansCodebookOptions {
  /** How many levels, a whole number 1..65536; fewer come back when there are fewer distinct values. */
  readonly levels: number;
}

/** The most levels × distinct values. */
const mostCells = 2 ** 26;

/**
 * Returns the levels with the least squared error for these values: k-means in one dimension, and the optimum itself, not
 * where an iteration happens to stop. Each level is the mean of its values. Lloyd–Max for data instead of a law.
 * @param values any shape, finite
 * @returns float64, ascending, shape [levels], for `nearestLevels` and `fromLevels`
 * @throws ValueError for an empty tensor, a value that is not finite, levels out of range, or more than 2^26
 *   levels × distinct values
 * @see Wang and Song 2011, Ckmeans.1d.dp: the best split of sorted values by dynamic programming; splits do not
 *   cross, so that halving finds each row in n log n steps. Splits whose errors differ by rounding count as equal
 * @example kMeansCodebook(tensor.from([0, 1, 9, 10, 11]), { levels: 2 }).data // [0.5, 10]
 */
export function kMeansCodebook(values: Tensor, options: KMeansCodebookOptions): Tensor<"float64"> {
  const { levels } = options;
  if (!Number.isInteger(levels) || levels < 1 || levels > 65536) {
    throw new ValueError(`kMeansCodebook: levels = ${levels}, expected a whole number 1..65536`);
  }
  checkFinite("kMeansCodebook", values);
  const sums = prefixSums(sortedOf(values));
  const distinct = sums.values.length;
  const count = Math.min(levels, distinct);
  if (count * distinct > mostCells) {
    throw new ValueError(
      `kMeansCodebook: ${count} levels for ${distinct} distinct values, expected a product of at most ${mostCells}`,
    );
  }
  const starts = count === distinct ? Uint32Array.from({ length: count }, (_, i) => i) : bestStarts(sums, count);
  const data = Float64Array.from(starts, (start, i) => {
    return meanOf(sums, start, i === count - 1 ? distinct : (starts[i + 1] as number));
  });
  return { data, shape: [count], dtype: "float64" };
}

/** The values in ascending order, with 0 for -0. */
function sortedOf({ data }: Tensor): Float64Array {
  const sorted = new Float64Array(data);
  for (let i = 0; i < sorted.length; i++) sorted[i] = (sorted[i] as number) + 0;
  return sorted.sort();
}

/** Distinct values, and sums over the first i of them, shifted to their mean and relative to the largest. */
interface Sums {
  readonly values: Float64Array;
  readonly weight: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function prefixSums(sorted: Float64Array): Sums {
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const unit = absmaxOf(sorted) || 1;
  let total = 0;
  for (const value of sorted) total += value / unit;
  const centre = total / sorted.length;
  const [weight, first, second] = [0, 1, 2].map(() => new Float64Array(distinct.length + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0, at = 0; i < distinct.length; i++) {
    const from = at;
    while (at < sorted.length && sorted[at] === distinct[i]) at++;
    const value = (distinct[i] as number) / unit - centre;
    weight[i + 1] = (weight[i] as number) + at - from;
    first[i + 1] = (first[i] as number) + (at - from) * value;
    second[i + 1] = (second[i] as number) + (at - from) * value * value;
  }
  return { values: distinct, weight, first, second };
}

/** The mean of the values start..end - 1; never outside them, so that levels ascend whatever rounding does. */
function meanOf({ values, weight }: Sums, start: number, end: number): number {
  const total = (weight[end] as number) - (weight[start] as number);
  let mean = 0;
  for (let i = start; i < end; i++) {
    mean += (values[i] as number) * (((weight[i + 1] as number) - (weight[i] as number)) / total);
  }
  return Math.min(Math.max(mean, values[start] as number), values[end - 1] as number);
}

/** Where each cell of the best split starts. */
function bestStarts({ weight, first, second }: Sums, count: number): Uint32Array {
  const size = weight.length - 1;
  /** Squared error of the values from..to - 1 around their mean. */
  const cost = (from: number, to: number): number => {
    const sum = (first[to] as number) - (first[from] as number);
    const mass = (weight[to] as number) - (weight[from] as number);
    return (second[to] as number) - (second[from] as number) - (sum * sum) / mass;
  };
  let before = Float64Array.from({ length: size + 1 }, (_, to) => (to === 0 ? 0 : cost(0, to)));
  const rows: Uint32Array[] = [new Uint32Array(size + 1)];
  for (let cells = 2; cells <= count; cells++) {
    const at = new Float64Array(size + 1);
    const start = new Uint32Array(size + 1);
    const solve = (low: number, high: number, least: number, most: number): void => {
      if (low > high) return;
      const to = (low + high) >>> 1;
      let best = Number.POSITIVE_INFINITY;
      for (let from = Math.max(least, cells - 1); from <= Math.min(most, to - 1); from++) {
        const error = (before[from] as number) + cost(from, to);
        if (error < best) [best, start[to]] = [error, from];
      }
      at[to] = best;
      solve(low, to - 1, least, start[to] as number);
      solve(to + 1, high, start[to] as number, most);
    };
    solve(cells, size, cells - 1, size - 1);
    rows.push(start);
    before = at;
  }
  const starts = new Uint32Array(count);
  for (let i = count - 1, to = size; i >= 0; i--) {
    starts[i] = (rows[i] as Uint32Array)[to] as number;
    to = starts[i] as number;
  }
  return starts;
}
