import { DtypeError, ValueError } from "../errors.js";
import type { Key } from "../random/threefry.js";
import { uniform } from "../random/uniform.js";
import { checkFinite } from "../stats/checked.js";
import { allocate } from "../tensor/data.js";
import type { Tensor } from "../tensor/types.js";

/**
 * Returns the gradient pruned at random without bias: a value of magnitude tau and more stays; a smaller one becomes
 * sign(g) tau with probability |g| / tau, else 0. The expectation of every value is the value itself.
 * @param gradients float32 or float64, any shape; the result has the same dtype and shape
 * @param threshold tau >= 0, in the unit of g, rounded to the dtype of g; 0 changes nothing
 * @throws DtypeError for an integer dtype; ValueError for a value that is not finite, an empty tensor, or a threshold
 *   that is not finite and >= 0
 * @see Chmiel et al. 2021, arXiv:2006.08173, stochastic pruning; the probability has 23 bits
 * @example stochasticPrune(random.key(1), g, thresholdFor(0.85, lognormalFit(g)))
 */
export function stochasticPrune<D extends "float32" | "float64">(
  key: Key,
  gradients: Tensor<D>,
  threshold: number,
): Tensor<D> {
  const { data, shape, dtype } = gradients;
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DtypeError(`stochasticPrune: dtype ${String(dtype)}, expected float32 or float64`);
  }
  checkFinite("stochasticPrune", gradients);
  const tau = dtype === "float32" ? Math.fround(threshold) : threshold;
  if (!(tau >= 0 && Number.isFinite(tau))) {
    throw new ValueError(`stochasticPrune: threshold = ${threshold}, expected a finite number >= 0`);
  }
  const draws = uniform(key, [data.length]).data;
  const result = allocate(dtype, data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    const size = Math.abs(value);
    if (size >= tau) result[i] = value;
    else if ((draws[i] as number) * tau < size) result[i] = value < 0 ? -tau : tau;
  }
  return { data: result as Tensor<D>["data"], shape: [...shape], dtype };
}
