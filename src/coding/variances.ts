import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";

/** Variances, for example the eigenvalues of a covariance: a tensor of any shape, or numbers. */
export type Variances = Tensor | ArrayLike<number>;

/** Returns variances as float64. @throws ValueError when there is none, or one is not finite or below `least` */
export function variancesOf(caller: string, variances: Variances, least: "zero" | "positive"): Float64Array {
  const values = Float64Array.from("data" in variances ? (variances.data as ArrayLike<number>) : variances);
  if (values.length === 0) throw new ValueError(`${caller}: no variances, expected at least one`);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const enough = least === "zero" ? value >= 0 : value > 0;
    if (!enough || !Number.isFinite(value)) {
      const expected = least === "zero" ? ">= 0" : "> 0";
      throw new ValueError(`${caller}: variance ${value} at position ${i}, expected finite numbers ${expected}`);
    }
  }
  return values;
}
