import type { ComplexFormat, FloatFormat, IntFormat } from "./format.js";

/** The upper half of a float32. */
export const bfloat16: FloatFormat = {
  kind: "float",
  name: "bfloat16",
  bits: 16,
  signed: true,
  exponent: 8,
  mantissa: 7,
  bias: 127,
  infinity: true,
  nan: "ieee",
  zero: true,
};

/** IEEE 754 binary16, NumPy's half precision. */
export const float16: FloatFormat = {
  kind: "float",
  name: "float16",
  bits: 16,
  signed: true,
  exponent: 5,
  mantissa: 10,
  bias: 15,
  infinity: true,
  nan: "ieee",
  zero: true,
};

/** IEEE-like, largest value 15.5. */
export const float8_e3m4: FloatFormat = {
  kind: "float",
  name: "float8_e3m4",
  bits: 8,
  signed: true,
  exponent: 3,
  mantissa: 4,
  bias: 3,
  infinity: true,
  nan: "ieee",
  zero: true,
};

/** IEEE-like, largest value 240. */
export const float8_e4m3: FloatFormat = {
  kind: "float",
  name: "float8_e4m3",
  bits: 8,
  signed: true,
  exponent: 4,
  mantissa: 3,
  bias: 7,
  infinity: true,
  nan: "ieee",
  zero: true,
};

/** Largest value 30; one NaN. */
export const float8_e4m3b11fnuz: FloatFormat = {
  kind: "float",
  name: "float8_e4m3b11fnuz",
  bits: 8,
  signed: true,
  exponent: 4,
  mantissa: 3,
  bias: 11,
  infinity: false,
  nan: "negative-zero",
  zero: true,
};

/** OCP OFP8 E4M3, largest value 448; no infinity, two NaN. */
export const float8_e4m3fn: FloatFormat = {
  kind: "float",
  name: "float8_e4m3fn",
  bits: 8,
  signed: true,
  exponent: 4,
  mantissa: 3,
  bias: 7,
  infinity: false,
  nan: "all-ones",
  zero: true,
};

/** Largest value 240; one NaN. */
export const float8_e4m3fnuz: FloatFormat = {
  kind: "float",
  name: "float8_e4m3fnuz",
  bits: 8,
  signed: true,
  exponent: 4,
  mantissa: 3,
  bias: 8,
  infinity: false,
  nan: "negative-zero",
  zero: true,
};

/** OCP OFP8 E5M2, largest value 57344: the upper half of a float16. */
export const float8_e5m2: FloatFormat = {
  kind: "float",
  name: "float8_e5m2",
  bits: 8,
  signed: true,
  exponent: 5,
  mantissa: 2,
  bias: 15,
  infinity: true,
  nan: "ieee",
  zero: true,
};

/** Largest value 57344; one NaN. */
export const float8_e5m2fnuz: FloatFormat = {
  kind: "float",
  name: "float8_e5m2fnuz",
  bits: 8,
  signed: true,
  exponent: 5,
  mantissa: 2,
  bias: 16,
  infinity: false,
  nan: "negative-zero",
  zero: true,
};

/** OCP E8M0: the powers of two 2^-127..2^127 and NaN; no sign, no zero. The scale of an MX block. */
export const float8_e8m0fnu: FloatFormat = {
  kind: "float",
  name: "float8_e8m0fnu",
  bits: 8,
  signed: false,
  exponent: 8,
  mantissa: 0,
  bias: 127,
  infinity: false,
  nan: "all-ones",
  zero: false,
};

/** OCP MXFP6 E2M3, largest value 7.5; neither infinity nor NaN. */
export const float6_e2m3fn: FloatFormat = {
  kind: "float",
  name: "float6_e2m3fn",
  bits: 6,
  signed: true,
  exponent: 2,
  mantissa: 3,
  bias: 1,
  infinity: false,
  nan: "none",
  zero: true,
};

/** OCP MXFP6 E3M2, largest value 28; neither infinity nor NaN. */
export const float6_e3m2fn: FloatFormat = {
  kind: "float",
  name: "float6_e3m2fn",
  bits: 6,
  signed: true,
  exponent: 3,
  mantissa: 2,
  bias: 3,
  infinity: false,
  nan: "none",
  zero: true,
};

/** OCP MXFP4 E2M1: ±0, 0.5, 1, 1.5, 2, 3, 4, 6. */
export const float4_e2m1fn: FloatFormat = {
  kind: "float",
  name: "float4_e2m1fn",
  bits: 4,
  signed: true,
  exponent: 2,
  mantissa: 1,
  bias: 1,
  infinity: false,
  nan: "none",
  zero: true,
};

/** -1 and 0. */
export const int1: IntFormat = { kind: "int", name: "int1", bits: 1, signed: true };

/** -2..1. */
export const int2: IntFormat = { kind: "int", name: "int2", bits: 2, signed: true };

/** -8..7. */
export const int4: IntFormat = { kind: "int", name: "int4", bits: 4, signed: true };

/** -128..127. */
export const int8: IntFormat = { kind: "int", name: "int8", bits: 8, signed: true };

/** -32768..32767. */
export const int16: IntFormat = { kind: "int", name: "int16", bits: 16, signed: true };

/** 0 and 1. */
export const uint1: IntFormat = { kind: "int", name: "uint1", bits: 1, signed: false };

/** 0..3. */
export const uint2: IntFormat = { kind: "int", name: "uint2", bits: 2, signed: false };

/** 0..15. */
export const uint4: IntFormat = { kind: "int", name: "uint4", bits: 4, signed: false };

/** 0..255. */
export const uint8: IntFormat = { kind: "int", name: "uint8", bits: 8, signed: false };

/** 0..65535. */
export const uint16: IntFormat = { kind: "int", name: "uint16", bits: 16, signed: false };

/** Pairs of float16. */
export const complex32: ComplexFormat = { kind: "complex", name: "complex32", bits: 32, part: float16 };

/** Pairs of bfloat16. */
export const bcomplex32: ComplexFormat = { kind: "complex", name: "bcomplex32", bits: 32, part: bfloat16 };
