/** Numbers and formats in words. */
import { shortNumber } from "../lib/axes.js";
import type { Settings } from "./compute-chunks.js";
import { targetIn } from "./compute-chunks.js";
import { bitsPerValue, overflowOf, rangeOf, smallestOf } from "./compute-formats.js";
import type { Inspection } from "./compute-inspect.js";
import type { Analysis, Report } from "./compute-tally.js";

/**
 * Returns a number with as few digits as tell it from every other float32; nine of one that is no float32.
 * @example [0.1, Math.fround(0.1), 957].map(numberText) // ["0.1", "0.1", "957"]
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (Object.is(value, -0)) return "−0";
  const single = Math.fround(value);
  let digits = 1;
  while (digits < 9) {
    const read = Number(value.toPrecision(digits));
    if (read === value || (single === value && Math.fround(read) === value)) break;
    digits++;
  }
  return signed(shortest(Number(value.toPrecision(digits))));
}

/** Returns a number with all of its digits where they are few, else as {@link numberText} does. */
export function exactText(value: number): string {
  const text = String(value);
  return Number.isFinite(value) && text.length <= 13 && !text.includes("e") ? signed(text) : numberText(value);
}

function shortest(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential().replace("e+", "e");
  return String(value);
}

/** Puts the sign that a mathematician writes. */
function signed(text: string): string {
  return text.replaceAll("-", "−");
}

/** @example roundText(0.012345678) // "0.0123" */
export function roundText(value: number): string {
  if (!Number.isFinite(value)) return numberText(value);
  return signed(shortNumber(value));
}

const raised: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/** @example powerText(-6) // "2⁻⁶" */
export function powerText(exponent: number): string {
  return `2${[...String(exponent)].map((digit) => raised[digit]).join("")}`;
}

/** @example shareText(3, 2048) // "0.15 %" */
export function shareText(count: number, whole: number): string {
  if (count === 0) return "0 %";
  if (count === whole) return "100 %";
  const percent = (100 * count) / whole;
  const digits = percent >= 10 ? 1 : 2;
  if (percent > 99.95) return "> 99.9 %";
  return percent < 0.01 ? "< 0.01 %" : `${percent.toFixed(digits)} %`;
}

/** Returns signal to noise in words: decibels, or why there are none. */
export function sqnrText({ sqnr, lost, notFinite, count }: Report): string {
  if (notFinite === count) return "none: no value is finite";
  if (sqnr === null) return lost > 0 ? `none: ${lost} became ∞ or NaN` : "none: all values are 0";
  return sqnr === Number.POSITIVE_INFINITY ? "∞: no error" : `${signed(sqnr.toFixed(2))} dB`;
}

/** Returns what happens beyond the largest value, as a short label. */
export function beyondText(settings: Settings): string {
  const target = targetIn(settings);
  const overflow = overflowOf(target, settings.overflow);
  if (overflow === "wrap") return "wraps around";
  const truncates = settings.rounding === "toward-zero" && target.format.kind === "float";
  if (overflow === "saturate" || truncates) return "saturates";
  return target.format.kind === "float" && target.format.infinity ? "→ ∞" : "→ NaN";
}

/** Returns what a format is: its fields, its range, bits per value. */
export function formatText(settings: Settings): string {
  const target = targetIn(settings);
  const { format, kind } = target;
  const { min, max, unit } = rangeOf(target);
  const fields =
    format.kind === "int"
      ? `${format.bits} bits${format.signed ? ", two's complement" : ""}`
      : `${format.signed ? "1 sign + " : ""}${format.exponent} exponent + ${format.mantissa} mantissa bits, bias ${format.bias}`;
  const small = format.kind === "float" ? `, smallest positive ${numberText(smallestOf(format))}` : "";
  const range =
    format.kind === "int" && unit === 1
      ? `${numberText(min)} to ${numberText(max)}`
      : `largest ${numberText(max * unit)}${unit === 1 ? small : `, steps of ${numberText(unit)}`}`;
  const bits = `${Number(bitsPerValue(target, settings.block).toFixed(3))} bits per value`;
  if (kind === "single") return `${fields}; ${range}`;
  const shared = kind === "nvfp4" ? "float8_e4m3fn for 16 values" : `float8_e8m0fnu for ${settings.block} values`;
  return `elements ${format.name}: ${fields}; ${range}. Shared scale ${shared}: ${bits}`;
}

/** Returns why a value became what it became, as a sentence. */
export function reasonText(found: Inspection, settings: Settings): string {
  const { reason, scaled, below, above, element, chance } = found;
  const [u, e] = [numberText(scaled), numberText(element)];
  const beyond = beyondText(settings);
  const texts: Readonly<Record<Inspection["reason"], () => string>> = {
    "not-finite": () => "The value itself is not finite.",
    exact: () => `${u} is a value of the format: nothing is lost.`,
    saturated: () => `${u} lies beyond the ${scaled > 0 ? "largest" : "smallest"} value: it saturates at ${e}.`,
    overflowed: () => `${u} lies beyond the largest value: it becomes ${e}.`,
    wrapped: () => `${u} lies beyond the range: the low bits are kept, which read ${e} (${beyond}).`,
    "block-lost": () => "A value of the block is not finite: its scale is NaN, and so is all of the block.",
    "block-zero": () => "The scale of the block rounds to 0: all of the block becomes 0.",
    "no-sign": () => "The format has no sign and no zero for it: it becomes NaN.",
    nearer: () => nearerText(found),
    "tie-even": () =>
      `${u} lies half-way between ${numberText(below ?? 0)} and ${numberText(above ?? 0)}: a tie goes to the even mantissa, ${e}.`,
    "tie-away": () =>
      `${u} lies half-way between ${numberText(below ?? 0)} and ${numberText(above ?? 0)}: a tie goes to the larger magnitude, ${e}.`,
    "toward-zero": () => `Toward zero: the neighbour of smaller magnitude, ${e}.`,
    drawn: () => {
      const up = scaled < 0 ? below : above;
      const chances =
        chance === null ? "" : ` with probability ${chance.toFixed(3)} it becomes ${numberText(up ?? 0)};`;
      return `Stochastic:${chances} this draw gave ${e}.`;
    },
  };
  return texts[reason]();
}

function nearerText({ scaled, below, above, element }: Inspection): string {
  if (below === null || above === null) return `${numberText(element)} is the nearest value.`;
  const [low, high] = [scaled - below, above - scaled];
  const [near, far] = element === below ? [low, high] : [high, low];
  const other = element === below ? above : below;
  return `${numberText(element)} is nearer (${roundText(near)} away) than ${numberText(other)} (${roundText(far)} away).`;
}

/** Returns what the microscope shows, in lines. */
export function describe(analysis: Analysis, settings: Settings, found: Inspection): string {
  const { count, beyond, underflowed, exact, mse, maxError } = analysis;
  const rounding = `${settings.rounding}, beyond the range: ${beyondText(settings)}`;
  return [
    `${targetIn(settings).name}: ${formatText(settings)}`,
    `${count} values, ${rounding}`,
    `SQNR ${sqnrText(analysis)}, MSE ${roundText(mse)}, largest error ${roundText(maxError)}`,
    `Beyond the range ${shareText(beyond, count)}, underflow to 0 ${shareText(underflowed, count)}, exact ${shareText(exact, count)}`,
    `Value ${found.place}: ${numberText(found.value)} becomes ${numberText(found.result)}. ${reasonText(found, settings)}`,
  ].join("\n");
}
