const bits = new DataView(new ArrayBuffer(8));
/** ln 2 in two parts: the first has 32 significant bits, so that its product with an exponent is exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/**
 * Returns the natural logarithm, the same last bit on every engine (`Math.log` may differ between engines).
 * Built from + - * / alone; within 2 units in the last place of the exact value.
 * Negative numbers and NaN give NaN, 0 gives -Infinity, as `Math.log` does.
 * @see ln(m 2^k) = k ln 2 + 2 artanh((m - 1) / (m + 1)), the series of artanh cut after its twelfth term
 * @example log(2) // 0.6931471805599453
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2 ** -1022;
  bits.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023 - (subnormal ? 54 : 0);
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  // f - s f is 2 s; written this way the leading term f is exact when the exponent is 0.
  return exponent * ln2High + (f - (s * f - s * artanhTail(s * s) - exponent * ln2Low));
}

/** Returns 2 (artanh(s) / s - 1) for z = s². */
function artanhTail(z: number): number {
  let sum = 0;
  for (let k = 12; k >= 1; k--) sum = z * (2 / (2 * k + 1) + sum);
  return sum;
}
