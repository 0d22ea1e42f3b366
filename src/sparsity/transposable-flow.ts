import { ShapeError, ValueError } from "../errors.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { checkBlocks, checkPattern, maxTransposableGroup } from "./pattern.js";

/** One entry on an augmenting path. */
export interface FlowEdge {
  readonly row: number;
  readonly column: number;
  /** True when the path takes the entry, false when it gives back one that was kept. */
  readonly added: boolean;
}

/** One augmenting path, and the mask that it leads to. */
export interface FlowStep {
  /** From a row with room to a column with room: added, given back, added, ... */
  readonly path: readonly FlowEdge[];
  /** Magnitude added less magnitude given back, in the unit of the weights. */
  readonly gain: number;
  /** Magnitude that the mask keeps, in the unit of the weights. */
  readonly kept: number;
  /** Shape [group, group]. */
  readonly mask: Mask;
}

/** Options of {@link transposableFlow}. */
export interface TransposableFlowOptions {
  /** Entries kept per row and column, 0..group; default 2. */
  readonly keep?: number;
}

/**
 * Returns how the optimal transposable mask of one block is found, path by path: minimum-cost flow by successive
 * shortest paths, from rows to columns, each with a capacity of `keep`. After k paths the mask keeps k entries, and no
 * other k entries with at most `keep` per row and column weigh more; the last mask is the optimum. Gains never grow.
 * For showing how it works: {@link transposableMask} is much faster.
 * @param block shape [group, group], group 1..64, finite
 * @returns group * keep steps
 * @throws ShapeError when the block is not square; ValueError for NaN or infinity, or a keep outside 0..group
 * @see Ahuja, Magnanti, Orlin 1993, Network Flows, section 9.7; Hubara et al. 2021, arXiv:2102.08124
 * @example transposableFlow(tensor.from([[3, 2], [2, 0]]), { keep: 1 }).map(({ kept }) => kept) // [3, 4]
 */
export function transposableFlow(block: Tensor, options: TransposableFlowOptions = {}): FlowStep[] {
  const caller = "transposableFlow";
  const [group, columns] = checkBlocks(caller, block, 1);
  if (group !== columns) throw new ShapeError(`${caller}: shape [${group}, ${columns}], expected a square block`);
  const { keep } = checkPattern(caller, { keep: options.keep ?? 2, group }, maxTransposableGroup);
  const magnitudes = Float64Array.from(block.data, Math.abs);
  magnitudes.forEach((magnitude, at) => {
    if (Number.isFinite(magnitude)) return;
    throw new ValueError(`${caller}: ${block.data[at]} at position ${at}, expected finite weights`);
  });
  const kept = new Uint8Array(group * group);
  const steps: FlowStep[] = [];
  while (steps.length < group * keep) {
    const path = bestPath({ magnitudes, kept, group, keep });
    let gain = 0;
    for (const { row, column, added } of path) {
      kept[row * group + column] = added ? 1 : 0;
      gain += (added ? 1 : -1) * (magnitudes[row * group + column] as number);
    }
    const total = kept.reduce((sum, bit, at) => sum + bit * (magnitudes[at] as number), 0);
    steps.push({ path, gain, kept: total, mask: { data: kept.slice(), shape: [group, group], dtype: "bool" } });
  }
  return steps;
}

interface Network {
  readonly magnitudes: Float64Array;
  readonly kept: Uint8Array;
  readonly group: number;
  readonly keep: number;
}

/** Finds the path of the largest gain (Bellman-Ford) and returns its entries in order. */
function bestPath(network: Network): FlowEdge[] {
  const { magnitudes, kept, group, keep } = network;
  const gains = new Float64Array(2 * group).fill(Number.NEGATIVE_INFINITY);
  const parents = new Int32Array(2 * group).fill(-1);
  for (let row = 0; row < group; row++) if (countRow(network, row) < keep) gains[row] = 0;
  // Less than this is rounding: to follow it could lead in a circle.
  const smallest = 1e-12 * magnitudes.reduce((a, b) => Math.max(a, b), 0);
  for (let better = true; better; ) {
    better = false;
    for (let row = 0; row < group; row++) {
      for (let column = 0; column < group; column++) {
        const at = row * group + column;
        const magnitude = magnitudes[at] as number;
        const [from, to, gain] = kept[at] === 1 ? [group + column, row, -magnitude] : [row, group + column, magnitude];
        const reached = (gains[from] as number) + gain;
        if (reached === Number.NEGATIVE_INFINITY || reached <= (gains[to] as number) + smallest) continue;
        gains[to] = reached;
        parents[to] = from;
        better = true;
      }
    }
  }
  return followBack(parents, bestEnd(network, gains), group);
}

/** The column with room that is reached with the largest gain; of equal ones the first. */
function bestEnd(network: Network, gains: Float64Array): number {
  const { group, keep } = network;
  let best = -1;
  for (let column = 0; column < group; column++) {
    if (countColumn(network, column) >= keep) continue;
    if (best < 0 || (gains[group + column] as number) > (gains[group + best] as number)) best = column;
  }
  return group + best;
}

function followBack(parents: Int32Array, end: number, group: number): FlowEdge[] {
  const path: FlowEdge[] = [];
  for (let node = end; (parents[node] as number) >= 0; node = parents[node] as number) {
    const before = parents[node] as number;
    const added = node >= group;
    path.unshift({ row: added ? before : node, column: (added ? node : before) - group, added });
  }
  return path;
}

function countRow({ kept, group }: Network, row: number): number {
  let count = 0;
  for (let at = row * group; at < (row + 1) * group; at++) count += kept[at] as number;
  return count;
}

function countColumn({ kept, group }: Network, column: number): number {
  let count = 0;
  for (let at = column; at < kept.length; at += group) count += kept[at] as number;
  return count;
}
