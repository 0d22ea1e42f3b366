import { allocate } from "../tensor/data.js";
import { type BitReader, checkAllRead, failAt } from "./bit-reader.js";
import { type BitWriter, bitWriter } from "./bit-writer.js";
import { type Coded, type Coder, checkCoder, codedOf, countOf, payloadReader, tableReader } from "./coded.js";
import { narrowHistogram } from "./histogram.js";
import { type SymbolDtype, type Symbols, type SymbolTensor, symbolRanges, symbolsOf } from "./symbols.js";
import { type FastCode, fastIntegerCodes } from "./universal-fast.js";
import { unzigzag, zigzag } from "./zigzag.js";

/** A code of integers 0..2^32 - 1 that needs at least one bit for each. */
export interface IntegerCode {
  readonly coder: Coder;
  /** The same code among those of the kernels. */
  readonly fast: FastCode;
  readonly write: (writer: BitWriter, n: number) => void;
  /** May return what is no integer 0..2^32 - 1 when the bits say so. */
  readonly read: (reader: BitReader) => number;
}

/** Whether a dtype has negative values, so that its symbols are coded by their zigzag places. */
export const isSigned = (dtype: SymbolDtype): boolean => symbolRanges[dtype][0] < 0;

/** Returns symbols one after another in a code of integers. */
export function encodeIntegers(caller: string, symbols: Symbols, code: IntegerCode, table: Uint8Array): Coded {
  const input = symbolsOf(caller, symbols);
  const writer = fastIntegerCodes(input, code.fast)?.writer ?? plainIntegerCodes(input, code);
  return codedOf(code.coder, input, table, writer);
}

function plainIntegerCodes({ data, dtype }: SymbolTensor, code: IntegerCode): BitWriter {
  const writer = bitWriter();
  const signed = isSigned(dtype);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    code.write(writer, signed ? zigzag(value) : value);
  }
  return writer;
}

/** Undoes {@link encodeIntegers}. @throws FileFormatError when the bits are not those of symbols of the dtype */
export function decodeIntegers(caller: string, coded: Coded, code: IntegerCode): SymbolTensor {
  checkCoder(caller, coded, code.coder);
  if (code.coder !== "exp-golomb") checkAllRead(tableReader(caller, coded));
  // Every code has at least one bit.
  const data = allocate(coded.dtype, countOf(caller, coded, coded.bits));
  const reader = payloadReader(caller, coded);
  for (let i = 0; i < data.length; i++) data[i] = toSymbol(reader, code.read(reader), coded.dtype);
  checkAllRead(reader);
  return { data, shape: coded.shape, dtype: coded.dtype };
}

/** Returns the symbol of a code's integer. @throws FileFormatError when the dtype cannot hold it */
export function toSymbol(reader: BitReader, n: number, dtype: SymbolDtype): number {
  const value = n >= 2 ** 32 || !isSigned(dtype) ? n : unzigzag(n);
  const [low, high] = symbolRanges[dtype];
  if (value < low || value > high) failAt(reader, `symbol ${value}, expected ${low}..${high} for ${dtype}`);
  return value;
}

/** Integers that stand for symbols, and how often each occurs. */
export interface Tally {
  readonly integers: Uint32Array;
  readonly counts: Uint32Array;
}

/** Returns the integers of symbols: each once where they span few values, otherwise one by one. */
export function tallyOf({ data, dtype }: SymbolTensor): Tally {
  const signed = isSigned(dtype);
  const found = narrowHistogram(data);
  const values = found === undefined ? data : found.counts.map((_, i) => i + found.min);
  const integers = new Uint32Array(values.length);
  for (let i = 0; i < integers.length; i++) {
    const value = values[i] as number;
    integers[i] = signed ? (value << 1) ^ (value >> 31) : value;
  }
  return { integers, counts: found?.counts ?? new Uint32Array(integers.length).fill(1) };
}

/**
 * Returns how many symbols have w binary digits in (their integer - offset >> order) + 1, at each w = 0..33; those whose
 * integer is below `offset` are left out.
 */
export function widthCounts({ integers, counts }: Tally, order: number, offset: number): Float64Array {
  const widths = new Float64Array(34);
  for (let i = 0; i < integers.length; i++) {
    const n = (integers[i] as number) - offset;
    if (n < 0) continue;
    const high = n >>> order;
    (widths[high === 0xffffffff ? 33 : 32 - Math.clz32(high + 1)] as number) += counts[i] as number;
  }
  return widths;
}
