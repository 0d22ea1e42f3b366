import type { BlockSolver } from "./blocks.js";
import { createSorter } from "./order.js";

/**
 * Returns the solver that goes through the magnitudes of a block, heaviest first, and keeps each one whose row and
 * column both still have room. It never keeps more than `keep` per line, and may keep fewer.
 * @see the method of the reference code of Hubara et al. 2021, without its early exit; also in NVIDIA ASP and xFormers
 */
export function createGreedyKeep(keep: number, group: number): BlockSolver {
  const sort = createSorter(group * group);
  const order = new Uint32Array(group * group);
  const rowCounts = new Uint8Array(group);
  const columnCounts = new Uint8Array(group);
  return (magnitudes, kept) => {
    sort(magnitudes, order);
    kept.fill(0);
    rowCounts.fill(0);
    columnCounts.fill(0);
    for (let rank = 0; rank < order.length; rank++) {
      const at = order[rank] as number;
      const row = Math.floor(at / group);
      const column = at % group;
      if ((rowCounts[row] as number) < keep && (columnCounts[column] as number) < keep) {
        kept[at] = 1;
        rowCounts[row] = (rowCounts[row] as number) + 1;
        columnCounts[column] = (columnCounts[column] as number) + 1;
      }
    }
  };
}

/**
 * Returns the solver that goes through the magnitudes of a block, lightest first, and prunes each one whose row or
 * column still lacks zeros. What it prunes weighs less than twice the least possible; it may prune too much.
 * @see Hubara et al. 2021, arXiv:2102.08124, the 2-approximation (reconstructed from a third-party summary)
 */
export function createGreedyPrune(keep: number, group: number): BlockSolver {
  const zeros = group - keep;
  const sort = createSorter(group * group);
  const order = new Uint32Array(group * group);
  const rowCounts = new Uint8Array(group);
  const columnCounts = new Uint8Array(group);
  return (magnitudes, kept) => {
    sort(magnitudes, order);
    kept.fill(1);
    rowCounts.fill(0);
    columnCounts.fill(0);
    for (let rank = order.length - 1; rank >= 0; rank--) {
      const at = order[rank] as number;
      const row = Math.floor(at / group);
      const column = at % group;
      if ((rowCounts[row] as number) < zeros || (columnCounts[column] as number) < zeros) {
        kept[at] = 0;
        rowCounts[row] = (rowCounts[row] as number) + 1;
        columnCounts[column] = (columnCounts[column] as number) + 1;
      }
    }
  };
}
