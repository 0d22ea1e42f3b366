import { DtypeError, ShapeError } from "../errors.js";
import { allocate } from "../tensor/data.js";
import { checkAxis, sizeOf } from "../tensor/shape.js";
import type { Dtype, Tensor } from "../tensor/types.js";

/** Turns the lines of some tensors into lines of results; the arrays are used again for the next line. */
export type LineTransform = (lines: readonly Float64Array[], results: readonly Float64Array[]) => void;

/** Returns the axis counted from the front. @throws ShapeError outside the rank, or for an axis without elements */
export function checkLineAxis(caller: string, { shape }: Tensor, axis: number): number {
  const front = checkAxis(caller, axis, shape.length);
  if (shape[front] === 0) {
    throw new ShapeError(`${caller}: shape [${shape.join(", ")}], expected elements along axis ${axis}`);
  }
  return front;
}

/**
 * Returns one tensor of `dtype` per entry of `lengths`: the inputs, whose shapes agree but for `axis`, with every line
 * along that axis replaced by lines of those lengths. Lines are float64 while they are transformed.
 * @param outputs where these are written; default new ones
 */
export function transformLines<D extends Dtype>(
  inputs: readonly Tensor[],
  axis: number,
  lengths: readonly number[],
  dtype: D,
  transform: LineTransform,
  outputs: readonly Tensor<D>[] = outputsAlong(inputs[0] as Tensor, axis, lengths, dtype),
): readonly Tensor<D>[] {
  const { shape } = inputs[0] as Tensor;
  const outer = shape.slice(0, axis).reduce((product, side) => product * side, 1);
  const inner = shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  const lines = inputs.map((input) => new Float64Array(input.shape[axis] as number));
  const results = lengths.map((length) => new Float64Array(length));
  for (let line = 0; line < outer * inner; line++) {
    const block = Math.floor(line / inner);
    const column = line % inner;
    lines.forEach((values, i) => {
      readLine(values, (inputs[i] as Tensor).data, block * values.length * inner + column, inner);
    });
    transform(lines, results);
    results.forEach((values, i) => {
      writeLine(values, (outputs[i] as Tensor).data, block * values.length * inner + column, inner);
    });
  }
  return outputs;
}

/** Returns new tensors of the shape of `input`, but for the lengths along an axis. */
function outputsAlong<D extends Dtype>(
  { shape }: Tensor,
  axis: number,
  lengths: readonly number[],
  dtype: D,
): readonly Tensor<D>[] {
  return lengths.map((length) => {
    const sides = shape.map((side, at) => (at === axis ? length : side));
    return { data: allocate(dtype, sizeOf(sides)), shape: sides, dtype };
  });
}

function readLine(line: Float64Array, source: ArrayLike<number>, start: number, step: number): void {
  for (let i = 0, at = start; i < line.length; i++, at += step) line[i] = source[at] as number;
}

function writeLine(line: Float64Array, target: { [index: number]: number }, start: number, step: number): void {
  for (let i = 0, at = start; i < line.length; i++, at += step) target[at] = line[i] as number;
}

/** Throws a ShapeError or DtypeError unless all tensors have the shape and the dtype of the first. */
export function checkAlike(caller: string, tensors: readonly Tensor[]): void {
  const [first, ...others] = tensors.map(({ shape, dtype }) => ({ shape: `[${shape.join(", ")}]`, dtype }));
  for (const other of others) {
    if (other.shape !== first?.shape) {
      throw new ShapeError(`${caller}: shapes ${first?.shape} and ${other.shape}, expected the same`);
    }
    if (other.dtype !== first?.dtype) {
      throw new DtypeError(`${caller}: dtypes ${first?.dtype} and ${other.dtype}, expected the same`);
    }
  }
}
