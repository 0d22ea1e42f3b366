import { ShapeError } from "../errors.js";
import type { Tensor } from "./types.js";

/**
 * Returns the number of elements of a shape: the product of its sides, 1 for the scalar shape `[]`.
 * @throws ShapeError when a side is not an integer >= 0
 * @example sizeOf([3, 5]) // 15
 */
export function sizeOf(shape: readonly number[], caller = "sizeOf"): number {
  let size = 1;
  for (const side of shape) {
    if (!Number.isInteger(side) || side < 0) {
      throw new ShapeError(`${caller}: shape [${shape.join(", ")}], expected sides that are integers >= 0`);
    }
    size *= side;
  }
  // Not Infinity times 0.
  return shape.includes(0) ? 0 : size;
}

/**
 * Returns, for each axis, how many elements apart two neighbours along it lie in row-major data.
 * @example stridesOf([2, 3, 4]) // [12, 4, 1]
 */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}

/** Returns the axis counted from the front; negative axes count from the back. @throws ShapeError outside the rank */
export function checkAxis(caller: string, axis: number, rank: number): number {
  const front = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || front < 0 || front >= rank) {
    throw new ShapeError(`${caller}: axis ${axis}, expected an integer ${-rank}..${rank - 1} for ${rank} axes`);
  }
  return front;
}

/** Returns `[rows, columns]` of a matrix. @throws ShapeError when the tensor has not exactly two axes */
export function checkMatrix(caller: string, tensor: Tensor): [number, number] {
  const [rows, columns] = tensor.shape;
  if (tensor.shape.length !== 2 || rows === undefined || columns === undefined) {
    throw new ShapeError(`${caller}: shape [${tensor.shape.join(", ")}], expected a matrix [rows, columns]`);
  }
  return [rows, columns];
}

/** Throws a ShapeError unless both tensors have the same shape. */
export function checkSameShape(caller: string, a: Tensor, b: Tensor): void {
  if (a.shape.length !== b.shape.length || a.shape.some((side, axis) => side !== b.shape[axis])) {
    throw new ShapeError(`${caller}: shapes [${a.shape.join(", ")}] and [${b.shape.join(", ")}], expected the same`);
  }
}
