import { ValueError } from "../errors.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { absmaxOf } from "./absmax-clip.js";
import { endsOf } from "./choose-qparams.js";
import { checkConvention, type QuantConvention } from "./convention.js";
import { fastFinite } from "./grid-fast.js";
import { gridAt, squaredLoss } from "./grid-loss.js";
import { minimize } from "./minimize.js";
import { sortedValues } from "./sorted.js";

/** Options of {@link mseClip}. */
export interface MseClipOptions {
  /** The grid whose clip is chosen. */
  readonly convention: QuantConvention;
  /** How many clips are compared before the best is refined, a whole number >= 2; default 256. */
  readonly candidates?: number;
}

/** Options of {@link lpClip}. */
export interface LpClipOptions extends MseClipOptions {
  /** The power of |error|, > 0; default 2. A larger one minds outliers more and gives a larger clip. */
  readonly p?: number;
}

/**
 * Returns the clip α at which the mean of |error|^p is least, in the unit of the values: the best of `candidates` equally
 * spaced ones, refined between its neighbours. They end where the outermost level reaches the largest magnitude. The
 * mean has many small local minima on few values: between candidates there may be a slightly better one. It takes
 * `candidates` + 47 passes over the values, but for p = 2: then the values are sorted once, and what neighbours that
 * share a level add to the sum follows from their mean and spread, right to some 10^-15 of it.
 * @param values any shape, finite; only zeros give 0
 * @throws ValueError for an empty tensor, a value that is not finite, no convention, or options out of range
 * @see Nahshan et al. 2021, arXiv:1911.07190: argmin mean |Q_α(x) - x|^p
 * @example chooseQparams(W, { convention, clip: (block) => lpClip(block, { convention, p: 2.4 }) })
 */
export function lpClip(values: Tensor, options: LpClipOptions): number {
  return search("lpClip", values, options);
}

/**
 * Returns the clip α at which the mean squared error is least: {@link lpClip} with p = 2.
 * @throws ValueError as lpClip
 * @example mseClip(W, { convention: intSymmetric(4) })
 */
export function mseClip(values: Tensor, options: MseClipOptions): number {
  return search("mseClip", values, { ...options, p: 2 });
}

function search(caller: string, values: Tensor, options: LpClipOptions): number {
  const convention = checkConvention(caller, options?.convention);
  const { p = 2, candidates = 256 } = options;
  checkPower(caller, p);
  if (!Number.isSafeInteger(candidates) || candidates < 2) {
    throw new ValueError(`${caller}: candidates = ${candidates}, expected a whole number >= 2`);
  }
  if (!fastFinite(values)) checkFinite(caller, values);
  const largest = absmaxOf(values.data);
  if (largest === 0) return 0;
  // Relative to the largest, so that no power overflows.
  const data = p === 2 ? sortedValues(values.data) : new Float64Array(values.data);
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) / largest;
  const places = Array.from({ length: candidates }, (_, i) => ((i + 1) / candidates) * widest(convention));
  const clip = minimize(p === 2 ? squaredLoss(data, convention) : powerLoss(data, convention, p), places);
  return clip * largest;
}

/** The clip at which the outermost level is 1. */
function widest({ range, zeroPoint, high, steps }: QuantConvention): number {
  return range === "symmetric" && typeof zeroPoint === "number" ? steps / (2 * (high - zeroPoint)) : 1;
}

/** Returns the mean of |error|^p as a function of the clip: a pass over the values for each. */
function powerLoss(data: Float64Array, convention: QuantConvention, p: number): (alpha: number) => number {
  const power = powerOf(p);
  const ends = endsOf(data);
  return (alpha) => {
    const errorOf = gridAt(convention, ends, alpha);
    let total = 0;
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      total += power(Math.abs(errorOf(value) - value));
    }
    return total / data.length;
  };
}

/** Throws a ValueError unless p is a finite number > 0. */
export function checkPower(caller: string, p: number): void {
  if (!(p > 0 && Number.isFinite(p))) throw new ValueError(`${caller}: p = ${p}, expected a finite number > 0`);
}

/** Returns the function x^p of x >= 0. */
export function powerOf(p: number): (x: number) => number {
  if (p === 1) return (x) => x;
  if (p === 2) return (x) => x * x;
  if (p === 3) return (x) => x * x * x;
  return (x) => (x > 0 ? exp(p * log(x)) : 0);
}
