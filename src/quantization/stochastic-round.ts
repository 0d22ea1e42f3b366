import { DtypeError, ValueError } from "../errors.js";
import type { Key } from "../random/threefry.js";
import { checkFinite } from "../stats/checked.js";
import { elementwiseOut, overlap } from "../tensor/out.js";
import type { Tensor, TensorData } from "../tensor/types.js";
import { fastFinite, fastMultiples } from "./grid-fast.js";
import { rounderOf } from "./rounder.js";

/** Options of {@link stochasticRound}. */
export interface StochasticRoundOptions<D extends "float32" | "float64" = "float32" | "float64"> {
  /** Values become multiples of it, > 0; default 1. */
  readonly step?: number;
  /** Where the result is written, for reuse: of the values' dtype and shape, the values themselves perhaps; default new. */
  readonly out?: Tensor<D>;
}

/**
 * Returns values rounded at random to a multiple of `step` below or above, each with the probability that leaves the
 * expectation where it was. A multiple stays; -0 becomes 0.
 * @param values float32 or float64, any shape, finite; the result has the same dtype and shape
 * @throws DtypeError for another dtype; ValueError for a value that is not finite or a step that is not > 0 and finite
 * @see x = step (k + f), 0 <= f < 1: k + 1 with probability f, right to 2^-32: 32 bits of the element's place
 *   decide, see {@link Rounding}; Gupta et al. 2015, arXiv:1502.02551
 * @example stochasticRound(random.key(1), tensor.from([0.25, -1.5]), { step: 0.5 })
 */
export function stochasticRound<D extends "float32" | "float64">(
  key: Key,
  values: Tensor<D>,
  options: StochasticRoundOptions<D> = {},
): Tensor<D> {
  const { step = 1 } = options;
  const { data, dtype } = values;
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DtypeError(`stochasticRound: dtype ${String(dtype)}, expected float32 or float64`);
  }
  if (!(step > 0 && Number.isFinite(step))) {
    throw new ValueError(`stochasticRound: step = ${step}, expected a finite number > 0`);
  }
  const round = rounderOf("stochasticRound", { rounding: "stochastic", key });
  const out = elementwiseOut("stochasticRound", options.out, dtype, values);
  // What is written over must be known to be finite before.
  const safe = !overlap(out, values) || fastFinite(values);
  if (safe && fastMultiples(key, data, step, out.data)) return out;
  if (data.length > 0) checkFinite("stochasticRound", values);
  const result: TensorData = out.data;
  for (let i = 0; i < data.length; i++) {
    const steps = (data[i] as number) / step;
    // A quotient that is too large to have a fraction, or infinite, leaves the value as it is.
    result[i] = Math.abs(steps) < 2 ** 52 ? step * round(steps, i) + 0 : (data[i] as number);
  }
  return out;
}
