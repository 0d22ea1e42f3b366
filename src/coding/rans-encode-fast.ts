import { type Desk, openDesk } from "../wasm/desk.js";
import type { Kernel } from "../wasm/machine.js";
import { ransKernels as module } from "../wasm/modules/rans.generated.js";
import { append, type Output, segmentLength } from "./rans-segment.js";
import type { SymbolTensor } from "./symbols.js";

/** The frequencies of an alphabet, and where each symbol's slots begin. */
export interface RansModel {
  readonly min: number;
  readonly precision: number;
  readonly frequencies: Uint32Array;
  readonly starts: Uint32Array;
}

/** Fewer symbols are coded sooner than the table of a kernel is filled. */
const fewest = 512;
/** Bytes that a segment takes at most. */
const room = 2 * segmentLength + 64;
/** Segments that are coded side by side: each waits for its own state only. */
const together = 4;

/** Appends all segments of symbols, coded by the kernels, and returns whether it did. */
export function fastRansEncode(out: Output, data: SymbolTensor["data"], model: RansModel): boolean {
  const desk = data.length < fewest ? undefined : openDesk(module, data);
  const width = 8 * data.BYTES_PER_ELEMENT;
  const [one, four] = [desk?.kernels[`encodeOne${width}`], desk?.kernels[`encodeFour${width}`]];
  if (desk === undefined || one === undefined || four === undefined) return false;
  const { min, precision } = model;
  const entries = placeEntries(desk, model);
  const lengths = desk.place(Int32Array, together);
  const input = desk.place(data.constructor as Uint8ArrayConstructor, together * segmentLength);
  const output = desk.place(Uint8Array, together * room);
  const run = (kernel: Kernel, first: number, count: number, segments: number): void => {
    const from = desk.bring(data, first, count * segments, input);
    kernel(count, from, output.byteOffset + room, entries.byteOffset, lengths.byteOffset, min, precision, room);
    for (let i = 0; i < segments; i++) {
      const end = (i + 1) * room;
      append(out, output.subarray(end - (lengths[i] as number), end));
    }
  };
  let first = 0;
  for (; first + together * segmentLength <= data.length; first += together * segmentLength) {
    run(four, first, segmentLength, together);
  }
  for (; first < data.length; first += segmentLength) run(one, first, Math.min(segmentLength, data.length - first), 1);
  return true;
}

/**
 * Places what the kernel needs of each symbol: reciprocal, frequency, start, shift. With 2^k the least power of two from
 * the frequency f on, and r = ceil(2^(31 + k) / f), floor(x / f) = floor(x r / 2^(31 + k)) for all x < 2^31: r f exceeds
 * 2^(31 + k) by less than 2^k, so the quotient by less than 1 / f.
 * @see Alverson 1991, Integer division using reciprocals
 */
function placeEntries(desk: Desk, { frequencies, starts }: RansModel): Uint32Array {
  const entries = desk.place(Uint32Array, 4 * frequencies.length);
  entries.fill(0);
  for (let i = 0; i < frequencies.length; i++) {
    const frequency = frequencies[i] as number;
    if (frequency === 0) continue;
    const shift = 31 + (32 - Math.clz32(frequency - 1));
    entries[4 * i] = reciprocal(shift, frequency);
    entries[4 * i + 1] = frequency;
    entries[4 * i + 2] = starts[i] as number;
    entries[4 * i + 3] = shift;
  }
  return entries;
}

/** Returns ceil(2^shift / frequency): both below 2^53, and the quotient rounded to the nearest may be one off. */
function reciprocal(shift: number, frequency: number): number {
  const power = 2 ** shift;
  const floor = Math.floor(power / frequency);
  return power % frequency === 0 ? floor : floor + 1;
}

/** Room for the frequencies and starts of one segment's symbols in turn, and what codes them. */
export interface GivenSegment {
  readonly frequency: Uint32Array;
  readonly start: Uint32Array;
  encode(out: Output, count: number, precision: number): void;
}

/** Returns room for segments that the kernels code, or undefined. @param count of all symbols */
export function fastGivenSegments(count: number): GivenSegment | undefined {
  const desk = count < fewest ? undefined : openDesk(module);
  const kernel = desk?.kernels.encodeGiven;
  if (desk === undefined || kernel === undefined) return undefined;
  const frequency = desk.place(Uint32Array, segmentLength);
  const start = desk.place(Uint32Array, segmentLength);
  const lengths = desk.place(Int32Array, 1);
  const output = desk.place(Uint8Array, room);
  return {
    frequency,
    start,
    encode: (out, symbols, precision) => {
      const end = output.byteOffset + room;
      kernel(symbols, frequency.byteOffset, start.byteOffset, end, lengths.byteOffset, precision);
      append(out, output.subarray(room - (lengths[0] as number)));
    },
  };
}
