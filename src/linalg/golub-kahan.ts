import { ValueError } from "../errors.js";
import { epsilon, lengthOf, tiny } from "./ql.js";
import type { Rotations } from "./rotations.js";

/** A square upper bidiagonal matrix of numbers of about 1 at the most, and who is told of rotations. */
export interface Chased {
  readonly diagonal: Float64Array;
  /** Element j stands in column j, above the diagonal; the first is 0. */
  readonly beside: Float64Array;
  /** Of the rows, that is of the left singular vectors. */
  readonly left: Rotations;
  /** Of the columns. */
  readonly right: Rotations;
}

/**
 * Turns an upper bidiagonal matrix into a diagonal one, of either sign, by Golub and Kahan's implicit QR steps, and hands
 * on each rotation.
 * @throws ValueError when some singular value takes more than `most` steps
 */
export function diagonalizeBidiagonal(caller: string, matrix: Chased, most = 60): void {
  const { diagonal, left, right } = matrix;
  for (let k = diagonal.length - 1; k >= 0; k--) {
    for (let steps = 0, l = splitBefore(matrix, k); l !== k; l = splitBefore(matrix, k)) {
      if (steps++ === most) {
        throw new ValueError(`${caller}: no convergence of value ${k} in ${most} steps, expected fewer`);
      }
      const zero = lastZero(matrix, l, k);
      if (zero === k) clearColumn(matrix, l, k);
      else if (zero >= l) clearRow(matrix, zero, k);
      else chase(matrix, l, k);
    }
  }
  left.finish();
  right.finish();
}

/** Returns the first place of the block that ends at k; what is beside the diagonal before it becomes 0. */
function splitBefore({ diagonal, beside }: Chased, k: number): number {
  let l = k;
  for (; l > 0; l--) {
    const size = Math.abs(diagonal[l - 1] as number) + Math.abs(diagonal[l] as number);
    if (Math.abs(beside[l] as number) <= epsilon * size + tiny) break;
  }
  beside[l] = 0;
  return l;
}

/** Returns the last place in l..k where the diagonal is 0 beside its neighbours, or l - 1. */
function lastZero({ diagonal, beside }: Chased, l: number, k: number): number {
  let i = k;
  for (; i >= l; i--) {
    const size = Math.abs(beside[i] as number) + (i < k ? Math.abs(beside[i + 1] as number) : 0);
    if (Math.abs(diagonal[i] as number) <= epsilon * size + tiny) break;
  }
  return i;
}

/** Rotates columns l..k - 1 with column k until nothing is above a 0 at k. */
function clearColumn({ diagonal, beside, right }: Chased, l: number, k: number): void {
  let f = beside[k] as number;
  beside[k] = 0;
  diagonal[k] = 0;
  for (let j = k - 1; j >= l; j--) {
    const [cosine, sine, size] = rotationOf(diagonal[j] as number, f);
    diagonal[j] = size;
    f = -sine * (beside[j] as number);
    beside[j] = cosine * (beside[j] as number);
    right.begin(j, k - j);
    right.add(cosine, sine);
  }
}

/** Rotates rows i + 1..k with row i until nothing is beside a 0 at i. */
function clearRow({ diagonal, beside, left }: Chased, i: number, k: number): void {
  let f = beside[i + 1] as number;
  beside[i + 1] = 0;
  diagonal[i] = 0;
  for (let j = i + 1; j <= k; j++) {
    const [cosine, sine, size] = rotationOf(diagonal[j] as number, f);
    diagonal[j] = size;
    left.begin(j, i - j);
    left.add(cosine, sine);
    if (j === k) break;
    f = -sine * (beside[j + 1] as number);
    beside[j + 1] = cosine * (beside[j + 1] as number);
  }
}

/** Returns cosine and sine of the rotation that turns [x, y] into [length, 0], and the length. */
function rotationOf(x: number, y: number): [number, number, number] {
  const size = lengthOf(x, y);
  return size === 0 ? [1, 0, 0] : [x / size, y / size, size];
}

/** One implicit step over the block l..k, from its beginning to its end. */
function chase(matrix: Chased, l: number, k: number): void {
  const { diagonal, beside, left, right } = matrix;
  let [f, g] = firstRotation(matrix, l, k);
  right.begin(l, 1);
  left.begin(l, 1);
  for (let j = l; j < k; j++) {
    let [cosine, sine, size] = rotationOf(f, g);
    if (j > l) beside[j] = size;
    const [x, e, next] = [diagonal[j] as number, beside[j + 1] as number, diagonal[j + 1] as number];
    f = cosine * x + sine * e;
    g = sine * next;
    const above = cosine * e - sine * x;
    const below = cosine * next;
    right.add(cosine, sine);
    [cosine, sine, size] = rotationOf(f, g);
    diagonal[j] = size;
    f = cosine * above + sine * below;
    diagonal[j + 1] = cosine * below - sine * above;
    left.add(cosine, sine);
    if (j + 1 === k) break;
    g = sine * (beside[j + 2] as number);
    beside[j + 2] = cosine * (beside[j + 2] as number);
  }
  beside[k] = f;
}

/** Returns what the first rotation clears, by the eigenvalue of the last 2×2 block of BᵀB that is nearer its end. */
function firstRotation({ diagonal, beside }: Chased, l: number, k: number): [number, number] {
  const given = [diagonal[k], diagonal[k - 1], beside[k], diagonal[l], beside[l + 1]] as number[];
  const scale = Math.max(...given.map(Math.abs));
  const [end, before, above, start, next] = given.map((value) => value / scale) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const b = ((before + end) * (before - end) + above * above) / 2;
  const c = end * above * (end * above);
  const root = Math.sqrt(b * b + c);
  const sum = b + (b < 0 ? -root : root);
  const shift = sum === 0 ? 0 : c / sum;
  return [(start + end) * (start - end) + shift, start * next];
}
