import { adaptiveModel, observe } from "./adaptive-model.js";
import { readRange, writeRange } from "./alphabet-table.js";
import { failAt } from "./bit-reader.js";
import { bitWriter, writeBits, writtenBytes } from "./bit-writer.js";
import { type Coded, checkCoder, checkTableEnd, tableReader } from "./coded.js";
import { histogramOf } from "./histogram.js";
import { precisionFor, type RansOptions, segmentMemory } from "./rans-encode.js";
import { fastGivenSegments, type GivenSegment } from "./rans-encode-fast.js";
import { encodeSegment, type Output, segmentLength } from "./rans-segment.js";
import { decodeSegments, ransCount, readPrecision, refill } from "./rans-segments-decode.js";
import { type Symbols, type SymbolTensor, symbolsOf } from "./symbols.js";

/**
 * Returns symbols coded by rANS with frequencies that are learnt on the way, so that no table of them is sent: only the
 * precision and the range of the symbols. Good for few symbols of a large alphabet, and for frequencies that drift.
 *
 * rANS takes symbols in the reverse of the order in which they come out, and a model must only learn from what the
 * decoder has seen. So the encoder goes twice over each segment of 65,536 symbols: forwards with the model, noting the
 * frequency that each symbol has at its turn, then backwards to code them with these. All symbols of the range begin
 * with count 1; each occurrence adds 8; frequencies are the counts by {@link normalizeCounts}, renewed after 16 symbols,
 * 32 more, 64 more, and so on up to every 4,096 (or as many as the range has); counts that then add up to more than 2^17
 * are halved first, rounded up. All in integers: the bytes are the same on every engine.
 * @param symbols integers of any shape that span at most 65,536 values
 * @param options.precision 12..16; default 14, or up to 16 where that leaves four slots for each value of the range
 * @throws ValueError for symbols that span more, or a precision out of range or with fewer slots than the range has
 * values; DtypeError for a dtype that is not one of integers of at most 32 bits
 * @see Duda 2013, arXiv:1311.2540
 * @example ransAdaptiveEncode(symbols).bits
 */
export function ransAdaptiveEncode(symbols: Symbols, options: RansOptions = {}): Coded {
  const { data, shape, dtype } = symbolsOf("ransAdaptiveEncode", symbols);
  const { min, counts } = histogramOf("ransAdaptiveEncode", symbols);
  const precision = precisionFor("ransAdaptiveEncode", counts.length, 14, options);
  const table = bitWriter();
  writeBits(table, precision - 12, 3);
  writeRange(table, { min, span: counts.length });
  const model = adaptiveModel(counts.length, precision);
  const out: Output = { bytes: new Uint8Array(64), length: 0 };
  const segment = fastGivenSegments(data.length) ?? plainSegments(data.length);
  const { frequency, start } = segment;
  for (let first = 0; first < data.length; first += segmentLength) {
    const count = Math.min(segmentLength, data.length - first);
    for (let i = 0; i < count; i++) {
      const index = (data[first + i] as number) - min;
      frequency[i] = model.frequencies[index] as number;
      start[i] = model.slots.starts[index] as number;
      observe(model, index);
    }
    segment.encode(out, count, precision);
  }
  const bytes = out.bytes.slice(0, out.length);
  return {
    coder: "rans-adaptive",
    dtype,
    shape: [...shape],
    table: writtenBytes(table),
    bytes,
    bits: 8 * bytes.length,
  };
}

/** Room for segments that plain code takes. */
function plainSegments(symbols: number): GivenSegment {
  const { frequency, start, scratch } = segmentMemory(symbols);
  return {
    frequency,
    start,
    encode: (out, count, precision) => encodeSegment(out, frequency, start, count, precision, scratch),
  };
}

/**
 * Returns the symbols that {@link ransAdaptiveEncode} coded, with their dtype and shape.
 * @throws FileFormatError when table or bytes are none of its making; ValueError for symbols of another coder
 * @example ransAdaptiveDecode(ransAdaptiveEncode(symbols))
 */
export function ransAdaptiveDecode(coded: Coded): SymbolTensor {
  const caller = "ransAdaptiveDecode";
  checkCoder(caller, coded, "rans-adaptive");
  const count = ransCount(caller, coded);
  const reader = tableReader(caller, coded);
  const precision = readPrecision(reader);
  const { min, span } = readRange(reader, coded.dtype);
  checkTableEnd(reader);
  if (span > 2 ** precision || (span === 0 && count > 0)) {
    failAt(reader, `an alphabet of ${span} for ${count} symbols with precision ${precision}, expected 1..2^precision`);
  }
  const model = adaptiveModel(span, precision);
  const { symbols, starts } = model.slots;
  const mask = 2 ** precision - 1;
  return decodeSegments(caller, coded, count, (input, first, data) => {
    let state = first;
    for (let i = 0; i < data.length; i++) {
      const slot = state & mask;
      const index = symbols[slot] as number;
      data[i] = min + index;
      state = (model.frequencies[index] as number) * (state >>> precision) + slot - (starts[index] as number);
      if (state < 2 ** 23) state = refill(input, state);
      observe(model, index);
    }
    return state;
  });
}
