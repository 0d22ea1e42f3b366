import { ValueError } from "../errors.js";
import { log } from "../math/log.js";
import type { Tensor } from "../tensor/types.js";
import { decibel } from "./error-report.js";
import type { UnitLaw } from "./law.js";

/** Levels for a law, and what they cost. */
export interface ScalarQuantizer {
  /** Ascending, in the unit of the law; shape [count]. */
  readonly levels: Tensor<"float64">;
  /** The middles of neighbours; shape [count - 1]. */
  readonly thresholds: Tensor<"float64">;
  /** Expected squared error, in the unit of the law, squared. */
  readonly mse: number;
  /** Variance to mse, in dB. */
  readonly sqnr: number;
  /** Shannon entropy of the levels, in bits. */
  readonly entropy: number;
}

/** How many levels a quantizer shall have. */
export interface LevelsOptions {
  /** A whole number 2..1024: 2^b of a mid-rise quantizer; odd ones have the level 0. */
  readonly levels: number;
}

/** Returns the number of levels. @throws ValueError out of range */
export function checkLevels(caller: string, levels: number): number {
  if (Number.isInteger(levels) && levels >= 2 && levels <= 1024) return levels;
  throw new ValueError(`${caller}: levels = ${levels}, expected a whole number 2..1024`);
}

/** Returns the ends of the cells of positive levels: count + 1 numbers, the last Infinity. */
export function positiveEnds(positive: ArrayLike<number>, odd: boolean): Float64Array {
  const ends = new Float64Array(positive.length + 1);
  ends[0] = odd ? (positive[0] as number) / 2 : 0;
  for (let i = 1; i < positive.length; i++) ends[i] = ((positive[i - 1] as number) + (positive[i] as number)) / 2;
  ends[positive.length] = Number.POSITIVE_INFINITY;
  return ends;
}

/** Returns the quantizer with these positive levels, their mirror images, and 0 when their number is odd. */
export function mirrored(law: UnitLaw, spread: number, positive: ArrayLike<number>, odd: boolean): ScalarQuantizer {
  const ends = positiveEnds(positive, odd);
  let error = odd ? law.moments(0, ends[0] as number)[2] : 0;
  let entropy = odd ? bitsOf(2 * law.moments(0, ends[0] as number)[0]) / 2 : 0;
  for (let i = 0; i < positive.length; i++) {
    const level = positive[i] as number;
    const [mass, first, second] = law.moments(ends[i] as number, ends[i + 1] as number);
    error += second - 2 * level * first + level * level * mass;
    entropy += bitsOf(mass);
  }
  const upper = Array.from(positive, (level) => level * spread);
  const all = [...upper.map((level) => -level).reverse(), ...(odd ? [0] : []), ...upper];
  const between = all.slice(1).map((level, i) => (level + (all[i] as number)) / 2);
  const mse = 2 * error * spread * spread;
  return {
    levels: list(all),
    thresholds: list(between),
    mse,
    sqnr: decibel(law.variance / (2 * error)),
    entropy: 2 * entropy,
  };
}

function bitsOf(share: number): number {
  return share > 0 ? (-share * log(share)) / Math.LN2 : 0;
}

function list(values: readonly number[]): Tensor<"float64"> {
  return { data: Float64Array.from(values), shape: [values.length], dtype: "float64" };
}
