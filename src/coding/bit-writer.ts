import { ValueError } from "../errors.js";

/** Bits on their way into bytes, the highest bit of a byte first. Made by {@link bitWriter}, changed by {@link writeBits}. */
export interface BitWriter {
  /** The bytes so far, with room behind them. */
  bytes: Uint8Array;
  /** How many bits were written. */
  bits: number;
}

/** Streams stay below this many bytes, so that a position in bytes fits in 31 bits. */
export const maxBytes: number = 2 ** 31 - 1;

/** Returns an empty writer. @example const w = bitWriter(); writeBits(w, 0b101, 3); writtenBytes(w) // Uint8Array [160] */
export function bitWriter(): BitWriter {
  return { bytes: new Uint8Array(64), bits: 0 };
}

/**
 * Appends the lowest `count` bits of `value`, the highest of them first.
 * @param value an integer 0..2^32 - 1 (or the int32 of the same bits)
 * @param count 0..32
 * @throws ValueError for a count out of range, or beyond 2^31 - 1 bytes
 * @example writeBits(w, 5, 4) // appends 0101
 */
export function writeBits(writer: BitWriter, value: number, count: number): void {
  if (!(count >= 0 && count <= 32)) throw new ValueError(`writeBits: count = ${count}, expected 0..32`);
  const end = writer.bits + count;
  if (end > 8 * writer.bytes.length) grow(writer);
  const { bytes } = writer;
  let at = (writer.bits / 8) | 0;
  let free = 8 - (writer.bits & 7);
  let left = count;
  while (left >= free) {
    left -= free;
    (bytes[at++] as number) |= (value >>> left) & ((1 << free) - 1);
    free = 8;
  }
  if (left > 0) (bytes[at] as number) |= (value & ((1 << left) - 1)) << (free - left);
  writer.bits = end;
}

/** Returns the bytes written so far; the last one is filled up with zeros. */
export function writtenBytes(writer: BitWriter): Uint8Array {
  return writer.bytes.slice(0, Math.ceil(writer.bits / 8));
}

function grow(writer: BitWriter): void {
  const length = Math.min(maxBytes, 2 * writer.bytes.length);
  if (length - writer.bytes.length < 8) {
    throw new ValueError(`writeBits: ${writer.bytes.length} bytes, expected less than 2 GiB`);
  }
  const bytes = new Uint8Array(length);
  bytes.set(writer.bytes);
  writer.bytes = bytes;
}
