import { exp2 } from "../math/exp2.js";
import { log2 } from "../math/log2.js";
import { type Variances, variancesOf } from "./variances.js";

/**
 * Returns the coding gain of a transform: the arithmetic over the geometric mean of the variances of its coefficients,
 * >= 1, unitless. At high rate the transform divides the error by it at the same bits, or saves log2(gain) / 2 bits per
 * sample at the same error. With eigenvalues of the covariance it is the gain of the Karhunen-Loève transform, the largest
 * of all.
 * @param variances finite and > 0, at least one
 * @throws ValueError for variances out of range; one of 0 would make the gain infinite
 * @see Jayant and Noll, Digital Coding of Waveforms, 1984. For AR(1) with correlation ρ and N points:
 *   (1 - ρ²)^(-(N - 1) / N)
 * @example codingGain([4, 1]) // 1.25
 */
export function codingGain(variances: Variances): number {
  const values = variancesOf("codingGain", variances, "positive");
  // As shares of the largest, so that no sum overflows.
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i] as number);
  let sum = 0;
  let logs = 0;
  for (let i = 0; i < values.length; i++) {
    sum += (values[i] as number) / largest;
    logs += log2(values[i] as number) - log2(largest);
  }
  return Math.max(1, exp2(log2(sum / values.length) - logs / values.length));
}
