/**
 * A floating-point format of at most 16 bits, most significant bit first: sign, exponent field, mantissa field.
 * The value of a code with exponent field f > 0 and mantissa field t is ±2^(f - bias) (1 + t / 2^mantissa); f = 0 holds
 * zero and the subnormal numbers ±2^(1 - bias) t / 2^mantissa.
 * @see `ml_dtypes`, whose names the formats carry: `fn` has no infinity, `uz` no negative zero, `u` no sign
 */
export interface FloatFormat {
  readonly kind: "float";
  /** What messages call it. */
  readonly name: string;
  /** Sign, exponent and mantissa together, 2..16. */
  readonly bits: number;
  /** Whether there is a sign bit. */
  readonly signed: boolean;
  /** Exponent bits, 1..8. */
  readonly exponent: number;
  /** Mantissa bits, without the implied leading one. */
  readonly mantissa: number;
  /** What is taken from the exponent field. */
  readonly bias: number;
  /** Whether the format has infinities; if so, `nan` is `ieee`. */
  readonly infinity: boolean;
  /**
   * Which codes are NaN. `ieee`: an exponent field of all ones is infinity (mantissa 0) or NaN; `all-ones`: exponent
   * and mantissa all ones, of either sign; `negative-zero`: the code of -0, which the format has not; `none`: no code.
   */
  readonly nan: "ieee" | "all-ones" | "negative-zero" | "none";
  /** False: an exponent field of 0 is a power of two as any other, so that there is no zero and nothing subnormal. */
  readonly zero: boolean;
}

/** An integer format of at most 16 bits; codes of a signed one are two's complement, in the low bits. */
export interface IntFormat {
  readonly kind: "int";
  /** What messages call it. */
  readonly name: string;
  /** 1..16. */
  readonly bits: number;
  /** Whether the leading bit counts -2^(bits - 1). */
  readonly signed: boolean;
}

/** A format of single numbers; `kind` tells which. */
export type Format = FloatFormat | IntFormat;

/** Pairs of floats: the last axis of values and codes is [real part, imaginary part]. */
export interface ComplexFormat {
  readonly kind: "complex";
  readonly name: string;
  /** Of both parts. */
  readonly bits: number;
  /** The format of each part. */
  readonly part: FloatFormat;
}
