import { map } from "../tensor/map.js";
import { max, sum } from "../tensor/reduce.js";
import type { Tensor } from "../tensor/types.js";
import type { NormalLaw } from "./law.js";
import { magnitudesOf } from "./magnitudes.js";

/**
 * Returns the normal law with mean 0 of a gradient: the root mean square of the values that are not zero, and the
 * share of zeros.
 * @param gradients any shape, finite
 * @throws ValueError for an empty tensor, one with only zeros, or a value that is not finite
 * @see maximum likelihood with known mean 0: std² = Σg² / n
 * @example normalFit(tensor.from([3, -4, 0, 5])) // { kind: "normal", std: 4.082..., zeros: 0.25 }
 */
export function normalFit(gradients: Tensor): NormalLaw {
  const { magnitudes, zeros } = magnitudesOf("normalFit", gradients);
  // Divided by the largest, because the squares of tiny gradients would vanish.
  const largest = max(magnitudes);
  const squares = map(magnitudes, (x) => (x / largest) ** 2);
  return { kind: "normal", std: largest * Math.sqrt(sum(squares) / squares.data.length), zeros };
}
