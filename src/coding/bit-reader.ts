import { FileFormatError, ValueError } from "../errors.js";

/** A position in bits that are read, the highest bit of a byte first. Made by {@link bitReader}. */
export interface BitReader {
  /** The bytes, followed by eight zeros, so that looking ahead stays inside. */
  readonly bytes: Uint8Array;
  /** How many bits there are to read. */
  readonly bits: number;
  /** How many bits were read. */
  position: number;
  /** Who reads, for messages. */
  readonly caller: string;
  /** Where the bytes begin in their file, for the offset of an error. */
  readonly origin: number;
}

/** Options of {@link bitReader}. */
export interface BitReaderOptions {
  /** How many bits of the bytes are to be read; default: all. */
  readonly bits?: number;
  /** Who reads, for messages; default `bitReader`. */
  readonly caller?: string;
  /** Where the bytes begin in their file; default 0. */
  readonly origin?: number;
}

/**
 * Returns a reader at the first bit. @throws ValueError for more bits than there are
 * @example readBits(bitReader(Uint8Array.of(0b10100000)), 3) // 5
 */
export function bitReader(bytes: Uint8Array, options: BitReaderOptions = {}): BitReader {
  const { bits = 8 * bytes.length, caller = "bitReader", origin = 0 } = options;
  if (!Number.isInteger(bits) || bits < 0 || bits > 8 * bytes.length) {
    throw new ValueError(`${caller}: bits = ${bits}, expected a whole number 0..${8 * bytes.length}`);
  }
  const padded = new Uint8Array(bytes.length + 8);
  padded.set(bytes);
  return { bytes: padded, bits, position: 0, caller, origin };
}

/**
 * Returns the next `count` bits as an integer 0..2^count - 1, and moves on.
 * @throws FileFormatError when there are fewer; ValueError for a count outside 0..32
 * @example readBits(reader, 4)
 */
export function readBits(reader: BitReader, count: number): number {
  if (!(count >= 0 && count <= 32)) throw new ValueError(`readBits: count = ${count}, expected 0..32`);
  if (count === 0) return 0;
  const value = peek32(reader) >>> (32 - count);
  skipBits(reader, count);
  return value;
}

/** Returns the next 32 bits as an integer 0..2^32 - 1 without moving on; behind the end there are zeros. */
export function peek32({ bytes, position }: BitReader): number {
  const at = (position / 8) | 0;
  const shift = position & 7;
  const word =
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number);
  return ((word << shift) | ((bytes[at + 4] as number) >>> (8 - shift))) >>> 0;
}

/** Moves on by `count` bits. @throws FileFormatError when there are fewer */
export function skipBits(reader: BitReader, count: number): void {
  if (reader.position + count > reader.bits) failAt(reader, "the bits end within a code, expected all of it");
  reader.position += count;
}

/** Throws a FileFormatError that names the byte at the reader's position. */
export function failAt(reader: BitReader, problem: string): never {
  throw new FileFormatError(`${reader.caller}: ${problem}`, reader.origin + Math.floor(reader.position / 8));
}

/** Throws a FileFormatError unless all bits were read. */
export function checkAllRead(reader: BitReader): void {
  if (reader.position !== reader.bits) {
    failAt(reader, `${reader.bits - reader.position} bits are left over, expected none`);
  }
}
