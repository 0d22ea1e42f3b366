import { DtypeError, ValueError } from "../errors.js";
import { powerOfTwo } from "./bits.js";
import type { FloatFormat, Format, IntFormat } from "./format.js";

/** What follows from a float format; codes are of magnitudes, without the sign bit. -1 where there is none. */
export interface FloatLayout {
  /** Exponent of the smallest normal number. */
  readonly emin: number;
  /** Exponent of the largest finite number. */
  readonly emax: number;
  /** Value of the sign bit; 0 without a sign. */
  readonly sign: number;
  /** The largest finite number. */
  readonly max: number;
  readonly infinity: number;
  /** A whole code: the quiet one without a sign where there are several. */
  readonly nan: number;
  /** The value of every magnitude code up to `max`, ascending. */
  readonly magnitudes: Float64Array;
}

const layouts = new WeakMap<FloatFormat, FloatLayout>();
const checkedInts = new WeakSet<IntFormat>();

/** Returns the layout of a format, from the memory after the first time. @throws ValueError for a wrong record */
export function layoutOf(caller: string, format: FloatFormat): FloatLayout {
  let layout = layouts.get(format);
  if (layout === undefined) {
    checkFloat(caller, format);
    layout = derive(format);
    checkRange(caller, format, layout);
    layouts.set(format, layout);
  }
  return layout;
}

/** Throws unless `format` is a number format: DtypeError for anything else, ValueError for a wrong record. */
export function checkFormat(caller: string, format: Format): void {
  const kind: unknown = (format as Partial<Format> | null | undefined)?.kind;
  if (kind === "float") layoutOf(caller, format as FloatFormat);
  else if (kind === "int") checkInt(caller, format as IntFormat);
  else throw new DtypeError(`${caller}: format ${JSON.stringify(format)}, expected a number format such as float16`);
}

function checkInt(caller: string, format: IntFormat): void {
  if (checkedInts.has(format)) return;
  const { bits, signed } = format;
  if (!(Number.isInteger(bits) && bits >= 1 && bits <= 16 && typeof signed === "boolean")) {
    throw new ValueError(`${caller}: bits = ${bits}, signed = ${signed}, expected bits 1..16 and true or false`);
  }
  checkedInts.add(format);
}

function checkFloat(caller: string, format: FloatFormat): void {
  const { bits, signed, exponent, mantissa, bias, infinity, nan, zero } = format;
  const fail = (arrived: string, expected: string): never => {
    throw new ValueError(`${caller}: ${arrived}, expected ${expected}`);
  };
  for (const flag of [signed, infinity, zero]) {
    if (typeof flag !== "boolean") {
      fail(`signed = ${signed}, infinity = ${infinity}, zero = ${zero}`, "true or false");
    }
  }
  if (!Number.isInteger(exponent) || exponent < 1 || exponent > 8) {
    fail(`exponent = ${exponent}`, "a whole number of bits 1..8, for every value must be a float32");
  }
  if (!Number.isInteger(mantissa) || mantissa < 0) fail(`mantissa = ${mantissa}`, "a whole number of bits >= 0");
  if (bits !== Number(signed) + exponent + mantissa || bits < 2 || bits > 16) {
    fail(`bits = ${bits}`, `sign + exponent + mantissa = ${Number(signed) + exponent + mantissa}, and 2..16`);
  }
  if (!Number.isInteger(bias)) fail(`bias = ${bias}`, "a whole number");
  if (!["ieee", "all-ones", "negative-zero", "none"].includes(nan)) {
    fail(`nan = ${JSON.stringify(nan)}`, '"ieee", "all-ones", "negative-zero" or "none"');
  }
  if (infinity !== (nan === "ieee")) fail(`infinity = ${infinity}, nan = "${nan}"`, 'infinity with nan = "ieee" only');
  if (nan === "ieee" && (exponent < 2 || mantissa < 1)) {
    fail(`exponent = ${exponent}, mantissa = ${mantissa}`, 'at least 2 and 1 bits with nan = "ieee"');
  }
  if (nan === "negative-zero" && !(signed && zero)) {
    fail(`signed = ${signed}, zero = ${zero}`, 'a sign and a zero with nan = "negative-zero"');
  }
}

function derive({ signed, exponent, mantissa, bias, nan, zero }: FloatFormat): FloatLayout {
  const ones = 2 ** (exponent + mantissa) - 1;
  const reserved = (2 ** exponent - 1) * 2 ** mantissa;
  const sign = signed ? ones + 1 : 0;
  const max = nan === "ieee" ? reserved - 1 : nan === "all-ones" ? ones - 1 : ones;
  const quiet = { ieee: reserved + 2 ** (mantissa - 1), "all-ones": ones, "negative-zero": sign, none: -1 }[nan];
  const emin = zero ? 1 - bias : -bias;
  const magnitudes = new Float64Array(max + 1);
  const hidden = 2 ** mantissa;
  for (let code = 0; code <= max; code++) {
    const field = Math.floor(code / hidden);
    const fraction = code % hidden;
    // The exponent of one mantissa step; a bias that leads out of float64 is refused by the caller.
    const step = emin - mantissa + (zero ? Math.max(field - 1, 0) : field);
    const steps = zero && field === 0 ? fraction : hidden + fraction;
    magnitudes[code] = Math.abs(step) > 1000 ? Number.NaN : steps * powerOfTwo(step);
  }
  const emax = emin + Math.max(Math.floor(max / hidden) - Number(zero), 0);
  return { emin, emax, sign, max, infinity: nan === "ieee" ? reserved : -1, nan: quiet, magnitudes };
}

function checkRange(caller: string, format: FloatFormat, { magnitudes, max, emin }: FloatLayout): void {
  const largest = magnitudes[max] as number;
  if (largest === 0) {
    throw new ValueError(`${caller}: ${format.bits} bits of zeros and NaN, expected a format with other values`);
  }
  if (!(Math.fround(largest) === largest && largest < Number.POSITIVE_INFINITY && emin - format.mantissa >= -149)) {
    throw new ValueError(
      `${caller}: bias = ${format.bias} with ${format.exponent} exponent bits, expected values that float32 can hold`,
    );
  }
}
