import { log } from "../math/log.js";
import { qqPointsOfSorted as pointsOfSorted, type QqPoints, type QqPointsOptions } from "../stats/qq-points.js";
import type { Tensor } from "../tensor/types.js";
import type { MagnitudeLaw } from "./law.js";
import { logMagnitudeQuantile } from "./log-magnitude-quantile.js";
import { magnitudesOf } from "./magnitudes.js";

export type { QqPoints, QqPointsOptions } from "../stats/qq-points.js";

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
  const points = pointsOfSorted("qqPoints", sorted, (p) => logMagnitudeQuantile(law, p), count);
  const { data } = points.observed;
  data.forEach((x, i) => {
    data[i] = log(x);
  });
  return points;
}
