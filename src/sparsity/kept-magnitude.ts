import { DtypeError, ValueError } from "../errors.js";
import { sum } from "../tensor/reduce.js";
import { checkSameShape } from "../tensor/shape.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { refuseNaN } from "./pattern.js";

/**
 * Returns the sum of the magnitudes that a mask keeps, in the unit of the weights, added in float64 in a fixed order.
 * @throws ShapeError when the shapes differ; DtypeError when the mask is not of dtype bool; ValueError for NaN
 * @example keptMagnitude(W, transposableMask(W))
 */
export function keptMagnitude(weights: Tensor, mask: Mask): number {
  return sum(magnitudes("keptMagnitude", weights, mask));
}

/**
 * Returns the share of the total magnitude that a mask keeps, 0..1; 1 when all weights are zero.
 * @throws ShapeError when the shapes differ; DtypeError when the mask is not of dtype bool
 * @throws ValueError for NaN or infinite weights
 * @example keptShare(W, nmMask(W, { keep: 2, group: 4 })) // about 0.74 for normal weights
 */
export function keptShare(weights: Tensor, mask: Mask): number {
  const kept = sum(magnitudes("keptShare", weights, mask));
  const total = sum(magnitudes("keptShare", weights));
  if (!Number.isFinite(total)) throw new ValueError(`keptShare: total magnitude ${total}, expected finite weights`);
  return total === 0 ? 1 : kept / total;
}

/** Returns |w| where the mask keeps and 0 where it prunes, without 0 * Infinity = NaN. */
function magnitudes(caller: string, weights: Tensor, mask?: Mask): Tensor<"float64"> {
  if (mask !== undefined) {
    if (mask.dtype !== "bool") throw new DtypeError(`${caller}: mask of dtype ${mask.dtype}, expected bool`);
    checkSameShape(caller, weights, mask);
  }
  const data = new Float64Array(weights.data.length);
  for (let i = 0; i < data.length; i++) {
    const magnitude = Math.abs(weights.data[i] as number);
    if (Number.isNaN(magnitude)) refuseNaN(caller, i, weights.shape.at(-1) ?? 1);
    if (mask === undefined || mask.data[i] === 1) data[i] = magnitude;
  }
  return { data, shape: weights.shape, dtype: "float64" };
}
