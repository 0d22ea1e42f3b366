import { exp } from "./exp.js";
import { ratio } from "./polynomial.js";

/** Coefficients of numerator and denominator, highest power first: the centre in x², the middle in x, the tail in 1/x². */
const centre = [
  [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
] as const;
const middle = [
  [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
] as const;
const tail = [
  [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  [1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
] as const;
const inverseSqrtPi = 0.5641895835477563;

/**
 * Returns the error function 2/√π ∫₀ˣ e^(-t²) dt, the same last bit on every engine. Relative error below 1e-15.
 * NaN gives NaN.
 * @see Cody 1969, Rational Chebyshev approximations for the error function, Math. Comp. 23
 * @example erf(0.5) // 0.5204998778130465
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return x * ratio(centre, x * x);
  if (size >= 6) return x > 0 ? 1 : -1;
  const value = 1 - gauss(size, 1) * scaledTail(size);
  return x < 0 ? -value : value;
}

/**
 * Returns the complementary error function 1 - erf(x) without its loss of digits, the same last bit on every engine.
 * Relative error below 2e-15 where the result is a normal number. NaN gives NaN.
 * @see Cody 1969, Rational Chebyshev approximations for the error function, Math. Comp. 23
 * @example erfc(5) // 1.5374597944280347e-12
 */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - erf(x);
  if (x > 27.3) return 0;
  if (x < -6) return 2;
  const value = gauss(Math.abs(x), 1) * scaledTail(Math.abs(x));
  return x < 0 ? 2 - value : value;
}

/**
 * Returns the scaled complementary error function e^(x²) erfc(x), the same last bit on every engine: products of a
 * growing exponential and a vanishing tail are written with it, so that neither overflows. Relative error below 2e-15;
 * Infinity below about -26.6. NaN gives NaN.
 * @see Cody 1969, Rational Chebyshev approximations for the error function, Math. Comp. 23
 * @example erfcx(100) // 0.005641613782989433
 */
export function erfcx(x: number): number {
  if (Math.abs(x) <= 0.46875) return exp(x * x) * (1 - erf(x));
  if (x >= 0) return scaledTail(x);
  if (x < -26.7) return Number.POSITIVE_INFINITY;
  return 2 / gauss(-x, 1) - scaledTail(-x);
}

/**
 * Returns Φ(x) = P(Z <= x) of a standard normal Z, the same last bit on every engine. Relative error below 2e-15 where
 * the result is a normal number, so also far into the lower tail. NaN gives NaN.
 * @see Φ(x) = erfc(-x / √2) / 2, with the exponential of -x²/2 itself and not of a rounded quotient
 * @example normalCdf(1.959963984540054) // 0.975
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.66) return 0.5 + 0.5 * erf(x * Math.SQRT1_2);
  if (size > 38.6) return x > 0 ? 1 : 0;
  const half = 0.5 * gauss(size, 0.5) * scaledTail(size * Math.SQRT1_2);
  return x > 0 ? 1 - half : half;
}

/** e^(x²) erfc(x) for x > 0.46875. */
function scaledTail(x: number): number {
  if (x <= 4) return ratio(middle, x);
  const z = 1 / (x * x);
  return (inverseSqrtPi - z * ratio(tail, z)) / x;
}

/** e^(-factor x²): x² is split into a part that is exact and a small one, because rounding it would cost digits. */
function gauss(x: number, factor: number): number {
  const head = Math.floor(x * 16) / 16;
  return exp(-factor * head * head) * exp(-factor * (x - head) * (x + head));
}
