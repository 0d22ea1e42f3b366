import { ValueError } from "../errors.js";
import type { Rotations } from "./rotations.js";

/** One ulp of 1. */
export const epsilon: number = 2 ** -52;
/** Elements this small beside numbers of about 1 at the most are zeros; below, products would vanish. */
export const tiny: number = 2 ** -960;

/** Returns the length of [x, y], of numbers of about 1 at the most. */
export function lengthOf(x: number, y: number): number {
  const squares = x * x + y * y;
  if (squares > tiny) return Math.sqrt(squares);
  const largest = Math.max(Math.abs(x), Math.abs(y));
  if (largest === 0) return 0;
  const [a, b] = [x / largest, y / largest];
  return largest * Math.sqrt(a * a + b * b);
}

/**
 * Turns a symmetric tridiagonal matrix of numbers of about 1 at the most into a diagonal one by implicit QL steps with
 * Wilkinson's shift, and hands on each rotation.
 * @param beside element i stands beside elements i - 1 and i of the diagonal; destroyed
 * @throws ValueError when some eigenvalue takes more than `most` steps
 */
export function diagonalize(
  caller: string,
  diagonal: Float64Array,
  beside: Float64Array,
  rotations: Rotations,
  most = 60,
): void {
  const n = diagonal.length;
  for (let l = 0; l < n; l++) {
    for (let steps = 0, m = splitFrom(diagonal, beside, l); m !== l; m = splitFrom(diagonal, beside, l)) {
      if (steps++ === most) {
        throw new ValueError(`${caller}: no convergence of value ${l} in ${most} steps, expected fewer`);
      }
      chase(diagonal, beside, l, m, rotations);
    }
  }
  rotations.finish();
}

/** Returns the last place of the block that begins at l: behind it the matrix falls apart. */
function splitFrom(diagonal: Float64Array, beside: Float64Array, l: number): number {
  let m = l;
  for (; m + 1 < diagonal.length; m++) {
    const size = Math.abs(diagonal[m] as number) + Math.abs(diagonal[m + 1] as number);
    if (Math.abs(beside[m + 1] as number) <= epsilon * size + tiny) break;
  }
  return m;
}

/** One implicit step over the block l..m, from its end to its beginning. */
function chase(diagonal: Float64Array, beside: Float64Array, l: number, m: number, rotations: Rotations): void {
  const first = beside[l + 1] as number;
  const slope = ((diagonal[l + 1] as number) - (diagonal[l] as number)) / (2 * first);
  const root = Math.abs(slope) < 1e150 ? Math.sqrt(1 + slope * slope) : Math.abs(slope);
  const shift = (diagonal[l] as number) - first / (slope + (slope < 0 ? -root : root));
  let g = (diagonal[m] as number) - shift;
  let [cosine, sine, p] = [1, 1, 0];
  if (m + 1 < diagonal.length) beside[m + 1] = 0;
  rotations.begin(m, -1);
  for (let i = m - 1; i >= l; i--) {
    const f = sine * (beside[i + 1] as number);
    const b = cosine * (beside[i + 1] as number);
    const r = lengthOf(f, g);
    if (i + 2 <= m) beside[i + 2] = r;
    if (r === 0) {
      // The matrix falls apart within the step.
      diagonal[i + 1] = (diagonal[i + 1] as number) - p;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = (diagonal[i + 1] as number) - p;
    const t = ((diagonal[i] as number) - g) * sine + 2 * cosine * b;
    p = sine * t;
    diagonal[i + 1] = g + p;
    g = cosine * t - b;
    rotations.add(cosine, sine);
  }
  diagonal[l] = (diagonal[l] as number) - p;
  beside[l + 1] = g;
}
