import { outOf } from "../tensor/out.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { checkBlocks, refuseNaN } from "./pattern.js";

/** Chooses what one block keeps: reads group² magnitudes (none is NaN), writes group² zeros and ones. */
export type BlockSolver = (magnitudes: Float64Array, kept: Uint8Array) => void;

/** Called after each block with its place in the grid of blocks. */
export type BlockVisitor = (blockRow: number, blockColumn: number) => void;

/** How {@link solveBlocks} goes about it. */
export interface BlockPlan {
  readonly group: number;
  readonly solve: BlockSolver;
  /** Where the mask is written; default a new one. */
  readonly out?: Mask | undefined;
  readonly after?: BlockVisitor;
  /** Solves what it can at once, and returns which blocks are left, in order; undefined: all. */
  readonly atOnce?: ((weights: Tensor, mask: Mask) => Uint8Array | undefined) | undefined;
}

/**
 * Returns the mask of a matrix, solved block by block. Scratch memory is allocated once, not per block.
 * @throws ShapeError when group does not divide both sides; ValueError for NaN
 */
export function solveBlocks(caller: string, weights: Tensor, plan: BlockPlan): Mask {
  const { group, after } = plan;
  const [rows, columns] = checkBlocks(caller, weights, group);
  const out = outOf(caller, plan.out, "bool", weights.shape, [weights]);
  const left = plan.atOnce?.(weights, out);
  const solveAt = blockSolverOf(caller, weights, plan, out.data);
  const width = columns / group;
  const count = (rows / group) * width;
  const next = (at: number): number => (left === undefined ? at : left.indexOf(1, at));
  for (let at = next(0); at >= 0 && at < count; at = next(at + 1)) {
    const blockColumn = at % width;
    const blockRow = (at - blockColumn) / width;
    solveAt(blockRow * group, blockColumn * group);
    after?.(blockRow, blockColumn);
  }
  return out;
}

/** Returns a function that solves the block that begins at a row and a column. */
function blockSolverOf(
  caller: string,
  { data, shape }: Tensor,
  { group, solve }: BlockPlan,
  mask: Uint8Array,
): (row: number, column: number) => void {
  const columns = shape[1] as number;
  const magnitudes = new Float64Array(group * group);
  const kept = new Uint8Array(group * group);
  return (row, column) => {
    for (let i = 0, at = 0; i < group; i++) {
      for (let from = (row + i) * columns + column, end = from + group; from < end; from++) {
        const magnitude = Math.abs(data[from] as number);
        if (Number.isNaN(magnitude)) refuseNaN(caller, from, columns);
        magnitudes[at++] = magnitude;
      }
    }
    solve(magnitudes, kept);
    for (let i = 0, at = 0; i < group; i++) {
      for (let to = (row + i) * columns + column, end = to + group; to < end; to++) mask[to] = kept[at++] as number;
    }
  };
}

/**
 * Replaces infinite magnitudes by one so large that an optimum keeps as many of them as it can, and scales down
 * what would overflow when added, so that the optimum is found with finite arithmetic.
 */
export function makeFinite(magnitudes: Float64Array): void {
  let largest = 0;
  let infinite = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    const magnitude = magnitudes[i] as number;
    if (magnitude === Number.POSITIVE_INFINITY) infinite++;
    else if (magnitude > largest) largest = magnitude;
  }
  if (infinite === 0 && largest < 2 ** 1000) return;
  const scale = largest < 2 ** 1000 ? 1 : 2 ** -64;
  let sum = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    const scaled = (magnitudes[i] as number) * scale;
    magnitudes[i] = scaled;
    if (scaled !== Number.POSITIVE_INFINITY) sum += scaled;
  }
  const standIn = sum > 0 ? 2 * sum : 1;
  for (let i = 0; i < magnitudes.length; i++) {
    if (magnitudes[i] === Number.POSITIVE_INFINITY) magnitudes[i] = standIn;
  }
}
