/** Polynomials and their quotients, coefficients from the highest power down. */

/** Returns the value of a polynomial at `x`, by Horner's rule. @example horner([2, 0, 1], 3) // 19 */
export function horner(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + (coefficients[i] as number);
  return value;
}

/** Returns the quotient of two polynomials at `x`. @example ratio([[1, 0], [2]], 3) // 1.5 */
export function ratio([numerator, denominator]: readonly [readonly number[], readonly number[]], x: number): number {
  return horner(numerator, x) / horner(denominator, x);
}
