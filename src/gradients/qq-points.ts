import { ValueError } from "../errors.js";
import { log } from "../math/log.js";
import { quantilesOfSorted } from "../stats/quantiles.js";
import type { Tensor } from "../tensor/types.js";
import type { MagnitudeLaw } from "./law.js";
import { logMagnitudeQuantile } from "./log-magnitude-quantile.js";
import { magnitudesOf } from "./magnitudes.js";

/** Options of {@link qqPoints}. */
export interface QqPointsOptions {
  /** How many points, 1..100,000; default 99. */
  readonly count?: number;
}

/** Quantiles of ln|g| beside those of a law, natural logarithm; all of shape [count]. */
export interface QqPoints {
  /** The probabilities (i + 1/2) / count. */
  readonly probabilities: Tensor<"float64">;
  /** What the law says. */
  readonly expected: Tensor<"float64">;
  /** What the values are. */
  readonly observed: Tensor<"float64">;
}

/**
 * Returns the points of a quantile–quantile plot of ln|g| over the values that are not zero: on the diagonal where the
 * law holds.
 * @param gradients any shape, finite
 * @throws ValueError for an empty tensor, one with only zeros, a value that is not finite, or a count outside 1..100,000
 * @see probabilities (i + 1/2) / count, Hazen's plotting positions
 * @example qqPoints(g, lognormalFit(g), { count: 5 }).expected.data // five quantiles of the fitted law
 */
export function qqPoints(gradients: Tensor, law: MagnitudeLaw, options: QqPointsOptions = {}): QqPoints {
  const { magnitudes } = magnitudesOf("qqPoints", gradients);
  return qqPointsOfSorted(magnitudes.data.sort(), law, options);
}

/** Does the work of {@link qqPoints} on magnitudes > 0 in ascending order. */
export function qqPointsOfSorted(
  sorted: ArrayLike<number>,
  law: MagnitudeLaw,
  { count = 99 }: QqPointsOptions = {},
): QqPoints {
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    throw new ValueError(`qqPoints: count = ${count}, expected a whole number 1..100000`);
  }
  const probabilities = Array.from({ length: count }, (_, i) => (i + 0.5) / count);
  const observed = quantilesOfSorted(sorted, probabilities, "qqPoints");
  observed.data.forEach((x, i) => {
    observed.data[i] = log(x);
  });
  const asTensor = (values: readonly number[]): Tensor<"float64"> => ({
    data: Float64Array.from(values),
    shape: [count],
    dtype: "float64",
  });
  return {
    probabilities: asTensor(probabilities),
    expected: asTensor(probabilities.map((p) => logMagnitudeQuantile(law, p))),
    observed,
  };
}
