import type { Key } from "../random/threefry.js";
import { exponentOf, powerOfTwo } from "./bits.js";
import { drawsOf } from "./draws.js";
import type { FloatFormat, Format, IntFormat } from "./format.js";
import { checkFormat, layoutOf } from "./layout.js";
import { checkOverflow, checkRounding, type EncodeOptions, type Overflow } from "./options.js";

/** Returns the code of a value; `index` is its place in the tensor. */
export type Encoder = (value: number, index: number) => number;

/** Returns `whole` or `whole + 1` for whole + rest, 0 <= rest < 1. */
type Step = (whole: number, rest: number, index: number) => number;

/** Returns the encoder of a format. @throws DtypeError, ValueError for a wrong format or wrong options */
export function encoderOf(caller: string, format: Format, options: EncodeOptions): Encoder {
  checkFormat(caller, format);
  const { rounding, offset } = checkRounding(caller, options);
  const overflow = checkOverflow(caller, format, options.overflow);
  const step = {
    "nearest-even": nearestEven,
    "nearest-away": nearestAway,
    "toward-zero": towardZero,
    stochastic: null,
  }[rounding];
  const rounds = step ?? stochastic(options.key as Key, offset);
  if (format.kind === "int") return intEncoder(format, rounds, overflow);
  return floatEncoder(format, rounds, overflow, rounding === "toward-zero");
}

const nearestEven: Step = (whole, rest) => (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole);
const nearestAway: Step = (whole, rest) => (rest >= 0.5 ? whole + 1 : whole);
const towardZero: Step = (whole) => whole;

/**
 * Up with probability `rest`, exactly when that is a multiple of 2^-32 and less than 2^-32 too often otherwise: the
 * element's 32 bits are compared with it.
 */
function stochastic(key: Key, offset: number): Step {
  const draw = drawsOf(key, offset);
  return (whole, rest, index) => (rest !== 0 && draw(index) < rest * 4294967296 ? whole + 1 : whole);
}

function floatEncoder(format: FloatFormat, step: Step, overflow: Overflow, truncates: boolean): Encoder {
  const { emin, emax, sign, max, infinity, nan } = layoutOf("encode", format);
  const { mantissa, zero } = format;
  const hidden = zero ? 0 : 2 ** mantissa;
  const minusZero = format.nan === "negative-zero" ? 0 : sign;
  // What a NaN is in a format that has none: -0, as in ml_dtypes.
  const undefinedCode = nan >= 0 ? nan : sign;
  const beyond = overflow === "saturate" ? max : infinity >= 0 ? infinity : nan;

  /** The magnitude's code before it is known whether it overflows. */
  const magnitude = (size: number, index: number): number => {
    const binade = Math.max(exponentOf(size), emin) - emin;
    if (binade > emax - emin) return size < Number.POSITIVE_INFINITY && truncates ? max : max + 1;
    const steps = size * powerOfTwo(mantissa - emin - binade);
    const whole = Math.floor(steps);
    const code = binade * 2 ** mantissa + step(whole, steps - whole, index) - hidden;
    if (code < 0) return 0;
    return truncates && code > max ? max : code;
  };

  return (value, index) => {
    if (value > 0) {
      const code = magnitude(value, index);
      return code > max ? beyond : code;
    }
    if (value < 0) {
      if (sign === 0) return nan >= 0 ? nan : 0;
      const code = magnitude(-value, index);
      if (code === 0) return zero ? minusZero : sign;
      return code <= max ? code + sign : beyond === sign ? beyond : beyond + sign;
    }
    if (value === 0) return zero ? (Object.is(value, -0) ? minusZero : 0) : Math.max(nan, 0);
    return undefinedCode;
  };
}

function intEncoder({ bits, signed }: IntFormat, step: Step, overflow: Overflow): Encoder {
  const modulus = 2 ** bits;
  const min = signed ? -modulus / 2 : 0;
  const max = min + modulus - 1;
  const wrapped = (whole: number): number => {
    const rest = whole % modulus;
    return rest < 0 ? rest + modulus : rest;
  };
  return (value, index) => {
    if (Number.isNaN(value)) return 0;
    if (Math.abs(value) === Number.POSITIVE_INFINITY) return overflow === "wrap" ? 0 : wrapped(value < 0 ? min : max);
    const size = Math.abs(value);
    const whole = Math.floor(size);
    const rounded = step(whole, size - whole, index);
    const signedValue = value < 0 ? -rounded : rounded;
    return wrapped(overflow === "wrap" ? signedValue : Math.min(Math.max(signedValue, min), max)) + 0;
  };
}
