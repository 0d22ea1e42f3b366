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
  const masks = choices.length / group;
  const sums = new Float64Array(group * subsets.length);
  return (magnitudes, kept) => {
    for (let i = 0; i < group; i++) {
      subsets.forEach((columns, s) => {
        let sum = 0;
        for (const j of columns) sum += magnitudes[i * group + j] as number;
        sums[i * subsets.length + s] = sum;
      });
    }
    let best = 0;
    let bestSum = Number.NEGATIVE_INFINITY;
    for (let mask = 0, at = 0; mask < masks; mask++) {
      let sum = 0;
      for (let i = 0; i < group; i++) sum += sums[i * subsets.length + (choices[at++] as number)] as number;
      if (sum > bestSum) {
        bestSum = sum;
        best = mask;
      }
    }
    kept.fill(0);
    for (let i = 0; i < group; i++) {
      for (const j of subsets[choices[best * group + i] as number] as number[]) kept[i * group + j] = 1;
    }
  };
}

interface MaskList {
  /** The ways to keep `keep` columns of one row, lowest columns first. */
  readonly subsets: readonly number[][];
  /** For each mask, one subset per row. */
  readonly choices: Uint8Array;
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
      rows[row] = s;
      place(row + 1);
      for (const j of columns) counts[j] = (counts[j] as number) - 1;
    });
  };
  place(0);
  return { subsets, choices: Uint8Array.from(choices) };
}

function chooseColumns(keep: number, group: number, first = 0): number[][] {
  if (keep === 0) return [[]];
  const subsets: number[][] = [];
  for (let j = first; j <= group - keep; j++) {
    for (const rest of chooseColumns(keep - 1, group, j + 1)) subsets.push([j, ...rest]);
  }
  return subsets;
}
