import { ValueError } from "../errors.js";
import { log2 } from "../math/log2.js";
import { histogramOf } from "./histogram.js";
import type { Symbols } from "./symbols.js";

/**
 * Returns Shannon's entropy in bits per symbol: what an ideal coder needs that knows the frequencies, 0..log2 of the
 * number of symbols that occur. No occurrence at all needs no bits: 0. The same last bit on every engine: summed in
 * the order of the entries, with the portable logarithm; exact when all frequencies are powers of two.
 * @param weights counts or probabilities, finite and >= 0; they need not add up to 1
 * @throws ValueError for a weight that is negative or not finite
 * @see H = Σ p log2(1 / p), p = weight / total; Shannon 1948
 * @example entropy([4, 2, 1, 1]) // 1.75
 */
export function entropy(weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new ValueError(`entropy: weight ${weight} at position ${i}, expected finite numbers >= 0`);
    }
    total += weight;
  }
  if (!Number.isFinite(total)) throw new ValueError("entropy: weights whose sum overflows, expected a finite sum");
  let bits = 0;
  for (let i = 0; i < weights.length; i++) {
    const p = (weights[i] as number) / total;
    // A share that underflows to 0 adds nothing that could be seen.
    if (p > 0) bits -= p * log2(p);
  }
  return bits;
}

/**
 * Returns the entropy of symbols in bits per symbol: that of their own histogram, without context and without the cost
 * of a table. What a real stream needs is in `codingReport`.
 * @param symbols integers that span at most 65,536 values
 * @throws ValueError when they span more; DtypeError for a dtype that is not one of integers of at most 32 bits
 * @example symbolEntropy(new Int8Array([0, 0, 0, 0, 1, 1, -1, 7])) // 1.75
 */
export function symbolEntropy(symbols: Symbols): number {
  return entropy(histogramOf("symbolEntropy", symbols).counts);
}
