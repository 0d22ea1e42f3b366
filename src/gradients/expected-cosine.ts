import { ValueError } from "../errors.js";
import { erfcx, normalCdf } from "../math/erf.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";

/** Options of {@link expectedCosine}. */
export interface ExpectedCosineOptions {
  /**
   * How many standard deviations above mu the largest ln|g| lies; default: no limit. A sample of n values has no
   * magnitude far above mu + sigma Φ⁻¹(1 - 1/n), and with a large sigma most of the second moment lies beyond.
   */
  readonly limit?: number;
}

/**
 * Returns the cosine similarity that a lognormal gradient is expected to have with itself after stochastic pruning at
 * tau = alpha e^mu: 0..1, falling with alpha. Zeros do not change it.
 * @param alpha tau / e^mu, >= 0
 * @param sigma standard deviation of ln|g|, >= 0
 * @throws ValueError when alpha or sigma is not >= 0 or not finite, or the limit is not a number
 * @see Chmiel et al. 2021, arXiv:2006.08173: cos = √(E x² / (E[x²; x > α] + α E[x; x < α])), x = |g| / e^mu; a ratio of
 *   expectations, which a finite sample reaches slowly when sigma is large
 * @example expectedCosine(16.3116, 1) // 0.518427
 */
export function expectedCosine(alpha: number, sigma: number, options: ExpectedCosineOptions = {}): number {
  const { limit = Number.POSITIVE_INFINITY } = options;
  if (!(alpha >= 0 && sigma >= 0 && Number.isFinite(alpha) && Number.isFinite(sigma))) {
    throw new ValueError(`expectedCosine: alpha = ${alpha}, sigma = ${sigma}, expected finite numbers >= 0`);
  }
  if (Number.isNaN(limit)) throw new ValueError("expectedCosine: limit = NaN, expected a number");
  if (alpha === 0) return 1;
  if (sigma === 0) return alpha <= 1 ? 1 : 1 / Math.sqrt(alpha);
  const u = log(alpha) / sigma;
  // Everything is divided by e^(2σ²), the second moment without limit.
  const whole = normalCdf(limit - 2 * sigma);
  if (u >= limit) return cosine(whole, 0, exp(sigma * (u - 1.5 * sigma)) * normalCdf(limit - sigma));
  const above = tailBetween(u - 2 * sigma, limit - 2 * sigma);
  const below =
    u < sigma
      ? 0.5 * exp(-0.5 * (u - 2 * sigma) ** 2) * erfcx((sigma - u) * Math.SQRT1_2)
      : exp(sigma * (u - 1.5 * sigma)) * normalCdf(u - sigma);
  return cosine(whole, above, below);
}

function cosine(whole: number, above: number, below: number): number {
  return whole === 0 ? 0 : Math.min(1, Math.sqrt(whole / (above + below)));
}

/** Φ(b) - Φ(a) for a < b, from the side where both are small. */
function tailBetween(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}
