import { DtypeError, ShapeError, ValueError } from "../errors.js";
import { allocate, isTensor } from "./data.js";
import type { Dtype, Tensor } from "./types.js";

/**
 * Returns `out`, or a new tensor when there is none.
 * @param apart tensors that the result must not share memory with
 * @throws DtypeError, ShapeError when `out` is another kind of tensor; ValueError when it overlaps one of `apart`
 */
export function outOf<D extends Dtype>(
  caller: string,
  out: Tensor<D> | undefined,
  dtype: D,
  shape: readonly number[],
  apart: readonly Tensor[] = [],
): Tensor<D> {
  if (out === undefined) {
    const size = shape.reduce((product, side) => product * side, 1);
    return { data: allocate(dtype, size), shape: [...shape], dtype };
  }
  if (!isTensor(out) || out.dtype !== dtype) {
    throw new DtypeError(`${caller}: out of dtype ${String((out as Tensor).dtype)}, expected a tensor of ${dtype}`);
  }
  if (out.shape.length !== shape.length || out.shape.some((side, i) => side !== shape[i])) {
    throw new ShapeError(`${caller}: out of shape [${out.shape.join(", ")}], expected [${shape.join(", ")}]`);
  }
  for (const other of apart) {
    if (overlap(out, other)) throw new ValueError(`${caller}: out shares memory with an input, expected one apart`);
  }
  return out;
}

/** Whether two tensors have a byte in common. */
export function overlap({ data: a }: Tensor, { data: b }: Tensor): boolean {
  if (a.buffer !== b.buffer) return false;
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}

/**
 * Returns `out` as {@link outOf} does, for a function that computes element by element: it may be `values` itself, but
 * not share a part of its memory.
 * @throws ValueError when it overlaps `values` without being the same elements
 */
export function elementwiseOut<D extends Dtype>(
  caller: string,
  out: Tensor<D> | undefined,
  dtype: D,
  values: Tensor,
): Tensor<D> {
  const result = outOf(caller, out, dtype, values.shape);
  const same = result.data.byteOffset === values.data.byteOffset && result.data.byteLength === values.data.byteLength;
  if (!same && overlap(result, values)) {
    throw new ValueError(`${caller}: out shares a part of the values' memory, expected the values themselves or none`);
  }
  return result;
}
