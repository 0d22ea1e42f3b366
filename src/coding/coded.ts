import { FileFormatError, ValueError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import type { BitReader } from "./bit-reader.js";
import { bitReader } from "./bit-reader.js";
import { type BitWriter, writtenBytes } from "./bit-writer.js";
import type { SymbolDtype, SymbolTensor } from "./symbols.js";

/** The coders, in the order of their numbers in a stream, from 1. */
export type Coder = "huffman" | "rans" | "rans-adaptive" | "exp-golomb" | "elias-gamma" | "elias-delta" | "zero-runs";

/** The names of the coders, in the order of their numbers in a stream, from 1. */
export const coders: readonly Coder[] = [
  "huffman",
  "rans",
  "rans-adaptive",
  "exp-golomb",
  "elias-gamma",
  "elias-delta",
  "zero-runs",
];

/** Coded symbols: everything that is needed to get them back. `writeStream` makes bytes of it. */
export interface Coded {
  readonly coder: Coder;
  /** The dtype of the symbols. */
  readonly dtype: SymbolDtype;
  /** The shape of the symbols. */
  readonly shape: readonly number[];
  /** What the decoder must know besides: the alphabet, lengths or frequencies, parameters. May be empty. */
  readonly table: Uint8Array;
  /** The coded symbols. */
  readonly bytes: Uint8Array;
  /** The length of the coded symbols in bits, without the table; the last byte is filled up with zeros. */
  readonly bits: number;
}

/** Bytes of a stream before its table: fixed fields, and four for every side of the shape. */
export const headerLength = (shape: readonly number[]): number => 17 + 4 * shape.length;

/** Returns the record of symbols whose codes were written. */
export function codedOf(coder: Coder, { dtype, shape }: SymbolTensor, table: Uint8Array, written: BitWriter): Coded {
  return { coder, dtype, shape: [...shape], table, bytes: writtenBytes(written), bits: written.bits };
}

/** Throws a ValueError unless the record is of this coder. */
export function checkCoder(caller: string, coded: Coded, coder: Coder): void {
  if (coded.coder !== coder) {
    throw new ValueError(
      `${caller}: symbols coded by ${JSON.stringify(coded.coder)}, expected ${JSON.stringify(coder)}`,
    );
  }
}

/** Returns a reader of the table; offsets of errors count from the start of the stream. */
export function tableReader(caller: string, { table, shape }: Coded): BitReader {
  return bitReader(table, { caller, origin: headerLength(shape) });
}

/** Where the coded symbols begin in the stream. */
export const payloadOffset = ({ table, shape }: Coded): number => headerLength(shape) + table.length;

/** Returns a reader of the coded symbols; offsets of errors count from the start of the stream. */
export function payloadReader(caller: string, coded: Coded): BitReader {
  return bitReader(coded.bytes, { bits: coded.bits, caller, origin: payloadOffset(coded) });
}

/** Throws a FileFormatError when what is left of the table's last byte is not less than a byte of zeros. */
export function checkTableEnd(reader: BitReader): void {
  const left = reader.bits - reader.position;
  const last = reader.bytes[Math.floor(reader.position / 8)] as number;
  if (left > 7 || (left > 0 && last & ((1 << left) - 1))) {
    throw new FileFormatError(
      `${reader.caller}: ${left} bits behind the table, expected the rest of a byte, zeros`,
      reader.origin + Math.floor(reader.position / 8),
    );
  }
}

/**
 * Returns the number of coded symbols. @throws FileFormatError when they are more than `most`, the largest number that
 * this payload can hold, so that nothing is allocated for a shape that lies
 */
export function countOf(caller: string, coded: Coded, most: number): number {
  const count = coded.shape.includes(0) ? 0 : sizeOf(coded.shape, caller);
  if (count > most) {
    throw new FileFormatError(
      `${caller}: shape [${coded.shape.join(", ")}], expected at most ${most} symbols in ${coded.bits} bits`,
      8,
    );
  }
  return count;
}
