import { ValueError } from "../errors.js";
import { erf, normalCdf } from "../math/erf.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";
import { checkLaw, type MagnitudeLaw } from "./law.js";

/**
 * Returns P(|g| <= x) of a law, given that g is not zero: 0..1.
 * @param x in the unit of g; below 0 gives 0
 * @throws ValueError for parameters that cannot be, or x = NaN
 * @see lognormal Φ((ln x - mu) / sigma); normal erf(x / (std √2)); Laplace 1 - e^(-x / scale)
 * @example magnitudeCdf({ kind: "laplace", scale: 2, zeros: 0 }, 2) // 0.6321205588285577
 */
export function magnitudeCdf(law: MagnitudeLaw, x: number): number {
  checkLaw("magnitudeCdf", law);
  if (Number.isNaN(x)) throw new ValueError("magnitudeCdf: x = NaN, expected a number");
  if (x <= 0) return 0;
  switch (law.kind) {
    case "lognormal":
      return lognormalCdf(law.mu, law.sigma, log(x));
    case "normal":
      return erf((x / law.std) * Math.SQRT1_2);
    case "laplace":
      return 1 - exp(-x / law.scale);
  }
}

/**
 * Returns P(ln|g| <= y) of a law, given that g is not zero: 0..1.
 * @param y a natural logarithm of a magnitude
 * @throws ValueError for parameters that cannot be, or y = NaN
 * @see {@link magnitudeCdf} at e^y
 * @example logMagnitudeCdf({ kind: "lognormal", mu: 1, sigma: 2, zeros: 0 }, 1) // 0.5
 */
export function logMagnitudeCdf(law: MagnitudeLaw, y: number): number {
  checkLaw("logMagnitudeCdf", law);
  if (Number.isNaN(y)) throw new ValueError("logMagnitudeCdf: y = NaN, expected a number");
  return law.kind === "lognormal" ? lognormalCdf(law.mu, law.sigma, y) : magnitudeCdf(law, exp(y));
}

function lognormalCdf(mu: number, sigma: number, y: number): number {
  // Without spread all magnitudes are the same: a step.
  return sigma === 0 ? Number(y >= mu) : normalCdf((y - mu) / sigma);
}
