import { ValueError } from "../errors.js";
import { normalCdf } from "../math/erf.js";
import { exp } from "../math/exp.js";
import { log2 } from "../math/log2.js";
import { gaussianRate } from "./gaussian-rate.js";

/** What entropy-coded uniform scalar quantization loses to the rate-distortion function. */
export interface EcsqGap {
  /** More bits per sample at the same error. */
  readonly bits: number;
  /** Larger error at the same bits, in decibels: 20 log10(2) per bit. */
  readonly decibels: number;
}

/** A uniform quantizer with an ideal entropy coder, on a unit Gaussian. */
export interface EcsqPoint extends EcsqGap {
  /** Entropy of the indices, bits per sample. */
  readonly rate: number;
  /** Mean squared error, in units of the variance. */
  readonly distortion: number;
}

const decibelsPerBit = (20 * Math.LN2) / Math.LN10;

/**
 * Returns what uniform scalar quantization with an ideal entropy coder loses to the rate-distortion function of a
 * Gaussian: without a step the limit for fine steps, log2(πe / 6) / 2 = 0.2546 bits or 1.533 dB, which holds for every
 * smooth density; with a step the gap of that quantizer on a Gaussian, with its rate and its error.
 * The quantizer is mid-tread, round(x / step), and each index is rebuilt as step times the index.
 * @param step in standard deviations, 0.01..16; a coarser one rounds everything to 0 within float64
 * @throws ValueError for a step out of range
 * @see Gish and Pierce 1968 for the limit. With p_k the mass of bin k: rate Σ p_k log2(1 / p_k), distortion Σ_k
 *   ∫ (x - k step)² φ(x) dx, gap rate - R(distortion)
 * @example ecsqGap().bits // 0.25460
 */
export function ecsqGap(): EcsqGap;
export function ecsqGap(step: number): EcsqPoint;
export function ecsqGap(step?: number): EcsqGap | EcsqPoint {
  if (step === undefined) return gapOf(0.5 * log2((Math.PI * Math.E) / 6));
  if (!(step >= 0.01 && step <= 16)) throw new ValueError(`ecsqGap: step = ${step}, expected a number 0.01..16`);
  let rate = 0;
  let distortion = 0;
  // Bins beyond 39 standard deviations have no mass in float64. Far bins first, so that small parts are not lost.
  for (let k = Math.ceil(39 / step); k >= 0; k--) {
    const { mass, error } = binOf(k, step);
    const both = k === 0 ? 1 : 2;
    if (mass > 0) rate -= both * mass * log2(mass);
    distortion += both * error;
  }
  return { rate, distortion, ...gapOf(rate - gaussianRate(distortion)) };
}

/** Mass and error of the bin (k - 1/2) step .. (k + 1/2) step; k >= 0. */
function binOf(k: number, step: number): { mass: number; error: number } {
  const low = (k - 0.5) * step;
  const high = (k + 0.5) * step;
  const centre = k * step;
  // Upper tails, which keep their digits far out.
  const mass = normalCdf(-low) - normalCdf(-high);
  const [first, last] = [density(low), density(high)];
  // ∫ x² φ = mass + low φ(low) - high φ(high); ∫ x φ = φ(low) - φ(high).
  const error = mass + low * first - high * last - 2 * centre * (first - last) + centre * centre * mass;
  return { mass, error: Math.max(0, error) };
}

const density = (x: number): number => exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

const gapOf = (bits: number): EcsqGap => ({ bits, decibels: bits * decibelsPerBit });
