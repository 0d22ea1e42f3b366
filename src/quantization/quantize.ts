import type { RoundingOptions } from "../dtypes/options.js";
import { checkFinite } from "../stats/checked.js";
import { outOf } from "../tensor/out.js";
import type { Tensor } from "../tensor/types.js";
import type { Qparams } from "./choose-qparams.js";
import type { Blocks } from "./granularity.js";
import { fastQuantize } from "./grid-fast.js";
import { checkedBlocks, codeDtype, forEachBlock, type QuantizedDtype } from "./qparams.js";
import { type Rounder, rounderOf } from "./rounder.js";

/** Options of {@link quantize}. */
export interface QuantizeOptions extends RoundingOptions {
  /** Where the codes are written, for reuse: of their dtype and the values' shape, apart from them; default a new tensor. */
  readonly out?: Tensor<QuantizedDtype>;
}

/**
 * Returns the codes of values: round(x / scale + zeroPoint), clamped to the convention's codes. The integer part of the
 * zero point is added after rounding, as in ONNX's QuantizeLinear, so that a tie is decided by x / scale alone where 0 is
 * a level. In a grid where 0 is no level, `toward-zero` and `nearest-away` mean that quotient's 0, not the value's.
 * @param values any shape that has the blocks of `qparams`: any at all where they are per tensor; finite
 * @param options.rounding default `nearest-even`; `stochastic` needs a `key`
 * @returns the smallest of int8, uint8, int16, uint16 and int32 that holds all codes, in the shape of the values
 *   It is `out` when that is given
 * @throws ValueError for a value that is not finite or qparams that cannot be; ShapeError when there is not one scale
 *   per block
 * @example quantize(tensor.from([-1, 0.5, 0.2]), chooseQparams(W, { convention: intSymmetric(8) })).dtype // "int8"
 */
export function quantize(values: Tensor, qparams: Qparams, options: QuantizeOptions = {}): Tensor<QuantizedDtype> {
  const round = rounderOf("quantize", options);
  const dtype = codeDtype("quantize", qparams);
  const blocks = blocksFor(values, qparams);
  const out = outOf("quantize", options.out, dtype, values.shape, [values]);
  if (fastQuantize(values, qparams, blocks, options, out)) return out;
  if (values.data.length > 0) checkFinite("quantize", values);
  const { low, high } = qparams.convention;
  forEachBlock(blocks, qparams, (first, length, scale, zeroPoint) => {
    quantizeRun(values.data, out.data, { first, length, scale, zeroPoint, low, high, round });
  });
  return out;
}

/** Returns the checked blocks of values; of two faults a value that is not finite is named. @throws as {@link quantize} */
export function blocksFor(values: Tensor, qparams: Qparams): Blocks {
  try {
    return checkedBlocks("quantize", values.shape, qparams);
  } catch (error) {
    if (values.data.length > 0) checkFinite("quantize", values);
    throw error;
  }
}

/** Neighbours that share a scale. */
interface Run {
  readonly first: number;
  readonly length: number;
  readonly scale: number;
  readonly zeroPoint: number;
  readonly low: number;
  readonly high: number;
  readonly round: Rounder;
}

function quantizeRun(data: ArrayLike<number>, codes: { [index: number]: number }, run: Run): void {
  const { first, length, scale, zeroPoint, round } = run;
  const whole = Math.floor(zeroPoint);
  const rest = zeroPoint - whole;
  const [low, high] = [run.low - whole, run.high - whole];
  for (let i = first; i < first + length; i++) {
    const place = (data[i] as number) / scale + rest;
    // Clamped before it is rounded, for the quotient may be infinite.
    codes[i] = (place <= low ? low : place >= high ? high : round(place, i)) + whole;
  }
}
