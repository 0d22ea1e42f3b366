import { floatWords, highWord } from "../dtypes/bits.js";
import type { TensorData } from "../tensor/types.js";

/** Of fewer values the engine's own sort is faster. */
const fewest = 1000;

/** Returns the values in ascending order, -0 before 0. Float32 are sorted by their bits, 11 at a time. */
export function sortedValues(data: TensorData): Float64Array {
  if (!(data instanceof Float32Array) || data.length < fewest) return Float64Array.from(data).sort();
  let from = new Uint32Array(data.length);
  from.set(new Uint32Array(data.buffer, data.byteOffset, data.length));
  // Bits that order as the values do: of negative ones all turned, of the others the sign.
  for (let i = 0; i < from.length; i++) {
    const bits = from[i] as number;
    from[i] = bits ^ ((bits >> 31) | 0x80000000);
  }
  let to = new Uint32Array(data.length);
  for (const shift of [0, 11, 22]) {
    scatter(from, to, shift);
    [from, to] = [to, from];
  }
  for (let i = 0; i < from.length; i++) {
    const bits = from[i] as number;
    from[i] = bits ^ (~(bits >> 31) | 0x80000000);
  }
  return Float64Array.from(new Float32Array(from.buffer));
}

function scatter(from: Uint32Array, to: Uint32Array, shift: number): void {
  const starts = new Uint32Array(2049);
  for (let i = 0; i < from.length; i++) {
    const digit = ((from[i] as number) >>> shift) & 2047;
    starts[digit + 1] = (starts[digit + 1] as number) + 1;
  }
  for (let digit = 1; digit <= 2048; digit++) starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
  for (let i = 0; i < from.length; i++) {
    const key = from[i] as number;
    const digit = (key >>> shift) & 2047;
    const at = starts[digit] as number;
    starts[digit] = at + 1;
    to[at] = key;
  }
}

/**
 * Returns the magnitudes at two neighbouring places of the ascending order: `below` and the one after it, the last one
 * twice at the end. They are counted by their leading 16 bits, and only those that share these with the two are sorted.
 * @param data finite, at least one
 */
export function neighboursByRank(data: TensorData, below: number): [number, number] {
  const floats = data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
  const words = leadingWords(floats);
  const [step, start] = floats instanceof Float32Array ? [1, 0] : [2, highWord];
  const counts = new Uint32Array(65536);
  for (let at = start; at < words.length; at += step) {
    const key = ((words[at] as number) >>> 15) & 0xffff;
    counts[key] = (counts[key] as number) + 1;
  }
  const above = Math.min(below + 1, data.length - 1);
  let [first, before] = [0, 0];
  while (before + (counts[first] as number) <= below) before += counts[first++] as number;
  let [last, through] = [first, before + (counts[first] as number)];
  while (through <= above) through += counts[++last] as number;
  const some = new Float64Array(through - before);
  let filled = 0;
  for (let at = start; at < words.length; at += step) {
    const key = ((words[at] as number) >>> 15) & 0xffff;
    if (key >= first && key <= last) some[filled++] = Math.abs(floats[(at - start) / step] as number);
  }
  some.sort();
  return [some[below - before] as number, some[above - before] as number];
}

/** The words of floats, one of a float32 and two of a float64. */
function leadingWords(data: Float32Array | Float64Array): Int32Array {
  return data instanceof Float64Array ? floatWords(data) : new Int32Array(data.buffer, data.byteOffset, data.length);
}
