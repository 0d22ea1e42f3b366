import type { Mask, Tensor } from "../tensor/types.js";
import { transposableKernels } from "../wasm/modules/transposable.generated.js";
import { transposableBlocksKernels } from "../wasm/modules/transposable-blocks.generated.js";
import { sweep } from "../wasm/sweep.js";
import { transposableTable } from "./transposable-table.js";

/** Blocks that a kernel left to the plain solver: 1 for each, in the order of the blocks. */
export type LeftBlocks = Uint8Array;

/**
 * Writes the optimal 2:4 transposable mask of float32 weights with the kernel wherever one mask is ahead of all others by
 * more than rounding; returns which blocks are left to do, or undefined when all are.
 */
export function fastTransposable24(weights: Tensor, mask: Mask): LeftBlocks | undefined {
  const { data, shape } = weights;
  const [rows, columns] = shape as [number, number];
  if (!(data instanceof Float32Array) || columns < 16) return undefined;
  const blocks = columns / 4;
  const left = new Uint8Array((rows / 4) * blocks);
  const done = sweep({
    module: transposableKernels,
    kernel: "t24",
    units: rows / 4,
    inputs: [{ data, per: 4 * columns }],
    outputs: [
      { data: mask.data, per: 4 * columns },
      { data: left, per: blocks },
    ],
    tables: [transposableTable()],
    work: 48,
    params: [blocks],
    nanoseconds: 30 * blocks,
  });
  return done ? left : undefined;
}

/** How the blocks of a matrix are solved by {@link fastTransposable}. */
export interface BlockTask {
  readonly method: "exact" | "greedy-keep" | "greedy-prune";
  readonly keep: number;
  readonly group: number;
}

/**
 * Writes the transposable mask of float32 weights in blocks of an even side; returns which blocks are left to do, those
 * with NaN or infinity, or undefined when all are.
 */
export function fastTransposable(
  weights: Tensor,
  mask: Mask,
  { method, keep, group }: BlockTask,
): LeftBlocks | undefined {
  const { data, shape } = weights;
  const [rows, columns] = shape as [number, number];
  if (!(data instanceof Float32Array) || group % 2 === 1) return undefined;
  const blocks = columns / group;
  const left = new Uint8Array((rows / group) * blocks);
  const exact = method === "exact";
  const params = [columns, keep, group];
  const done = sweep({
    module: transposableBlocksKernels,
    kernel: exact ? "flow" : "greedy",
    units: rows / group,
    inputs: [{ data, per: group * columns }],
    outputs: [
      { data: mask.data, per: group * columns },
      { data: left, per: blocks },
    ],
    work: exact ? (4 * group + 11) * group * 8 : 24 * group * group,
    params: exact ? params : [...params, method === "greedy-prune" ? 1 : 0],
    nanoseconds: 20 * group * columns,
  });
  return done ? left : undefined;
}
