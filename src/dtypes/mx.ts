import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { powerOfTwo } from "./bits.js";
import { blocksOf, checkScales, decodeBlocks, largestMagnitude } from "./blocks.js";
import { encodeAll } from "./encode-all.js";
import type { Format } from "./format.js";
import { float8_e8m0fnu } from "./formats.js";
import { checkScaleRule, elementRange, type MxScaleRule, scaleExponent } from "./mx-scale.js";
import type { RoundingOptions } from "./options.js";
import { tableOf } from "./table.js";
import { checkCodes, checkValues, type FloatTensor } from "./tensors.js";

/** Values in blocks that share a power of two. */
export interface MxTensor {
  readonly kind: "mx";
  readonly element: Format;
  /** Elements per scale. */
  readonly block: number;
  /** The axis along which blocks lie, counted from the front. */
  readonly axis: number;
  /** One code of `element` per value, in the shape of the values. */
  readonly codes: Tensor<"uint8">;
  /** One code of `float8_e8m0fnu` per block: the shape of the values with ceil(length / block) along `axis`. */
  readonly scales: Tensor<"uint8">;
}

/** Options of {@link mxEncode}. */
export interface MxEncodeOptions extends RoundingOptions {
  /**
   * MXFP8: `float8_e4m3fn` or `float8_e5m2`; MXFP6: `float6_e2m3fn` or `float6_e3m2fn`; MXFP4: `float4_e2m1fn`; MXINT8:
   * `int8`. Any other format of at most 8 bits with a sign and a zero works alike.
   */
  readonly element: Format;
  /** How the scale follows from the largest magnitude; always to be named, for libraries differ. */
  readonly scaleRule: MxScaleRule;
  /** Default -1, the last axis. */
  readonly axis?: number;
  /** Elements per scale; default 32, the only one of the OCP formats. */
  readonly block?: number;
}

/**
 * Returns values as OCP microscaling (MX) blocks: every `block` neighbours along `axis` share a scale 2^e, and an
 * element holds value / 2^e, rounded once, saturating at the largest magnitude.
 *
 * A last block that is shorter has a scale of its own, as if zeros filled it up. A block of zeros has the smallest
 * scale, 2^-127. A block with a NaN or an infinity has the scale NaN and codes 0: all of it decodes to NaN. Scales end
 * at 2^-127 and 2^127. Elements of an integer format count 2^-(bits - 2), 1/64 in MXINT8, and are symmetric: -128 never
 * arises.
 * @param values float32 or float64, at least one axis
 * @throws DtypeError for another dtype or element; ShapeError for a wrong axis; ValueError for other wrong options
 * @see OCP Microscaling Formats (MX) Specification 1.0, 2023; torchao's ScaleCalculationMode for the names of the
 *   rules. Its RCEIL multiplies by a rounded 1 / max, ours compares exactly
 * @example const { codes, scales } = mxEncode(W, { element: float4_e2m1fn, scaleRule: "floor" });
 */
export function mxEncode(values: FloatTensor, options: MxEncodeOptions): MxTensor {
  const { element, axis = -1, block = 32, rounding, key, offset } = options;
  checkValues("mxEncode", values);
  const rule = checkScaleRule("mxEncode", options.scaleRule);
  const range = elementRange("mxEncode", element);
  const blocks = blocksOf("mxEncode", values.shape, axis, block);
  const { data } = values;
  const scaled = new Float64Array(data.length);
  const scales = new Uint8Array(blocks.scaleShape.reduce((product, side) => product * side, 1));
  const limit = range.max / range.unit;
  blocks.forEach((first, count, index) => {
    const largest = largestMagnitude(data, first, count, blocks.stride);
    const exponent = Number.isNaN(largest) ? 128 : scaleExponent(rule, largest, range);
    scales[index] = exponent + 127;
    if (exponent === 128) return;
    const scale = powerOfTwo(-exponent) / range.unit;
    for (let i = 0, at = first; i < count; i++, at += blocks.stride) {
      const value = (data[at] as number) * scale;
      scaled[at] = value > limit ? limit : value < -limit ? -limit : value;
    }
  });
  const codes = new Uint8Array(data.length);
  encodeAll("mxEncode", element, { rounding, key, offset, overflow: "saturate" }, scaled, codes);
  return {
    kind: "mx",
    element,
    block,
    axis: blocks.axis,
    codes: { data: codes, shape: [...values.shape], dtype: "uint8" },
    scales: { data: scales, shape: blocks.scaleShape, dtype: "uint8" },
  };
}

/**
 * Returns the values of MX blocks: scale times element, rounded to float32, which is exact unless it overflows.
 * @returns float32, the shape of the codes
 * @throws ShapeError for scales that do not fit; DtypeError, ValueError for what is no MX tensor
 * @example mxDecode(mxEncode(W, { element: float8_e4m3fn, scaleRule: "rceil" }))
 */
export function mxDecode(tensor: MxTensor): Tensor<"float32"> {
  if (tensor?.kind !== "mx") throw new ValueError(`mxDecode: kind ${tensor?.kind}, expected what mxEncode returned`);
  const { element, block, axis, codes, scales } = tensor;
  const { unit } = elementRange("mxDecode", element);
  checkCodes("mxDecode", element, codes);
  checkCodes("mxDecode", float8_e8m0fnu, scales);
  const blocks = blocksOf("mxDecode", codes.shape, axis, block);
  checkScales("mxDecode", scales, blocks);
  const elementTable = tableOf("mxDecode", element);
  return decodeBlocks(blocks, codes, elementTable, scales, tableOf("mxDecode", float8_e8m0fnu), unit);
}
