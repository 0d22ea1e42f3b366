/**
 * Transforms that decorrelate signals, images and feature maps: wavelets, cosines, Karhunen and Loève.
 * @example import { transforms } from "lowbit"; transforms.wavedec(x, "db2").details
 */
export {
  type AtrousBands,
  type AtrousBands2,
  type AtrousBorder,
  type AtrousOptions,
  atrous,
  atrous2,
} from "./atrous.js";
export { type DctnOptions, type DctOptions, type DctType, dct, dctn, idct, idctn } from "./dct.js";
export { type AxisOptions, type DwtBands, type DwtOptions, dwt, type IdwtOptions, idwt } from "./dwt.js";
export {
  type Dwt2Bands,
  type Dwt2Details,
  type Dwt2Options,
  dwt2,
  type Idwt2Options,
  type ImageOptions,
  idwt2,
} from "./dwt2.js";
export type { BorderMode } from "./filter-bank.js";
export { type Convolution, foldKlt } from "./fold-klt.js";
export { inverseKlt, klt } from "./klt.js";
export type { Klt } from "./klt-channels.js";
export { type FitKltOptions, fitKlt } from "./klt-fit.js";
export { type LiftBands, type LiftingScheme, type LiftOptions, lift, unlift } from "./lift.js";
export { type Lift2Bands, type Lift2Options, lift2, unlift2 } from "./lift2.js";
export { type ModulusMaxima, type ModulusMaximaOptions, modulusMaxima } from "./modulus-maxima.js";
export { type WavedecOptions, type WaveletBands, wavedec, waverec } from "./wavedec.js";
export { type Wavedec2Options, type WaveletBands2, wavedec2, waverec2 } from "./wavedec2.js";
export { maxLevel, type Wavelet, type WaveletName, wavelet } from "./wavelet.js";
