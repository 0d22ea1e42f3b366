import { ValueError } from "../errors.js";
import { fastByteCounts, fastCounts, fastExtent } from "./histogram-fast.js";
import { type Symbols, type SymbolTensor, symbolsOf } from "./symbols.js";

/** How often each integer occurs. */
export interface Histogram {
  /** The integer that `counts[0]` counts; 0 when there is none. */
  readonly min: number;
  /** Occurrences of min, min + 1, …; the first and the last are not 0. */
  readonly counts: Uint32Array;
}

/** The most entries of an alphabet: the tables of the coders stay small, and 16-bit symbols fit. */
export const maxAlphabet = 65536;

/** Counts add up to at most this, so that every product in the coders is an exact integer in float64. */
const maxTotal = 2 ** 35;

/**
 * Returns how often each integer from the smallest to the largest occurs. No symbols give `{ min: 0, counts: [] }`.
 * @param symbols integers that span at most 65,536 values: largest - smallest < 65536
 * @throws ValueError when they span more; DtypeError for a dtype that is not one of integers of at most 32 bits
 * @example histogram(new Int8Array([-1, 0, 0, 2])) // { min: -1, counts: Uint32Array [1, 2, 0, 1] }
 */
export function histogram(symbols: Symbols): Histogram {
  return histogramOf("histogram", symbols);
}

/** Does the work of {@link histogram} in the name of `caller`. */
export function histogramOf(caller: string, symbols: Symbols): Histogram {
  const { data } = symbolsOf(caller, symbols);
  const found = narrowHistogram(data);
  if (found !== undefined) return found;
  const [min, max] = extentOf(data);
  throw new ValueError(`${caller}: symbols ${min}..${max}, expected a span of at most ${maxAlphabet} values`);
}

/** Returns how often each integer occurs, or undefined when they span more than 65,536 values. */
export function narrowHistogram(data: SymbolTensor["data"]): Histogram | undefined {
  if (data.length === 0) return { min: 0, counts: new Uint32Array(0) };
  const bytes = data.BYTES_PER_ELEMENT === 1 ? fastByteCounts(data as Int8Array | Uint8Array) : undefined;
  if (bytes !== undefined) return histogramOfBytes(bytes, data instanceof Int8Array);
  const [min, max] = extentOf(data);
  if (max - min >= maxAlphabet) return undefined;
  const counts = new Uint32Array(max - min + 1);
  if (!fastCounts(data, { min, counts })) {
    for (let i = 0; i < data.length; i++) (counts[(data[i] as number) - min] as number)++;
  }
  return { min, counts };
}

/** Returns the smallest and the largest of symbols. */
function extentOf(data: SymbolTensor["data"]): readonly [number, number] {
  let [min, max, seen] = fastExtent(data);
  for (let i = seen; i < data.length; i++) {
    const value = data[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

/** Returns the histogram of symbols of which each byte occurs so often. */
function histogramOfBytes(bytes: Uint32Array, signed: boolean): Histogram {
  const lowest = signed ? -128 : 0;
  const sorted = bytes.map((_, i) => bytes[(lowest + i) & 255] as number);
  const first = sorted.findIndex((count) => count > 0);
  let end = sorted.length;
  while (sorted[end - 1] === 0) end--;
  return { min: lowest + first, counts: sorted.slice(first, end) };
}

/** Returns the total of counts. @throws ValueError unless they are integers >= 0, few enough and small enough */
export function checkCounts(caller: string, counts: ArrayLike<number>): number {
  if (counts.length > maxAlphabet) {
    throw new ValueError(`${caller}: ${counts.length} counts, expected at most ${maxAlphabet}`);
  }
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (!Number.isInteger(count) || count < 0) {
      throw new ValueError(`${caller}: count ${count} at position ${i}, expected integers >= 0`);
    }
    total += count;
  }
  if (total > maxTotal) throw new ValueError(`${caller}: counts add up to ${total}, expected at most 2^35`);
  return total;
}
