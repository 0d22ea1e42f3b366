import type { RoundingOptions } from "../dtypes/options.js";
import { DtypeError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import type { Qparams } from "./choose-qparams.js";
import { dequantize } from "./dequantize.js";
import { quantize } from "./quantize.js";

/**
 * Returns values rounded to the grid of `qparams`: what `dequantize` makes of `quantize`.
 * @param values float32 or float64, any shape that has the blocks of `qparams`; the result has the same dtype and shape
 * @throws DtypeError for another dtype; otherwise as {@link quantize}
 * @example fakeQuantize(W, chooseQparams(W, { convention: intAffine(4) }))
 */
export function fakeQuantize<D extends "float32" | "float64">(
  values: Tensor<D>,
  qparams: Qparams,
  options: RoundingOptions = {},
): Tensor<D> {
  const { dtype } = values;
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DtypeError(`fakeQuantize: dtype ${String(dtype)}, expected float32 or float64`);
  }
  return dequantize(quantize(values, qparams, options), qparams, { dtype });
}
