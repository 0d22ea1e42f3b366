import { ValueError } from "../errors.js";
import { allocate } from "./data.js";
import { checkAxis } from "./shape.js";
import type { Tensor } from "./types.js";

/** Sums are taken over blocks of this many elements, then over the blocks: a fixed order, and less rounding. */
const blockLength = 1024;

/** Which axis a reduction removes. */
export interface ReduceOptions {
  /** Negative axes count from the back. */
  readonly axis: number;
}

/**
 * Returns the sum of all elements, or of each line along `axis`. Added in float64, in a fixed order.
 * @throws ShapeError when `axis` lies outside the rank
 * @example tensor.sum(mask, { axis: 1 }) // how many weights each row keeps
 */
export function sum(tensor: Tensor): number;
export function sum(tensor: Tensor, options: ReduceOptions): Tensor<"float64">;
export function sum(tensor: Tensor, options?: ReduceOptions): number | Tensor<"float64"> {
  return options === undefined ? blockedSum(tensor.data) : alongAxis("tensor.sum", tensor, options.axis, blockedSum);
}

/**
 * Returns the mean of all elements, or of each line along `axis`.
 * @throws ValueError for an empty tensor; ShapeError when `axis` lies outside the rank
 * @example tensor.mean(tensor.from([1, 2, 6])) // 3
 */
export function mean(tensor: Tensor): number;
export function mean(tensor: Tensor, options: ReduceOptions): Tensor<"float64">;
export function mean(tensor: Tensor, options?: ReduceOptions): number | Tensor<"float64"> {
  const average = (line: ArrayLike<number>): number => blockedSum(line) / nonEmpty("tensor.mean", line).length;
  return options === undefined ? average(tensor.data) : alongAxis("tensor.mean", tensor, options.axis, average);
}

/**
 * Returns the smallest element, or the smallest of each line along `axis`. NaN anywhere gives NaN.
 * @throws ValueError for an empty tensor; ShapeError when `axis` lies outside the rank
 * @example tensor.min(tensor.from([3, -1, 2])) // -1
 */
export function min(tensor: Tensor): number;
export function min(tensor: Tensor, options: ReduceOptions): Tensor<"float64">;
export function min(tensor: Tensor, options?: ReduceOptions): number | Tensor<"float64"> {
  const least = (line: ArrayLike<number>): number => fold(nonEmpty("tensor.min", line), Math.min);
  return options === undefined ? least(tensor.data) : alongAxis("tensor.min", tensor, options.axis, least);
}

/**
 * Returns the largest element, or the largest of each line along `axis`. NaN anywhere gives NaN.
 * @throws ValueError for an empty tensor; ShapeError when `axis` lies outside the rank
 * @example tensor.max(W, { axis: 0 }) // the largest weight of each column
 */
export function max(tensor: Tensor): number;
export function max(tensor: Tensor, options: ReduceOptions): Tensor<"float64">;
export function max(tensor: Tensor, options?: ReduceOptions): number | Tensor<"float64"> {
  const most = (line: ArrayLike<number>): number => fold(nonEmpty("tensor.max", line), Math.max);
  return options === undefined ? most(tensor.data) : alongAxis("tensor.max", tensor, options.axis, most);
}

function blockedSum(values: ArrayLike<number>): number {
  let total = 0;
  for (let start = 0; start < values.length; start += blockLength) {
    const end = Math.min(start + blockLength, values.length);
    let block = 0;
    for (let i = start; i < end; i++) block += values[i] as number;
    total += block;
  }
  return total;
}

function fold(values: ArrayLike<number>, pick: (a: number, b: number) => number): number {
  let best = values[0] as number;
  for (let i = 1; i < values.length; i++) best = pick(best, values[i] as number);
  return best;
}

function nonEmpty(caller: string, values: ArrayLike<number>): ArrayLike<number> {
  if (values.length === 0) throw new ValueError(`${caller}: an empty tensor, expected at least one element`);
  return values;
}

function alongAxis(
  caller: string,
  tensor: Tensor,
  axis: number,
  reduce: (line: Float64Array) => number,
): Tensor<"float64"> {
  const front = checkAxis(caller, axis, tensor.shape.length);
  const length = tensor.shape[front] as number;
  const inner = tensor.shape.slice(front + 1).reduce((product, side) => product * side, 1);
  const shape = tensor.shape.filter((_, i) => i !== front);
  const data = allocate(
    "float64",
    shape.reduce((product, side) => product * side, 1),
  );
  const line = new Float64Array(length);
  for (let at = 0; at < data.length; at++) {
    const start = Math.floor(at / inner) * inner * length + (at % inner);
    for (let i = 0; i < length; i++) line[i] = tensor.data[start + i * inner] as number;
    data[at] = reduce(line);
  }
  return { data, shape, dtype: "float64" };
}
