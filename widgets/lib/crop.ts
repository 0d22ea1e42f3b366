/** Matrices that are too large to be saved with a notebook travel with a part of themselves, which is. */
import type { Dtype, Tensor, TensorData } from "../../src/tensor/index.js";
import { isRecord } from "./equal.js";
import { savedBytes } from "./saved.js";
import { decodeTensor, encodeTensor } from "./tensor-codec.js";

/** A part of a matrix. */
export interface Place {
  /** Its first row and column. */
  readonly start: readonly [number, number];
  /** Its rows and columns. */
  readonly shape: readonly [number, number];
}

/** What a matrix is a part of. */
export interface Crop {
  /** First row and column of the part. */
  readonly start: readonly [number, number];
  /** Rows and columns of the whole. */
  readonly whole: readonly [number, number];
  /** The dtype of the whole. */
  readonly dtype: Dtype;
}

// Beside the data, so that a tensor stays a plain record.
const crops = new WeakMap<TensorData, Crop>();

/** Returns what a matrix is a part of, when it was read from a saved state that holds no more; else undefined. */
export function cropOf(tensor: Tensor): Crop | undefined {
  return crops.get(tensor.data);
}

/**
 * Returns a matrix as it travels. Above 1 MiB and without a recipe, a float32 copy of the part at `place` travels with
 * it as `preview`; of a matrix that is itself a part, nothing else does.
 */
export function encodeCropped(matrix: Tensor, place: Place): unknown {
  const crop = cropOf(matrix);
  if (crop !== undefined) {
    const { start, whole, dtype } = crop;
    return { dtype, shape: [...whole], preview: { ...encodeTensor(matrix), start: [...start] } };
  }
  const wire = encodeTensor(matrix);
  if (wire.data.byteLength <= savedBytes || wire.recipe !== undefined) return wire;
  return { ...wire, preview: { ...encodeTensor(cropped(matrix, place)), start: [...place.start] } };
}

/** Undoes {@link encodeCropped}; undefined for what is no such wire. The part is returned when the whole is missing. */
export function decodeCropped(wire: unknown): Tensor | undefined {
  const whole = decodeTensor(wire);
  if (whole !== undefined || !isRecord(wire) || !isRecord(wire.preview)) return whole;
  const part = decodeTensor(wire.preview);
  const [shape, start] = [pairOf(wire.shape), pairOf(wire.preview.start)];
  if (part?.shape.length !== 2 || shape === undefined || start === undefined) return undefined;
  if (start.some((first, axis) => first + (part.shape[axis] as number) > (shape[axis] as number))) return undefined;
  const dtype = wire.dtype === "float64" ? "float64" : "float32";
  crops.set(part.data, { start, whole: shape, dtype });
  return part;
}

function cropped({ data, shape }: Tensor, { start, shape: [rows, columns] }: Place): Tensor {
  const part = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const from = (start[0] + row) * (shape[1] as number) + start[1];
    part.set(data.subarray(from, from + columns), row * columns);
  }
  return { data: part, shape: [rows, columns], dtype: "float32" };
}

function pairOf(value: unknown): readonly [number, number] | undefined {
  const pair = Array.isArray(value) && value.length === 2 && value.every((side) => Number.isInteger(side) && side >= 0);
  return pair ? (value as [number, number]) : undefined;
}
