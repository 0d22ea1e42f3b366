import { ShapeError } from "../errors.js";
import { sizeOf } from "./shape.js";
import type { Dtype, Tensor } from "./types.js";

/**
 * Returns the same values under another shape; the data is shared, not copied. One side may be -1: it is
 * worked out from the others.
 * @throws ShapeError when the sizes differ or more than one side is -1
 * @example tensor.reshape(tensor.arange(12), [3, -1]).shape // [3, 4]
 */
export function reshape<D extends Dtype>(tensor: Tensor<D>, shape: readonly number[]): Tensor<D> {
  const open = shape.indexOf(-1);
  const sides = [...shape];
  if (open >= 0) {
    const rest = sizeOf(
      sides.filter((_, axis) => axis !== open),
      "tensor.reshape",
    );
    sides[open] = rest === 0 ? 0 : tensor.data.length / rest;
  }
  if (sides.some((side) => !Number.isInteger(side)) || sizeOf(sides, "tensor.reshape") !== tensor.data.length) {
    throw new ShapeError(
      `tensor.reshape: [${shape.join(", ")}] for ${tensor.data.length} values of shape [${tensor.shape.join(", ")}], expected as many`,
    );
  }
  return { data: tensor.data, shape: sides, dtype: tensor.dtype };
}
