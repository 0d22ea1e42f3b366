import { mean } from "../tensor/reduce.js";
import type { Tensor } from "../tensor/types.js";
import type { LaplaceLaw } from "./law.js";
import { magnitudesOf } from "./magnitudes.js";

/**
 * Returns Laplace's law with mean 0 of a gradient: the mean of |g| over the values that are not zero, and the share of
 * zeros.
 * @param gradients any shape, finite
 * @throws ValueError for an empty tensor, one with only zeros, or a value that is not finite
 * @see maximum likelihood with known mean 0: scale = Σ|g| / n
 * @example laplaceFit(tensor.from([3, -4, 0, 5])) // { kind: "laplace", scale: 4, zeros: 0.25 }
 */
export function laplaceFit(gradients: Tensor): LaplaceLaw {
  const { magnitudes, zeros } = magnitudesOf("laplaceFit", gradients);
  return { kind: "laplace", scale: mean(magnitudes), zeros };
}
