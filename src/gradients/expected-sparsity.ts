import { ValueError } from "../errors.js";
import { erf, erfc, erfcx, normalCdf } from "../math/erf.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";
import { checkLaw, type MagnitudeLaw } from "./law.js";

/** What stochastic pruning does at one threshold; each of the two is computed without loss of digits. */
export interface Shares {
  readonly pruned: number;
  readonly kept: number;
}

const sqrtTwoOverPi = 0.7978845608028654;

/**
 * Returns the sparsity that stochastic pruning at `threshold` is expected to give under a law, zeros included: 0..1.
 * @param threshold tau >= 0, in the unit of g
 * @throws ValueError for parameters that cannot be, or a threshold that is not >= 0
 * @see zeros + (1 - zeros) E[max(0, 1 - |g| / tau)]; for the lognormal law {@link sparsityAt}
 * @example expectedSparsity({ kind: "laplace", scale: 1, zeros: 0 }, 1) // 0.36787944117144233
 */
export function expectedSparsity(law: MagnitudeLaw, threshold: number): number {
  checkLaw("expectedSparsity", law);
  if (!(threshold >= 0)) throw new ValueError(`expectedSparsity: threshold = ${threshold}, expected a number >= 0`);
  if (threshold === 0) return law.zeros;
  if (threshold === Number.POSITIVE_INFINITY) return 1;
  return law.zeros + (1 - law.zeros) * sharesAt(law, log(threshold)).pruned;
}

/**
 * Returns the sparsity that stochastic pruning at tau = alpha e^mu gives under a lognormal law without zeros: 0..1,
 * rising with alpha. Does not overflow, and keeps its digits near 0, for any sigma up to 1e6.
 * @param alpha tau / e^mu, >= 0
 * @param sigma standard deviation of ln|g|, >= 0
 * @throws ValueError when alpha or sigma is not >= 0 or not finite
 * @see Chmiel et al. 2021, arXiv:2006.08173: S = Φ(ln α / σ) - e^(σ²/2) / α Φ(ln α / σ - σ)
 * @example sparsityAt(16.9889, 2) // 0.8
 */
export function sparsityAt(alpha: number, sigma: number): number {
  if (!(alpha >= 0 && sigma >= 0 && Number.isFinite(alpha) && Number.isFinite(sigma))) {
    throw new ValueError(`sparsityAt: alpha = ${alpha}, sigma = ${sigma}, expected finite numbers >= 0`);
  }
  return alpha === 0 ? 0 : lognormalShares(log(alpha), sigma).pruned;
}

/** The shares of the values that are not zero, at ln(tau). */
export function sharesAt(law: MagnitudeLaw, logThreshold: number): Shares {
  switch (law.kind) {
    case "lognormal":
      return lognormalShares(logThreshold - law.mu, law.sigma);
    case "normal":
      return normalShares(exp(logThreshold - log(law.std)));
    case "laplace":
      return laplaceShares(exp(logThreshold - log(law.scale)));
  }
}

/** At t = ln(alpha). */
function lognormalShares(t: number, sigma: number): Shares {
  if (sigma === 0) {
    const kept = t > 0 ? exp(-t) : 1;
    return { pruned: t > 0 ? 1 - kept : 0, kept };
  }
  const u = t / sigma;
  // e^(σ²/2) / α Φ(u - σ) with the exponents joined, so that neither factor overflows.
  const raised =
    u < sigma
      ? 0.5 * exp(-0.5 * u * u) * erfcx((sigma - u) * Math.SQRT1_2)
      : exp(sigma * (0.5 * sigma - u)) * normalCdf(u - sigma);
  const kept = normalCdf(-u) + raised;
  if (u > 0) return { pruned: 1 - kept, kept };
  const lower = exp(-0.5 * u * u) * 0.5;
  return { pruned: Math.max(0, lower * (erfcx(-u * Math.SQRT1_2) - erfcx((sigma - u) * Math.SQRT1_2))), kept };
}

/** At a = tau / std. */
function normalShares(a: number): Shares {
  if (a < 0.5) {
    // Σ (-1)^k a^(2k+1) / (2^k k! (2k+1)(2k+2)): the closed form cancels here.
    let pruned = 0;
    let power = a;
    for (let k = 0; k < 10; k++) {
      pruned += power / ((2 * k + 1) * (2 * k + 2));
      power *= (-a * a) / (2 * (k + 1));
    }
    pruned *= sqrtTwoOverPi;
    return { pruned, kept: 1 - pruned };
  }
  const raised = (sqrtTwoOverPi / a) * (1 - exp(-0.5 * a * a));
  return { pruned: erf(a * Math.SQRT1_2) - raised, kept: erfc(a * Math.SQRT1_2) + raised };
}

/** At a = tau / scale. */
function laplaceShares(a: number): Shares {
  if (a < 0.5) {
    // Σ (-1)^(k+1) a^k / (k+1)!: the closed form cancels here.
    let pruned = 0;
    let term = a / 2;
    for (let k = 1; k < 16; k++) {
      pruned += term;
      term *= -a / (k + 2);
    }
    return { pruned, kept: 1 - pruned };
  }
  const kept = (1 - exp(-a)) / a;
  return { pruned: 1 - kept, kept };
}
