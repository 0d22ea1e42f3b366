import { scaleOf } from "./checked.js";
import { dot } from "./dot.js";

/**
 * Turns a stretch of `length` numbers into the vector u of length √2 whose reflection x - u (u·x) maps them to a multiple
 * of the last unit vector, and returns that multiple. Where nothing but the last differs from 0, u is zeros.
 */
export function mirrorLast(vector: Float64Array, start: number, length: number): number {
  const last = start + length - 1;
  if (!hasOthers(vector, start, last)) {
    const kept = vector[last] as number;
    vector[last] = 0;
    return kept;
  }
  const scale = scaleOf(vector.subarray(start, last + 1));
  const inverse = 1 / scale;
  for (let t = start; t <= last; t++) vector[t] = (vector[t] as number) * inverse;
  const squares = dot(vector, start, vector, start, length);
  const end = vector[last] as number;
  const root = Math.sqrt(squares);
  const onto = end < 0 ? root : -root;
  vector[last] = end - onto;
  const size = Math.sqrt(squares - end * onto);
  for (let t = start; t <= last; t++) vector[t] = (vector[t] as number) / size;
  return onto * scale;
}

function hasOthers(vector: Float64Array, start: number, last: number): boolean {
  for (let t = start; t < last; t++) if (vector[t] !== 0) return true;
  return false;
}
