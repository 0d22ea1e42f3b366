/** Gradients that are too large to be saved with a notebook travel with a sample of themselves, which is. */
import type { Tensor, TensorData } from "../../src/tensor/index.js";
import { isRecord } from "../lib/equal.js";
import { savedBytes } from "../lib/saved.js";
import { decodeTensor, encodeTensor } from "../lib/tensor-codec.js";

/** Values of the sample. */
const sampleSize = 2 ** 16;

// Beside the data, so that a tensor stays a plain record.
const wholes = new WeakMap<TensorData, readonly number[]>();
const samples = new WeakMap<TensorData, Tensor>();

/** Returns the shape of the gradient that a saved sample stands for; undefined for a gradient that is whole. */
export function wholeShape(gradients: Tensor): readonly number[] | undefined {
  return wholes.get(gradients.data);
}

/**
 * Returns 65,536 of the values: the order statistics at evenly spaced ranks, so that shares and quantiles stay what
 * they are within 1/65,536.
 */
export function sampleOf(gradients: Tensor): Tensor {
  const known = samples.get(gradients.data);
  if (known !== undefined) return known;
  const sorted = gradients.data.slice().sort();
  const picked = sorted.slice(0, Math.min(sampleSize, sorted.length));
  for (let i = 0; i < picked.length; i++) {
    picked[i] = sorted[Math.floor(((i + 0.5) / picked.length) * sorted.length)] as number;
  }
  const sample = { ...gradients, data: picked, shape: [picked.length] } as Tensor;
  samples.set(gradients.data, sample);
  return sample;
}

/** Returns a gradient as it travels. Above 1 MiB and without a recipe, a sample travels with it as `preview`. */
export function encodeSampled(gradients: Tensor): unknown {
  const whole = wholes.get(gradients.data);
  if (whole !== undefined) return { dtype: gradients.dtype, shape: [...whole], preview: encodeTensor(gradients) };
  const wire = encodeTensor(gradients);
  if (wire.data.byteLength <= savedBytes || wire.recipe !== undefined) return wire;
  return { ...wire, preview: encodeTensor(sampleOf(gradients)) };
}

/** Undoes {@link encodeSampled}; undefined for what is no such wire. The sample is returned when the whole is missing. */
export function decodeSampled(wire: unknown): Tensor | undefined {
  const whole = decodeTensor(wire);
  if (!isRecord(wire) || !isRecord(wire.preview)) return whole;
  const sample = decodeTensor(wire.preview);
  if (sample === undefined) return whole;
  if (whole !== undefined) {
    samples.set(whole.data, sample);
    return whole;
  }
  const { shape } = wire;
  if (!Array.isArray(shape) || !shape.every((side) => Number.isSafeInteger(side) && side >= 0)) return undefined;
  wholes.set(sample.data, shape as number[]);
  return sample;
}
