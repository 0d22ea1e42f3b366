import { FileFormatError } from "../errors.js";
import { allocate } from "../tensor/data.js";
import type { TensorData } from "../tensor/types.js";
import { type BitReader, failAt, readBits } from "./bit-reader.js";
import { type Coded, countOf, payloadOffset } from "./coded.js";
import { lowest, segmentLength } from "./rans-segment.js";
import type { SymbolTensor } from "./symbols.js";

/** A decoder's place in its bytes. */
export interface Input {
  readonly caller: string;
  readonly bytes: Uint8Array;
  position: number;
  /** Where the bytes begin in their stream. */
  readonly origin: number;
}

/** Fills `data` from the state that a segment begins with, and returns the state after it. */
export type SegmentDecoder = (input: Input, state: number, data: SymbolTensor["data"]) => number;

/**
 * Returns all symbols, segment by segment: memory for a segment is taken only when the one before was sound.
 * @throws FileFormatError when a segment does not end in the state that its encoder began with, or bytes are left over
 */
export function decodeSegments(caller: string, coded: Coded, count: number, decode: SegmentDecoder): SymbolTensor {
  const { bytes, bits, dtype, shape } = coded;
  const input: Input = { caller, bytes, position: 0, origin: payloadOffset(coded) };
  if (bits !== 8 * bytes.length) fail(input, `${bits} bits, expected whole bytes`);
  const segments: TensorData[] = [];
  for (let first = 0; first < count; first += segmentLength) {
    const state = readState(input);
    const segment = allocate(dtype, Math.min(segmentLength, count - first));
    const last = decode(input, state, segment);
    if (last !== lowest) fail(input, `a segment that ends in state ${last}, expected ${lowest}`);
    segments.push(segment);
  }
  if (input.position !== bytes.length)
    fail(input, `${bytes.length - input.position} bytes are left over, expected none`);
  const data = allocate(dtype, count);
  for (let i = 0; i < segments.length; i++) data.set(segments[i] as TensorData, i * segmentLength);
  return { data, shape, dtype };
}

/** Takes in bytes until the state is in its range again. @throws FileFormatError when there is none left */
export function refill(input: Input, state: number): number {
  let filled = state;
  while (filled < lowest) {
    if (input.position >= input.bytes.length) fail(input, "the bytes end within a segment, expected all of it");
    filled = filled * 256 + (input.bytes[input.position++] as number);
  }
  return filled;
}

/** Returns the number of symbols. @throws FileFormatError when they need more states than the bytes hold */
export function ransCount(caller: string, coded: Coded): number {
  return countOf(caller, coded, Math.floor(coded.bytes.length / 4) * segmentLength);
}

/** Reads the precision that a table begins with. @throws FileFormatError when it is above 16 */
export function readPrecision(reader: BitReader): number {
  const precision = 12 + readBits(reader, 3);
  return precision <= 16 ? precision : failAt(reader, `precision ${precision}, expected 12..16`);
}

function readState(input: Input): number {
  const { bytes, position } = input;
  if (position + 4 > bytes.length) fail(input, `${bytes.length - position} bytes, expected the four of a state`);
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(position, position + 4);
  const state = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  if (state < lowest || state >= 2 ** 31) fail(input, `state ${state}, expected 2^23..2^31 - 1`);
  input.position += 4;
  return state;
}

function fail(input: Input, problem: string): never {
  throw new FileFormatError(`${input.caller}: ${problem}`, input.origin + input.position);
}
