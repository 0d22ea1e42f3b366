/**
 * Sparsity masks: N:M along one axis, transposable N:M, unstructured; how many there are and what they keep.
 * @example import { sparsity } from "lowbit"; sparsity.transposableMask(W, { keep: 2, group: 4 })
 */
export { countTransposableMasks } from "./count-transposable-masks.js";
export { type IsNmOptions, isNm } from "./is-nm.js";
export {
  type KeepFromSparsityOptions,
  keepFromSparsity,
  type ZerosProbabilityOptions,
  zerosProbability,
} from "./keep-from-sparsity.js";
export { keptMagnitude, keptShare } from "./kept-magnitude.js";
export {
  type DiversityPattern,
  type MaskDiversity,
  type MaskDiversityOptions,
  maskDiversity,
} from "./mask-diversity.js";
export { type MaskSvgOptions, maskSvg } from "./mask-svg.js";
export { type NmMaskOptions, nmMask } from "./nm-mask.js";
export type { NmPattern } from "./pattern.js";
export { solveTransposableMask, type TransposableSolution } from "./solve-transposable-mask.js";
export {
  type FlowEdge,
  type FlowStep,
  type TransposableFlowOptions,
  transposableFlow,
} from "./transposable-flow.js";
export { type TransposableMaskOptions, type TransposableMethod, transposableMask } from "./transposable-mask.js";
export { type UnstructuredMaskOptions, unstructuredMask } from "./unstructured-mask.js";
