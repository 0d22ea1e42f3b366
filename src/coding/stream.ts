import { FileFormatError, ShapeError, ValueError } from "../errors.js";
import { type Coded, type Coder, coders, headerLength } from "./coded.js";
import { crc32 } from "./crc32.js";
import { eliasDeltaDecode } from "./elias-delta.js";
import { eliasGammaDecode } from "./elias-gamma.js";
import { expGolombDecode } from "./exp-golomb.js";
import { huffmanDecode } from "./huffman-decode.js";
import { ransAdaptiveDecode } from "./rans-adaptive.js";
import { ransDecode } from "./rans-decode.js";
import { maxRank, type SymbolDtype, type SymbolTensor, symbolRanges } from "./symbols.js";
import { zeroRunsDecode } from "./zero-runs.js";

const magic = "LBCS";
const version = 1;
const dtypes = Object.keys(symbolRanges) as SymbolDtype[];

const decoders: Readonly<Record<Coder, (coded: Coded) => SymbolTensor>> = {
  huffman: huffmanDecode,
  rans: ransDecode,
  "rans-adaptive": ransAdaptiveDecode,
  "exp-golomb": expGolombDecode,
  "elias-gamma": eliasGammaDecode,
  "elias-delta": eliasDeltaDecode,
  "zero-runs": zeroRunsDecode,
};

/** Options of {@link readStream}. */
export interface ReadStreamOptions {
  /** The most symbols that are accepted; default 2^28. A few bytes can honestly hold very many equal symbols. */
  readonly maxSymbols?: number;
}

/**
 * Returns coded symbols as a stream of bytes that {@link readStream} takes back. All integers are little-endian:
 *
 * | at byte | bytes | what |
 * |---|---|---|
 * | 0 | 4 | `LBCS` in ASCII |
 * | 4 | 1 | version: 1 |
 * | 5 | 1 | coder: 1 huffman, 2 rans, 3 rans-adaptive, 4 exp-golomb, 5 elias-gamma, 6 elias-delta, 7 zero-runs |
 * | 6 | 1 | dtype: 1 bool, 2 int8, 3 uint8, 4 int16, 5 uint16, 6 int32 |
 * | 7 | 1 | r, the number of axes, 0..32 |
 * | 8 | 4 r | the sides of the shape |
 * | 8 + 4 r | 4 | t, bytes of the table |
 * | 12 + 4 r | 4 | p, bytes of the coded symbols |
 * | 16 + 4 r | 1 | how many bits of the last of these do not count, 0..7; they are 0 |
 * | 17 + 4 r | t | the table |
 * | 17 + 4 r + t | p | the coded symbols |
 * | 17 + 4 r + t + p | 4 | CRC-32 of all bytes before |
 *
 * Within table and symbols the highest bit of a byte comes first. gamma(n) is the Elias gamma code of n >= 1. Tables:
 * - range: gamma(span + 1), then, unless the span is 0, gamma(zigzag(min) + 1): the symbols are min..min + span - 1
 * - numbers: gamma(1) for one that equals the last number that was not 0; gamma(2) gamma(r) for r zeros;
 *   gamma(2 + zigzag(d)) for one that is d larger than the last that was not 0, which is 0 at first
 * - huffman: a range; the length of each symbol's code as numbers. The codes are the canonical ones
 * - rans: precision - 12 in 3 bits; a range; the number of binary digits of each symbol's frequency as numbers; of each
 *   frequency above 1 its digits after the first. Frequencies add up to 2^precision
 * - rans-adaptive: precision - 12 in 3 bits; a range
 * - exp-golomb and zero-runs: one byte, the order
 * - elias-gamma and elias-delta: empty
 *
 * Symbols of rans: for each 65,536 the state in 4 bytes, the highest first, and the bytes that the decoder takes in while
 * the state is below 2^23; a segment ends in state 2^23.
 * @throws ShapeError for more than 32 axes or a side above 2^32 - 1; ValueError for an unknown coder or dtype, or bits
 * that do not end in the last byte
 * @example readStream(writeStream(huffmanEncode(symbols)))
 */
export function writeStream(coded: Coded): Uint8Array {
  const { coder, dtype, shape, table, bytes, bits } = coded;
  if (!coders.includes(coder) || !dtypes.includes(dtype)) {
    throw new ValueError(
      `writeStream: coder ${JSON.stringify(coder)}, dtype ${JSON.stringify(dtype)}, expected known ones`,
    );
  }
  if (shape.length > maxRank || !shape.every((side) => side >>> 0 === side)) {
    throw new ShapeError(`writeStream: shape [${shape.join(", ")}], expected at most 32 sides, integers 0..2^32 - 1`);
  }
  const padding = 8 * bytes.length - bits;
  if (!(padding >= 0 && padding < 8)) {
    throw new ValueError(`writeStream: ${bits} bits in ${bytes.length} bytes, expected them to end in the last byte`);
  }
  const header = headerLength(shape);
  const stream = new Uint8Array(header + table.length + bytes.length + 4);
  const view = new DataView(stream.buffer);
  for (let i = 0; i < 4; i++) stream[i] = magic.charCodeAt(i);
  stream.set([version, coders.indexOf(coder) + 1, dtypes.indexOf(dtype) + 1, shape.length], 4);
  for (const [axis, side] of shape.entries()) view.setUint32(8 + 4 * axis, side, true);
  view.setUint32(header - 9, table.length, true);
  view.setUint32(header - 5, bytes.length, true);
  stream[header - 1] = padding;
  stream.set(table, header);
  stream.set(bytes, header + table.length);
  view.setUint32(stream.length - 4, crc32(stream.subarray(0, -4)), true);
  return stream;
}

/**
 * Returns the coded symbols of a stream that {@link writeStream} made, after checking every field of it. Nothing is
 * decoded yet: {@link decode} does that, and refuses tables and codes that are none. Neither takes memory for more symbols
 * than the bytes can hold, and both come to an end on any bytes.
 * @returns `table` and `bytes` are views of the stream, not copies
 * @throws FileFormatError naming the byte where a field is wrong; ValueError for a maxSymbols that is no number >= 0
 * @example decode(readStream(bytes)) // the tensor of symbols
 */
export function readStream(stream: Uint8Array, options: ReadStreamOptions = {}): Coded {
  const { maxSymbols = 2 ** 28 } = options;
  if (!(maxSymbols >= 0)) throw new ValueError(`readStream: maxSymbols = ${maxSymbols}, expected a number >= 0`);
  const fail = (problem: string, offset: number): never => {
    throw new FileFormatError(`readStream: ${problem}`, offset);
  };
  if (stream.length < 21) fail(`${stream.length} bytes, expected at least 21`, stream.length);
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  for (let i = 0; i < 4; i++) if (stream[i] !== magic.charCodeAt(i)) fail(`byte ${stream[i]}, expected ${magic}`, i);
  if (stream[4] !== version) fail(`version ${stream[4]}, expected ${version}`, 4);
  const coder = coders[(stream[5] as number) - 1] ?? fail(`coder ${stream[5]}, expected 1..${coders.length}`, 5);
  const dtype = dtypes[(stream[6] as number) - 1] ?? fail(`dtype ${stream[6]}, expected 1..${dtypes.length}`, 6);
  const rank = stream[7] as number;
  if (rank > maxRank) fail(`${rank} axes, expected at most ${maxRank}`, 7);
  const header = 17 + 4 * rank;
  if (stream.length < header + 4) fail(`${stream.length} bytes, expected at least ${header + 4}`, stream.length);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(8 + 4 * axis, true));
  const count = shape.includes(0) ? 0 : shape.reduce((product, side) => product * side, 1);
  if (count > maxSymbols) fail(`${count} symbols, expected at most maxSymbols = ${maxSymbols}`, 8);
  const tableLength = view.getUint32(header - 9, true);
  const room = stream.length - header - 4;
  if (tableLength > room) fail(`a table of ${tableLength} bytes, expected at most ${room}`, header - 9);
  const length = view.getUint32(header - 5, true);
  if (length !== room - tableLength) fail(`${length} bytes of symbols, expected ${room - tableLength}`, header - 5);
  const crc = crc32(stream.subarray(0, -4));
  if (view.getUint32(stream.length - 4, true) !== crc) fail(`a wrong checksum, expected ${crc}`, stream.length - 4);
  const padding = stream[header - 1] as number;
  if (padding > Math.min(7, 8 * length)) fail(`${padding} bits that do not count, expected 0..7`, header - 1);
  const table = stream.subarray(header, header + tableLength);
  const bytes = stream.subarray(header + tableLength, stream.length - 4);
  if (padding > 0 && (bytes[length - 1] as number) & ((1 << padding) - 1)) {
    fail("bits behind the last code, expected zeros", stream.length - 5);
  }
  return { coder, dtype, shape, table, bytes, bits: 8 * length - padding };
}

/**
 * Returns the symbols of a coded record, whatever its coder, with their dtype and shape.
 * @throws FileFormatError when table or codes are none of the coder's making; ValueError for an unknown coder
 * @example decode(readStream(bytes))
 */
export function decode(coded: Coded): SymbolTensor {
  if (!Object.hasOwn(decoders, coded.coder)) {
    throw new ValueError(`decode: coder ${JSON.stringify(coded.coder)}, expected one of ${coders.join(", ")}`);
  }
  return decoders[coded.coder](coded);
}
