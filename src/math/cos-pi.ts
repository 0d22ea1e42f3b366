import { horner } from "./polynomial.js";

/** π and what rounding took from it. */
const piLow = 1.2246467991473532e-16;

/** (-1)^k / (2k + 1)! and (-1)^k / (2k)! from the highest power of x² down to k = 1: below 1e-17 for |x| <= π / 4. */
const sine = [
  1 / 355687428096000,
  -1 / 1307674368000,
  1 / 6227020800,
  -1 / 39916800,
  1 / 362880,
  -1 / 5040,
  1 / 120,
  -1 / 6,
] as const;
const cosine = [
  1 / 20922789888000,
  -1 / 87178291200,
  1 / 479001600,
  -1 / 3628800,
  1 / 40320,
  -1 / 720,
  1 / 24,
  -1 / 2,
] as const;

/**
 * Returns cos(πx), the same last bit on every engine (`Math.cos` may differ between engines). Multiples of 1/2 give
 * exactly 0, 1 or -1, because x is reduced exactly before π comes in; within 2 units in the last place elsewhere.
 * NaN and infinities give NaN.
 * @see cos(πx) by the symmetries of the circle to |x| <= 1/4, then the series of sine or cosine
 * @example cosPi(1.5) // 0, where Math.cos(1.5 * Math.PI) is -1.8369701987210297e-16
 */
export function cosPi(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  // 0..1: cosine is even, with a period of 2.
  const turn = Math.abs(x) % 2;
  const half = turn > 1 ? 2 - turn : turn;
  if (half === 0.5) return 0;
  if (half <= 0.25) return cosineOf(half);
  return half >= 0.75 ? -cosineOf(1 - half) : sineOf(0.5 - half);
}

/**
 * Returns sin(πx), the same last bit on every engine. Multiples of 1/2 give exactly 0, 1 or -1; within 2 units in the
 * last place elsewhere, where that is a normal number. Keeps the sign of -0. NaN and infinities give NaN.
 * @see sin(πx) by the symmetries of the circle to |x| <= 1/4, then the series of sine or cosine
 * @example sinPi(1 / 6) // 0.5
 */
export function sinPi(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const turn = x % 2;
  const size = Math.abs(turn);
  // Half a turn on, the sign changes.
  const half = size > 1 ? size - 1 : size;
  const value = half <= 0.25 ? sineOf(half) : half >= 0.75 ? sineOf(1 - half) : cosineOf(0.5 - half);
  return (turn < 0 || Object.is(turn, -0)) !== size > 1 ? -value : value;
}

/** sin(πx) for |x| <= 1/4. */
function sineOf(x: number): number {
  const t = Math.PI * x;
  const z = t * t;
  return t + (piLow * x + t * z * horner(sine, z));
}

/** cos(πx) for |x| <= 1/4. */
function cosineOf(x: number): number {
  const t = Math.PI * x;
  const z = t * t;
  return 1 + z * horner(cosine, z);
}
