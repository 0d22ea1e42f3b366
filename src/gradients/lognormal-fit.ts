import type { Tensor } from "../tensor/types.js";
import type { LognormalLaw } from "./law.js";
import { logMoments } from "./log-moments.js";

/**
 * Returns the lognormal law of the magnitudes of a gradient: mean and standard deviation of ln|g| over the values that
 * are not zero, and the share of zeros. Zeros are counted, never given a tiny stand-in, which would inflate sigma.
 * @param gradients any shape, finite
 * @throws ValueError for an empty tensor, one with only zeros, or a value that is not finite
 * @see maximum likelihood; Chmiel et al. 2021, arXiv:2006.08173: neural gradients are near-lognormal
 * @example lognormalFit(tensor.from([1, -1, 0, Math.E ** 2])) // { kind: "lognormal", mu: 0.667, sigma: 0.943, zeros: 0.25 }
 */
export function lognormalFit(gradients: Tensor): LognormalLaw {
  const { count, mean, std } = logMoments("lognormalFit", gradients);
  return { kind: "lognormal", mu: mean, sigma: std, zeros: 1 - count / gradients.data.length };
}
