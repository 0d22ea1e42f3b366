import { ValueError } from "../errors.js";
import { erfc } from "../math/erf.js";
import { exp } from "../math/exp.js";

/** A law that ACIQ knows; what `gradients.normalFit` and `laplaceFit` return fits too. */
export type AciqLaw =
  | { readonly kind: "normal"; readonly std: number }
  | { readonly kind: "laplace"; readonly scale: number };

/** Options of {@link aciqClip} and {@link aciqError}. */
export interface AciqOptions {
  /** How many bins of equal width fill -α..α, or 0..α of a one-sided tensor: 2^bits. A whole number >= 2. */
  readonly bins: number;
  /** Whether the values passed a ReLU, so that the bins need only fill 0..α; default false. */
  readonly oneSided?: boolean;
}

const sqrtTwoOverPi = 0.7978845608028654;

/**
 * Returns ACIQ's clip α, in the unit of the law. It minimises {@link aciqError}, which is an approximation: at few bins
 * the true optimum of {@link aciqBins} is larger ({@link optimalClip}), by 16 % at four of a normal law.
 * @throws ValueError for no law, a spread that is not > 0, or bins out of range
 * @see Banner et al. 2019, arXiv:1810.05723: Laplace α = scale W(3 bins²), W Lambert's function; normal: the root of
 *   erfc(a / √2) - √(2/π) e^(-a²/2) / a + 1 / (3 bins²) for a = α / std; one-sided: twice the bins
 * @example aciqClip({ kind: "laplace", scale: 1 }, { bins: 16 }) // 5.0286
 */
export function aciqClip(law: AciqLaw, options: AciqOptions): number {
  const spread = spreadOf("aciqClip", law);
  const noise = noiseOf("aciqClip", options);
  // Both rise in a: from below zero to above.
  const rises =
    law.kind === "laplace"
      ? (a: number): number => a * noise - exp(-a)
      : (a: number): number => a * (erfc(a * Math.SQRT1_2) + noise) - sqrtTwoOverPi * exp((-a * a) / 2);
  return spread * rootOf(rises);
}

/**
 * Returns ACIQ's estimate of the mean squared error at a clip, in the unit of the law, squared: what is cut off is
 * counted exactly, and rounding as Δ²/12 for all values, also those cut off.
 * @param clip α >= 0
 * @throws ValueError for no law, a spread that is not > 0, bins out of range, or a clip that is not >= 0
 * @see Banner et al. 2019, arXiv:1810.05723; for one-sided values the error of the law before its ReLU, whose negative
 *   half is counted alike
 * @example aciqError({ kind: "normal", std: 1 }, 1.71064, { bins: 4 }) // 0.0871485
 */
export function aciqError(law: AciqLaw, clip: number, options: AciqOptions): number {
  const spread = spreadOf("aciqError", law);
  const noise = noiseOf("aciqError", options);
  if (!(clip >= 0 && Number.isFinite(clip))) {
    throw new ValueError(`aciqError: clip = ${clip}, expected a finite number >= 0`);
  }
  const a = clip / spread;
  const cut =
    law.kind === "laplace" ? 2 * exp(-a) : (1 + a * a) * erfc(a * Math.SQRT1_2) - sqrtTwoOverPi * a * exp((-a * a) / 2);
  return spread * spread * (cut + a * a * noise);
}

function spreadOf(caller: string, law: AciqLaw): number {
  const spread = law?.kind === "normal" ? law.std : law?.kind === "laplace" ? law.scale : Number.NaN;
  if (spread > 0 && Number.isFinite(spread)) return spread;
  throw new ValueError(`${caller}: law ${JSON.stringify(law)}, expected a normal or laplace one of a spread > 0`);
}

/** The rounding error per a²: 1 / (3 bins²). */
function noiseOf(caller: string, options: AciqOptions): number {
  const { bins, oneSided = false } = options;
  if (!Number.isSafeInteger(bins) || bins < 2 || bins > 2 ** 24) {
    throw new ValueError(`${caller}: bins = ${bins}, expected a whole number 2..2^24`);
  }
  const both = oneSided ? 2 * bins : bins;
  return 1 / (3 * both * both);
}

/** The root of a function that is negative below and positive above it, within 0..64, to the last bit. */
function rootOf(rises: (x: number) => number): number {
  let [low, high] = [0, 64];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (rises(middle) > 0) high = middle;
    else low = middle;
  }
}
