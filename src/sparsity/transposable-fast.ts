import type { Mask, Tensor } from "../tensor/types.js";
import { transposableKernels as module } from "../wasm/modules/transposable.generated.js";
import { sweep } from "../wasm/sweep.js";

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
    module,
    kernel: "t24",
    units: rows / 4,
    inputs: [{ data, per: 4 * columns }],
    outputs: [
      { data: mask.data, per: 4 * columns },
      { data: left, per: blocks },
    ],
    params: [blocks],
    nanoseconds: 20 * blocks,
  });
  return done ? left : undefined;
}
