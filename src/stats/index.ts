/**
 * Statistics of values: moments, quantiles, histograms, distributions, and how far values are from one.
 * @example import { stats } from "lowbit"; stats.moments(random.normal(random.key(1), [1000]))
 */
export { chiSquare } from "./chi-square.js";
export type { Distribution } from "./distribution.js";
export { type Histogram, type HistogramOptions, histogram } from "./histogram.js";
export { ksDistance } from "./ks-distance.js";
export { type KsTest, ksTest, ksTestTwoSample } from "./ks-test.js";
export { type Moments, moments } from "./moments.js";
export { type NormalOptions, normal } from "./normal.js";
export { type QqPoints, type QqPointsOptions, qqPoints } from "./qq-points.js";
export { quantiles } from "./quantiles.js";
