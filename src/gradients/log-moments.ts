import { ValueError } from "../errors.js";
import { log } from "../math/log.js";
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
 * Returns count, mean and standard deviation of ln|x| over the values that are not zero. Added up in float64, in blocks
 * of 1024 values and eight lanes within a block, so that the bits depend neither on the engine nor on threads; squares
 * are those of the distance from the block's own mean.
 * @throws ValueError for an empty tensor, one of zeros only, or a value that is not finite
 * @see Chan, Golub, LeVeque 1983: Σ(x - m)² = Σ over blocks of Σ(x - m_b)² + n_b (m_b - m)²
 */
export function logMoments(caller: string, values: Tensor): LogMoments {
  const blocks = Math.ceil(values.data.length / block);
  const parts = new Float64Array(3 * blocks);
  if (blocks === 0 || !fastParts(values, parts)) {
    checkFinite(caller, values);
    const logs = new Float64Array(block);
    for (let b = 0; b < blocks; b++) parts.set(partOf(values.data, b * block, logs), 3 * b);
  }
  return combined(caller, parts, values.data.length);
}

function fastParts({ data }: Tensor, parts: Float64Array): boolean {
  if (!(data instanceof Float32Array)) return false;
  return sweep({
    module,
    kernel: "logMoments",
    units: parts.length / 3,
    inputs: [{ data, per: block }],
    outputs: [{ data: parts, per: 3 }],
    work: 8 * block + 32,
    params: [data.length],
    nanoseconds: 4000,
  });
}

/** Returns how many of the block's values are not zero, the sum of their logarithms, and that of the squares. */
function partOf(data: Tensor["data"], start: number, logs: Float64Array): [number, number, number] {
  const end = Math.min(start + block, data.length);
  const sums = new Float64Array(lanes);
  let count = 0;
  for (let i = start; i < end; i++) {
    if (data[i] === 0) continue;
    const value = log(Math.abs(data[i] as number));
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
