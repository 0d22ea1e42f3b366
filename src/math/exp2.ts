import { exp, timesPowerOfTwo } from "./exp.js";

/**
 * Returns 2^x, the same last bit on every engine (`2 ** x` may differ between engines). Exact for whole x; within 2
 * units in the last place of the exact value where that is a normal number. Overflow gives Infinity, underflow a
 * subnormal number or 0, NaN gives NaN.
 * @see 2^(k + r) = 2^k e^(r ln 2), |r| <= 1/2
 * @example exp2(-3) // 0.125
 */
export function exp2(x: number): number {
  if (!(x < 1024)) return x >= 1024 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < -1075) return 0;
  const k = Math.floor(x + 0.5);
  const part = exp((x - k) * Math.LN2);
  return k === 1024 ? part * 2 ** 1023 * 2 : timesPowerOfTwo(part, k);
}
