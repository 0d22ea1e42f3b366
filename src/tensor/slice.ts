import { ShapeError } from "../errors.js";
import { allocate } from "./data.js";
import { stridesOf } from "./shape.js";
import type { Dtype, Tensor } from "./types.js";

/** Which part of an axis to take: `[start, end)`, one index (the axis goes away), or `null` for all of it. */
export type SliceRange = readonly [start: number, end: number] | number | null;

/**
 * Returns a copy of a part of the tensor. Axes without a range are taken whole; negative positions count from the end.
 * @throws ShapeError when a range lies outside its axis or there are more ranges than axes
 * @example tensor.slice(W, [0, 4], [8, 12]) // rows 0..3, columns 8..11
 * @example tensor.slice(W, 2) // row 2, one axis fewer
 */
export function slice<D extends Dtype>(tensor: Tensor<D>, ...ranges: readonly SliceRange[]): Tensor<D> {
  if (ranges.length > tensor.shape.length) {
    throw new ShapeError(`tensor.slice: ${ranges.length} ranges, expected at most ${tensor.shape.length}`);
  }
  const starts: number[] = [];
  const sides: number[] = [];
  tensor.shape.forEach((side, axis) => {
    const [start, end] = bounds(ranges[axis] ?? null, side, axis);
    starts.push(start);
    sides.push(end - start);
  });
  const data = allocate(
    tensor.dtype,
    sides.reduce((product, side) => product * side, 1),
  );
  copy(tensor, data, starts, sides);
  const shape = sides.filter((_, axis) => typeof ranges[axis] !== "number");
  return { data, shape, dtype: tensor.dtype };
}

/**
 * Returns one element; negative positions count from the end.
 * @throws ShapeError when there is not one position per axis, or one lies outside
 * @example tensor.at(W, 0, -1) // first row, last column
 */
export function at(tensor: Tensor, ...index: readonly number[]): number {
  if (index.length !== tensor.shape.length) {
    throw new ShapeError(`tensor.at: ${index.length} positions, expected ${tensor.shape.length}`);
  }
  const strides = stridesOf(tensor.shape);
  const offset = index.reduce((sum, position, axis) => {
    const [start] = bounds(position, tensor.shape[axis] as number, axis, "tensor.at");
    return sum + start * (strides[axis] as number);
  }, 0);
  return tensor.data[offset] as number;
}

function bounds(range: SliceRange, side: number, axis: number, caller = "tensor.slice"): [number, number] {
  if (range === null) return [0, side];
  const [first, last] = typeof range === "number" ? [range, undefined] : range;
  const start = first < 0 ? first + side : first;
  const end = last === undefined ? start + 1 : last < 0 ? last + side : last;
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start || end > side) {
    throw new ShapeError(`${caller}: ${JSON.stringify(range)} on axis ${axis}, expected positions within 0..${side}`);
  }
  return [start, end];
}

function copy(source: Tensor, target: { [index: number]: number }, starts: number[], sides: number[]): void {
  const strides = stridesOf(source.shape);
  let filled = 0;
  const visit = (axis: number, offset: number): void => {
    if (axis === sides.length) {
      target[filled++] = source.data[offset] as number;
      return;
    }
    const stride = strides[axis] as number;
    for (let i = 0; i < (sides[axis] as number); i++) visit(axis + 1, offset + ((starts[axis] as number) + i) * stride);
  };
  visit(0, 0);
}
