import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { checkFinite } from "./checked.js";
import { quantiles, quantilesOfSorted } from "./quantiles.js";

/** Options of {@link qqPoints}. */
export interface QqPointsOptions {
  /** How many points, 1..100,000; default 99. */
  readonly count?: number;
}

/** Quantiles of values beside those of a distribution; all of shape [count]. */
export interface QqPoints {
  /** The probabilities (i + 1/2) / count. */
  readonly probabilities: Tensor<"float64">;
  /** What the distribution says. */
  readonly expected: Tensor<"float64">;
  /** What the values are. */
  readonly observed: Tensor<"float64">;
}

/**
 * Returns the points of a quantile–quantile plot: on the diagonal where the values follow the distribution.
 * @param values any shape, finite
 * @param quantile the quantile function of the distribution, such as `normal().quantile`
 * @throws ValueError for an empty tensor, a value that is not finite, or a count outside 1..100,000
 * @see probabilities (i + 1/2) / count, Hazen's plotting positions
 * @example qqPoints(W, normal(moments(W)).quantile, { count: 5 }).observed.data // five quantiles of the weights
 */
export function qqPoints(
  values: Tensor,
  quantile: (p: number) => number,
  { count = 99 }: QqPointsOptions = {},
): QqPoints {
  checkFinite("stats.qqPoints", values);
  const probabilities = plottingPositions("stats.qqPoints", count);
  return pointsOf(probabilities, quantile, quantiles(values, probabilities));
}

/** Does the work of {@link qqPoints} on values in ascending order. */
export function qqPointsOfSorted(
  caller: string,
  sorted: ArrayLike<number>,
  quantile: (p: number) => number,
  count = 99,
): QqPoints {
  const probabilities = plottingPositions(caller, count);
  return pointsOf(probabilities, quantile, quantilesOfSorted(sorted, probabilities, caller));
}

function plottingPositions(caller: string, count: number): number[] {
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    throw new ValueError(`${caller}: count = ${count}, expected a whole number 1..100000`);
  }
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count);
}

function pointsOf(
  probabilities: readonly number[],
  quantile: (p: number) => number,
  observed: Tensor<"float64">,
): QqPoints {
  const tensorOf = (data: Float64Array): Tensor<"float64"> => ({ data, shape: [data.length], dtype: "float64" });
  return {
    probabilities: tensorOf(Float64Array.from(probabilities)),
    expected: tensorOf(Float64Array.from(probabilities, quantile)),
    observed,
  };
}
