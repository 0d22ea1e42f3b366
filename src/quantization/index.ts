/**
 * Quantization to equally spaced grids, each under the name of who uses it.
 * @example import { quantization as q } from "lowbit"; q.fakeQuantize(W, q.chooseQparams(W, { convention: q.intSymmetric(4) }))
 */
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
export { fakeQuantize } from "./fake-quantize.js";
export type { Granularity } from "./granularity.js";
export type { QuantizedDtype } from "./qparams.js";
export { quantize } from "./quantize.js";
