import { ValueError } from "../errors.js";
import type { BlockSolver } from "./blocks.js";
import { countTransposableMasks } from "./count-transposable-masks.js";

/** The most masks that a search lists: all of 6x6 (297,200 with 3 kept), 4x4 needs 90. */
const maxMasks = 300_000;

/**
 * Returns the solver that tries every mask of the block and keeps the best, the first in order of equals.
 * @throws ValueError when there are more than 300,000 masks
 * @see NVIDIA ASP `m4n2_2d_best` and Hu et al. 2024 do this for the 90 masks of 4x4
 */
export function createExhaustive(keep: number, group: number): BlockSolver {
  const { subsets, choices } = listMasks(keep, group);
  const columns = Uint8Array.from(subsets.flat());
  const sums = new Float64Array(group * subsets.length);
  return (magnitudes, kept) => {
    for (let i = 0, to = 0; i < group; i++) {
      for (let at = 0; to < (i + 1) * subsets.length; to++) {
        let sum = 0;
        for (let k = 0; k < keep; k++) sum += magnitudes[i * group + (columns[at++] as number)] as number;
        sums[to] = sum;
      }
    }
    const best = heaviest(sums, choices, group);
    kept.fill(0);
    for (let i = 0; i < group; i++) {
      const subset = (choices[best + i] as number) - i * subsets.length;
      for (let k = 0; k < keep; k++) kept[i * group + (columns[subset * keep + k] as number)] = 1;
    }
  };
}

/** Returns where the first of the heaviest masks begins in `choices`. */
function heaviest(sums: Float64Array, choices: Uint16Array, group: number): number {
  let best = 0;
  let bestSum = Number.NEGATIVE_INFINITY;
  for (let start = 0; start < choices.length; start += group) {
    let sum = 0;
    for (let at = start; at < start + group; at++) sum += sums[choices[at] as number] as number;
    if (sum > bestSum) {
      bestSum = sum;
      best = start;
    }
  }
  return best;
}

interface MaskList {
  /** The ways to keep `keep` columns of one row, lowest columns first. */
  readonly subsets: readonly number[][];
  /** For each mask, one number per row i: the place of its subset in the list, plus i times the length of the list. */
  readonly choices: Uint16Array;
}

function listMasks(keep: number, group: number): MaskList {
  // From 9x9 on even one entry per line allows 9! = 362,880 masks.
  const single = keep === 0 || keep === group;
  if (!single && (group > 8 || countTransposableMasks({ keep, group }) > maxMasks)) {
    throw new ValueError(
      `transposableMask: exhaustive with keep = ${keep}, group = ${group}, expected at most ${maxMasks} masks to try`,
    );
  }
  const subsets = chooseColumns(keep, group);
  const choices: number[] = [];
  const counts = new Array<number>(group).fill(0);
  const rows = new Array<number>(group).fill(0);
  const place = (row: number): void => {
    if (row === group) {
      choices.push(...rows);
      return;
    }
    subsets.forEach((columns, s) => {
      if (columns.some((j) => (counts[j] as number) >= keep)) return;
      for (const j of columns) counts[j] = (counts[j] as number) + 1;
      rows[row] = row * subsets.length + s;
      place(row + 1);
      for (const j of columns) counts[j] = (counts[j] as number) - 1;
    });
  };
  place(0);
  return { subsets, choices: Uint16Array.from(choices) };
}

function chooseColumns(keep: number, group: number, first = 0): number[][] {
  if (keep === 0) return [[]];
  const subsets: number[][] = [];
  for (let j = first; j <= group - keep; j++) {
    for (const rest of chooseColumns(keep - 1, group, j + 1)) subsets.push([j, ...rest]);
  }
  return subsets;
}
