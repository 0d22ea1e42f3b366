import { maxBytes } from "./bit-writer.js";

/**
 * The state of rANS lies in [2^23, 2^31), so that it stays a positive 32-bit integer throughout, and grows and shrinks
 * by whole bytes.
 * @see Duda 2013, arXiv:1311.2540: x' = floor(x / f) 2^n + c + x mod f
 */
export const lowest: number = 2 ** 23;

/** Symbols are coded in segments of at most this many, each with a state of its own: see `ransEncode`. */
export const segmentLength = 65536;

/** What a decoder needs of frequencies that add up to 2^precision. */
export interface Slots {
  /** Where each symbol's slots begin. */
  readonly starts: Uint32Array;
  /** The symbol of each of the 2^precision slots, counted from the smallest. */
  readonly symbols: Uint16Array;
}

/** Bytes that are appended to; the first `length` of them count. */
export interface Output {
  bytes: Uint8Array;
  length: number;
}

/** Returns where each symbol's slots begin. */
export function startsOf(
  frequencies: Uint32Array,
  starts: Uint32Array = new Uint32Array(frequencies.length),
): Uint32Array {
  let sum = 0;
  for (let i = 0; i < frequencies.length; i++) {
    starts[i] = sum;
    sum += frequencies[i] as number;
  }
  return starts;
}

/** Returns the slots of frequencies, into `out` where that is given. */
export function slotsOf(frequencies: Uint32Array, precision: number, out?: Slots): Slots {
  const starts = startsOf(frequencies, out?.starts);
  const symbols = out?.symbols ?? new Uint16Array(2 ** precision);
  for (let i = 0; i < frequencies.length; i++) {
    const start = starts[i] as number;
    symbols.fill(i, start, start + (frequencies[i] as number));
  }
  return { starts, symbols };
}

/**
 * Appends a segment: the last state in four bytes, the highest first, then the bytes that the decoder takes in.
 * @param frequencies of each symbol of the segment in turn
 * @param starts of each symbol of the segment in turn
 * @param scratch at least 2 count + 4 bytes
 */
export function encodeSegment(
  out: Output,
  frequencies: Uint32Array,
  starts: Uint32Array,
  count: number,
  precision: number,
  scratch: Uint8Array,
): void {
  let state = lowest;
  let at = scratch.length;
  const slots = 2 ** precision;
  const perSlot = 2 ** (31 - precision);
  // The decoder goes forwards, so the encoder goes backwards.
  for (let i = count - 1; i >= 0; i--) {
    const frequency = frequencies[i] as number;
    const limit = frequency * perSlot;
    while (state >= limit) {
      scratch[--at] = state & 255;
      state >>>= 8;
    }
    const quotient = Math.floor(state / frequency);
    state = quotient * slots + (starts[i] as number) + (state - quotient * frequency);
  }
  for (let byte = 0; byte < 4; byte++) {
    scratch[--at] = state & 255;
    state >>>= 8;
  }
  append(out, scratch.subarray(at));
}

/** Appends bytes. */
export function append(out: Output, bytes: Uint8Array): void {
  const length = out.length + bytes.length;
  if (length > out.bytes.length) {
    const larger = new Uint8Array(Math.min(maxBytes, 2 * length));
    larger.set(out.bytes.subarray(0, out.length));
    out.bytes = larger;
  }
  out.bytes.set(bytes, out.length);
  out.length = length;
}
