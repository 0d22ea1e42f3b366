/**
 * Hubara, Chmiel, Island, Banner, Naor, Soudry 2021: N:M masks that fit a weight matrix and its transpose.
 * What the paper counts as N (zeros) is `group - keep` here. Its full text was not at hand: what is reconstructed
 * from a third-party summary or from the reference code says so.
 * @example import { paper, retainedShares } from "lowbit/papers/hubara2021-transposable-mask";
 */
import { type Claim, definePaper, type Paper } from "../claims.js";
import { key, normal, uniform } from "../random/index.js";
import { keepFromSparsity, maskDiversity, nmMask, transposableMask, zerosProbability } from "../sparsity/index.js";
import { map, max, mean, sum } from "../tensor/index.js";
import {
  approximationRatios,
  diversityTable,
  largestDualityGap,
  retainedShares,
  sparseProducts,
  transposability,
} from "./hubara2021-transposable-mask/experiments.js";

export {
  approximationRatios,
  type BlockExperiment,
  type DiversityRow,
  diversityTable,
  largestDualityGap,
  type RetainedShares,
  retainedShares,
  type SparseProducts,
  sparseProducts,
  type Transposability,
  transposability,
} from "./hubara2021-transposable-mask/experiments.js";

const summary = "as a third-party summary quotes the paper; its full text was not at hand";
const sizes = [
  { keep: 2, group: 4, blocks: 2000 },
  { keep: 4, group: 8, blocks: 400 },
] as const;

const rowMasksDoNotTranspose: Claim = {
  id: "row-masks-do-not-transpose",
  statement:
    "Few of the masks that are N:M along rows fit the transpose, so the backward pass gains nothing from them.",
  source: "the problem the paper starts from (abstract); the counts are ours",
  scale: "exact",
  expected: "holds",
  measure() {
    const cases = sizes.map(({ keep, group }) => ({ keep, group, ...transposability({ keep, group }) }));
    const text = cases.map(({ keep, group, transposable, rowWise, probability }) => {
      return `${keep}:${group}: ${grouped(transposable)} of ${grouped(rowWise)} masks of a block (${percent(probability)})`;
    });
    return { holds: cases.every(({ probability }) => probability < 0.1), measured: text.join("; ") };
  },
};

const twoOfThreeProducts: Claim = {
  id: "two-of-three-products",
  statement: "A row-wise mask speeds up 1 of the 3 matrix products of a training step, a transposable mask 2 of 3.",
  source: "abstract; the count of 3 products is that of any linear layer",
  scale: "exact",
  expected: "holds",
  measure() {
    const weights = normal(key(2021), [24, 16]);
    const pattern = { keep: 2, group: 4 };
    const row = sparseProducts(nmMask(weights, pattern), pattern).count;
    const both = sparseProducts(transposableMask(weights, pattern), pattern).count;
    return {
      holds: row === 1 && both === 2,
      measured: `row-wise: ${row} of 3; transposable: ${both} of 3 (24 x 16 layer)`,
    };
  },
};

const flowIsOptimal: Claim = {
  id: "flow-is-optimal",
  statement: "Minimum-cost flow finds the best transposable mask: no mask keeps more, not even one with fractions.",
  source: "abstract (formulation as minimum-cost flow)",
  scale: "toy",
  expected: "holds",
  reason: "Each block is proven by its own prices (linear programming duality); that it always works is the theorem.",
  measure() {
    const cases = [...sizes, { keep: 8, group: 16, blocks: 50 }, { keep: 32, group: 64, blocks: 4 }];
    const gaps = cases.map((pattern) => largestDualityGap({ key: key(1), ...pattern }));
    const text = cases.map(
      ({ keep, group, blocks }, i) => `${keep}:${group} ${gaps[i]?.toExponential(1)} (${blocks} blocks)`,
    );
    return {
      holds: gaps.every((gap) => gap < 1e-12),
      measured: `largest relative distance to the bound: ${text.join(", ")}`,
    };
  },
};

const orderOfMasks: Claim = {
  id: "order-of-masks",
  statement:
    "In every block an unstructured mask keeps at least as much as a row-wise one, and that as any transposable one.",
  source: "follows from which masks each method may choose; the shares are ours, for a normal sample of their own",
  scale: "toy",
  expected: "holds",
  reason:
    "The optimum leads the greedies on average, not in every block: a greedy may leave a place empty that the optimum has to fill.",
  measure() {
    const results = sizes.map((pattern) => ({ ...pattern, ...retainedShares({ key: key(2), ...pattern }) }));
    const text = results.map((r) => {
      const all = `${percent(r.unstructured)} unstructured, ${percent(r.row)} row-wise, ${percent(r.transposable)} optimum`;
      const greedy = `${percent(r.greedyKeep)} keep-greedy (ahead of the optimum in ${r.greedyAhead} blocks), ${percent(r.greedyPrune)} prune-greedy`;
      return `${r.keep}:${r.group}: ${all}, ${greedy}; ordered in ${r.ordered} of ${r.blocks} blocks`;
    });
    return { holds: results.every((r) => r.ordered === r.blocks), measured: text.join("\n") };
  },
};

const largerBlocksLoseLess: Claim = {
  id: "larger-blocks-lose-less",
  statement: "Transposable 4:8 masks keep more magnitude than transposable 2:4 masks.",
  source: `the paper prefers 4:8, ${summary}; the shares are ours, for normal weights`,
  scale: "toy",
  expected: "holds",
  measure() {
    const [small, large] = sizes.map((pattern) => retainedShares({ key: key(3), ...pattern }).transposable) as [
      number,
      number,
    ];
    return {
      holds: large > small,
      measured: `2:4 keeps ${percent(small)}, 4:8 keeps ${percent(large)} of the magnitude`,
    };
  },
};

const twoApproximation: Claim = {
  id: "two-approximation",
  statement: "The linear-time greedy removes less than twice the magnitude that must go at least.",
  source: `lemma on the 2-approximation, ${summary}`,
  scale: "toy",
  expected: "holds",
  reason: "Reconstructed method: light to heavy, pruning where row or column still lacks zeros. It may prune too much.",
  measure() {
    const ratios = sizes.map((pattern) => approximationRatios({ key: key(4), ...pattern }));
    const text = ratios.map((ratio, i) => {
      return `${sizes[i]?.keep}:${sizes[i]?.group}: worst ${max(ratio).toFixed(2)}, mean ${mean(ratio).toFixed(2)}`;
    });
    return { holds: ratios.every((ratio) => max(ratio) < 2), measured: `${text.join("; ")} times the least` };
  },
};

const printedDiversity: Claim = {
  id: "printed-diversity",
  statement: "An M x M block has M! (M-1)! ... (M-N+1)! transposable masks with N zeros per line.",
  source: `mask diversity, ${summary}`,
  scale: "exact",
  expected: "does-not-hold",
  reason:
    "The expression counts some masks several times. Swapping zeros and ones turns 1:4 masks into 3:4 masks, so there must be equally many; the expression gives 24 and 288.",
  measure() {
    const cases = [
      [2, 4],
      [3, 4],
      [4, 8],
    ] as const;
    const counts = cases.map(([zeros, group]) =>
      maskDiversity({ pattern: "transposable", keep: group - zeros, group }),
    );
    const text = counts.map(({ exact, printed }, i) => {
      return `${cases[i]?.join(":")}: printed ${grouped(printed ?? 0n)}, exact ${grouped(exact)}`;
    });
    return { holds: counts.every(({ exact, printed }) => exact === printed), measured: text.join("; ") };
  },
};

const transposableBeatsRow: Claim = {
  id: "transposable-4-8-as-diverse-as-2-4",
  statement: "On an 8 x 8 block, transposable 4:8 masks are at least as diverse as row-wise 2:4 masks.",
  source: `mask diversity, ${summary}`,
  scale: "exact",
  expected: "does-not-hold",
  reason: "It follows from the printed expression, but not from the exact count: the order is the other way round.",
  measure() {
    const { exact, printed } = rowOf("transposable 4:8");
    const row = rowOf("row-wise 2:4").exact;
    const text = `transposable 4:8: printed ${grouped(printed ?? 0n)}, exact ${grouped(exact)}; row-wise 2:4: ${grouped(row)}`;
    return { holds: exact >= row, measured: text };
  },
};

const largerBlocksMoreDiverse: Claim = {
  id: "larger-blocks-more-diverse",
  statement: "On an 8 x 8 block, transposable 4:8 masks are far more diverse than transposable 2:4 masks.",
  source: `mask diversity, ${summary}`,
  scale: "exact",
  expected: "holds",
  reason: "This use of the measure survives exact counting.",
  measure() {
    const [large, small] = [rowOf("transposable 4:8").exact, rowOf("transposable 2:4").exact];
    return { holds: large > 100n * small, measured: `4:8: ${grouped(large)}; 2:4: ${grouped(small)} (exact counts)` };
  },
};

const conversionRule: Claim = {
  id: "conversion-rule",
  statement:
    "With 80 % of the weights zero at random, more than 95 % of the groups of 8 already have the 4 zeros of 4:8.",
  source: "the rule that picks N:M for an unstructured sparse layer in the reference code (AdaPrune, extract_topk)",
  scale: "exact",
  expected: "holds",
  measure() {
    const probability = zerosProbability({ sparsity: 0.8, group: 8, zeros: 4 });
    const zeros = sum(
      map(uniform(key(5), [20_000, 8]), (u) => (u < 0.8 ? 1 : 0)),
      { axis: 1 },
    );
    const share = mean(map(zeros, (count) => (count >= 4 ? 1 : 0)));
    const keep = keepFromSparsity({ sparsity: 0.8, group: 8 });
    const text = `${percent(probability)} by the binomial, ${percent(share)} of 20,000 random groups; the rule keeps ${keep} of 8`;
    return { holds: probability > 0.95 && keep === 4, measured: text };
  },
};

const outOfReach: Claim[] = [
  {
    id: "no-accuracy-loss",
    statement: "Training with transposable masks loses no accuracy over vision and language models.",
    source: "abstract",
    scale: "out-of-reach",
    reason: "It needs ImageNet, SQuAD and COCO, and GPUs to train the networks of the paper on them.",
  },
  {
    id: "twice-as-fast",
    statement: "The matrix multiplications are twice as fast.",
    source: "abstract",
    scale: "out-of-reach",
    reason: "It needs sparse tensor cores; what they gain from a mask is counted in two-of-three-products.",
  },
  {
    id: "mask-search-overhead",
    statement:
      "Searching a new mask every 40 steps costs 14 % of the training time with the 2-approximation, 70 % with flow.",
    source: summary,
    scale: "out-of-reach",
    reason:
      "It needs ResNet-50 training on the hardware of the paper. npm run bench compares our methods with each other.",
  },
];

/** The paper: its citation, and what it says against what we measure. */
export const paper: Paper = definePaper({
  slug: "hubara2021-transposable-mask",
  title: "Accelerated Sparse Neural Training: A Provable and Efficient Method to Find N:M Transposable Masks",
  authors: ["Itay Hubara", "Brian Chmiel", "Moshe Island", "Ron Banner", "Joseph Naor", "Daniel Soudry"],
  venue: "NeurIPS",
  year: 2021,
  arxiv: "2102.08124",
  claims: [
    rowMasksDoNotTranspose,
    twoOfThreeProducts,
    flowIsOptimal,
    orderOfMasks,
    largerBlocksLoseLess,
    twoApproximation,
    printedDiversity,
    transposableBeatsRow,
    largerBlocksMoreDiverse,
    conversionRule,
    ...outOfReach,
  ],
});

function rowOf(pattern: string): { exact: bigint; printed?: bigint } {
  return diversityTable().find((row) => row.pattern === pattern) ?? { exact: 0n };
}

/** 65610000n as "65,610,000", the same in every locale. */
function grouped(count: bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(3)} %`;
}
