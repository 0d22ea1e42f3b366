import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { powerOfTwo } from "./bits.js";
import { blocksOf, checkScales, decodeBlocks, largestMagnitude } from "./blocks.js";
import { encodeAll } from "./encode-all.js";
import { encoderOf } from "./encoder.js";
import { float4_e2m1fn, float8_e4m3fn } from "./formats.js";
import type { RoundingOptions } from "./options.js";
import { tableOf } from "./table.js";
import { checkCodes, checkValues, type FloatTensor } from "./tensors.js";

const elementMax = 6;
const scaleMax = 448;
/** The code of NaN in float8_e4m3fn. */
const nanScale = 127;

/** Values in NVFP4: `tensorScale` × scale of the block × element. */
export interface Nvfp4Tensor {
  readonly kind: "nvfp4";
  /** Elements per scale: 16. */
  readonly block: 16;
  /** The axis along which blocks lie, counted from the front. */
  readonly axis: number;
  /** One code of `float4_e2m1fn` per value, in the shape of the values. */
  readonly codes: Tensor<"uint8">;
  /** One code of `float8_e4m3fn` per block: the shape of the values with ceil(length / 16) along `axis`. */
  readonly scales: Tensor<"uint8">;
  /** The scale of the whole tensor, a float32 > 0. */
  readonly tensorScale: number;
}

/** Options of {@link nvfp4Encode}. */
export interface Nvfp4EncodeOptions extends RoundingOptions {
  /** Default -1, the last axis. */
  readonly axis?: number;
  /** Default: the largest magnitude / (6 · 448), in float32. A calibrated one may be given instead, finite and > 0. */
  readonly tensorScale?: number;
}

/**
 * Returns values in NVFP4: elements of `float4_e2m1fn` in blocks of 16 along `axis`, a `float8_e4m3fn` scale for each
 * block, and a float32 scale for the tensor. With a the largest magnitude of the tensor and a_b of a block,
 * T = a / (6 · 448), s_b = float8_e4m3fn(a_b / (6 T)), element = float4_e2m1fn(value / (T s_b)). Quotients are taken in
 * float64 and rounded once, scales to the nearest, elements as `rounding` says; both saturate.
 *
 * A last block that is shorter has a scale of its own. A block whose scale rounds to 0, from 2^-10 down, becomes
 * zeros. A tensor of zeros has T = 1. A block with a NaN or an infinity has the scale NaN and codes 0, and does not
 * count in T. T is kept within the finite float32 > 0.
 * @param values float32 or float64, at least one axis
 * @throws DtypeError for another dtype; ShapeError for a wrong axis; ValueError for other wrong options
 * @see NVIDIA, "Pretraining Large Language Models with NVFP4", 2025, arXiv:2509.25149, and Transformer Engine, whose
 *   global encoding scale is 1 / T
 * @example nvfp4Encode(W).tensorScale // the largest magnitude of W / 2688
 */
export function nvfp4Encode(values: FloatTensor, options: Nvfp4EncodeOptions = {}): Nvfp4Tensor {
  const { axis = -1, rounding, key, offset } = options;
  checkValues("nvfp4Encode", values);
  const scaleEncoder = encoderOf("nvfp4Encode", float8_e4m3fn, { overflow: "saturate" });
  const blocks = blocksOf("nvfp4Encode", values.shape, axis, 16);
  const { data } = values;
  const tensorScale = checkTensorScale(options.tensorScale ?? defaultScale(data));
  const powers = tableOf("nvfp4Encode", float8_e4m3fn);
  const scaled = new Float64Array(data.length);
  const scales = new Uint8Array(blocks.scaleShape.reduce((product, side) => product * side, 1));
  blocks.forEach((first, count, index) => {
    const largest = largestMagnitude(data, first, count, blocks.stride);
    const code = Number.isNaN(largest) ? nanScale : scaleEncoder(largest / (elementMax * tensorScale), 0);
    scales[index] = code;
    if (code === nanScale || code === 0) return;
    const scale = (powers[code] as number) * tensorScale;
    for (let i = 0, at = first; i < count; i++, at += blocks.stride) {
      scaled[at] = (data[at] as number) / scale;
    }
  });
  const codes = new Uint8Array(data.length);
  encodeAll("nvfp4Encode", float4_e2m1fn, { rounding, key, offset }, scaled, codes);
  return {
    kind: "nvfp4",
    block: 16,
    axis: blocks.axis,
    codes: { data: codes, shape: [...values.shape], dtype: "uint8" },
    scales: { data: scales, shape: blocks.scaleShape, dtype: "uint8" },
    tensorScale,
  };
}

/**
 * Returns the values of an NVFP4 tensor: (T · scale) · element, multiplied in float64 and rounded once to float32.
 * @returns float32, the shape of the codes
 * @throws ShapeError for scales that do not fit; DtypeError, ValueError for what is no NVFP4 tensor
 * @example nvfp4Decode(nvfp4Encode(W))
 */
export function nvfp4Decode(tensor: Nvfp4Tensor): Tensor<"float32"> {
  if (tensor?.kind !== "nvfp4") {
    throw new ValueError(`nvfp4Decode: kind ${tensor?.kind}, expected what nvfp4Encode returned`);
  }
  const { axis, codes, scales } = tensor;
  const tensorScale = checkTensorScale(tensor.tensorScale, "nvfp4Decode");
  checkCodes("nvfp4Decode", float4_e2m1fn, codes);
  checkCodes("nvfp4Decode", float8_e4m3fn, scales);
  const blocks = blocksOf("nvfp4Decode", codes.shape, axis, 16);
  checkScales("nvfp4Decode", scales, blocks);
  const elementTable = tableOf("nvfp4Decode", float4_e2m1fn);
  return decodeBlocks(blocks, codes, elementTable, scales, tableOf("nvfp4Decode", float8_e4m3fn), tensorScale);
}

function checkTensorScale(scale: number, caller = "nvfp4Encode"): number {
  const single = Math.fround(scale);
  if (!(single > 0 && single < Number.POSITIVE_INFINITY)) {
    throw new ValueError(`${caller}: tensorScale ${scale}, expected a finite float32 > 0`);
  }
  return single;
}

function defaultScale(data: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] as number);
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
  }
  if (largest === 0) return 1;
  const least = powerOfTwo(-149);
  const most = (2 - powerOfTwo(-23)) * powerOfTwo(127);
  return Math.min(Math.max(Math.fround(largest / (elementMax * scaleMax)), least), most);
}
