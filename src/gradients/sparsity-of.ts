import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";

/**
 * Returns the share of values that are exactly zero, 0..1.
 * @throws ValueError for an empty tensor
 * @example sparsityOf(tensor.from([0, 1, 0, 2])) // 0.5
 */
export function sparsityOf({ data }: Tensor): number {
  if (data.length === 0) throw new ValueError("sparsityOf: an empty tensor, expected at least one value");
  let zeros = 0;
  for (let i = 0; i < data.length; i++) if (data[i] === 0) zeros++;
  return zeros / data.length;
}
