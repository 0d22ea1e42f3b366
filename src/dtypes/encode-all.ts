import { floatWords, highWord } from "./bits.js";
import { fastEncode } from "./encode-fast.js";
import { type Encoder, encoderOf } from "./encoder.js";
import type { FloatFormat, Format, IntFormat } from "./format.js";
import { layoutOf } from "./layout.js";
import type { EncodeOptions } from "./options.js";

/** Where codes are written. */
type Codes = Uint8Array | Uint16Array;

/** Floats are copied here, this many at a time, and read as words. */
const chunkLength = 1024;

/**
 * Writes the codes of all values: what the encoder of `encoderOf` gives for each. Most values are rounded by integer
 * arithmetic on their bits; infinities, NaN, what overflows and random rounding are left to that encoder.
 * @throws DtypeError, ValueError for a wrong format or wrong options
 */
export function encodeAll(caller: string, format: Format, options: EncodeOptions, data: FloatData, out: Codes): void {
  const encoder = encoderOf(caller, format, options);
  if (fastEncode(format, options, data, out)) return;
  const { rounding = "nearest-even", overflow = "saturate" } = options;
  if (format.kind === "float" && format.zero && rounding !== "stochastic") {
    encodeFloats(format, rounding, encoder, data, out);
  } else if (format.kind === "int" && rounding === "nearest-even" && overflow === "saturate") {
    encodeIntegers(format, data, out);
  } else {
    for (let i = 0; i < data.length; i++) out[i] = encoder(data[i] as number, i);
  }
}

/** Arrays of values. */
export type FloatData = Float32Array | Float64Array;

/** What the arithmetic needs of a format and a rounding. */
interface Plan {
  readonly mantissa: number;
  readonly emin: number;
  readonly max: number;
  readonly sign: number;
  readonly minusZero: number;
  readonly even: boolean;
  readonly away: boolean;
}

function encodeFloats(format: FloatFormat, rounding: string, encoder: Encoder, data: FloatData, out: Codes): void {
  const { emin, sign, max } = layoutOf("encode", format);
  const minusZero = format.nan === "negative-zero" ? 0 : sign;
  const even = rounding === "nearest-even";
  const plan: Plan = { mantissa: format.mantissa, emin, max, sign, minusZero, even, away: rounding === "nearest-away" };
  const values = new Float64Array(chunkLength);
  const words = floatWords(values);
  for (let start = 0; start < data.length; start += chunkLength) {
    const count = Math.min(chunkLength, data.length - start);
    values.set(data.subarray(start, start + count));
    for (let i = 0; i < count; i++) {
      const code = codeOf(plan, words[2 * i + highWord] as number, words[2 * i + 1 - highWord] as number);
      out[start + i] = code < 0 ? encoder(values[i] as number, 0) : code;
    }
  }
}

/** Returns the code of a float64 of these words, or -1 for infinity, NaN, overflow and a sign that has no code. */
function codeOf({ mantissa, emin, max, sign, minusZero, even, away }: Plan, high: number, low: number): number {
  const field = (high >>> 20) & 0x7ff;
  const exponent = field - 1023;
  const binade = Math.max(exponent, emin);
  // 21 bits of the significand, and one that stands for all the bits below them: formats have 15 at most.
  const significand = (field === 0 ? 0 : 0x200000) | ((high & 0xfffff) << 1) | (low === 0 ? 0 : 1);
  const dropped = 21 - mantissa + binade - exponent;
  let steps = 0;
  if (dropped < 24) {
    const half = 1 << (dropped - 1);
    const bias = even ? half - 1 + ((significand >>> dropped) & 1) : away ? half : 0;
    steps = (significand + bias) >>> dropped;
  }
  const code = ((binade - emin) << mantissa) + steps;
  if (field === 0x7ff || code > max || (high < 0 && sign === 0)) return -1;
  // The sign is added without a branch, which half of all values would mispredict.
  return code + ((high >> 31) & (code === 0 ? minusZero : sign));
}

/** To the nearest, ties to even, saturating. */
function encodeIntegers({ bits, signed }: IntFormat, data: FloatData, out: Codes): void {
  const mask = 2 ** bits - 1;
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = min + mask;
  // Beyond 2^52 a float64 has no fraction, so that the sum is rounded to an integer, ties to the even one.
  const large = 1.5 * 2 ** 52;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    const rounded = value >= max ? max : value <= min ? min : value + large - large;
    out[i] = rounded & mask;
  }
}
