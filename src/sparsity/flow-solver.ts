import type { BlockSolver } from "./blocks.js";
import { createSorter } from "./order.js";

/** An exact solver, with the prices that prove the mask it found last to be optimal. */
export interface FlowSolver {
  readonly solve: BlockSolver;
  /** One price per row of the block, in the unit of the magnitudes. */
  readonly rowPotentials: Float64Array;
  /** One price per column of the block, in the unit of the magnitudes. */
  readonly columnPotentials: Float64Array;
}

/**
 * Returns a solver of the transportation problem of one block: keep `keep` entries of each row and each column,
 * with the largest sum. Minimum-cost flow by successive shortest paths: it starts from the best mask by rows
 * alone; columns that are overfull then hand entries on to columns that lack some, along cheapest chains.
 *
 * With the reduced value r[i,j] = magnitude[i,j] - row[i] - column[j] it holds throughout that r >= 0 where the
 * mask keeps and r <= 0 where it prunes (complementary slackness). Once every column is full, that is a proof
 * that no mask keeps more. Each of the at most group * keep paths costs O(group²).
 * Row by row and column by column, the lower index is tried first, so the result is the same everywhere.
 * @see Ahuja, Magnanti, Orlin 1993, Network Flows, section 9.7 (successive shortest paths from a pseudoflow)
 */
export function createFlowSolver(keep: number, group: number): FlowSolver {
  const state: FlowState = {
    keep,
    group,
    magnitudes: new Float64Array(0),
    kept: new Uint8Array(0),
    rows: new Float64Array(group),
    columns: new Float64Array(group),
    counts: new Int32Array(group),
    distances: new Float64Array(2 * group),
    parents: new Int32Array(2 * group),
    settled: new Uint8Array(2 * group),
  };
  const startByRows = createRowStart(state);
  const solve: BlockSolver = (magnitudes, kept) => {
    state.magnitudes = magnitudes;
    state.kept = kept;
    for (let excess = startByRows(); excess > 0; excess--) {
      const target = findPath(state);
      raisePrices(state, target);
      followPath(state, target);
    }
  };
  return { solve, rowPotentials: state.rows, columnPotentials: state.columns };
}

/** Node 0..group-1 is a column, node group..2 group-1 a row. */
interface FlowState {
  readonly keep: number;
  readonly group: number;
  magnitudes: Float64Array;
  kept: Uint8Array;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** How many entries each column keeps. */
  readonly counts: Int32Array;
  readonly distances: Float64Array;
  readonly parents: Int32Array;
  readonly settled: Uint8Array;
}

/** Returns a function that keeps the best of each row, prices included, and returns how many entries are misplaced. */
function createRowStart(state: FlowState): () => number {
  const { keep, group, rows, columns, counts } = state;
  const sort = createSorter(group);
  const order = new Uint32Array(group);
  return () => {
    const { magnitudes, kept } = state;
    kept.fill(0);
    columns.fill(0);
    counts.fill(0);
    for (let i = 0; i < group; i++) {
      sort(magnitudes, order, i * group);
      rows[i] = magnitudes[i * group + (order[Math.max(0, keep - 1)] as number)] as number;
      for (let rank = 0; rank < keep; rank++) {
        const j = order[rank] as number;
        kept[i * group + j] = 1;
        counts[j] = (counts[j] as number) + 1;
      }
    }
    let excess = 0;
    for (let j = 0; j < group; j++) excess += Math.max(0, (counts[j] as number) - keep);
    return excess;
  };
}

/** Finds the cheapest chain from any overfull column (Dijkstra) and returns the column short of entries where it ends. */
function findPath(state: FlowState): number {
  const { keep, group, counts, distances, parents, settled } = state;
  settled.fill(0);
  for (let node = 0; node < 2 * group; node++) {
    distances[node] = node < group && (counts[node] as number) > keep ? 0 : Number.POSITIVE_INFINITY;
    parents[node] = -1;
  }
  for (;;) {
    const node = nearest(distances, settled);
    if (node < group && (counts[node] as number) < keep) return node;
    settled[node] = 1;
    if (node < group) relaxColumn(state, node);
    else relaxRow(state, node - group);
  }
}

function nearest(distances: Float64Array, settled: Uint8Array): number {
  let best = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (let node = 0; node < distances.length; node++) {
    if (settled[node] === 0 && (distances[node] as number) < distance) {
      best = node;
      distance = distances[node] as number;
    }
  }
  return best;
}

/** From a column to each row that keeps an entry there: giving that entry up costs its reduced value. */
function relaxColumn(state: FlowState, j: number): void {
  const { group, magnitudes, kept, rows, columns, distances, parents, settled } = state;
  const distance = distances[j] as number;
  const price = columns[j] as number;
  for (let i = 0; i < group; i++) {
    const at = i * group + j;
    if (kept[at] === 0 || settled[group + i] === 1) continue;
    // Rounding can leave a reduced value a hair below zero; a negative length would break Dijkstra.
    const length = Math.max(0, (magnitudes[at] as number) - (rows[i] as number) - price);
    if (distance + length < (distances[group + i] as number)) {
      distances[group + i] = distance + length;
      parents[group + i] = j;
    }
  }
}

/** From a row to each column where it keeps nothing yet: taking that entry instead costs minus its reduced value. */
function relaxRow(state: FlowState, i: number): void {
  const { group, magnitudes, kept, rows, columns, distances, parents, settled } = state;
  const distance = distances[group + i] as number;
  const price = rows[i] as number;
  for (let j = 0; j < group; j++) {
    const at = i * group + j;
    if (kept[at] === 1 || settled[j] === 1) continue;
    const length = Math.max(0, price + (columns[j] as number) - (magnitudes[at] as number));
    if (distance + length < (distances[j] as number)) {
      distances[j] = distance + length;
      parents[j] = group + i;
    }
  }
}

/** Moves the prices by the distances found, so that the whole chain has reduced value 0 and slackness still holds. */
function raisePrices(state: FlowState, target: number): void {
  const { group, rows, columns, distances, settled } = state;
  const reach = distances[target] as number;
  for (let i = 0; i < group; i++) {
    if (settled[i] === 1) columns[i] = (columns[i] as number) + (reach - (distances[i] as number));
    if (settled[group + i] === 1) rows[i] = (rows[i] as number) - (reach - (distances[group + i] as number));
  }
}

/** Hands the entries on along the chain, from its end to the overfull column where it began. */
function followPath(state: FlowState, target: number): void {
  const { group, kept, counts, parents } = state;
  counts[target] = (counts[target] as number) + 1;
  let column = target;
  for (let row = parents[column] as number; row >= 0; row = parents[column] as number) {
    kept[(row - group) * group + column] = 1;
    column = parents[row] as number;
    kept[(row - group) * group + column] = 0;
  }
  counts[column] = (counts[column] as number) - 1;
}
