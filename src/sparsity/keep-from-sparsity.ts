import { ValueError } from "../errors.js";
import { checkPattern } from "./pattern.js";

/** Options of {@link zerosProbability}. */
export interface ZerosProbabilityOptions {
  /** The share of zero weights in the layer, 0..1. */
  readonly sparsity: number;
  /** Neighbours per group; default 4. */
  readonly group?: number;
  /** Zeros asked of a group, 0..group. */
  readonly zeros: number;
}

/**
 * Returns the probability that a group has at least `zeros` zeros when each weight is zero independently.
 * @throws ValueError for a sparsity outside 0..1 or zeros outside 0..group
 * @see sum over i >= zeros of C(group, i) p^i (1-p)^(group-i)
 * @example zerosProbability({ sparsity: 0.5, group: 8, zeros: 4 }) // 0.63671875
 */
export function zerosProbability(options: ZerosProbabilityOptions): number {
  const { sparsity, zeros } = options;
  const { group } = checkPattern("zerosProbability", { keep: 0, group: options.group ?? 4 }, 1024);
  if (!(sparsity >= 0 && sparsity <= 1)) {
    throw new ValueError(`zerosProbability: sparsity = ${sparsity}, expected 0..1`);
  }
  if (!Number.isInteger(zeros) || zeros < 0 || zeros > group) {
    throw new ValueError(`zerosProbability: zeros = ${zeros}, expected an integer 0..${group} (group = ${group})`);
  }
  // One more weight at a time: distribution[i] is the probability of i zeros so far.
  const distribution = new Float64Array(group + 1);
  distribution[0] = 1;
  for (let n = 1; n <= group; n++) {
    for (let i = n; i >= 0; i--) {
      const fewer = i > 0 ? (distribution[i - 1] as number) : 0;
      distribution[i] = (distribution[i] as number) * (1 - sparsity) + fewer * sparsity;
    }
  }
  let probability = 0;
  for (let i = group; i >= zeros; i--) probability += distribution[i] as number;
  return Math.min(1, probability);
}

/** Options of {@link keepFromSparsity}. */
export interface KeepFromSparsityOptions {
  /** The share of zero weights in the layer, 0..1. */
  readonly sparsity: number;
  /** Neighbours per group; default 4. */
  readonly group?: number;
  /** How sure a group must be to have its zeros already, 0..1; default 0.95. */
  readonly confidence?: number;
}

/**
 * Returns how many weights to keep per group when an unstructured sparse layer is turned into an N:M one: the
 * smallest `keep` for which a group already has its group - keep zeros with more than the given probability.
 * @throws ValueError for a sparsity or a confidence outside 0..1
 * @see AdaPrune in Hubara et al. 2021, arXiv:2102.08124 (rule as in the reference code, `extract_topk`)
 * @example keepFromSparsity({ sparsity: 0.8, group: 8 }) // 4
 */
export function keepFromSparsity(options: KeepFromSparsityOptions): number {
  const { sparsity, confidence = 0.95 } = options;
  const { group } = checkPattern("keepFromSparsity", { keep: 0, group: options.group ?? 4 }, 1024);
  if (!(sparsity >= 0 && sparsity <= 1) || !(confidence >= 0 && confidence <= 1)) {
    throw new ValueError(`keepFromSparsity: sparsity = ${sparsity}, confidence = ${confidence}, expected 0..1`);
  }
  let zeros = 0;
  while (zeros < group && zerosProbability({ sparsity, group, zeros: zeros + 1 }) > confidence) zeros++;
  return group - zeros;
}
