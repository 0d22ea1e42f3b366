import { ValueError } from "../errors.js";
import { log } from "../math/log.js";
import { inverseErf, normalQuantile } from "../math/normal-quantile.js";
import { checkLaw, type MagnitudeLaw } from "./law.js";

/**
 * Returns the y with P(ln|g| <= y) = p under a law, given that g is not zero; a natural logarithm of a magnitude.
 * @param p within 0..1; 0 gives -Infinity, 1 gives Infinity
 * @throws ValueError for parameters that cannot be, or p outside 0..1
 * @see lognormal mu + sigma Φ⁻¹(p); normal ln(std √2 erf⁻¹(p)); Laplace ln(-scale ln(1 - p))
 * @example logMagnitudeQuantile({ kind: "lognormal", mu: 1, sigma: 2, zeros: 0 }, 0.5) // 1
 */
export function logMagnitudeQuantile(law: MagnitudeLaw, p: number): number {
  checkLaw("logMagnitudeQuantile", law);
  if (!(p >= 0 && p <= 1)) throw new ValueError(`logMagnitudeQuantile: p = ${p}, expected 0..1`);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  switch (law.kind) {
    case "lognormal":
      return law.sigma === 0 ? law.mu : law.mu + law.sigma * normalQuantile(p);
    case "normal":
      return log(law.std) + log(Math.SQRT2 * inverseErf(p));
    case "laplace":
      return log(law.scale) + log(-log1m(p));
  }
}

/** ln(1 - p), also where 1 - p would round p away. */
function log1m(p: number): number {
  return p < 1e-4 ? -p * (1 + p / 2 + (p * p) / 3) : log(1 - p);
}
