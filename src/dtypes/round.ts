import { allocate } from "../tensor/data.js";
import { elementwiseOut } from "../tensor/out.js";
import type { Tensor } from "../tensor/types.js";
import { encodeAll } from "./encode-all.js";
import { fastEncode } from "./encode-fast.js";
import { encoderOf } from "./encoder.js";
import type { ComplexFormat, Format } from "./format.js";
import type { EncodeOptions } from "./options.js";
import { tableOf } from "./table.js";
import { checkValues, singleFormat } from "./tensors.js";

/** Options of {@link round}. */
export interface RoundOptions<D extends "float32" | "float64" = "float32" | "float64"> extends EncodeOptions {
  /**
   * Where the result of a tensor is written, for reuse: a tensor of its dtype and shape, which may be the values
   * themselves; default a new one.
   */
  readonly out?: Tensor<D>;
}

/**
 * Returns the values rounded to those of a format: what `decode` makes of `encode`, under the same rules.
 * @param values a number, or a float32 or float64 tensor of any shape; pairs along the last axis for a complex format;
 *   the result has the same kind, dtype and shape: it is `out` when that is given
 * @throws DtypeError for another dtype or no format; ValueError for options that are unknown or do not go together;
 *   ShapeError when a complex format has no pairs, or `out` has another shape
 * @example round(bfloat16, 3.14159) // 3.140625
 */
export function round(format: Format, values: number, options?: EncodeOptions): number;
export function round<D extends "float32" | "float64">(
  format: Format | ComplexFormat,
  values: Tensor<D>,
  options?: RoundOptions<D>,
): Tensor<D>;
export function round(
  given: Format | ComplexFormat,
  values: number | Tensor<"float32" | "float64">,
  options: RoundOptions = {},
): number | Tensor {
  const format = singleFormat("round", given, values);
  const table = tableOf("round", format);
  const encoder = encoderOf("round", format, options);
  if (typeof values === "number") return table[encoder(values, 0)] as number;
  checkValues("round", values);
  const result = elementwiseOut("round", options.out, values.dtype, values);
  const { data } = result;
  if (data instanceof Float32Array && fastEncode(format, options, values.data, data)) return result;
  const codes = allocate(format.bits <= 8 ? "uint8" : "uint16", values.data.length);
  encodeAll("round", format, options, values.data, codes);
  for (let i = 0; i < data.length; i++) data[i] = table[codes[i] as number] as number;
  return result;
}
