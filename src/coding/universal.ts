import { allocate } from "../tensor/data.js";
import { type BitReader, checkAllRead, failAt } from "./bit-reader.js";
import { type BitWriter, bitWriter } from "./bit-writer.js";
import { type Coded, type Coder, checkCoder, codedOf, countOf, payloadReader, tableReader } from "./coded.js";
import { type SymbolDtype, type Symbols, type SymbolTensor, symbolRanges, symbolsOf } from "./symbols.js";
import { unzigzag, zigzag } from "./zigzag.js";

/** A code of integers 0..2^32 - 1 that needs at least one bit for each. */
export interface IntegerCode {
  readonly coder: Coder;
  readonly write: (writer: BitWriter, n: number) => void;
  /** May return what is no integer 0..2^32 - 1 when the bits say so. */
  readonly read: (reader: BitReader) => number;
}

/** Whether a dtype has negative values, so that its symbols are coded by their zigzag places. */
export const isSigned = (dtype: SymbolDtype): boolean => symbolRanges[dtype][0] < 0;

/** Returns symbols one after another in a code of integers. */
export function encodeIntegers(caller: string, symbols: Symbols, code: IntegerCode, table: Uint8Array): Coded {
  const input = symbolsOf(caller, symbols);
  const writer = bitWriter();
  const signed = isSigned(input.dtype);
  for (let i = 0; i < input.data.length; i++) {
    const value = input.data[i] as number;
    code.write(writer, signed ? zigzag(value) : value);
  }
  return codedOf(code.coder, input, table, writer);
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

/**
 * Returns how many symbols have w binary digits in (their integer - offset >> order) + 1, at each w = 0..33; those whose
 * integer is below `offset` are left out.
 */
export function widthCounts({ data, dtype }: SymbolTensor, order: number, offset: number): Float64Array {
  const counts = new Float64Array(34);
  const signed = isSigned(dtype);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    const n = (signed ? ((value << 1) ^ (value >> 31)) >>> 0 : value) - offset;
    if (n < 0) continue;
    const high = n >>> order;
    (counts[high === 0xffffffff ? 33 : 32 - Math.clz32(high + 1)] as number)++;
  }
  return counts;
}
