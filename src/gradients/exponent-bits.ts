import { ValueError } from "../errors.js";
import { floatError } from "./float-error.js";

/** Upper bounds of sigma for 1, 2, 3 … exponent bits, by the number of bits of the format. */
const bounds: Readonly<Record<number, readonly number[]>> = {
  3: [0.7],
  4: [0.5, 1.2],
  5: [0.2, 1.0, 2.4],
  6: [0.3, 0.9, 2.0, 4.9],
  7: [0.3, 0.7, 1.7, 4.0, 9.4],
  8: [0.1, 0.6, 1.4, 3.7, 8.1, 19.3],
};

/**
 * Returns the number of exponent bits, 1..bits - 1, at which {@link floatError} is least; the fewer of two that are
 * equally good. The rest, bits - 1 - exponent, is the mantissa.
 * @param bits of the format, sign included, 2..16
 * @param sigma standard deviation of log2|g|, > 0
 * @throws ValueError for bits out of range, or a sigma that is not a finite number > 0
 * @example bestExponentBits(8, 4) // 5
 */
export function bestExponentBits(bits: number, sigma: number): number {
  if (!Number.isInteger(bits) || bits < 2 || bits > 16) {
    throw new ValueError(`bestExponentBits: bits = ${bits}, expected a whole number 2..16`);
  }
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let exponent = 1; exponent < bits; exponent++) {
    const { total } = floatError({ exponent, mantissa: bits - 1 - exponent, sigma });
    if (total < least) [best, least] = [exponent, total];
  }
  return best;
}

/**
 * Returns the number of exponent bits that the paper's reference code takes from its table: the first whose bound
 * exceeds sigma rounded up to a tenth; above the last bound bits - 2.
 * @param bits of the format, sign included, 3..8
 * @param sigma standard deviation of log2|g|, > 0
 * @throws ValueError for bits out of range, or a sigma that is not a finite number > 0
 * @see Chmiel et al. 2021, arXiv:2006.08173, the reference code's table
 * @example tabulatedExponentBits(8, 4) // 5
 */
export function tabulatedExponentBits(bits: number, sigma: number): number {
  const row = bounds[bits];
  if (row === undefined) {
    throw new ValueError(`tabulatedExponentBits: bits = ${bits}, expected a whole number 3..8`);
  }
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    throw new ValueError(`tabulatedExponentBits: sigma = ${sigma}, expected a finite number > 0`);
  }
  // Less a little, because 0.7 * 10 is above 7 in binary.
  const tenths = Math.ceil(sigma * 10 - 1e-9);
  const found = row.findIndex((bound) => Math.round(bound * 10) > tenths);
  return found < 0 ? bits - 2 : found + 1;
}
