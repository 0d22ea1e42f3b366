import { ValueError } from "../errors.js";
import { writeFrequencies, writeRange } from "./alphabet-table.js";
import { bitWriter, writeBits, writtenBytes } from "./bit-writer.js";
import type { Coded } from "./coded.js";
import { histogramOf } from "./histogram.js";
import { normalizeCounts } from "./normalize-counts.js";
import { fastRansEncode, type RansModel } from "./rans-encode-fast.js";
import { encodeSegment, type Output, segmentLength, startsOf } from "./rans-segment.js";
import { type Symbols, type SymbolTensor, symbolsOf } from "./symbols.js";

/** Options of {@link ransEncode} and `ransAdaptiveEncode`. */
export interface RansOptions {
  /**
   * Frequencies add up to 2^precision, 12..16. More is closer to the entropy, and makes a larger table. Default 14; 12
   * for a table that less than 4,096 symbols pay for, 13 for less than 8,192; up to 16 where that leaves four slots for
   * each symbol that occurs.
   */
  readonly precision?: number;
}

/**
 * Returns symbols coded by rANS, an arithmetic coder, with the frequencies of their own histogram: within a fraction of a
 * percent of the entropy, also below one bit per symbol.
 *
 * The table holds the precision, the range of the symbols, and their frequencies as {@link normalizeCounts} scales them;
 * its size is 8 x `table.length` bits. The symbols are cut into segments of 65,536; each costs at most 32 bits more than
 * its symbols and begins with a state of its own. So memory stays small, a damaged segment is noticed at its end, and the
 * bytes always justify the number of symbols. The state is an integer of 31 bits: the bytes are the same on every engine.
 * @param symbols integers of any shape that span at most 65,536 values
 * @throws ValueError for symbols that span more, a precision out of range, or one with fewer slots than symbols;
 * DtypeError for a dtype that is not one of integers of at most 32 bits
 * @see Duda 2013, arXiv:1311.2540: x' = floor(x / f) 2^precision + c + x mod f, bytes leave while x >= f 2^(31 - precision)
 * @example const coded = ransEncode(symbols); [coded.bits, 8 * coded.table.length] // symbols, and table
 */
export function ransEncode(symbols: Symbols, options: RansOptions = {}): Coded {
  const { data, shape, dtype } = symbolsOf("ransEncode", symbols);
  const { min, counts } = histogramOf("ransEncode", symbols);
  let used = 0;
  for (let i = 0; i < counts.length; i++) if ((counts[i] as number) > 0) used++;
  const usual = Math.min(14, Math.max(12, 32 - Math.clz32(data.length)));
  const precision = precisionFor("ransEncode", used, usual, options);
  const frequencies = normalizeCounts(counts, precision);
  const table = bitWriter();
  writeBits(table, precision - 12, 3);
  writeRange(table, { min, span: counts.length });
  writeFrequencies(table, frequencies);
  const out: Output = { bytes: new Uint8Array(64), length: 0 };
  const model = { min, precision, frequencies, starts: startsOf(frequencies) };
  if (!fastRansEncode(out, data, model)) plainRansEncode(out, data, model);
  const bytes = out.bytes.slice(0, out.length);
  return { coder: "rans", dtype, shape: [...shape], table: writtenBytes(table), bytes, bits: 8 * bytes.length };
}

function plainRansEncode(out: Output, data: SymbolTensor["data"], model: RansModel): void {
  const { min, precision, frequencies, starts } = model;
  const { frequency, start, scratch } = segmentMemory(data.length);
  for (let first = 0; first < data.length; first += segmentLength) {
    const count = Math.min(segmentLength, data.length - first);
    for (let i = 0; i < count; i++) {
      const index = (data[first + i] as number) - min;
      frequency[i] = frequencies[index] as number;
      start[i] = starts[index] as number;
    }
    encodeSegment(out, frequency, start, count, precision, scratch);
  }
}

/** Room for the frequencies and starts of one segment's symbols in turn, and for its bytes. */
export function segmentMemory(symbols: number): { frequency: Uint32Array; start: Uint32Array; scratch: Uint8Array } {
  const count = Math.min(symbols, segmentLength);
  return { frequency: new Uint32Array(count), start: new Uint32Array(count), scratch: new Uint8Array(2 * count + 4) };
}

/** Returns the precision for an alphabet of so many symbols. @throws ValueError when it is out of range or has too few slots */
export function precisionFor(caller: string, symbols: number, usual: number, options: RansOptions): number {
  const fitting = symbols < 2 ? 0 : 32 - Math.clz32(symbols - 1);
  const { precision = Math.min(16, Math.max(usual, fitting + 2)) } = options;
  if (!Number.isInteger(precision) || precision < 12 || precision > 16 || precision < fitting) {
    throw new ValueError(
      `${caller}: precision = ${precision} for ${symbols} symbols, expected a whole number ${Math.max(12, fitting)}..16`,
    );
  }
  return precision;
}
