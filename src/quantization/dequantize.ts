import { DtypeError } from "../errors.js";
import { outOf } from "../tensor/out.js";
import type { Tensor } from "../tensor/types.js";
import type { Qparams } from "./choose-qparams.js";
import { fastDequantize } from "./grid-fast.js";
import { checkedBlocks, codeDtype, forEachBlock } from "./qparams.js";

/** Options of {@link dequantize}. */
export interface DequantizeOptions<D extends "float32" | "float64" = "float32" | "float64"> {
  /** Default `float32`. */
  readonly dtype?: D;
  /** Where the values are written, for reuse: of that dtype and the codes' shape, apart from them; default a new tensor. */
  readonly out?: Tensor<D>;
}

/**
 * Returns what codes stand for: scale (code - zeroPoint), multiplied in float64 and rounded once to the dtype.
 * @param codes integers of any dtype, in a shape that has the blocks of `qparams`
 * @returns `out` when that is given
 * @throws DtypeError for codes that are no integers or another result than float32 and float64; ShapeError when there
 *   is not one scale per block; ValueError for qparams that cannot be
 * @example dequantize(quantize(W, qparams), qparams)
 */
export function dequantize<D extends "float32" | "float64" = "float32">(
  codes: Tensor,
  qparams: Qparams,
  options: DequantizeOptions<D> = {},
): Tensor<D> {
  const dtype = options.dtype ?? ("float32" as D);
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DtypeError(`dequantize: dtype ${JSON.stringify(dtype)}, expected float32 or float64`);
  }
  if (codes.dtype === "float32" || codes.dtype === "float64") {
    throw new DtypeError(`dequantize: codes of dtype ${codes.dtype}, expected integers`);
  }
  codeDtype("dequantize", qparams);
  const blocks = checkedBlocks("dequantize", codes.shape, qparams);
  const out = outOf("dequantize", options.out, dtype, codes.shape, [codes]);
  const { data } = out;
  if (fastDequantize(codes, qparams, blocks, out)) return out;
  forEachBlock(blocks, qparams, (first, length, scale, zeroPoint) => {
    for (let i = first; i < first + length; i++) data[i] = scale * ((codes.data[i] as number) - zeroPoint);
  });
  return out;
}
