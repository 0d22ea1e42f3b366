import { ValueError } from "../errors.js";
import { log } from "../math/log.js";
import { logFloat32 } from "../math/log-float32.js";
import { checkFinite } from "../stats/checked.js";
import { sum } from "../tensor/reduce.js";
import type { Tensor } from "../tensor/types.js";
import { logMomentsKernels as module } from "../wasm/modules/log-moments.generated.js";
import { sweep } from "../wasm/sweep.js";

/** Count, mean and standard deviation of ln|x| over the values that are not zero. */
export interface LogMoments {
  readonly count: number;
  readonly mean: number;
  readonly std: number;
}

const block = 1024;
const lanes = 8;

/**
 * Returns count, mean and standard deviation of ln|x| over the values that are not zero. The logarithms of float32 values
 * are float32 (each within 2 units in the last place), all others float64. Added up in float64, in blocks
 * of 1024 values and eight lanes within a block, so that the bits depend neither on the engine nor on threads; squares
 * are those of the distance from the block's own mean.
 * @throws ValueError for an empty tensor, one of zeros only, or a value that is not finite
 * @see Chan, Golub, LeVeque 1983: Σ(x - m)² = Σ over blocks of Σ(x - m_b)² + n_b (m_b - m)²
 */
export function logMoments(caller: string, values: Tensor): LogMoments {
  const { data } = values;
  if (!(data instanceof Float32Array)) return combined(caller, plainParts(caller, values, log), data.length);
  const parts = new Float64Array(3 * Math.ceil(data.length / block));
  const done = data.length > 0 && fastParts(values, parts);
  const found = combined(caller, done ? parts : plainParts(caller, values, logFloat32), data.length);
  // Float32 logarithms of neighbours can be the same: float64 tells whether the values are.
  return found.std === 0 ? combined(caller, plainParts(caller, values, log), data.length) : found;
}

function plainParts(caller: string, values: Tensor, logOf: (x: number) => number): Float64Array {
  checkFinite(caller, values);
  const parts = new Float64Array(3 * Math.ceil(values.data.length / block));
  const logs = new Float64Array(block);
  for (let at = 0; at < parts.length; at += 3) parts.set(partOf(values.data, (at / 3) * block, logs, logOf), at);
  return parts;
}

function fastParts({ data }: Tensor, parts: Float64Array): boolean {
  if (!(data instanceof Float32Array)) return false;
  return sweep({
    module,
    kernel: "logMoments",
    units: parts.length / 3,
    inputs: [{ data, per: block }],
    outputs: [{ data: parts, per: 3 }],
    work: 4 * block + 32,
    params: [data.length],
    nanoseconds: 1500,
  });
}

/** Returns how many of the block's values are not zero, the sum of their logarithms, and that of the squares. */
function partOf(
  data: Tensor["data"],
  start: number,
  logs: Float64Array,
  logOf: (x: number) => number,
): [number, number, number] {
  const end = Math.min(start + block, data.length);
  const sums = new Float64Array(lanes);
  let count = 0;
  for (let i = start; i < end; i++) {
    if (data[i] === 0) continue;
    const value = logOf(Math.abs(data[i] as number));
    logs[i - start] = value;
    sums[(i - start) % lanes] = (sums[(i - start) % lanes] as number) + value;
    count++;
  }
  if (count === 0) return [0, 0, 0];
  const total = added(sums);
  const mean = total / count;
  sums.fill(0);
  for (let i = start; i < end; i++) {
    if (data[i] === 0) continue;
    const away = (logs[i - start] as number) - mean;
    sums[(i - start) % lanes] = (sums[(i - start) % lanes] as number) + away * away;
  }
  return [count, total, added(sums)];
}

function added(sums: Float64Array): number {
  const [a, b, c, d, e, f, g, h] = sums as unknown as [number, number, number, number, number, number, number, number];
  return a + b + (c + d) + (e + f + (g + h));
}

function combined(caller: string, parts: Float64Array, length: number): LogMoments {
  const blocks = parts.length / 3;
  const column = (at: number): Float64Array =>
    Float64Array.from({ length: blocks }, (_, b) => parts[3 * b + at] as number);
  const sumOf = (data: Float64Array): number => sum({ data, shape: [blocks], dtype: "float64" });
  const [counts, sums, squares] = [column(0), column(1), column(2)];
  const count = sumOf(counts);
  if (length === 0) throw new ValueError(`${caller}: an empty tensor, expected at least one value`);
  if (count === 0) throw new ValueError(`${caller}: ${length} zeros, expected at least one value that is not zero`);
  const mean = sumOf(sums) / count;
  const between = squares.map((within, b) => {
    const n = counts[b] as number;
    const away = n === 0 ? 0 : (sums[b] as number) / n - mean;
    return within + n * (away * away);
  });
  return { count, mean, std: Math.sqrt(sumOf(between) / count) };
}
