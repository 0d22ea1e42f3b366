import type { FloatFormat } from "./format.js";
import { layoutOf } from "./layout.js";

/** Options of {@link floatFormat}. */
export interface FloatFormatOptions {
  /** Exponent bits, 1..8. */
  readonly exponent: number;
  /** Mantissa bits, >= 0. */
  readonly mantissa: number;
  /** Default true. */
  readonly signed?: boolean;
  /** Default 2^(exponent - 1) - 1, and one more with `nan: "negative-zero"`, as in the `fnuz` formats. */
  readonly bias?: number;
  /** Which codes are NaN; default `ieee`, which has infinities too, or `none` where there is no room for it. */
  readonly nan?: FloatFormat["nan"];
  /** False for an exponent field of 0 that is a power of two as any other; default true. */
  readonly zero?: boolean;
  /** Default: as in `ml_dtypes`, and `f` at the end for a format that is finite and has no NaN. */
  readonly name?: string;
}

/**
 * Returns the record of a float format with any split into sign, exponent and mantissa of at most 16 bits in all.
 * There are infinities exactly when `nan` is `ieee`, which takes two exponent bits and one mantissa bit at least.
 * @throws ValueError for bits out of range, options that exclude each other, or values that float32 cannot hold
 * @example floatFormat({ exponent: 3, mantissa: 3, nan: "none" }) // 7 bits, largest value 30
 */
export function floatFormat(options: FloatFormatOptions): FloatFormat {
  const { exponent, mantissa, signed = true, zero = true } = options;
  const nan = options.nan ?? (exponent >= 2 && mantissa >= 1 ? "ieee" : "none");
  const usual = 2 ** (exponent - 1) - (nan === "negative-zero" ? 0 : 1);
  const bias = options.bias ?? usual;
  const bits = Number(signed) + exponent + mantissa;
  const suffix = { ieee: "", "all-ones": "fn", "negative-zero": "fnuz", none: "f" }[nan];
  const middle = `e${exponent}m${mantissa}${bias === usual ? "" : `b${bias}`}`;
  const name = options.name ?? `float${bits}_${middle}${suffix}${signed ? "" : "u"}`;
  const infinity = nan === "ieee";
  const format: FloatFormat = { kind: "float", name, bits, signed, exponent, mantissa, bias, infinity, nan, zero };
  layoutOf("floatFormat", format);
  return format;
}
