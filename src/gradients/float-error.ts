import { ValueError } from "../errors.js";
import { erfcx, normalCdf } from "../math/erf.js";
import { exp } from "../math/exp.js";

/** A float format, and the spread of what it is to hold. */
export interface FloatErrorOptions {
  /** Exponent bits, 1..16; the format reaches from 2^-r to 2^r around the centre, r = 2^(exponent - 1). */
  readonly exponent: number;
  /** Mantissa bits, 0..64. */
  readonly mantissa: number;
  /** Standard deviation of log2|g|, > 0; that of ln|g| divided by ln 2. */
  readonly sigma: number;
}

/** Where the expected relative error of a float format comes from; the parts add up to `total`. */
export interface FloatError {
  readonly total: number;
  /** Rounding of the mantissa, within the range. */
  readonly rounding: number;
  /** Clipping to the largest magnitude. */
  readonly overflow: number;
  /** Flushing to zero. */
  readonly underflow: number;
}

/**
 * Returns the expected relative error E|Q(x) - x| / |x| of a float format with sign, `exponent` and `mantissa` bits for
 * a lognormal x whose scale was moved to the centre of the range, and its three parts. Unitless, > 0.
 *
 * This is Lowbit's own derivation from the paper's ingredients, not its printed formula: the mantissa is taken as
 * log-uniform, which holds for sigma >= 0.5, and the error as uniform within a step, which overstates the rounding by
 * 6 % without mantissa bits and by less than 2 % with one and more; there are no subnormal numbers; larger magnitudes
 * are clipped and smaller ones become zero.
 * @throws ValueError for bits out of range, or a sigma that is not a finite number > 0
 * @see Chmiel et al. 2021, arXiv:2006.08173, for the setting. With r = 2^(exponent-1), v = r / σ:
 *   rounding (2Φ(v) - 1) 2^-mantissa / (8 ln 2), overflow (1 - Φ(v)) - 2^r e^(σ² ln²2 / 2) (1 - Φ(v + σ ln 2)),
 *   underflow Φ(-v)
 * @example floatError({ exponent: 5, mantissa: 2, sigma: 4 }).total // 0.0451
 */
export function floatError({ exponent, mantissa, sigma }: FloatErrorOptions): FloatError {
  const whole = Number.isInteger(exponent) && Number.isInteger(mantissa);
  if (!whole || exponent < 1 || exponent > 16 || mantissa < 0 || mantissa > 64) {
    throw new ValueError(
      `floatError: exponent = ${exponent}, mantissa = ${mantissa}, expected whole numbers 1..16 and 0..64`,
    );
  }
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    throw new ValueError(`floatError: sigma = ${sigma}, expected a finite number > 0`);
  }
  const v = 2 ** (exponent - 1) / sigma;
  const underflow = normalCdf(-v);
  const rounding = ((1 - 2 * underflow) * 2 ** -mantissa) / (8 * Math.LN2);
  // 2^r e^(σ² ln²2 / 2) Q(v + σ ln 2) with the exponents joined, so that neither factor overflows.
  const tail = (x: number): number => erfcx(x * Math.SQRT1_2);
  const overflow = 0.5 * exp(-0.5 * v * v) * (tail(v) - tail(v + sigma * Math.LN2));
  return { total: rounding + overflow + underflow, rounding, overflow, underflow };
}
