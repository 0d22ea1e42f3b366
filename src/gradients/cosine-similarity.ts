import { ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import { map, zip } from "../tensor/map.js";
import { max, sum } from "../tensor/reduce.js";
import { checkSameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";

/**
 * Returns the cosine of the angle between two tensors, seen as long vectors: -1..1. Computed in float64, in a fixed
 * order.
 * @throws ShapeError when the shapes differ; ValueError for an empty tensor, a value that is not finite, or a tensor of
 *   zeros only, which has no direction
 * @see Σab / √(Σa² Σb²)
 * @example cosineSimilarity(tensor.from([3, 4]), tensor.from([3, 0])) // 0.6
 */
export function cosineSimilarity(a: Tensor, b: Tensor): number {
  checkSameShape("cosineSimilarity", a, b);
  const [x, y] = [scaled(a), scaled(b)];
  const product = sum(zip(x, y, (p, q) => p * q));
  const squares = sum(zip(x, x, (p, q) => p * q)) * sum(zip(y, y, (p, q) => p * q));
  return Math.min(1, Math.max(-1, product / Math.sqrt(squares)));
}

/** Divided by the largest magnitude, because the squares of tiny gradients would vanish. */
function scaled(values: Tensor): Tensor<"float64"> {
  checkFinite("cosineSimilarity", values);
  const largest = max(map(values, Math.abs, "float64"));
  if (largest === 0) throw new ValueError("cosineSimilarity: a tensor of zeros, expected one with a direction");
  return map(values, (value) => value / largest, "float64");
}
