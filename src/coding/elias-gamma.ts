import { ValueError } from "../errors.js";
import { type BitReader, failAt, peek32, readBits, skipBits } from "./bit-reader.js";
import { type BitWriter, writeBits } from "./bit-writer.js";
import type { Coded } from "./coded.js";
import type { Symbols, SymbolTensor } from "./symbols.js";
import { decodeIntegers, encodeIntegers, type IntegerCode } from "./universal.js";

const code: IntegerCode = {
  coder: "elias-gamma",
  fast: { kind: "expGolomb", order: 0 },
  write: (w, n) => writeGamma(w, n + 1),
  read: (r) => readGamma(r) - 1,
};

/**
 * Returns the length of the Elias gamma code of an integer in bits.
 * @param n an integer 1..2^32
 * @throws ValueError for anything else
 * @see Elias 1975: 2 floor(log2 n) + 1
 * @example eliasGammaLength(7) // 5
 */
export function eliasGammaLength(n: number): number {
  return 2 * bitWidth("eliasGammaLength", n) - 1;
}

/**
 * Returns symbols in Elias gamma codes: each number by as many zeros as it has binary digits after the first, then its
 * digits. Needs no table; good where small magnitudes prevail. Unsigned symbols s are coded as s + 1, signed ones as
 * zigzag(s) + 1.
 * @param symbols integers of any shape; the whole range of their dtype is allowed
 * @throws DtypeError for a dtype that is not one of integers of at most 32 bits
 * @see Elias 1975, Universal codeword sets and representations of the integers
 * @example eliasGammaEncode(new Int8Array([0, -1, 3])).bits // 1 + 3 + 5 = 9
 */
export function eliasGammaEncode(symbols: Symbols): Coded {
  return encodeIntegers("eliasGammaEncode", symbols, code, new Uint8Array(0));
}

/**
 * Returns the symbols that {@link eliasGammaEncode} coded, with their dtype and shape.
 * @throws FileFormatError when the bits are none of its making
 * @example eliasGammaDecode(eliasGammaEncode(symbols))
 */
export function eliasGammaDecode(coded: Coded): SymbolTensor {
  return decodeIntegers("eliasGammaDecode", coded, code);
}

/** Returns the number of binary digits of an integer 1..2^32. @throws ValueError for anything else */
export function bitWidth(caller: string, n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
    throw new ValueError(`${caller}: n = ${n}, expected an integer 1..2^32`);
  }
  return n === 2 ** 32 ? 33 : 32 - Math.clz32(n);
}

/** Appends the gamma code of an integer 1..2^32. */
export function writeGamma(writer: BitWriter, n: number): void {
  const width = bitWidth("writeGamma", n);
  writeBits(writer, 0, width - 1);
  if (width === 33) writeBits(writer, 1, 1);
  writeBits(writer, n >>> 0, Math.min(width, 32));
}

/** Reads a gamma code: 1..2^32. @throws FileFormatError when there is none */
export function readGamma(reader: BitReader): number {
  const zeros = Math.clz32(peek32(reader));
  skipBits(reader, zeros);
  if (zeros < 32) return readBits(reader, zeros + 1);
  if (readBits(reader, 1) === 0 || readBits(reader, 32) !== 0)
    failAt(reader, "a number above 2^32, expected at most 2^32");
  return 2 ** 32;
}
