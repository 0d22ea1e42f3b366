/** One value under the microscope: its bits, its neighbours in the format, and why it became which of them. */
import { powerOfTwo } from "../../src/dtypes/bits.js";
import type { Format, Rounding } from "../../src/dtypes/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { blockSize, encodeChunk, lineLength, type Settings, targetIn, tensorScale } from "./compute-chunks.js";
import { finiteValues, overflowOf, rangeOf } from "./compute-formats.js";

/** Why a value became the one it became. */
export type Reason =
  | "not-finite"
  | "exact"
  | "saturated"
  | "overflowed"
  | "wrapped"
  | "block-lost"
  | "block-zero"
  | "no-sign"
  | "nearer"
  | "tie-even"
  | "tie-away"
  | "toward-zero"
  | "drawn";

/** One value of a tensor in a format. */
export interface Inspection {
  /** Its place in the tensor, row-major. */
  readonly place: number;
  readonly value: number;
  /** What it is divided by before it is rounded: scale of the tensor or of the block; 1 for neither. */
  readonly scale: number;
  /** value / scale. */
  readonly scaled: number;
  readonly code: number;
  /** What the code means, in the unit of the scale. */
  readonly element: number;
  /** scale · element. */
  readonly result: number;
  /** The neighbours of `scaled` among the finite values of the format: the same where it is one of them. */
  readonly below: number | null;
  readonly above: number | null;
  readonly reason: Reason;
  /** Of stochastic rounding: the probability of the neighbour of larger magnitude. */
  readonly chance: number | null;
}

/** Returns one value of a tensor in the format of the settings. */
export function inspect(values: Tensor, settings: Settings, place: number): Inspection {
  const target = targetIn(settings);
  const value = values.data[place] as number;
  const { start, data } = blockAt(values, settings, place);
  const scale = tensorScale(values, settings);
  const part: Tensor<"float64"> = { data, shape: [1, data.length], dtype: "float64" };
  const chunk = encodeChunk(part, settings, start, scale);
  const at = place - start;
  const own = chunk.scales[at] as number;
  const code = chunk.codes[at] as number;
  const element = chunk.table[code] as number;
  const scaled = own > 0 ? value / own : 0;
  const [below, above] = neighbours(target.format, scaled);
  const product = element * own;
  const found = { scaled, element, below, above, own, value };
  return {
    place,
    value,
    scale: own,
    scaled,
    code,
    element,
    result: chunk.single ? Math.fround(product) : product,
    below,
    above,
    reason: reasonOf(settings, found),
    chance: settings.rounding === "stochastic" ? chanceOf(found) : null,
  };
}

/** The values that share a scale with the one at a place; that one alone in a format without blocks. */
export function blockAt(
  values: Tensor,
  settings: Settings,
  place: number,
): { readonly start: number; readonly data: Float64Array } {
  const [line, block] = [lineLength(values), blockSize(settings)];
  const column = place % line;
  const start = place - (column % block);
  const end = Math.min(start + block, place - column + line);
  return { start, data: Float64Array.from(values.data.subarray(start, end)) };
}

/** Returns the finite values of a format on both sides of a value; null beyond the last. */
export function neighbours(format: Format, value: number): [below: number | null, above: number | null] {
  if (Number.isNaN(value)) return [null, null];
  const list = finiteValues(format);
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  const below = low === 0 ? null : (list[low - 1] as number);
  return [below, below === value ? below : low === list.length ? null : (list[low] as number)];
}

interface Found {
  readonly scaled: number;
  readonly element: number;
  readonly below: number | null;
  readonly above: number | null;
  readonly own: number;
  readonly value: number;
}

function reasonOf(settings: Settings, { scaled, element, below, above, own, value }: Found): Reason {
  const target = targetIn(settings);
  const { min, max } = rangeOf(target);
  if (!Number.isFinite(value)) return "not-finite";
  if (Number.isNaN(own)) return "block-lost";
  if (own === 0) return "block-zero";
  if (element === scaled) return "exact";
  const unsigned = target.format.kind === "float" && !target.format.signed;
  if (unsigned && Number.isNaN(element)) return "no-sign";
  if (scaled > max || scaled < min) {
    if (settings.rounding === "toward-zero" && target.format.kind === "float") return "toward-zero";
    if (overflowOf(target, settings.overflow) === "wrap") return "wrapped";
    return Number.isFinite(element) ? "saturated" : "overflowed";
  }
  return between(settings.rounding, scaled, below ?? min, above ?? max);
}

function between(rounding: Rounding, scaled: number, below: number, above: number): Reason {
  if (rounding === "toward-zero") return "toward-zero";
  if (rounding === "stochastic") return "drawn";
  const tie = scaled - below === above - scaled;
  return !tie ? "nearer" : rounding === "nearest-even" ? "tie-even" : "tie-away";
}

function chanceOf({ scaled, below, above }: Found): number | null {
  if (below === null || above === null || below === above) return null;
  const up = (scaled - below) / (above - below);
  return scaled < 0 ? 1 - up : up;
}

/** A number's bits in three fields, and what they mean. */
export interface Bits {
  /** "0" and "1", most significant first. */
  readonly sign: string;
  readonly exponent: string;
  readonly mantissa: string;
  /** value = (-1)^sign · 2^power · significand, or special. */
  readonly kind: "normal" | "subnormal" | "zero" | "infinity" | "nan" | "integer";
  readonly field: number;
  readonly bias: number;
  readonly power: number;
  /** 1.m or 0.m: exact. */
  readonly significand: number;
}

/** Returns the bits of a code, split as its format says. */
export function bitsOf(format: Format, code: number, value: number): Bits {
  const text = code.toString(2).padStart(format.bits, "0");
  if (format.kind === "int") {
    const [sign, mantissa] = format.signed ? [text[0] as string, text.slice(1)] : ["", text];
    return { sign, exponent: "", mantissa, kind: "integer", field: 0, bias: 0, power: 0, significand: value };
  }
  const signs = Number(format.signed);
  const split = {
    sign: text.slice(0, signs),
    exponent: text.slice(signs, signs + format.exponent),
    mantissa: text.slice(signs + format.exponent),
  };
  return { ...split, ...meaning(split, format.bias, value, format.zero) };
}

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/** Returns the bits of a value as float32, to which it is rounded. */
export function bitsOfSingle(value: number): Bits {
  single[0] = value;
  const text = (word[0] as number).toString(2).padStart(32, "0");
  const split = { sign: text.slice(0, 1), exponent: text.slice(1, 9), mantissa: text.slice(9) };
  return { ...split, ...meaning(split, 127, single[0] as number, true) };
}

function meaning(
  { exponent, mantissa }: Pick<Bits, "exponent" | "mantissa">,
  bias: number,
  value: number,
  zero: boolean,
): Omit<Bits, "sign" | "exponent" | "mantissa"> {
  const field = Number.parseInt(exponent, 2);
  const fraction = (mantissa === "" ? 0 : Number.parseInt(mantissa, 2)) / powerOfTwo(mantissa.length);
  const low = zero && field === 0;
  const normal = low ? (value === 0 ? "zero" : "subnormal") : "normal";
  const kind = Number.isNaN(value) ? "nan" : Number.isFinite(value) ? normal : "infinity";
  return { kind, field, bias, power: low ? 1 - bias : field - bias, significand: low ? fraction : 1 + fraction };
}
