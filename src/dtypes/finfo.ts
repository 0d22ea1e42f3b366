import { DtypeError } from "../errors.js";
import { powerOfTwo } from "./bits.js";
import type { ComplexFormat, FloatFormat } from "./format.js";
import { layoutOf } from "./layout.js";
import { tableOf } from "./table.js";

/** The limits of a float format. */
export interface FloatInfo {
  readonly bits: number;
  /** The largest finite value. */
  readonly max: number;
  /** The smallest finite value: -max, or the smallest positive one without a sign (0 where there is a zero). */
  readonly min: number;
  /** The smallest positive normal value, 2^minExponent. */
  readonly smallestNormal: number;
  /** The smallest positive value; that of `smallestNormal` where nothing is subnormal. */
  readonly smallestSubnormal: number;
  /** 2^-mantissa: the step from 1 to the next value of a format in which 1 is normal. */
  readonly epsilon: number;
  /** Exponent of the smallest normal value. */
  readonly minExponent: number;
  /** Exponent of the largest finite value; `maxexp` of NumPy and `ml_dtypes` is one more. */
  readonly maxExponent: number;
}

/**
 * Returns the limits of a float format, and of the parts of a complex one.
 * @throws DtypeError for an integer format or none; ValueError for a wrong record
 * @see `ml_dtypes.finfo`
 * @example finfo(float8_e4m3fn).max // 448
 */
export function finfo(given: FloatFormat | ComplexFormat): FloatInfo {
  const format = given?.kind === "complex" ? given.part : given;
  if (format?.kind !== "float") {
    throw new DtypeError(`finfo: format ${format?.name ?? JSON.stringify(format)}, expected a float format`);
  }
  const { emin, emax, magnitudes, max, sign } = layoutOf("finfo", format);
  const largest = magnitudes[max] as number;
  return {
    bits: format.bits,
    max: largest,
    min: sign > 0 ? -largest : (tableOf("finfo", format)[0] as number),
    smallestNormal: powerOfTwo(emin),
    smallestSubnormal: magnitudes[format.zero ? 1 : 0] as number,
    epsilon: powerOfTwo(-format.mantissa),
    minExponent: emin,
    maxExponent: emax,
  };
}
