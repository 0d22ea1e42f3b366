import { ValueError } from "../errors.js";

/**
 * A grid of equally spaced values, and how it follows from a clip. "b bits" alone says neither how wide a step is, nor
 * how many levels there are, nor whether 0 is one of them: every paper answers otherwise. A code k stands for
 * scale (k - zeroPoint).
 */
export interface QuantConvention {
  readonly kind: "convention";
  readonly name: string;
  /** The bits that the paper counts, which need not hold all of its levels. */
  readonly bits: number;
  /** The smallest and the largest code. */
  readonly low: number;
  readonly high: number;
  /**
   * What is cut into steps: `symmetric` -α..α; `one-sided` 0..α; `asymmetric` the smallest to the largest value;
   * `asymmetric-with-zero` the same, widened to reach 0.
   */
  readonly range: "symmetric" | "one-sided" | "asymmetric" | "asymmetric-with-zero";
  /** How many steps the range is cut into: scale = its width / steps. */
  readonly steps: number;
  /**
   * The code of 0, halves allowed (then no level is 0); `exact`: where the smallest value has the code `low`, a
   * fraction; `rounded`: that, to the nearest integer (ties to even), so that 0 is a level.
   */
  readonly zeroPoint: number | "exact" | "rounded";
}

/**
 * LAPQ's grid for weights: 2^bits levels, the outer two at ±α, step 2α / (2^bits - 1). 0 is no level.
 * @throws ValueError unless bits is a whole number 1..16
 * @see Nahshan et al. 2021, arXiv:1911.07190, the reference code's "uint" quantizer
 * @example lapqWeights(2) // levels -α, -α/3, α/3, α
 */
export function lapqWeights(bits: number): QuantConvention {
  const most = 2 ** checkBits("lapqWeights", bits) - 1;
  return convention("lapqWeights", bits, 0, most, "symmetric", most, most / 2);
}

/**
 * LAPQ's grid for activations behind a ReLU: 2^bits levels 0..α, step α / (2^bits - 1).
 * @throws ValueError unless bits is a whole number 1..16
 * @see Nahshan et al. 2021, arXiv:1911.07190, the reference code
 * @example lapqActivations(2) // levels 0, α/3, 2α/3, α
 */
export function lapqActivations(bits: number): QuantConvention {
  const most = 2 ** checkBits("lapqActivations", bits) - 1;
  return convention("lapqActivations", bits, 0, most, "one-sided", most, 0);
}

/**
 * The bins of ACIQ's analysis, and of Max's mid-rise quantizer: 2^bits bins of width 2α / 2^bits fill -α..α, and a value
 * becomes the middle of its bin. 0 is no level.
 * @throws ValueError unless bits is a whole number 1..16
 * @see Banner et al. 2019, arXiv:1810.05723; its simulator rounds as {@link kure} does
 * @example aciqBins(2) // levels -3α/4, -α/4, α/4, 3α/4
 */
export function aciqBins(bits: number): QuantConvention {
  const bins = 2 ** checkBits("aciqBins", bits);
  return convention("aciqBins", bits, 0, bins - 1, "symmetric", bins, (bins - 1) / 2);
}

/**
 * The grid of KURE's theory: round(x / Δ) clamped to ±2^(bits-1), Δ = α / 2^(bits-1): 2^bits + 1 levels, 0 and ±α among
 * them.
 * @throws ValueError unless bits is a whole number 1..16
 * @see Chmiel et al. 2020, arXiv:2002.07686, supplement
 * @example kure(2) // levels -α, -α/2, 0, α/2, α
 */
export function kure(bits: number): QuantConvention {
  const half = 2 ** checkBits("kure", bits) / 2;
  return convention("kure", bits, -half, half, "symmetric", 2 * half, 0);
}

/**
 * CAT's grid for activations: 2^bits levels from the smallest to the largest value, step (max - min) / (2^bits - 1). 0 is
 * a level when it is the smallest value, as behind a ReLU.
 * @throws ValueError unless bits is a whole number 1..16
 * @see Baskin et al. 2021, arXiv:1909.11481, the reference code
 * @example catActivations(2) // of values 1..7: levels 1, 3, 5, 7
 */
export function catActivations(bits: number): QuantConvention {
  const most = 2 ** checkBits("catActivations", bits) - 1;
  return convention("catActivations", bits, 0, most, "asymmetric", most, "exact");
}

/**
 * The grid of feature-map transform coding: 2^bits - 1 levels from the smallest to the largest value, step
 * (max - min) / (2^bits - 2).
 * @throws ValueError unless bits is a whole number 2..16
 * @see Chmiel et al. 2020, arXiv:1905.10830, the reference code
 * @example transformCoding(2) // of values 1..7: levels 1, 4, 7
 */
export function transformCoding(bits: number): QuantConvention {
  const most = 2 ** checkBits("transformCoding", bits, 2) - 2;
  return convention("transformCoding", bits, 0, most, "asymmetric", most, "exact");
}

/**
 * The usual symmetric integers: codes ±(2^(bits-1) - 1), step α / (2^(bits-1) - 1); 0 is the code 0. The code
 * -2^(bits-1) stays unused. `intSymmetric(8)` divides by absmax / 127; `intSymmetric(2)` is ternary.
 * @throws ValueError unless bits is a whole number 2..16
 * @example intSymmetric(8) // 255 levels
 */
export function intSymmetric(bits: number): QuantConvention {
  const most = 2 ** (checkBits("intSymmetric", bits, 2) - 1) - 1;
  return convention("intSymmetric", bits, -most, most, "symmetric", 2 * most, 0);
}

/**
 * Affine unsigned integers, as in ONNX's DynamicQuantizeLinear: codes 0..2^bits - 1, step (max - min) / (2^bits - 1)
 * over a range that is widened to reach 0, and a zero point rounded to an integer, so that 0 comes back as 0.
 * @throws ValueError unless bits is a whole number 1..16
 * @see ONNX operators, DynamicQuantizeLinear
 * @example intAffine(8) // 256 levels
 */
export function intAffine(bits: number): QuantConvention {
  const most = 2 ** checkBits("intAffine", bits) - 1;
  return convention("intAffine", bits, 0, most, "asymmetric-with-zero", most, "rounded");
}

function convention(
  name: string,
  bits: number,
  low: number,
  high: number,
  range: QuantConvention["range"],
  steps: number,
  zeroPoint: QuantConvention["zeroPoint"],
): QuantConvention {
  return { kind: "convention", name, bits, low, high, range, steps, zeroPoint };
}

function checkBits(caller: string, bits: number, least = 1): number {
  if (Number.isInteger(bits) && bits >= least && bits <= 16) return bits;
  throw new ValueError(`${caller}: bits = ${bits}, expected a whole number ${least}..16`);
}

/** Returns the convention itself. @throws ValueError for a bare bit-width or a record that describes no grid */
export function checkConvention(caller: string, given: QuantConvention): QuantConvention {
  if (given?.kind !== "convention") {
    const arrived = typeof given === "number" ? `a bare bit-width ${given}` : JSON.stringify(given);
    throw new ValueError(`${caller}: convention is ${arrived}, expected a record such as intSymmetric(8)`);
  }
  const { low, high, steps, zeroPoint, range } = given;
  const whole = Number.isSafeInteger(low) && Number.isSafeInteger(high) && low < high && high - low < 2 ** 31;
  const zero = typeof zeroPoint === "number" ? Number.isInteger(2 * zeroPoint) : /^(exact|rounded)$/.test(zeroPoint);
  // What is read off the smallest value needs a range that begins there, and the other way round.
  const fits = (typeof zeroPoint === "string") === range.startsWith("asymmetric");
  if (whole && zero && fits && steps > 0 && Number.isFinite(steps)) return given;
  throw new ValueError(
    `${caller}: convention ${JSON.stringify(given)}, expected integers low < high, steps > 0 and a zero point`,
  );
}
