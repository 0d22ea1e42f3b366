/**
 * Returns the natural logarithm of a float32 > 0, computed in float32: within 2 units in the last place of float32, the
 * same bits on every engine, and a form that vectors of float32 compute as well. Not in the public API.
 * @see ln(m 2^k) = k ln 2 + 2 artanh((m - 1) / (m + 1)), the series of artanh cut after its fifth term
 */
export function logFloat32(x: number): number {
  const subnormal = x < smallestNormal;
  single[0] = subnormal ? x * 2 ** 24 : x;
  const word = bits[0] as number;
  let exponent = (word >> 23) - 127 - (subnormal ? 24 : 0);
  bits[0] = (word & 0x007fffff) | 0x3f800000;
  let mantissa = single[0] as number;
  if (mantissa > root2) {
    mantissa = mantissa * 0.5;
    exponent++;
  }
  const f = round(mantissa - 1);
  const s = round(f / round(2 + f));
  const z = round(s * s);
  let tail = round(z * c9);
  tail = round(z * round(c7 + tail));
  tail = round(z * round(c5 + tail));
  tail = round(z * round(c3 + tail));
  const rest = round(round(round(s * f) - round(s * tail)) - round(exponent * ln2Low));
  return round(round(exponent * ln2High) + round(f - rest));
}

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);
const round = Math.fround;
const smallestNormal = 2 ** -126;
const root2: number = round(Math.SQRT2);
const c3: number = round(2 / 3);
const c5: number = round(2 / 5);
const c7: number = round(2 / 7);
const c9: number = round(2 / 9);
/** ln 2 in two parts: the first has 9 significant bits, so that its product with an exponent is exact. */
const ln2High = 0.693359375;
const ln2Low: number = round(Math.LN2 - 0.693359375);
