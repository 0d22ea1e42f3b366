/** A distribution on the real line. */
export interface Distribution {
  /** The density at x, per unit of x. */
  density(x: number): number;
  /** P(X <= x), 0..1. */
  cdf(x: number): number;
  /** P(X > x), 0..1, without the loss of digits of 1 - cdf(x). */
  survival(x: number): number;
  /** The x with cdf(x) = p. @throws ValueError when p is not within 0..1 */
  quantile(p: number): number;
}
