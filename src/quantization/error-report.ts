import { log } from "../math/log.js";
import { checkFinite } from "../stats/checked.js";
import { moments } from "../stats/moments.js";
import { sum } from "../tensor/reduce.js";
import { checkSameShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";

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
  checkFinite("errorReport", values);
  checkFinite("errorReport", quantized);
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
  const squares = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = at(i) / unit;
    squares[i] = value * value;
  }
  return sum({ data: squares, shape: [count], dtype: "float64" }) / count;
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
  const sorted = new Float64Array(data).sort();
  let total = 0;
  for (let i = 0; i < sorted.length; ) {
    let next = i + 1;
    while (next < sorted.length && sorted[next] === sorted[i]) next++;
    const share = (next - i) / sorted.length;
    total -= share * log(share);
    i = next;
  }
  // Not -0 for a single value.
  return total / Math.LN2 + 0;
}
