/** Values that are too large to be saved with a notebook travel with some of their rows, which are. */
import type { Tensor, TensorData } from "../../src/tensor/index.js";
import { isRecord } from "../lib/equal.js";
import { savedBytes } from "../lib/saved.js";
import { decodeTensor, encodeTensor } from "../lib/tensor-codec.js";

/** Values of the part that is saved, at most. */
const savedCount = 2 ** 16;
/** A longer row is cut into pieces of so many values, so that blocks of 16 and 32 stay whole. */
const longest = 1024;

/** What a saved part is a part of. */
export interface Part {
  readonly shape: readonly number[];
  /** Places in the whole at which the runs of the part begin; each run is a row of it. */
  readonly starts: readonly number[];
}

// Beside the data, so that a tensor stays a plain record.
const parts = new WeakMap<TensorData, Part>();

/** Returns what a tensor is a part of, when it was read from a saved state that holds no more; else undefined. */
export function partOf(values: Tensor): Part | undefined {
  return parts.get(values.data);
}

/** Returns the place in `values` of a place in the whole, that of the first value where it was not saved. */
export function placeIn(values: Tensor, selected: number): number {
  const part = parts.get(values.data);
  if (part === undefined) return Math.min(Math.max(0, selected), values.data.length - 1);
  const run = values.shape[1] as number;
  const row = part.starts.findIndex((start) => selected >= start && selected < start + run);
  return row < 0 ? 0 : row * run + selected - (part.starts[row] as number);
}

/** Undoes {@link placeIn}. */
export function wholePlace(values: Tensor, place: number): number {
  const part = parts.get(values.data);
  if (part === undefined) return place;
  const run = values.shape[1] as number;
  return (part.starts[Math.floor(place / run)] as number) + (place % run);
}

/** Returns where each axis of the whole stands at a place of it. */
export function indicesOf(shape: readonly number[], place: number): number[] {
  const indices: number[] = [];
  let rest = place;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis] as number;
    indices.unshift(rest % side);
    rest = Math.floor(rest / side);
  }
  return indices;
}

/** Returns evenly spaced rows, or pieces of rows, of a large tensor; the piece with the selected value is among them. */
export function sampleRows(values: Tensor, selected: number): { readonly sample: Tensor; readonly starts: number[] } {
  const { data, shape, dtype } = values;
  const line = shape.at(-1) ?? 1;
  const run = line <= longest ? line : longest;
  const perLine = Math.floor(line / run);
  const all = (data.length / line) * perLine;
  const count = Math.min(all, Math.max(1, Math.floor(savedCount / run)));
  const startOf = (piece: number): number => Math.floor(piece / perLine) * line + (piece % perLine) * run;
  const chosen = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * all) / count));
  const own = Math.floor(selected / line) * perLine + Math.min(perLine - 1, Math.floor((selected % line) / run));
  if (own < all && !chosen.includes(own)) {
    chosen[
      chosen.reduce(
        (best, piece, i) => (Math.abs(piece - own) < Math.abs((chosen[best] as number) - own) ? i : best),
        0,
      )
    ] = own;
  }
  const starts = chosen.map(startOf);
  const part = data.slice(0, count * run);
  for (const [i, start] of starts.entries()) part.set(data.subarray(start, start + run) as never, i * run);
  return { sample: { data: part, shape: [count, run], dtype } as Tensor, starts };
}

/** Returns values as they travel. Above 1 MiB and without a recipe, a part travels with them as `preview`. */
export function encodeValues(values: Tensor, selected: number): unknown {
  const part = parts.get(values.data);
  if (part !== undefined) {
    const preview = { ...encodeTensor(values), starts: [...part.starts] };
    return { dtype: values.dtype, shape: [...part.shape], preview };
  }
  const wire = encodeTensor(values);
  if (wire.data.byteLength <= savedBytes || wire.recipe !== undefined) return wire;
  const { sample, starts } = sampleRows(values, selected);
  return { ...wire, preview: { ...encodeTensor(sample), starts } };
}

/** Undoes {@link encodeValues}; undefined for what is no such wire. The part is returned when the whole is missing. */
export function decodeValues(wire: unknown): Tensor | undefined {
  const whole = decodeTensor(wire);
  if (whole !== undefined || !isRecord(wire) || !isRecord(wire.preview)) return whole;
  const sample = decodeTensor(wire.preview);
  const { shape } = wire;
  const { starts } = wire.preview;
  if (sample?.shape.length !== 2 || !isPlaces(shape) || !isPlaces(starts)) return undefined;
  if (starts.length !== sample.shape[0]) return undefined;
  parts.set(sample.data, { shape, starts });
  return sample;
}

function isPlaces(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}
