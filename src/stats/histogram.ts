import { ValueError } from "../errors.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";
import type { Tensor } from "../tensor/types.js";

/** Options of {@link histogram}: `edges`, or `bins` with an optional `range`. */
export interface HistogramOptions {
  /** How many bins of the same width, 1..10^7; default 10. */
  readonly bins?: number;
  /** The first and the last edge; default the smallest and the largest value (with `log`, that is > 0). */
  readonly range?: readonly [number, number];
  /** The edges themselves, not falling, at least two; infinities may stand at the ends. */
  readonly edges?: readonly number[] | Float64Array;
  /** Bins of the same ratio instead of the same width; the range is then > 0. Default false. */
  readonly log?: boolean;
}

/** How many values lie in each bin. */
export interface Histogram {
  /** Whole numbers, shape [bins]. */
  readonly counts: Tensor<"float64">;
  /** Bin i is edges[i] <= x < edges[i + 1]; the last includes its upper edge. Shape [bins + 1]. */
  readonly edges: Tensor<"float64">;
  /** How many values lie below the first edge, and above the last. */
  readonly below: number;
  readonly above: number;
}

/**
 * Returns how many values lie in each bin. The counts are exact: each value is compared with the edges that come back.
 * One value alone, as smallest and largest, gets a range of 1 around it; with `log`, from its half to its double.
 * @param values any shape. NaN is refused; infinities too, unless `range` or `edges` are given: then they are counted
 * @throws ValueError for NaN, for no values or infinities without a range, and for options that do not fit
 * @see `numpy.histogram` of float64 values, and `numpy.geomspace` for `log`
 * @example histogram(tensor.from([1, 2, 2, 4]), { bins: 3 }).counts.data // [1, 2, 1]
 */
export function histogram(values: Tensor, options: HistogramOptions = {}): Histogram {
  const edges = options.edges === undefined ? evenEdges(values, options) : givenEdges(options);
  const last = edges.length - 1;
  const counts = new Float64Array(last);
  const [first, end] = [edges[0] as number, edges[last] as number];
  const perUnit = options.log || options.edges ? 0 : last / (end - first);
  let [below, above] = [0, 0];
  for (let i = 0; i < values.data.length; i++) {
    const x = values.data[i] as number;
    if (x < first) below++;
    else if (x > end) above++;
    else if (x === end) (counts[last - 1] as number)++;
    else if (x >= first) (counts[binOf(edges, x, perUnit)] as number)++;
    else throw new ValueError(`stats.histogram: value NaN at position ${i}, expected numbers`);
  }
  const tensorOf = (data: Float64Array): Tensor<"float64"> => ({ data, shape: [data.length], dtype: "float64" });
  return { counts: tensorOf(counts), edges: tensorOf(edges), below, above };
}

/** The last bin whose lower edge is at most x. */
function binOf(edges: Float64Array, x: number, perUnit: number): number {
  if (perUnit > 0 && perUnit < Number.POSITIVE_INFINITY) {
    // The guess is at most one off.
    let guess = Math.min(edges.length - 2, Math.floor((x - (edges[0] as number)) * perUnit));
    while (x < (edges[guess] as number)) guess--;
    while (x >= (edges[guess + 1] as number)) guess++;
    return guess;
  }
  let [low, high] = [0, edges.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (x >= (edges[middle] as number)) low = middle;
    else high = middle;
  }
  return low;
}

function givenEdges({ bins, range, edges = [], log: ratio }: HistogramOptions): Float64Array {
  if (bins !== undefined || range !== undefined || ratio) {
    throw new ValueError("stats.histogram: edges with bins, range or log, expected edges alone");
  }
  const data = Float64Array.from(edges);
  if (data.length < 2) throw new ValueError(`stats.histogram: ${data.length} edges, expected at least 2`);
  for (let i = 1; i < data.length; i++) {
    if ((data[i] as number) >= (data[i - 1] as number)) continue;
    throw new ValueError(`stats.histogram: edges ${data[i - 1]}, ${data[i]}, expected them not to fall`);
  }
  return data;
}

function evenEdges(values: Tensor, { bins = 10, range, log: ratio = false }: HistogramOptions): Float64Array {
  checkBins(bins);
  const [low, high] = range ?? rangeOf(values, ratio);
  if (!(low <= high) || !Number.isFinite(low) || !Number.isFinite(high) || (ratio && !(low > 0))) {
    const expected = `two finite numbers${ratio ? " > 0" : ""} that do not fall`;
    throw new ValueError(`stats.histogram: range [${low}, ${high}], expected ${expected}`);
  }
  if (ratio) return logEdges([low, high], bins);
  return low === high ? between([low - 0.5, high + 0.5], bins) : between([low, high], bins);
}

function checkBins(bins: number): void {
  if (Number.isInteger(bins) && bins >= 1 && bins <= 1e7) return;
  throw new ValueError(`stats.histogram: bins = ${bins}, expected a whole number 1..10^7`);
}

/** Returns the edges of bins of the same ratio between two numbers > 0; one number gets its half and its double. */
export function logEdges([least, most]: readonly [number, number], bins: number): Float64Array {
  checkBins(bins);
  const [low, high] = least === most ? [least / 2, most * 2] : [least, most];
  const edges = between([log(low), log(high)], bins).map(exp);
  return endingAt(edges, low, high);
}

function between([from, to]: readonly [number, number], bins: number): Float64Array {
  const step = (to - from) / bins;
  return endingAt(
    Float64Array.from({ length: bins + 1 }, (_, i) => i * step + from),
    from,
    to,
  );
}

/** Sets the ends, and mends edges that rounding made fall where the step is near the last bit. */
function endingAt(edges: Float64Array, low: number, high: number): Float64Array {
  const bins = edges.length - 1;
  edges[0] = low;
  edges[bins] = high;
  for (let i = 1; i <= bins; i++) edges[i] = Math.min(high, Math.max(edges[i] as number, edges[i - 1] as number));
  return edges;
}

function rangeOf({ data }: Tensor, positive: boolean): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    const x = data[i] as number;
    if (!Number.isFinite(x)) {
      throw new ValueError(`stats.histogram: value ${x} at position ${i}, expected finite values, or a range`);
    }
    if (positive && x <= 0) continue;
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  if (low <= high) return [low, high];
  throw new ValueError(`stats.histogram: no ${positive ? "positive " : ""}values, expected at least one, or a range`);
}
