import { log } from "../math/log.js";
import { checkFinite } from "../stats/checked.js";
import { moments } from "../stats/moments.js";
import { sum } from "../tensor/reduce.js";
import { checkSameShape } from "../tensor/shape.js";
import type { Tensor, TensorData } from "../tensor/types.js";
import { fastFinite } from "./grid-fast.js";
import { sortedValues } from "./sorted.js";

/** What quantization did to a tensor. */
export interface ErrorReport {
  readonly count: number;
  /** Mean squared error, in the unit of the values, squared. */
  readonly mse: number;
  /** The largest |error|, in the unit of the values. */
  readonly maxError: number;
  /** Signal to quantization noise in dB; Infinity without error, -Infinity when only zeros became something else. */
  readonly sqnr: number;
  /** Pearson's kurtosis of the original values: 3 for a normal law; undefined when all are equal. */
  readonly kurtosis: number | undefined;
  /** Shannon entropy of the quantized values in bits per value: what an ideal code needs, without its table. */
  readonly entropy: number;
}

/**
 * Returns how far quantized values lie from the original ones, and how many bits they are worth.
 * @param values the original, any shape
 * @param quantized what `fakeQuantize` or `dequantize` gave, in the same shape; 0 and -0 are one value
 * @throws ShapeError when the shapes differ; ValueError for an empty tensor or a value that is not finite
 * @see mse = Σe² / n; sqnr = 10 log10(Σx² / Σe²); kurtosis = m4 / m2²; entropy = -Σ p log2 p over distinct values
 * @example errorReport(W, fakeQuantize(W, qparams)).sqnr
 */
export function errorReport(values: Tensor, quantized: Tensor): ErrorReport {
  checkSameShape("errorReport", values, quantized);
  for (const each of [values, quantized]) if (!fastFinite(each)) checkFinite("errorReport", each);
  const count = values.data.length;
  let maxError = 0;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    maxError = Math.max(maxError, Math.abs((values.data[i] as number) - (quantized.data[i] as number)));
    largest = Math.max(largest, Math.abs(values.data[i] as number));
  }
  // Squares relative to the largest, so that they neither overflow nor vanish.
  const noise = meanSquare(count, maxError, (i) => (values.data[i] as number) - (quantized.data[i] as number));
  const power = meanSquare(count, largest, (i) => values.data[i] as number);
  const entropy = entropyOf(quantized);
  const kurtosis = kurtosisOf(values, largest);
  return { count, mse: noise * maxError * maxError, maxError, sqnr: sqnrOf(), kurtosis, entropy };

  function sqnrOf(): number {
    if (maxError === 0) return Number.POSITIVE_INFINITY;
    if (largest === 0) return Number.NEGATIVE_INFINITY;
    return decibel(power / noise) + 2 * (decibel(largest) - decibel(maxError));
  }
}

/** 10 log10 of a ratio. */
export function decibel(ratio: number): number {
  return (10 * log(ratio)) / Math.LN10;
}

function meanSquare(count: number, unit: number, at: (index: number) => number): number {
  // An error may be too large for a float64.
  if (unit === 0 || unit === Number.POSITIVE_INFINITY) return Math.sign(unit);
  let total = 0;
  // In blocks, as tensor.sum adds.
  for (let start = 0; start < count; start += 1024) {
    let block = 0;
    for (let i = start; i < Math.min(start + 1024, count); i++) {
      const value = at(i) / unit;
      block += value * value;
    }
    total += block;
  }
  return total / count;
}

function kurtosisOf({ data, shape }: Tensor, unit: number): number | undefined {
  const first = data[0];
  if (unit === 0 || data.every((value) => value === first)) return undefined;
  const relative = new Float64Array(data);
  for (let i = 0; i < relative.length; i++) relative[i] = (relative[i] as number) / unit;
  const { mean, std } = moments({ data: relative, shape, dtype: "float64" });
  for (let i = 0; i < relative.length; i++) {
    const z = ((relative[i] as number) - mean) / std;
    // Products, because ** need not have the same last bit on every engine.
    relative[i] = z * z * (z * z);
  }
  return sum({ data: relative, shape, dtype: "float64" }) / relative.length;
}

function entropyOf({ data }: Tensor): number {
  let total = 0;
  for (const count of countsOf(data)) {
    const share = count / data.length;
    total -= share * log(share);
  }
  // Not -0 for a single value.
  return total / Math.LN2 + 0;
}

/** Slots of the table in which distinct values are looked up; four times as many as it takes in. */
const slots = 2 ** 14;

/** Returns how often each distinct value occurs, in ascending order of the values. */
function countsOf(data: TensorData): readonly number[] {
  const values = new Float64Array(slots);
  const counts = new Uint32Array(slots);
  let distinct = 0;
  for (let i = 0; i < data.length; i++) {
    const value = (data[i] as number) + 0;
    let at = slotOf(value);
    while (counts[at] !== 0 && values[at] !== value) at = (at + 1) & (slots - 1);
    if (counts[at] === 0) {
      if (++distinct > slots / 4) return countsOfSorted(sortedValues(data));
      values[at] = value;
    }
    counts[at] = (counts[at] as number) + 1;
  }
  const filled = Array.from(counts.keys()).filter((at) => counts[at] !== 0);
  return filled.sort((a, b) => (values[a] as number) - (values[b] as number)).map((at) => counts[at] as number);
}

const one = new Float64Array(1);
const words = new Int32Array(one.buffer);

function slotOf(value: number): number {
  one[0] = value;
  const mixed = Math.imul((words[0] as number) ^ Math.imul(words[1] as number, 0x2c1b3c6d), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) & (slots - 1);
}

function countsOfSorted(sorted: Float64Array): number[] {
  const counts: number[] = [];
  for (let i = 0; i < sorted.length; ) {
    let next = i + 1;
    while (next < sorted.length && sorted[next] === sorted[i]) next++;
    counts.push(next - i);
    i = next;
  }
  return counts;
}
