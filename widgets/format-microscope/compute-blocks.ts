/** The shared scale of a block, step by step, and what each rule for it gives. */

import { exponentOf, powerOfTwo } from "../../src/dtypes/bits.js";
import {
  decode,
  float8_e4m3fn,
  float8_e8m0fnu,
  type MxScaleRule,
  mxDecode,
  mxEncode,
  nvfp4Decode,
  nvfp4Encode,
} from "../../src/dtypes/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { roundingOf, type Settings, targetIn, tensorScale } from "./compute-chunks.js";
import { rangeOf } from "./compute-formats.js";
import { blockAt } from "./compute-inspect.js";

/** The rules for the scale of an MX block. */
export const scaleRules: readonly MxScaleRule[] = ["floor", "ceil", "even", "rceil"];

/** What one rule, or NVFP4, makes of a block. */
export interface RuleResult {
  /** Null for NVFP4. */
  readonly rule: MxScaleRule | null;
  /** The code of the scale: float8_e8m0fnu, or float8_e4m3fn in NVFP4. */
  readonly code: number;
  /** What the code means; without the scale of the tensor. */
  readonly scale: number;
  /** Largest magnitude / scale, in the unit of the elements. */
  readonly scaled: number;
  /** What the largest magnitude became. */
  readonly result: number;
  /** Whether a value of the block lies beyond the largest element. */
  readonly saturates: boolean;
  /** Values of the block, decoded. */
  readonly decoded: Float32Array;
  /** Mean squared error over the block. */
  readonly mse: number;
}

/** A block and its scale. */
export interface BlockInspection {
  /** Place of its first value. */
  readonly start: number;
  readonly values: Float64Array;
  /** Largest magnitude, NaN where a value is not finite; and its place within the block. */
  readonly amax: number;
  readonly amaxAt: number;
  /** floor(log2 amax) and amax / 2^that: what the rules look at. */
  readonly exponent: number;
  readonly significand: number;
  /** Of the element: the exponent and the magnitude of its largest value, and its mantissa bits. */
  readonly maxExponent: number;
  readonly max: number;
  readonly mantissa: number;
  /** What an integer element counts; 1 for floats. */
  readonly unit: number;
  /** T of NVFP4, else 1. */
  readonly tensorScale: number;
  /** Those of all rules; of NVFP4 one. */
  readonly results: readonly RuleResult[];
  /** The one that the settings choose. */
  readonly chosen: RuleResult;
}

/** Returns the block around a place, undefined for a format without blocks. */
export function inspectBlock(values: Tensor, settings: Settings, place: number): BlockInspection | undefined {
  const target = targetIn(settings);
  if (target.kind === "single") return undefined;
  const { start, data } = blockAt(values, settings, place);
  const { maxExponent, max, unit } = rangeOf(target);
  const [amax, amaxAt] = largestIn(data);
  const scale = tensorScale(values, settings);
  const results =
    target.kind === "nvfp4"
      ? [nvfp4Result(data, settings, start, scale)]
      : scaleRules.map((rule) => mxResult(data, settings, start, rule));
  const exponent = exponentOf(amax);
  const { format } = target;
  return {
    start,
    values: data,
    amax,
    amaxAt,
    exponent,
    significand: Math.abs(exponent) > 1000 ? Number.NaN : amax * powerOfTwo(-exponent),
    maxExponent,
    max: max * unit,
    mantissa: format.kind === "int" ? format.bits - 2 : format.mantissa,
    unit,
    tensorScale: target.kind === "nvfp4" ? scale : 1,
    results,
    chosen: results.find(({ rule }) => rule === null || rule === settings.scale_rule) as RuleResult,
  };
}

function mxResult(data: Float64Array, settings: Settings, start: number, rule: MxScaleRule): RuleResult {
  const target = targetIn(settings);
  const { max, unit } = rangeOf(target);
  const tensor: Tensor<"float64"> = { data, shape: [data.length], dtype: "float64" };
  const options = { ...roundingOf(settings, start), element: target.format, scaleRule: rule, block: data.length };
  const found = mxEncode(tensor, options);
  const code = found.scales.data[0] as number;
  const scale = decode(float8_e8m0fnu, code);
  return resultOf(data, mxDecode(found).data, { rule, code, scale, whole: scale, max: max * unit });
}

function nvfp4Result(data: Float64Array, settings: Settings, start: number, tensorScale: number): RuleResult {
  const tensor: Tensor<"float64"> = { data, shape: [data.length], dtype: "float64" };
  const found = nvfp4Encode(tensor, { ...roundingOf(settings, start), tensorScale });
  const code = found.scales.data[0] as number;
  const scale = decode(float8_e4m3fn, code);
  const whole = scale * tensorScale;
  return resultOf(data, nvfp4Decode(found).data, { rule: null, code, scale, whole, max: 6 });
}

function resultOf(
  data: Float64Array,
  decoded: Float32Array,
  scaling: Pick<RuleResult, "rule" | "code" | "scale"> & { readonly whole: number; readonly max: number },
): RuleResult {
  const { whole, max, ...rest } = scaling;
  const [amax, amaxAt] = largestIn(data);
  let noise = 0;
  for (let i = 0; i < data.length; i++) {
    const error = (decoded[i] as number) - (data[i] as number);
    noise += error * error;
  }
  const scaled = amax / whole;
  const result = decoded[amaxAt] as number;
  return { ...rest, scaled, result, saturates: scaled > max, decoded, mse: noise / data.length };
}

/** The largest magnitude and its place; NaN where a value is not finite. */
function largestIn(data: Float64Array): [size: number, at: number] {
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] as number);
    if (!(size < Number.POSITIVE_INFINITY)) return [Number.NaN, i];
    if (size > Math.abs(data[at] as number)) at = i;
  }
  return [Math.abs(data[at] as number), at];
}
