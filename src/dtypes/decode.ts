import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import type { ComplexFormat, Format } from "./format.js";
import { tableOf } from "./table.js";
import { type CodeTensor, checkCodes, singleFormat } from "./tensors.js";

/**
 * Returns the values of codes, exactly: every value of every format is a float32. Codes of NaN give NaN.
 * @param codes a whole number 0..2^bits - 1, or a tensor of them of any shape: uint8 up to 8 bits, uint16 above, one
 *   code per element. Of a signed integer format they are two's complement: int4 has 15 for -1. Of a complex format the
 *   last axis is 2, of real and imaginary part
 * @returns a number for a number; a float32 tensor of the same shape for a tensor
 * @throws DtypeError for another dtype or no format; ValueError for a code out of range; ShapeError when a complex
 *   format has no pairs
 * @see the tables of `ml_dtypes` 0.6.0, which these equal code by code
 * @example decode(float4_e2m1fn, 7) // 6
 */
export function decode(format: Format, codes: number): number;
export function decode(format: Format | ComplexFormat, codes: CodeTensor): Tensor<"float32">;
export function decode(given: Format | ComplexFormat, codes: number | CodeTensor): number | Tensor<"float32"> {
  const format = singleFormat("decode", given, codes);
  const table = tableOf("decode", format);
  if (typeof codes === "number") {
    if (!Number.isInteger(codes) || codes < 0 || codes >= table.length) {
      throw new ValueError(`decode: code ${codes}, expected a whole number 0..${table.length - 1} for ${format.name}`);
    }
    return table[codes] as number;
  }
  checkCodes("decode", format, codes);
  const data = new Float32Array(codes.data.length);
  for (let i = 0; i < data.length; i++) data[i] = table[codes.data[i] as number] as number;
  return { data, shape: [...codes.shape], dtype: "float32" };
}
