import { ValueError } from "../errors.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { solveBlocks } from "./blocks.js";
import { createFlowSolver } from "./flow-solver.js";
import { keptMagnitude } from "./kept-magnitude.js";
import { checkPattern, maxTransposableGroup, type NmPattern } from "./pattern.js";

/** Magnitudes above this could overflow when a row of them is added. */
const largestMagnitude = 2 ** 1000;

/** An optimal transposable mask with its proof, as {@link solveTransposableMask} returns it. */
export interface TransposableSolution {
  /** Shape [rows, columns]. */
  readonly mask: Mask;
  /** The magnitude that the mask keeps, in the unit of the weights. */
  readonly kept: number;
  /** One price per row of each block: shape [rows, columns / group]. */
  readonly rowPotentials: Tensor<"float64">;
  /** One price per column of each block: shape [rows / group, columns]. */
  readonly columnPotentials: Tensor<"float64">;
}

/**
 * Returns the transposable mask that keeps the most magnitude, together with the prices that prove it: the dual
 * solution of the linear program. With r[i,j] = |w[i,j]| - row[i] - column[j] in each block, r >= 0 wherever the
 * mask keeps, r <= 0 wherever it prunes, and keep * (sum of prices) + sum of max(0, r) equals what is kept; by weak
 * duality no mask, not even a fractional one, keeps more.
 * @param weights shape [rows, columns], both multiples of group; finite, below 2^1000 in magnitude
 * @throws ShapeError when group does not divide both sides
 * @throws ValueError for NaN or infinite weights, a keep outside 0..group, a group above 64
 * @see minimum-cost flow; the constraints are those of a bipartite graph, so the linear program has a 0/1 optimum
 * @example const { mask, kept, rowPotentials } = solveTransposableMask(W, { keep: 4, group: 8 })
 */
export function solveTransposableMask(weights: Tensor, options: NmPattern = {}): TransposableSolution {
  const caller = "solveTransposableMask";
  const { keep, group } = checkPattern(caller, options, maxTransposableGroup);
  for (let i = 0; i < weights.data.length; i++) {
    if (Math.abs(weights.data[i] as number) > largestMagnitude) {
      throw new ValueError(`${caller}: ${weights.data[i]} at position ${i}, expected magnitudes up to 2^1000`);
    }
  }
  const solver = createFlowSolver(keep, group);
  const blocksPerRow = Math.floor((weights.shape[1] ?? 0) / group);
  const rowPrices = new Float64Array(Math.ceil(weights.data.length / group));
  const columnPrices = new Float64Array(rowPrices.length);
  const after = (blockRow: number, blockColumn: number): void => {
    for (let i = 0; i < group; i++) {
      rowPrices[(blockRow * group + i) * blocksPerRow + blockColumn] = solver.rowPotentials[i] as number;
      columnPrices[(blockRow * blocksPerRow + blockColumn) * group + i] = solver.columnPotentials[i] as number;
    }
  };
  const mask = solveBlocks(caller, weights, { group, solve: solver.solve, after });
  const [rows, columns] = mask.shape as [number, number];
  return {
    mask,
    kept: keptMagnitude(weights, mask),
    rowPotentials: { data: rowPrices, shape: [rows, columns / group], dtype: "float64" },
    columnPotentials: { data: columnPrices, shape: [rows / group, columns], dtype: "float64" },
  };
}
