import type { RoundingOptions } from "../dtypes/options.js";
import { checkFinite } from "../stats/checked.js";
import { allocate } from "../tensor/data.js";
import type { Tensor } from "../tensor/types.js";
import type { Qparams } from "./choose-qparams.js";
import { codeDtype, forEachBlock, type QuantizedDtype } from "./qparams.js";
import { type Rounder, rounderOf } from "./rounder.js";

/**
 * Returns the codes of values: round(x / scale + zeroPoint), clamped to the convention's codes. The integer part of the
 * zero point is added after rounding, as in ONNX's QuantizeLinear, so that a tie is decided by x / scale alone where 0 is
 * a level. In a grid where 0 is no level, `toward-zero` and `nearest-away` mean that quotient's 0, not the value's.
 * @param values any shape that has the blocks of `qparams`: any at all where they are per tensor; finite
 * @param options.rounding default `nearest-even`; `stochastic` needs a `key`
 * @returns the smallest of int8, uint8, int16, uint16 and int32 that holds all codes, in the shape of the values
 * @throws ValueError for a value that is not finite or qparams that cannot be; ShapeError when there is not one scale
 *   per block
 * @example quantize(tensor.from([-1, 0.5, 0.2]), chooseQparams(W, { convention: intSymmetric(8) })).dtype // "int8"
 */
export function quantize(values: Tensor, qparams: Qparams, options: RoundingOptions = {}): Tensor<QuantizedDtype> {
  const round = rounderOf("quantize", options);
  const dtype = codeDtype("quantize", qparams);
  const codes = allocate(dtype, values.data.length);
  if (values.data.length > 0) checkFinite("quantize", values);
  const { low, high } = qparams.convention;
  forEachBlock("quantize", values.shape, qparams, (first, length, scale, zeroPoint) => {
    quantizeRun(values.data, codes, { first, length, scale, zeroPoint, low, high, round });
  });
  return { data: codes, shape: [...values.shape], dtype };
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
