import { log } from "./log.js";

const bits = new DataView(new ArrayBuffer(8));

/**
 * Returns the logarithm to base 2, the same last bit on every engine (`Math.log2` may differ between engines). Exact
 * for powers of two; within 3 units in the last place of the exact value otherwise.
 * Negative numbers and NaN give NaN, 0 gives -Infinity, as `Math.log2` does.
 * @see log2(m 2^k) = k + ln m / ln 2, with m between the square roots of 1/2 and 2
 * @example log2(8) // 3
 */
export function log2(x: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) return log(x);
  const subnormal = x < 2 ** -1022;
  bits.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const high = bits.getUint32(0);
  const exponent = (high >>> 20) - 1023 - (subnormal ? 54 : 0);
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  const mantissa = bits.getFloat64(0);
  // Near 1 the whole value is ln m / ln 2, so the exponent is then 0 and nothing cancels.
  return mantissa > Math.SQRT2 ? exponent + 1 + log(mantissa / 2) / Math.LN2 : exponent + log(mantissa) / Math.LN2;
}
