/**
 * Number formats as records under the names of `ml_dtypes`, what their codes mean, rounding to them, and block formats
 * (OCP MX and NVFP4).
 * @example import { dtypes } from "lowbit"; dtypes.round(dtypes.float8_e4m3fn, 0.3) // 0.3125
 */
export { decode } from "./decode.js";
export { encode } from "./encode.js";
export { type FloatInfo, finfo } from "./finfo.js";
export { type FloatFormatOptions, floatFormat } from "./float-format.js";
export type { ComplexFormat, FloatFormat, Format, IntFormat } from "./format.js";
export {
  bcomplex32,
  bfloat16,
  complex32,
  float4_e2m1fn,
  float6_e2m3fn,
  float6_e3m2fn,
  float8_e3m4,
  float8_e4m3,
  float8_e4m3b11fnuz,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e5m2fnuz,
  float8_e8m0fnu,
  float16,
  int1,
  int2,
  int4,
  int8,
  int16,
  uint1,
  uint2,
  uint4,
  uint8,
  uint16,
} from "./formats.js";
export { type IntInfo, iinfo } from "./iinfo.js";
export { type MxEncodeOptions, type MxTensor, mxDecode, mxEncode } from "./mx.js";
export type { MxScaleRule } from "./mx-scale.js";
export { type Nvfp4EncodeOptions, type Nvfp4Tensor, nvfp4Decode, nvfp4Encode } from "./nvfp4.js";
export type { EncodeOptions, Overflow, Rounding, RoundingOptions } from "./options.js";
export { packCodes, unpackCodes } from "./pack-codes.js";
export { type RoundOptions, round } from "./round.js";
export type { CodeTensor, FloatTensor } from "./tensors.js";
