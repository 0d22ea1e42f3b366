import { ValueError } from "../errors.js";
import { normalCdf } from "../math/erf.js";
import { exp } from "../math/exp.js";
import { normalQuantile } from "../math/normal-quantile.js";
import type { Distribution } from "./distribution.js";

/** Options of {@link normal}. */
export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation, > 0; default 1. */
  readonly std?: number;
}

/**
 * Returns the normal distribution, the same last bit on every engine. In units of the standard deviation, `cdf` and
 * `survival` have a relative error below 2e-15 where they are normal numbers, far into either tail; `quantile` one below
 * 1e-15.
 * @throws ValueError unless mean and std are finite, std > 0
 * @see `normalCdf` and `normalQuantile` of lowbit/math
 * @example normal({ mean: 10, std: 2 }).quantile(0.975) // 13.919927969080108
 */
export function normal({ mean = 0, std = 1 }: NormalOptions = {}): Distribution {
  if (!Number.isFinite(mean) || !(std > 0 && std < Number.POSITIVE_INFINITY)) {
    throw new ValueError(`stats.normal: mean = ${mean}, std = ${std}, expected finite numbers with std > 0`);
  }
  const scaled = (x: number): number => (x - mean) / std;
  return {
    density: (x) => exp(-0.5 * scaled(x) * scaled(x)) / (std * Math.sqrt(2 * Math.PI)),
    cdf: (x) => normalCdf(scaled(x)),
    survival: (x) => normalCdf(-scaled(x)),
    quantile: (p) => mean + std * normalQuantile(p),
  };
}
