import { ValueError } from "../errors.js";
import { exp2 } from "../math/exp2.js";
import { log2 } from "../math/log2.js";
import type { Tensor } from "../tensor/types.js";
import { gaussianRate } from "./gaussian-rate.js";
import { type Variances, variancesOf } from "./variances.js";

/** What is given to {@link reverseWaterFilling}: either the bits or the error, of all components together. */
export type WaterFillingOptions =
  | { readonly rate: number; readonly distortion?: undefined }
  | { readonly distortion: number; readonly rate?: undefined };

/** The best division of bits among independent Gaussian components. */
export interface WaterFilling {
  /** The water level: the error of every component whose variance is larger. */
  readonly level: number;
  /** Bits of each component, shape [components]. */
  readonly rates: Tensor<"float64">;
  /** Mean squared error of each component, shape [components]: the smaller of its variance and the level. */
  readonly distortions: Tensor<"float64">;
  /** The sum of `rates`, in bits. */
  readonly rate: number;
  /** The sum of `distortions`, in the unit of the variances. */
  readonly distortion: number;
}

/**
 * Returns how bits are best divided among independent Gaussian components: every component gets the same error, the
 * water level, except those whose variance lies below it, which get no bits. Either the total rate is given, and the
 * total error is least, or the total error, and the total rate is least. In closed form, by sorting.
 * @param variances finite and >= 0, at least one
 * @param options.rate total bits of one sample of all components, finite and >= 0; 0 gives the largest variance as level
 * @param options.distortion total mean squared error, > 0; the sum of the variances or more gives rate 0
 * @throws ValueError for numbers out of range, for both or neither of the options, or a rate above 0 for variances that
 * are all 0
 * @see Kolmogorov 1956; Cover and Thomas, Elements of Information Theory, theorem 10.3.3:
 *   D_i = min(level, variance_i), R_i = log2(variance_i / D_i) / 2
 * @example reverseWaterFilling([4, 1], { rate: 1 }).level // 1: one bit for the first component, none for the second
 */
export function reverseWaterFilling(variances: Variances, options: WaterFillingOptions): WaterFilling {
  const values = variancesOf("reverseWaterFilling", variances, "zero");
  const { rate, distortion } = options;
  if ((rate === undefined) === (distortion === undefined)) {
    throw new ValueError(
      `reverseWaterFilling: rate = ${rate}, distortion = ${distortion}, expected exactly one of the two`,
    );
  }
  const largestFirst = values.slice().sort().reverse();
  const level = rate === undefined ? levelOfDistortion(largestFirst, distortion) : levelOfRate(largestFirst, rate);
  const rates = values.map((variance) => (variance > level ? gaussianRate(level, variance) : 0));
  const distortions = values.map((variance) => Math.min(variance, level));
  return { level, rates: row(rates), distortions: row(distortions), rate: sum(rates), distortion: sum(distortions) };
}

/** The k largest are under water when the level that they have together lies between the k-th and the next. */
function levelOfRate(largestFirst: Float64Array, rate: number): number {
  const largest = largestFirst[0] as number;
  if (!(rate >= 0 && Number.isFinite(rate)) || (rate > 0 && largest === 0)) {
    throw new ValueError(`reverseWaterFilling: rate = ${rate}, expected a finite number >= 0, 0 for variances of 0`);
  }
  if (rate === 0) return largest;
  let logs = 0;
  for (let k = 1; ; k++) {
    logs += log2(largestFirst[k - 1] as number);
    const level = exp2((logs - 2 * rate) / k);
    const next = largestFirst[k];
    if (next === undefined || next <= level) {
      if (level > 0) return Math.min(level, largest);
      throw new ValueError(`reverseWaterFilling: rate = ${rate}, expected one whose error is above 0 in float64`);
    }
  }
}

function levelOfDistortion(largestFirst: Float64Array, distortion: number): number {
  if (!(distortion > 0 && Number.isFinite(distortion))) {
    throw new ValueError(`reverseWaterFilling: distortion = ${distortion}, expected a finite number > 0`);
  }
  // From the smallest up: those below the level keep their variance as error.
  let below = 0;
  for (let k = largestFirst.length; k >= 1; k--) {
    const level = (distortion - below) / k;
    const smallest = largestFirst[k - 1] as number;
    if (level <= smallest) return level;
    below += smallest;
  }
  return largestFirst[0] as number;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

const row = (data: Float64Array): Tensor<"float64"> => ({ data, shape: [data.length], dtype: "float64" });
