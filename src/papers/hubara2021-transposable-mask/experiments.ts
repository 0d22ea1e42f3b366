/** The experiments of Hubara et al. 2021: functions that return data, composed of the library's primitives. */
import { binomial } from "../../math/big.js";
import { type Key, normal } from "../../random/index.js";
import {
  countTransposableMasks,
  isNm,
  maskDiversity,
  type NmPattern,
  nmMask,
  solveTransposableMask,
  type TransposableMethod,
  transposableMask,
} from "../../sparsity/index.js";
import { type Mask, mean, reshape, sum, type Tensor, zip } from "../../tensor/index.js";

/** Which random blocks an experiment runs on. */
export interface BlockExperiment extends Required<NmPattern> {
  readonly key: Key;
  /** How many blocks of group x group standard normal weights. */
  readonly blocks: number;
}

/** What each kind of mask keeps, averaged over random blocks. */
export interface RetainedShares {
  /** Shares of the total magnitude, 0..1. */
  readonly unstructured: number;
  readonly row: number;
  readonly transposable: number;
  readonly greedyKeep: number;
  readonly greedyPrune: number;
  /** Mean number of weights that the greedy methods keep per block; the others keep group * keep. */
  readonly greedyKeepCount: number;
  readonly greedyPruneCount: number;
  /** In how many blocks unstructured >= row >= each of the three transposable masks holds. */
  readonly ordered: number;
  /** In how many blocks the keep-greedy keeps more than the optimum: it may leave a place empty, which the optimum fills. */
  readonly greedyAhead: number;
}

/**
 * Returns the mean share of magnitude that five kinds of mask keep, over random blocks.
 * @throws ValueError for a keep outside 0..group or a group above 64
 * @example retainedShares({ key: random.key(1), blocks: 2000, keep: 2, group: 4 }).transposable // about 0.702
 */
export function retainedShares(experiment: BlockExperiment): RetainedShares {
  const weights = randomBlocks(experiment);
  const { keep, group } = experiment;
  const flat = reshape(weights, [experiment.blocks, group * group]);
  const free = nmMask(flat, { keep: keep * group, group: group * group });
  const masks = [free, nmMask(weights, experiment), ...methods.map((method) => maskBy(method, weights, experiment))];
  const shares = masks.map((mask) => blockShares(weights, mask, experiment));
  const [unstructured, row, transposable, greedyKeep, greedyPrune] = shares.map((share) => mean(share)) as Five;
  const counts = masks.slice(3).map((mask) => sum(mask) / experiment.blocks);
  let ordered = 0;
  let greedyAhead = 0;
  for (let i = 0; i < experiment.blocks; i++) {
    const [a, b, c, d, e] = shares.map((share) => share.data[i]) as Five;
    // Shares are quotients of sums taken in another order: equal ones may differ in the last bits.
    if (a >= b - 1e-12 && b >= Math.max(c, d, e) - 1e-12) ordered++;
    if (d > c + 1e-12) greedyAhead++;
  }
  const [greedyKeepCount, greedyPruneCount] = counts as [number, number];
  const means = { unstructured, row, transposable, greedyKeep, greedyPrune };
  return { ...means, greedyKeepCount, greedyPruneCount, ordered, greedyAhead };
}

type Five = [number, number, number, number, number];
const methods: readonly TransposableMethod[] = ["exact", "greedy-keep", "greedy-prune"];

/**
 * Returns, for each random block, the magnitude that the prune-greedy removes over the least that must go:
 * at least 1, and below 2 by the paper's bound.
 * @returns shape [blocks]
 * @example tensor.max(approximationRatios({ key: random.key(2), blocks: 2000, keep: 2, group: 4 })) // about 1.6
 */
export function approximationRatios(experiment: BlockExperiment): Tensor<"float64"> {
  const weights = randomBlocks(experiment);
  const [best, greedy] = (["exact", "greedy-prune"] as const).map((method) =>
    blockShares(weights, maskBy(method, weights, experiment), experiment),
  ) as [Tensor<"float64">, Tensor<"float64">];
  return zip(greedy, best, (kept, most) => (1 - kept) / (1 - most));
}

/**
 * Returns the largest relative distance between what the optimal mask keeps and the bound that its prices prove for
 * every mask, fractional ones included, over random blocks. 0 but for rounding: the linear program has a 0/1 optimum.
 * @example largestDualityGap({ key: random.key(3), blocks: 100, keep: 4, group: 8 }) // below 1e-14
 */
export function largestDualityGap(experiment: BlockExperiment): number {
  const weights = randomBlocks(experiment);
  const { keep, group, blocks } = experiment;
  const { mask, rowPotentials, columnPotentials } = solveTransposableMask(weights, { keep, group });
  let largest = 0;
  for (let block = 0, at = 0; block < blocks; block++) {
    const rows = rowPotentials.data.subarray(block * group, (block + 1) * group);
    const columns = columnPotentials.data.subarray(block * group, (block + 1) * group);
    let primal = 0;
    let dual = keep * (total(rows) + total(columns));
    for (const row of rows) {
      for (const column of columns) {
        const magnitude = Math.abs(weights.data[at] as number);
        primal += magnitude * (mask.data[at++] as number);
        dual += Math.max(0, magnitude - row - column);
      }
    }
    largest = Math.max(largest, Math.abs(dual - primal) / primal);
  }
  return largest;
}

/** How many row-wise masks of a block also fit its transpose. */
export interface Transposability {
  readonly transposable: bigint;
  readonly rowWise: bigint;
  /** transposable / rowWise: the chance that a random row-wise mask fits the transpose. */
  readonly probability: number;
}

/**
 * Returns how many of the row-wise masks of one block also fit the transpose.
 * @example transposability({ keep: 2, group: 4 }) // 90 of 1296, 6.94 %
 */
export function transposability({ keep, group }: Required<NmPattern>): Transposability {
  const transposable = countTransposableMasks({ keep, group });
  const rowWise = binomial(group, keep) ** BigInt(group);
  return { transposable, rowWise, probability: Number(transposable) / Number(rowWise) };
}

/** One line of {@link diversityTable}. */
export interface DiversityRow {
  readonly pattern: string;
  readonly exact: bigint;
  /** What the paper's expression gives, where it differs. */
  readonly printed?: bigint;
}

/**
 * Returns how many masks an 8 x 8 matrix has under each pattern that keeps half of the weights, most diverse first
 * by exact count.
 * @example diversityTable().map(({ pattern }) => pattern)
 */
export function diversityTable(): DiversityRow[] {
  const on = { rows: 8, cols: 8 };
  return [
    { pattern: "unstructured", ...maskDiversity({ pattern: "unstructured", keep: 4, group: 8, ...on }) },
    { pattern: "row-wise 4:8", ...maskDiversity({ pattern: "row", keep: 4, group: 8, ...on }) },
    { pattern: "row-wise 2:4", ...maskDiversity({ pattern: "row", keep: 2, group: 4, ...on }) },
    { pattern: "transposable 4:8", ...maskDiversity({ pattern: "transposable", keep: 4, group: 8, ...on }) },
    { pattern: "transposable 2:4", ...maskDiversity({ pattern: "transposable", keep: 2, group: 4, ...on }) },
  ];
}

/** Which of the three matrix products of a training step have an N:M operand along the axis that is summed over. */
export interface SparseProducts {
  /** Y = X W^T sums over the inputs: groups within the rows of W [outputs, inputs]. */
  readonly forward: boolean;
  /** dX = dY W sums over the outputs: groups within the columns of W. */
  readonly inputGradient: boolean;
  /** dW = dY^T X has no operand that is masked. */
  readonly weightGradient: false;
  readonly count: number;
}

/**
 * Returns which products of a training step a masked layer speeds up on N:M hardware.
 * @param mask shape [outputs, inputs], both multiples of group
 * @example sparseProducts(nmMask(W), { keep: 2, group: 4 }).count // 1
 */
export function sparseProducts(mask: Mask, pattern: NmPattern): SparseProducts {
  const forward = isNm(mask, { ...pattern, axis: 1 });
  const inputGradient = isNm(mask, { ...pattern, axis: 0 });
  return { forward, inputGradient, weightGradient: false, count: Number(forward) + Number(inputGradient) };
}

/** Blocks stacked into one column, so that each lies in one piece in memory: shape [blocks * group, group]. */
function randomBlocks({ key, blocks, group }: BlockExperiment): Tensor<"float64"> {
  return normal(key, [blocks * group, group], { dtype: "float64" });
}

function maskBy(method: TransposableMethod, weights: Tensor, { keep, group }: BlockExperiment): Mask {
  return transposableMask(weights, { keep, group, method });
}

function blockShares(weights: Tensor, mask: Mask, { blocks, group }: BlockExperiment): Tensor<"float64"> {
  const magnitudes = zip(weights, weights, (w) => Math.abs(w), "float64");
  const lines = reshape(magnitudes, [blocks, group * group]);
  const kept = zip(lines, reshape(mask, [blocks, group * group]), (magnitude, bit) => magnitude * bit);
  return zip(sum(kept, { axis: 1 }), sum(lines, { axis: 1 }), (part, whole) => part / whole);
}

function total(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}
