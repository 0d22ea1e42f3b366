import { FileFormatError, ValueError } from "../errors.js";
import { readBits } from "./bit-reader.js";
import { writeBits } from "./bit-writer.js";
import { type Coded, headerLength } from "./coded.js";
import { bitWidth, readGamma, writeGamma } from "./elias-gamma.js";
import { type Symbols, type SymbolTensor, symbolsOf } from "./symbols.js";
import { decodeIntegers, encodeIntegers, type IntegerCode, tallyOf, widthCounts } from "./universal.js";

/** Options of {@link expGolombEncode}. */
export interface ExpGolombOptions {
  /** The order: how many low bits are written as they are, 0..31. Default: the one that needs the fewest bits. */
  readonly order?: number;
}

/**
 * Returns the length of the Exp-Golomb code of an integer in bits.
 * @param n an integer 0..2^32 - 1
 * @param order 0..31; default 0
 * @throws ValueError for anything else
 * @see 2 floor(log2(floor(n / 2^order) + 1)) + 1 + order; order 0 is the code of H.264 and H.265
 * @example expGolombLength(7, 2) // 5
 */
export function expGolombLength(n: number, order = 0): number {
  checkOrder("expGolombLength", order);
  if (n >>> 0 !== n) throw new ValueError(`expGolombLength: n = ${n}, expected an integer 0..2^32 - 1`);
  return 2 * bitWidth("expGolombLength", (n >>> order) + 1) - 1 + order;
}

/**
 * Returns symbols in Exp-Golomb codes: the low `order` bits as they are, what is above them plus 1 in Elias gamma.
 * The table is one byte, the order. Unsigned symbols are coded as they are, signed ones by their zigzag place.
 * @param symbols integers of any shape; the whole range of their dtype is allowed
 * @throws ValueError for an order out of range; DtypeError for a dtype that is not one of integers of at most 32 bits
 * @see Teuhola 1978, A compression method for clustered bit-vectors
 * @example expGolombEncode(new Int8Array([0, -1, 3]), { order: 0 }).bits // 1 + 3 + 5 = 9
 */
export function expGolombEncode(symbols: Symbols, options: ExpGolombOptions = {}): Coded {
  const order = options.order ?? bestOrder(symbolsOf("expGolombEncode", symbols));
  checkOrder("expGolombEncode", order);
  return encodeIntegers("expGolombEncode", symbols, expGolombCode(order), Uint8Array.of(order));
}

/**
 * Returns the symbols that {@link expGolombEncode} coded, with their dtype and shape.
 * @throws FileFormatError when the bits are none of its making
 * @example expGolombDecode(expGolombEncode(symbols))
 */
export function expGolombDecode(coded: Coded): SymbolTensor {
  const [order = 32] = coded.table;
  if (coded.coder === "exp-golomb" && (coded.table.length !== 1 || order > 31)) {
    throw new FileFormatError(
      `expGolombDecode: table [${coded.table.subarray(0, 4).join(", ")}], expected one order 0..31`,
      headerLength(coded.shape),
    );
  }
  return decodeIntegers("expGolombDecode", coded, expGolombCode(order));
}

/** The Exp-Golomb code of an order, for integers 0..2^32 - 1. */
export function expGolombCode(order: number): IntegerCode {
  return {
    coder: "exp-golomb",
    fast: { kind: "expGolomb", order },
    write: (writer, n) => {
      writeGamma(writer, (n >>> order) + 1);
      writeBits(writer, n, order);
    },
    // Above 2^32 - 1 where the order does not fit; whoever reads checks the range.
    read: (reader) => (readGamma(reader) - 1) * 2 ** order + readBits(reader, order),
  };
}

/** Throws a ValueError unless the order is a whole number 0..31. */
export function checkOrder(caller: string, order: number): void {
  if (!Number.isInteger(order) || order < 0 || order > 31) {
    throw new ValueError(`${caller}: order = ${order}, expected a whole number 0..31`);
  }
}

/**
 * Returns the order that codes the symbols' integers less `offset` in the fewest bits, the smallest of equals; symbols
 * whose integer is below `offset` do not count.
 */
export function bestOrder(symbols: SymbolTensor, offset = 0): number {
  const tally = tallyOf(symbols);
  let best = 0;
  let fewest = Number.POSITIVE_INFINITY;
  for (let order = 0; order < 32; order++) {
    const counts = widthCounts(tally, order, offset);
    let bits = 0;
    let wide = 0;
    for (let width = 1; width <= 33; width++) {
      const count = counts[width] as number;
      bits += count * (2 * width - 1 + order);
      if (width > 1) wide += count;
    }
    if (bits < fewest) [best, fewest] = [order, bits];
    // Nothing is left above the low bits: higher orders only add.
    if (wide === 0) break;
  }
  return best;
}
