import { checkRounding, type RoundingOptions } from "../dtypes/options.js";
import { DtypeError } from "../errors.js";
import { elementwiseOut, overlap } from "../tensor/out.js";
import type { Tensor } from "../tensor/types.js";
import type { Qparams } from "./choose-qparams.js";
import { dequantize } from "./dequantize.js";
import { fastFinite, fastQuantize } from "./grid-fast.js";
import { codeDtype } from "./qparams.js";
import { blocksFor, quantize } from "./quantize.js";

/** Options of {@link fakeQuantize}. */
export interface FakeQuantizeOptions<D extends "float32" | "float64" = "float32" | "float64"> extends RoundingOptions {
  /** Where the result is written, for reuse: of the values' dtype and shape, the values themselves perhaps; default new. */
  readonly out?: Tensor<D>;
}

/**
 * Returns values rounded to the grid of `qparams`: what `dequantize` makes of `quantize`.
 * @param values float32 or float64, any shape that has the blocks of `qparams`; the result has the same dtype and shape:
 *   it is `out` when that is given, left half written when a value is not finite unless it is the values themselves
 * @throws DtypeError for another dtype; otherwise as {@link quantize}
 * @example fakeQuantize(W, chooseQparams(W, { convention: intAffine(4) }))
 */
export function fakeQuantize<D extends "float32" | "float64">(
  values: Tensor<D>,
  qparams: Qparams,
  options: FakeQuantizeOptions<D> = {},
): Tensor<D> {
  const { dtype } = values;
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DtypeError(`fakeQuantize: dtype ${String(dtype)}, expected float32 or float64`);
  }
  const { out: given, ...rest } = options;
  checkRounding("quantize", rest);
  codeDtype("quantize", qparams);
  const blocks = blocksFor(values, qparams);
  const out = elementwiseOut("fakeQuantize", given, dtype, values);
  // What is written over must be known to be finite before.
  const safe = !overlap(out, values) || fastFinite(values);
  if (safe && fastQuantize(values, qparams, blocks, rest, out)) return out;
  return dequantize(quantize(values, qparams, rest), qparams, { dtype, out });
}
