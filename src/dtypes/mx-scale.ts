import { DtypeError, ValueError } from "../errors.js";
import { exponentOf, powerOfTwo } from "./bits.js";
import type { Format } from "./format.js";
import { checkFormat, layoutOf } from "./layout.js";

/**
 * How the scale 2^e of a block follows from its largest magnitude a; emax and max are the exponent and the magnitude of
 * the largest element, of mantissa bits m:
 * - `floor`: e = floor(log2 a) - emax. The conversion that the OCP specification describes; elements above max
 *   saturate.
 * - `ceil`: e = ceil(log2 a) - emax. Nothing saturates; what lies above 2^emax in the element format is never used.
 * - `even`: e = floor(log2 r) - emax, r the magnitude a rounded to m bits behind its leading one, a tie up.
 * - `rceil`: e = ceil(log2(a / max)), the least scale with which nothing saturates; NVIDIA's rule for MXFP8.
 */
export type MxScaleRule = "floor" | "ceil" | "even" | "rceil";

/** What the rules need to know of the elements. */
export interface ElementRange {
  readonly emax: number;
  readonly max: number;
  readonly mantissa: number;
  /** What the codes of integers count: 2^-(bits - 2), so that they lie in [-2, 2); 1 for floats. */
  readonly unit: number;
}

/** The names of the rules. */
const rules: readonly MxScaleRule[] = ["floor", "ceil", "even", "rceil"];

/** Returns `rule` itself. @throws ValueError when it is none of the four */
export function checkScaleRule(caller: string, rule: MxScaleRule): MxScaleRule {
  if (!rules.includes(rule)) {
    throw new ValueError(`${caller}: scaleRule ${JSON.stringify(rule)}, expected one of ${rules.join(", ")}`);
  }
  return rule;
}

/** Returns the range of a block format's elements. @throws DtypeError for a format that cannot be one */
export function elementRange(caller: string, element: Format): ElementRange {
  checkFormat(caller, element);
  const able = element.signed && element.bits <= 8 && (element.kind === "float" ? element.zero : element.bits > 1);
  if (!able) {
    throw new DtypeError(
      `${caller}: element ${element.name}, expected a format of at most 8 bits with a sign and a zero`,
    );
  }
  if (element.kind === "int") {
    const unit = powerOfTwo(2 - element.bits);
    return { emax: 0, max: 2 - unit, mantissa: element.bits - 2, unit };
  }
  const { emax, max, magnitudes } = layoutOf(caller, element);
  return { emax, max: magnitudes[max] as number, mantissa: element.mantissa, unit: 1 };
}

/**
 * Returns the exponent of a block's scale, -127..127; -127 for a block of zeros. Exact: exponents and significands are
 * compared, nothing is divided and no logarithm taken.
 */
export function scaleExponent(rule: MxScaleRule, largest: number, { emax, max, mantissa }: ElementRange): number {
  const exponent = exponentOf(largest);
  // Zero, and what only a float64 can hold: far outside the scales, which end at ±127.
  if (Math.abs(exponent) > 1000) return exponent < 0 ? -127 : 127;
  const significand = largest * powerOfTwo(-exponent);
  const up = {
    floor: false,
    ceil: significand > 1,
    even: significand >= 2 - powerOfTwo(-mantissa - 1),
    rceil: significand > max * powerOfTwo(-emax),
  }[rule];
  return Math.min(Math.max(exponent - emax + Number(up), -127), 127);
}
