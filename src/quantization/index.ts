/**
 * Quantization to equally spaced grids, each under the name of who uses it.
 * @example import { quantization as q } from "lowbit"; q.fakeQuantize(W, q.chooseQparams(W, { convention: q.intSymmetric(4) }))
 */
export { absmaxClip } from "./absmax-clip.js";
export { type AciqLaw, type AciqOptions, aciqClip, aciqError } from "./aciq.js";
export { type BitPlanesOptions, bitPlanes, fromBitPlanes } from "./bit-planes.js";
export { type ChooseQparamsOptions, type Clip, chooseQparams, type Qparams } from "./choose-qparams.js";
export {
  aciqBins,
  catActivations,
  intAffine,
  intSymmetric,
  kure,
  lapqActivations,
  lapqWeights,
  type QuantConvention,
  transformCoding,
} from "./convention.js";
export { type DequantizeOptions, dequantize } from "./dequantize.js";
export { type ErrorReport, errorReport } from "./error-report.js";
export { type FakeQuantizeOptions, fakeQuantize } from "./fake-quantize.js";
export type { Granularity } from "./granularity.js";
export { type KMeansCodebookOptions, kMeansCodebook } from "./k-means-codebook.js";
export { type KlClipOptions, klClip } from "./kl-clip.js";
export type { SymmetricLaw } from "./law.js";
export { fromLevels, nearestLevels } from "./levels.js";
export { lloydMax } from "./lloyd-max.js";
export { type LpClipOptions, lpClip, type MseClipOptions, mseClip } from "./lp-clip.js";
export { type OptimalClipOptions, optimalClip } from "./optimal-clip.js";
export { type PercentileClipOptions, percentileClip } from "./percentile-clip.js";
export type { QuantizedDtype } from "./qparams.js";
export { type QuantizeOptions, quantize } from "./quantize.js";
export type { LevelsOptions, ScalarQuantizer } from "./scalar-quantizer.js";
export { popcount, type SignBits, signBits, xnorProduct } from "./sign-bits.js";
export { type StochasticRoundOptions, stochasticRound } from "./stochastic-round.js";
export { type TernaryOptions, type TernaryTensor, type TwnOptions, ternaryOptimum, twn } from "./ternary.js";
export { type UniformQuantizer, uniformOptimum } from "./uniform-optimum.js";
