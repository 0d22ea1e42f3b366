import { histogramKernels as module } from "../wasm/modules/histogram.generated.js";
import { type Sweep, sweep } from "../wasm/sweep.js";
import type { Histogram } from "./histogram.js";
import type { SymbolTensor } from "./symbols.js";

/** Fewer symbols are counted sooner than a kernel is called. */
const fewest = 512;
/** The extent is taken of blocks of this many symbols; a rest is left to plain code. */
const blockLength = 4096;
/** Tables of more bytes than this, one beside the other, leave the level-1 cache. */
const smallTable = 16384;

type Data = SymbolTensor["data"];

/** Returns how often each byte 0..255 occurs, by the kernels, or undefined. An int8 is counted at the byte of its bits. */
export function fastByteCounts(data: Int8Array | Uint8Array): Uint32Array | undefined {
  const tables = new Uint32Array(8 * 256);
  if (data.length < fewest || !counted("count8", data, tables, [])) return undefined;
  return added(tables, 8);
}

/** Returns the smallest and the largest of some leading symbols, and how many these are: a multiple of 4096. */
export function fastExtent(data: Data): readonly [min: number, max: number, count: number] {
  const none = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0] as const;
  const units = Math.floor(data.length / blockLength);
  const kernel = kernelOf("extent", data);
  if (units === 0 || kernel === undefined) return none;
  const extents = new Int32Array(2 * units);
  const inputs = [{ data, per: blockLength }];
  const outputs = [{ data: extents, per: 2 }];
  if (!sweep({ module, kernel, units, inputs, outputs, work: 32, nanoseconds: blockLength / 4 })) return none;
  let [min, max]: [number, number] = [none[0], none[1]];
  for (let i = 0; i < extents.length; i += 2) {
    min = Math.min(min, extents[i] as number);
    max = Math.max(max, extents[i + 1] as number);
  }
  return [min, max, units * blockLength];
}

/** Fills the counts of symbols of 16 or 32 bits and returns whether the kernels did. */
export function fastCounts(data: Data, { min, counts }: Histogram): boolean {
  const kernel = kernelOf("count", data);
  if (data.length < fewest || kernel === undefined) return false;
  const ways = 4 * counts.length <= smallTable ? 4 : 1;
  const tables = new Uint32Array(ways * counts.length);
  if (!counted(kernel, data, tables, [min, ways === 1 ? 0 : 4 * counts.length])) return false;
  counts.set(added(tables, ways));
  return true;
}

function counted(kernel: string, data: Data, tables: Uint32Array, params: readonly number[]): boolean {
  const task: Sweep = { module, kernel, units: data.length, inputs: [{ data, per: 1 }], outputs: [], sums: [tables] };
  return sweep({ ...task, params, nanoseconds: 0.3, grain: 64 });
}

/** Returns the sum of `ways` tables that follow each other. */
function added(tables: Uint32Array, ways: number): Uint32Array {
  const length = tables.length / ways;
  const sums = tables.slice(0, length);
  for (let i = length; i < tables.length; i++) (sums[i % length] as number) += tables[i] as number;
  return sums;
}

function kernelOf(task: string, data: Data): string | undefined {
  if (data instanceof Int16Array) return `${task}Int16`;
  if (data instanceof Uint16Array) return `${task}Uint16`;
  return data instanceof Int32Array ? `${task}Int32` : undefined;
}
