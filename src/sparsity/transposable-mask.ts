import { ValueError } from "../errors.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { type BlockPlan, type BlockSolver, makeFinite, solveBlocks } from "./blocks.js";
import { createExhaustive } from "./exhaustive-solver.js";
import { createFlowSolver } from "./flow-solver.js";
import { createGreedyKeep, createGreedyPrune } from "./greedy-solver.js";
import { checkPattern, maxTransposableGroup, type NmPattern } from "./pattern.js";
import { fastTransposable, fastTransposable24 } from "./transposable-fast.js";

/**
 * How a transposable mask is found:
 * - `exact`: minimum-cost flow; the most magnitude, any group up to 64
 * - `exhaustive`: tries every mask; the same optimum, for small blocks (group 6 at most, or few kept)
 * - `greedy-keep`: heaviest first, while there is room; may keep fewer than `keep` in a line. Now and then it keeps
 *   more than `exact` thereby: the optimum is over masks that fill every line
 * - `greedy-prune`: lightest first, while zeros are lacking; prunes less than twice the least possible magnitude,
 *   and may keep fewer than `keep` in a line
 */
export type TransposableMethod = "exact" | "exhaustive" | "greedy-keep" | "greedy-prune";

/** Options of {@link transposableMask}. */
export interface TransposableMaskOptions extends NmPattern {
  /** Default `exact`. */
  readonly method?: TransposableMethod;
  /** Where the mask is written, for reuse: a mask of the shape of the weights, apart from them; default a new one. */
  readonly out?: Mask;
}

/**
 * Returns a mask that is N:M along rows and along columns, so that it fits the weights and their transpose: the
 * matrix is cut into group x group blocks, and each keeps as much magnitude as it can with `keep` entries per row
 * and column (at most `keep` for the greedy methods). The same weights give the same mask on every machine; of
 * equal magnitudes a greedy method prefers the one with the lower index in its block.
 * @param weights shape [rows, columns], both multiples of group. Infinity counts as larger than any finite sum
 * @returns a mask of the same shape: `out` when that is given
 * @throws ShapeError when group does not divide both sides
 * @throws ValueError for NaN, an unknown method, a keep outside 0..group, a group above 64, too many masks to try,
 *   or when `out` shares memory with the weights. On NaN `out` is left half written
 * @see Hubara et al. 2021, arXiv:2102.08124: the integer program for the transposable mask
 * @example transposableMask(W, { keep: 2, group: 4 })
 */
export function transposableMask(weights: Tensor, options: TransposableMaskOptions = {}): Mask {
  const { keep, group } = checkPattern("transposableMask", options, maxTransposableGroup);
  const { method = "exact", out } = options;
  const solve = createSolver(method, keep, group);
  return solveBlocks("transposableMask", weights, { group, solve, out, atOnce: fastSolver(method, keep, group) });
}

/** Returns how the kernels solve what they can. */
function fastSolver(method: TransposableMethod, keep: number, group: number): BlockPlan["atOnce"] {
  const optimal = method === "exact" || method === "exhaustive";
  if (optimal && keep === 2 && group === 4) return fastTransposable24;
  if (method === "exhaustive") return undefined;
  return (weights, mask) => fastTransposable(weights, mask, { method, keep, group });
}

function createSolver(method: TransposableMethod, keep: number, group: number): BlockSolver {
  switch (method) {
    case "exact":
      return onFinite(createFlowSolver(keep, group).solve);
    case "exhaustive":
      return onFinite(createExhaustive(keep, group));
    case "greedy-keep":
      return createGreedyKeep(keep, group);
    case "greedy-prune":
      return createGreedyPrune(keep, group);
    default:
      throw new ValueError(
        `transposableMask: method ${JSON.stringify(method)}, expected exact, exhaustive, greedy-keep or greedy-prune`,
      );
  }
}

function onFinite(solve: BlockSolver): BlockSolver {
  return (magnitudes, kept) => {
    makeFinite(magnitudes);
    solve(magnitudes, kept);
  };
}
