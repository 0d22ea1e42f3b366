import { ValueError } from "../errors.js";
import { log } from "./log.js";
import { ratio } from "./polynomial.js";

/** Numerator and denominator, highest power first, for the centre and for the two parts of the tail. */
const centre = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
] as const;
const nearTail = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
] as const;
const farTail = [
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
] as const;

/**
 * Returns the z with P(Z <= z) = p for a standard normal Z: the inverse of its distribution function, the
 * same last bit on every engine. Relative error below 1e-15; 0 and 1 give -Infinity and Infinity.
 * @throws ValueError when p is not within 0..1
 * @see Wichura 1988, Algorithm AS 241 (PPND16), Applied Statistics 37(3)
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new ValueError(`normalQuantile: p = ${p}, expected 0..1`);
  return quantile(p - 0.5, Math.min(p, 1 - p));
}

/**
 * Returns the inverse error function: the x with erf(x) = y, the same last bit on every engine.
 * @throws ValueError when y is not within -1..1
 * @see erfinv(y) = normalQuantile((1 + y) / 2) / sqrt(2)
 * @example inverseErf(0.5) // 0.4769362762044699
 */
export function inverseErf(y: number): number {
  if (!(y >= -1 && y <= 1)) throw new ValueError(`inverseErf: y = ${y}, expected -1..1`);
  return quantile(y / 2, (1 - Math.abs(y)) / 2) * Math.SQRT1_2;
}

/**
 * Returns the inverse of the complementary error function: the x with erfc(x) = y, the same last bit on every engine.
 * Relative error below 2e-15; 0 and 2 give Infinity and -Infinity.
 * @throws ValueError when y is not within 0..2
 * @see erfcinv(y) = -normalQuantile(y / 2) / sqrt(2)
 * @example inverseErfc(1e-20) // 6.601580622355143
 */
export function inverseErfc(y: number): number {
  if (!(y >= 0 && y <= 2)) throw new ValueError(`inverseErfc: y = ${y}, expected 0..2`);
  return quantile((1 - y) / 2, Math.min(y, 2 - y) / 2) * Math.SQRT1_2;
}

/** The quantile from the distance to the median and the tail probability: near 0 or 1 each alone would lose digits. */
function quantile(fromMedian: number, tail: number): number {
  if (Math.abs(fromMedian) <= 0.425) return fromMedian * ratio(centre, 0.180625 - fromMedian * fromMedian);
  if (tail === 0) return fromMedian < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-log(tail));
  const z = r <= 5 ? ratio(nearTail, r - 1.6) : ratio(farTail, r - 5);
  return fromMedian < 0 ? -z : z;
}
