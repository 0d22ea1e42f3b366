import { ShapeError } from "../errors.js";
import { allocate } from "./data.js";
import { stridesOf } from "./shape.js";
import type { Dtype, Tensor } from "./types.js";

/**
 * Returns a copy with the axes in another order; without `axes`, in reverse order (rows become columns).
 * @param axes for each axis of the result, the axis of `tensor` it comes from
 * @throws ShapeError when `axes` is not a permutation of 0..rank-1
 * @example tensor.transpose(tensor.from([[1, 2, 3], [4, 5, 6]])).shape // [3, 2]
 */
export function transpose<D extends Dtype>(tensor: Tensor<D>, axes?: readonly number[]): Tensor<D> {
  const rank = tensor.shape.length;
  const order = axes ?? tensor.shape.map((_, axis) => rank - 1 - axis);
  if (order.length !== rank || tensor.shape.some((_, axis) => !order.includes(axis))) {
    throw new ShapeError(`tensor.transpose: axes [${order.join(", ")}], expected each of 0..${rank - 1} once`);
  }
  const strides = stridesOf(tensor.shape);
  const shape = order.map((axis) => tensor.shape[axis] as number);
  const data = allocate(tensor.dtype, tensor.data.length);
  gather(
    tensor.data,
    data,
    shape,
    order.map((axis) => strides[axis] as number),
  );
  return { data, shape, dtype: tensor.dtype };
}

/** Fills `target` (row-major, of `shape`) from `source`, whose neighbours along each axis are `strides` apart. */
function gather(
  source: ArrayLike<number>,
  target: { [index: number]: number },
  shape: readonly number[],
  strides: readonly number[],
): void {
  const width = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 1;
  const rows = width === 0 ? 0 : shape.slice(0, -1).reduce((product, side) => product * side, 1);
  const index = new Array<number>(Math.max(0, shape.length - 1)).fill(0);
  let start = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0, from = start; column < width; column++, from += step) target[at++] = source[from] as number;
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      start += strides[axis] as number;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      start -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
}
