import { allocate } from "../tensor/data.js";
import { encodeAll } from "./encode-all.js";
import { encoderOf } from "./encoder.js";
import type { ComplexFormat, Format } from "./format.js";
import { checkFormat } from "./layout.js";
import type { EncodeOptions } from "./options.js";
import { type CodeTensor, checkValues, type FloatTensor, singleFormat } from "./tensors.js";

/**
 * Returns the codes of values, each rounded once: a float64 is not rounded to float32 first.
 *
 * What a format lacks is decided as `ml_dtypes` decides it. NaN becomes the format's NaN without a sign, -0 in a float
 * format without NaN, 0 in an integer format. -0 becomes 0 where there is no -0. A negative value becomes NaN in a
 * float format without sign, and so does zero in one without zero (`float8_e8m0fnu`); where that has no NaN either, the
 * smallest code. A value below the smallest of a format without zero becomes the smallest. Rounding `toward-zero` takes
 * finite values beyond the largest to the largest, whatever `overflow` says, as in IEEE 754.
 *
 * `ml_dtypes` differs in four points. It keeps the sign bit of a NaN. It casts to integers as C does, truncating and
 * wrapping: that is `{ rounding: "toward-zero", overflow: "wrap" }` here. It rounds a float64 to float32 before the
 * format's own rounding. And 0.6.0 takes every float32 between 2^-127 and 2^-126 up to 2^-126 in `float8_e8m0fnu`;
 * here the nearer is taken.
 * @param values a number, or a float32 or float64 tensor of any shape; pairs along the last axis for a complex format
 * @returns a number for a number; for a tensor uint8 codes up to 8 bits, uint16 above, of the same shape
 * @throws DtypeError for another dtype or no format; ValueError for options that are unknown or do not go together;
 *   ShapeError when a complex format has no pairs
 * @example encode(float8_e4m3fn, 465) // 127, NaN
 * @example encode(float8_e4m3fn, 465, { overflow: "saturate" }) // 126, which is 448
 */
export function encode(format: Format, values: number, options?: EncodeOptions): number;
export function encode(format: Format | ComplexFormat, values: FloatTensor, options?: EncodeOptions): CodeTensor;
export function encode(
  given: Format | ComplexFormat,
  values: number | FloatTensor,
  options: EncodeOptions = {},
): number | CodeTensor {
  const format = singleFormat("encode", given, values);
  if (typeof values === "number") return encoderOf("encode", format, options)(values, 0);
  checkFormat("encode", format);
  checkValues("encode", values);
  const dtype = format.bits <= 8 ? "uint8" : "uint16";
  const data = allocate(dtype, values.data.length);
  encodeAll("encode", format, options, values.data, data);
  return { data, shape: [...values.shape], dtype };
}
