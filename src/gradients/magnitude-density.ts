import { ValueError } from "../errors.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";
import { checkLaw, type MagnitudeLaw } from "./law.js";

const inverseSqrtTwoPi = 0.3989422804014327;

/**
 * Returns the probability density of ln|g| at y under a law, given that g is not zero: what a histogram of ln|g| with
 * area 1 approaches.
 * @param y a natural logarithm of a magnitude
 * @throws ValueError for parameters that cannot be, a lognormal law without spread (sigma = 0), or y = NaN
 * @see the density of |g| at e^y, times e^y: the change of variables
 * @example logMagnitudeDensity({ kind: "lognormal", mu: 0, sigma: 1, zeros: 0 }, 0) // 0.3989422804014327
 */
export function logMagnitudeDensity(law: MagnitudeLaw, y: number): number {
  checkLaw("logMagnitudeDensity", law);
  if (Number.isNaN(y)) throw new ValueError("logMagnitudeDensity: y = NaN, expected a number");
  switch (law.kind) {
    case "lognormal": {
      if (law.sigma === 0) throw new ValueError("logMagnitudeDensity: sigma = 0, expected sigma > 0");
      const z = (y - law.mu) / law.sigma;
      return (inverseSqrtTwoPi / law.sigma) * exp(-0.5 * z * z);
    }
    case "normal": {
      const t = y - log(law.std);
      return 2 * inverseSqrtTwoPi * exp(t - 0.5 * exp(2 * t));
    }
    case "laplace": {
      const t = y - log(law.scale);
      return exp(t - exp(t));
    }
  }
}

/**
 * Returns the probability density of |g| at x under a law, given that g is not zero, per unit of g.
 * @param x a magnitude > 0, in the unit of g
 * @throws ValueError for parameters that cannot be, a lognormal law without spread (sigma = 0), or x that is not > 0
 * @see {@link logMagnitudeDensity} at ln x, divided by x
 * @example magnitudeDensity({ kind: "laplace", scale: 2, zeros: 0 }, 2) // 0.18393972058572117
 */
export function magnitudeDensity(law: MagnitudeLaw, x: number): number {
  if (!(x > 0)) throw new ValueError(`magnitudeDensity: x = ${x}, expected a magnitude > 0`);
  return logMagnitudeDensity(law, log(x)) / x;
}
