/** ln 2 in two parts: the first has 32 significant bits, so that its product with an exponent is exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** 1 / k! for k = 13 down to 2. */
const inverseFactorials = [
  1 / 6227020800,
  1 / 479001600,
  1 / 39916800,
  1 / 3628800,
  1 / 362880,
  1 / 40320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  1 / 2,
] as const;
const scale = new DataView(new ArrayBuffer(8));

/**
 * Returns e^x, the same last bit on every engine (`Math.exp` may differ between engines). Built from + - * / alone;
 * within 1 unit in the last place of the exact value where that is a normal number. Overflow gives Infinity, underflow
 * a subnormal number or 0, NaN gives NaN, as `Math.exp` does.
 * @see e^x = 2^k e^r, |r| <= ln(2) / 2, the series of e^r cut after its thirteenth power
 * @example exp(1) // 2.718281828459045
 */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 709 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x / Math.LN2 + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  let tail = 0;
  for (let i = 0; i < inverseFactorials.length; i++) tail = (tail + (inverseFactorials[i] as number)) * r;
  // What rounding took from r is added last, so that the sum is rounded once.
  const lost = high - r - low;
  return timesPowerOfTwo(1 + (r + (tail * r + lost)), k);
}

/** Returns x 2^k for 1/2 < x < 2; in two steps where 2^k itself is no normal number. */
export function timesPowerOfTwo(x: number, k: number): number {
  if (k > 1023) return x * 2 * powerOfTwo(k - 1);
  return k < -1022 ? x * powerOfTwo(k + 64) * 2 ** -64 : x * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  scale.setUint32(0, (k + 1023) << 20);
  return scale.getFloat64(0);
}
