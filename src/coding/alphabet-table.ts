import { type BitReader, failAt, readBits } from "./bit-reader.js";
import { type BitWriter, writeBits } from "./bit-writer.js";
import { readGamma, writeGamma } from "./elias-gamma.js";
import { maxAlphabet } from "./histogram.js";
import { type SymbolDtype, symbolRanges } from "./symbols.js";
import { unzigzag, zigzag } from "./zigzag.js";

/** Which symbols a table is about: min, min + 1, …, min + span - 1. */
export interface Range {
  readonly min: number;
  readonly span: number;
}

/** Writes a range: gamma(span + 1), and gamma(zigzag(min) + 1) unless the span is 0. */
export function writeRange(writer: BitWriter, { min, span }: Range): void {
  writeGamma(writer, span + 1);
  if (span > 0) writeGamma(writer, zigzag(min) + 1);
}

/** Reads a range. @throws FileFormatError when it is too wide, or the dtype does not hold it */
export function readRange(reader: BitReader, dtype: SymbolDtype): Range {
  const span = readGamma(reader) - 1;
  if (span > maxAlphabet) failAt(reader, `an alphabet of ${span} symbols, expected at most ${maxAlphabet}`);
  if (span === 0) return { min: 0, span };
  const place = readGamma(reader) - 1;
  const min = place < 2 ** 32 ? unzigzag(place) : failAt(reader, `place ${place}, expected at most 2^32 - 1`);
  const [low, high] = symbolRanges[dtype];
  if (min < low || min + span - 1 > high) {
    failAt(reader, `symbols ${min}..${min + span - 1}, expected ${low}..${high} for ${dtype}`);
  }
  return { min, span };
}

/**
 * Writes small numbers, many of them 0 or like the one before, as gamma codes: 1 for "the same as the last that was not
 * 0" (at first 0, so at first it does not occur); 2 and gamma(r) for a run of r zeros; 2 + zigzag(d) for one that differs
 * from the last by d.
 */
export function writeSmallNumbers(writer: BitWriter, numbers: ArrayLike<number>): void {
  let last = 0;
  for (let i = 0; i < numbers.length; ) {
    const number = numbers[i] as number;
    if (number === 0) {
      const start = i;
      while (i < numbers.length && numbers[i] === 0) i++;
      writeGamma(writer, 2);
      writeGamma(writer, i - start);
    } else {
      writeGamma(writer, number === last ? 1 : 2 + zigzag(number - last));
      last = number;
      i++;
    }
  }
}

/** Reads `count` numbers 0..most. @throws FileFormatError when the codes are none of {@link writeSmallNumbers} */
export function readSmallNumbers(reader: BitReader, count: number, most: number): Uint8Array {
  const numbers = new Uint8Array(count);
  let last = 0;
  for (let i = 0; i < count; ) {
    const token = readGamma(reader);
    if (token === 2) {
      const run = readGamma(reader);
      if (run > count - i) failAt(reader, `a run of ${run} zeros, expected at most ${count - i}`);
      i += run;
    } else {
      if (token > 200) failAt(reader, `a difference with code ${token}, expected at most 200`);
      if (token > 2) last += unzigzag(token - 2);
      if (last < 1 || last > most) failAt(reader, `an entry of ${last}, expected 1..${most}`);
      numbers[i++] = last;
    }
  }
  return numbers;
}

/** Writes frequencies 0..65536: their numbers of binary digits, then the digits after the first of each. */
export function writeFrequencies(writer: BitWriter, frequencies: Uint32Array): void {
  const widths = Uint8Array.from(frequencies, (frequency) => 32 - Math.clz32(frequency));
  writeSmallNumbers(writer, widths);
  for (let i = 0; i < widths.length; i++) {
    const width = widths[i] as number;
    if (width > 1) writeBits(writer, frequencies[i] as number, width - 1);
  }
}

/** Reads `count` frequencies that add up to `total`. @throws FileFormatError when they do not */
export function readFrequencies(reader: BitReader, count: number, total: number): Uint32Array {
  const widths = readSmallNumbers(reader, count, 17);
  const frequencies = new Uint32Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const width = widths[i] as number;
    if (width === 0) continue;
    const frequency = 2 ** (width - 1) + readBits(reader, width - 1);
    frequencies[i] = frequency;
    sum += frequency;
  }
  if (sum !== total) failAt(reader, `frequencies that add up to ${sum}, expected ${total}`);
  return frequencies;
}
