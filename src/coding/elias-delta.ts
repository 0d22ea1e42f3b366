import { type BitReader, failAt, readBits } from "./bit-reader.js";
import { type BitWriter, writeBits } from "./bit-writer.js";
import type { Coded } from "./coded.js";
import { bitWidth, readGamma, writeGamma } from "./elias-gamma.js";
import type { Symbols, SymbolTensor } from "./symbols.js";
import { decodeIntegers, encodeIntegers, type IntegerCode } from "./universal.js";

const code: IntegerCode = {
  coder: "elias-delta",
  fast: { kind: "eliasDelta", order: 0 },
  write: (w, n) => writeDelta(w, n + 1),
  read: (r) => readDelta(r) - 1,
};

/**
 * Returns the length of the Elias delta code of an integer in bits.
 * @param n an integer 1..2^32
 * @throws ValueError for anything else
 * @see Elias 1975: with k = floor(log2 n), k + 2 floor(log2(k + 1)) + 1
 * @example eliasDeltaLength(7) // 5
 */
export function eliasDeltaLength(n: number): number {
  const width = bitWidth("eliasDeltaLength", n);
  return width - 1 + 2 * bitWidth("eliasDeltaLength", width) - 1;
}

/**
 * Returns symbols in Elias delta codes: the number of binary digits as a gamma code, then the digits after the first.
 * Needs no table; shorter than gamma from 32 on. Unsigned symbols s are coded as s + 1, signed ones as zigzag(s) + 1.
 * @param symbols integers of any shape; the whole range of their dtype is allowed
 * @throws DtypeError for a dtype that is not one of integers of at most 32 bits
 * @see Elias 1975, Universal codeword sets and representations of the integers
 * @example eliasDeltaEncode(new Int8Array([0, -1, 3])).bits // 1 + 4 + 5 = 10
 */
export function eliasDeltaEncode(symbols: Symbols): Coded {
  return encodeIntegers("eliasDeltaEncode", symbols, code, new Uint8Array(0));
}

/**
 * Returns the symbols that {@link eliasDeltaEncode} coded, with their dtype and shape.
 * @throws FileFormatError when the bits are none of its making
 * @example eliasDeltaDecode(eliasDeltaEncode(symbols))
 */
export function eliasDeltaDecode(coded: Coded): SymbolTensor {
  return decodeIntegers("eliasDeltaDecode", coded, code);
}

function writeDelta(writer: BitWriter, n: number): void {
  const width = bitWidth("writeDelta", n);
  writeGamma(writer, width);
  writeBits(writer, n >>> 0, width - 1);
}

function readDelta(reader: BitReader): number {
  const width = readGamma(reader);
  if (width > 33) failAt(reader, `a number of ${width} binary digits, expected at most 2^32`);
  // 2^32 is the only number of 33 digits.
  const n = 2 ** (width - 1) + readBits(reader, width - 1);
  return n <= 2 ** 32 ? n : failAt(reader, `the number ${n}, expected at most 2^32`);
}
