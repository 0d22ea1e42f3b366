import { ValueError } from "../errors.js";
import { exp2 } from "../math/exp2.js";
import { log2 } from "../math/log2.js";

/**
 * Returns the rate-distortion function of a Gaussian source: the least bits per sample at which a mean squared error of
 * `distortion` is possible. 0 when the distortion is the variance or more.
 * @param distortion mean squared error, finite and > 0, in the unit of the variance
 * @param variance finite and >= 0; default 1
 * @throws ValueError for numbers out of range
 * @see Shannon 1959: R(D) = max(0, log2(variance / D) / 2)
 * @example gaussianRate(0.25) // 1 bit
 */
export function gaussianRate(distortion: number, variance = 1): number {
  checkVariance("gaussianRate", variance);
  if (!(distortion > 0 && Number.isFinite(distortion))) {
    throw new ValueError(`gaussianRate: distortion = ${distortion}, expected a finite number > 0`);
  }
  if (distortion >= variance) return 0;
  const quotient = variance / distortion;
  // Two logarithms where the quotient overflows.
  return 0.5 * (Number.isFinite(quotient) ? log2(quotient) : log2(variance) - log2(distortion));
}

/**
 * Returns the distortion-rate function of a Gaussian source: the least mean squared error at `rate` bits per sample.
 * @param rate bits per sample, finite and >= 0
 * @param variance finite and >= 0; default 1
 * @returns in the unit of the variance
 * @throws ValueError for numbers out of range
 * @see Shannon 1959: D(R) = variance 2^(-2 R)
 * @example gaussianDistortion(1) // 0.25
 */
export function gaussianDistortion(rate: number, variance = 1): number {
  checkVariance("gaussianDistortion", variance);
  if (!(rate >= 0 && Number.isFinite(rate))) {
    throw new ValueError(`gaussianDistortion: rate = ${rate}, expected a finite number >= 0`);
  }
  return variance * exp2(-2 * rate);
}

function checkVariance(caller: string, variance: number): void {
  if (!(variance >= 0 && Number.isFinite(variance))) {
    throw new ValueError(`${caller}: variance = ${variance}, expected a finite number >= 0`);
  }
}
