import { FileFormatError } from "../errors.js";

/** A piece of protocol-buffer bytes, of which fields are read one after the other. */
export interface WireReader {
  readonly caller: string;
  readonly bytes: Uint8Array;
  at: number;
  /** The byte behind the piece. */
  readonly end: number;
}

/** One field: its number, how it is written, and where its value lies. */
export interface WireField {
  readonly field: number;
  /** 0: a varint; 1: 8 bytes; 2: bytes of a given length; 5: 4 bytes. */
  readonly wire: 0 | 1 | 2 | 5;
  /** The first byte of the value, and the one behind it. */
  readonly from: number;
  readonly to: number;
}

/** Throws a {@link FileFormatError} at the reader's place. */
export function failAt(reader: WireReader, arrived: string, expected: string, at: number = reader.at): never {
  throw new FileFormatError(`${reader.caller}: ${arrived}, expected ${expected}`, at);
}

/** Returns a reader of the bytes from `from` to `to`. */
export function within(
  { caller, bytes }: WireReader,
  { from, to }: { readonly from: number; readonly to: number },
): WireReader {
  return { caller, bytes, at: from, end: to };
}

/**
 * Returns the next field and steps behind it; undefined at the end.
 * @throws FileFormatError for what is no field, or is longer than the piece
 * @see Protocol Buffers, Encoding
 */
export function nextField(reader: WireReader): WireField | undefined {
  if (reader.at === reader.end) return undefined;
  const start = reader.at;
  const tag = unsigned(reader);
  const field = Math.floor(tag / 8);
  const wire = tag % 8;
  if (field < 1 || field > 2 ** 29 - 1) failAt(reader, `a field of number ${field}`, "1 .. 2^29 - 1", start);
  let from = reader.at;
  if (wire === 0) varint(reader);
  else if (wire === 1 || wire === 5) step(reader, wire === 1 ? 8 : 4);
  else if (wire === 2) {
    const length = unsigned(reader);
    from = reader.at;
    step(reader, length);
  } else failAt(reader, `a field of wire type ${wire}`, "0, 1, 2 or 5", start);
  return { field, wire: wire as WireField["wire"], from, to: reader.at };
}

function step(reader: WireReader, length: number): void {
  if (length > reader.end - reader.at) {
    failAt(reader, `${length} bytes of a value`, `at most ${reader.end - reader.at}, which are left`);
  }
  reader.at += length;
}

/** Reads a varint as the two halves of its 64 bits, low half first. */
export function varint(reader: WireReader): readonly [number, number] {
  let [low, high] = [0, 0];
  const start = reader.at;
  for (let shift = 0; shift < 70; shift += 7) {
    if (reader.at === reader.end) failAt(reader, "an end within a number", "more bytes");
    const byte = reader.bytes[reader.at++] as number;
    const bits = byte & 127;
    if (shift < 32) low |= bits << shift;
    if (shift > 24) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
    if (byte < 128) return [low >>> 0, high >>> 0];
  }
  return failAt(reader, "a number of more than 10 bytes", "at most 10", start);
}

/** Reads a varint that is not negative. @throws FileFormatError beyond 2^53 - 1 */
export function unsigned(reader: WireReader): number {
  const start = reader.at;
  const [low, high] = varint(reader);
  if (high > 0x1fffff) failAt(reader, "a number beyond 2^53 - 1", "a smaller one", start);
  return high * 4294967296 + low;
}

/** Reads a varint of two's complement. @throws FileFormatError beyond ±(2^53 - 1) */
export function signed(reader: WireReader): number {
  const start = reader.at;
  const [low, high] = varint(reader);
  const value = (high | 0) * 4294967296 + low;
  if (!Number.isSafeInteger(value)) failAt(reader, `an integer near ${value}`, "at most 2^53 - 1", start);
  return value;
}

/** Returns the numbers of a repeated field, packed or one by one, with `read`. */
export function repeated(
  reader: WireReader,
  fields: readonly WireField[],
  read: (reader: WireReader) => number,
): number[] {
  const values: number[] = [];
  for (const field of fields) {
    if (field.wire !== 0 && field.wire !== 2)
      failAt(reader, `a number of wire type ${field.wire}`, "0 or 2", field.from);
    const piece = within(reader, field);
    do {
      if (piece.at < piece.end) values.push(read(piece));
    } while (piece.at < piece.end);
  }
  return values;
}

/** Returns the bytes of a repeated field of fixed width, packed or one by one. */
export function fixed(reader: WireReader, fields: readonly WireField[], width: 4 | 8): Uint8Array {
  let length = 0;
  for (const { wire, from, to } of fields) {
    const right = wire === 2 || wire === (width === 4 ? 5 : 1);
    if (!right || (to - from) % width !== 0) {
      failAt(reader, `${to - from} bytes of wire type ${wire}`, `numbers of ${width} bytes`, from);
    }
    length += to - from;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const { from, to } of fields) {
    bytes.set(reader.bytes.subarray(from, to), at);
    at += to - from;
  }
  return bytes;
}
