import { openDesk } from "../wasm/desk.js";
import { ransKernels as module } from "../wasm/modules/rans.generated.js";
import type { RansModel } from "./rans-encode-fast.js";
import { segmentLength } from "./rans-segment.js";
import type { Input } from "./rans-segments-decode.js";
import type { SymbolTensor } from "./symbols.js";

/** How far a decoder came in a segment, and in which state. */
export interface SegmentProgress {
  readonly count: number;
  readonly state: number;
}

/** Decodes the first symbols of a segment, and moves the input on. */
export type FastSegment = (input: Input, state: number, data: SymbolTensor["data"]) => SegmentProgress;

/** Fewer symbols are decoded sooner than the table of a kernel is filled. */
const fewest = 4096;
/** Bytes that lie ready in the kernel's memory: several segments. */
const windowBytes = 2 ** 20;
/** Bytes that a segment takes at most, but for its state. */
const segmentBytes = 2 * segmentLength;

/**
 * Returns a decoder by the kernels, or undefined. It leaves the last symbols of the last segment, and all behind the end
 * of the bytes, to plain code.
 * @param symbols of each slot, counted from min
 */
export function fastRansDecode(
  model: RansModel,
  symbols: Uint16Array,
  count: number,
  like: SymbolTensor["data"],
): FastSegment | undefined {
  const desk = count < fewest ? undefined : openDesk(module);
  const width = like.BYTES_PER_ELEMENT;
  const kernel = desk?.kernels[`decode${8 * width}`];
  if (desk === undefined || kernel === undefined) return undefined;
  const { min, precision, frequencies, starts } = model;
  const slots = desk.place(Uint32Array, symbols.length);
  const values = width === 1 ? desk.place(Uint8Array, symbols.length) : desk.place(Uint16Array, symbols.length);
  const base = width === 4 ? 0 : min;
  for (let slot = 0; slot < symbols.length; slot++) {
    const index = symbols[slot] as number;
    slots[slot] = ((slot - (starts[index] as number)) << 16) | ((frequencies[index] as number) - 1);
    values[slot] = base + index;
  }
  const state = desk.place(Uint32Array, 3);
  const window = desk.place(Uint8Array, windowBytes);
  const output = desk.place(like.constructor as Uint8ArrayConstructor, segmentLength);
  let [from, to] = [0, 0];
  return (input, first, data) => {
    const { bytes, position } = input;
    if (to < Math.min(bytes.length, position + segmentBytes)) {
      [from, to] = [position, Math.min(bytes.length, position + windowBytes)];
      window.set(bytes.subarray(from, to));
    }
    state[0] = first;
    kernel(
      ...[data.length, window.byteOffset + position - from, to - position, output.byteOffset],
      ...[slots.byteOffset, values.byteOffset, state.byteOffset, min, precision],
    );
    const [last = 0, done = 0, read = 0] = state;
    data.set(output.subarray(0, done));
    input.position += read;
    return { count: done, state: last };
  };
}
