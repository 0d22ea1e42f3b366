import { ValueError } from "../errors.js";
import { exp } from "../math/exp.js";
import { gammaP, gammaQ, gammaTerm, stirlingError } from "../math/incomplete-gamma.js";
import { log } from "../math/log.js";
import { normalQuantile } from "../math/normal-quantile.js";
import type { Distribution } from "./distribution.js";

/**
 * Returns the chi-square distribution, the same last bit on every engine. Errors of `cdf` and `survival` as of `gammaP`
 * and `gammaQ` of lowbit/math: relative, below 2e-13; of `quantile` below 1e-13 for p up to 1 - 1e-12.
 * @param df degrees of freedom, 0 < df <= 2 10^8, not necessarily whole
 * @throws ValueError for another df
 * @see cdf(x) = P(df / 2, x / 2); the quantile by Newton's steps on logarithms, from Wilson and Hilferty 1931
 * @example chiSquare(10).quantile(0.95) // 18.307038053275146
 */
export function chiSquare(df: number): Distribution {
  if (!(df > 0 && df <= 2e8)) throw new ValueError(`stats.chiSquare: df = ${df}, expected 0 < df <= 2e8`);
  const a = df / 2;
  return {
    density: (x) => densityOf(a, x),
    cdf: (x) => (x <= 0 ? 0 : gammaP(a, x / 2)),
    survival: (x) => (x <= 0 ? 1 : gammaQ(a, x / 2)),
    quantile: (p) => {
      if (!(p >= 0 && p <= 1)) throw new ValueError(`stats.chiSquare: p = ${p}, expected 0..1`);
      if (p === 0 || p === 1) return p === 0 ? 0 : Number.POSITIVE_INFINITY;
      return 2 * gammaQuantile(a, p);
    },
  };
}

function densityOf(a: number, x: number): number {
  if (x > 0) return x === Number.POSITIVE_INFINITY ? 0 : (a / x) * gammaTerm(a, x / 2);
  if (x < 0 || a > 1) return 0;
  if (Number.isNaN(x)) return x;
  return a === 1 ? 0.5 : Number.POSITIVE_INFINITY;
}

/** The y with P(a, y) = p: Newton's steps where the logarithm of the smaller tail is nearly a line, kept in a bracket. */
function gammaQuantile(a: number, p: number): number {
  const below = p <= 0.5;
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let y = startOf(a, p);
  for (let step = 0; step < 200; step++) {
    const tail = below ? gammaP(a, y) : gammaQ(a, y);
    const goal = below ? p : 1 - p;
    if (tail === goal) return y;
    if (tail < goal === below) low = y;
    else high = y;
    const ratio = log(tail / goal);
    const density = (a / y) * gammaTerm(a, y);
    const next = below ? y * exp((-ratio * tail) / (density * y)) : y + (ratio * tail) / density;
    const kept = next > low && next < high ? next : high === Number.POSITIVE_INFINITY ? 2 * y : (low + high) / 2;
    if (Math.abs(kept - y) <= 2 ** -52 * y) return kept;
    y = kept;
  }
  return y;
}

/** Wilson and Hilferty's cube; far below, where it would not be positive, the first term of the series. */
function startOf(a: number, p: number): number {
  const spread = 1 / (9 * a);
  const root = 1 - spread + normalQuantile(p) * Math.sqrt(spread);
  if (root > 0.3) return a * root * root * root;
  const logGamma = stirlingError(a) + (a + 0.5) * log(a) - a + 0.5 * log(2 * Math.PI);
  return Math.max(Number.MIN_VALUE, exp((log(p) + logGamma) / a));
}
