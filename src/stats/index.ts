/**
 * Statistics of values: moments, quantiles, and the distance to a distribution.
 * @example import { stats } from "lowbit"; stats.moments(random.normal(random.key(1), [1000]))
 */
export { ksDistance } from "./ks-distance.js";
export { type Moments, moments } from "./moments.js";
export { quantiles } from "./quantiles.js";
