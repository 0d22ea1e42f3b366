import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { checkFinite } from "./checked.js";
import { ksDistanceOfSorted } from "./ks-distance.js";

/** What a Kolmogorov–Smirnov test says. */
export interface KsTest {
  /** The largest gap between the two distribution functions, 0..1. */
  readonly distance: number;
  /** How probable a distance at least as large is, when the values do follow the distribution. */
  readonly pValue: number;
}

/** The most values of which the probability is worked out exactly. */
const mostValues = 10_000;
/** The most pairs of places of two samples. */
const mostPairs = 1e8;

/**
 * Returns the Kolmogorov–Smirnov distance between values and a continuous distribution, with its exact probability for
 * so many values. For parameters that were fitted to the same values it is far too large (Lilliefors 1967).
 * @param values 1 .. 10,000 of any shape, finite
 * @param cdf as of `ksDistance`, of a distribution whose parameters are known beforehand
 * @returns pValue with an absolute error below 1e-13; 0 where it is below 5e-16. Takes a second for 2,000 values, some for
 *   10,000, most where they are far from the distribution
 * @throws ValueError for no or too many values, one that is not finite, or a cdf that leaves 0..1
 * @see Durbin 1973; Marsaglia, Tsang and Wang 2003, Evaluating Kolmogorov's distribution, whose matrix is applied to a
 *   vector n times, times 1/n, 2/n …
 * @example ksTest(random.uniform(random.key(1), [50]), (x) => x).pValue
 */
export function ksTest(values: Tensor, cdf: (x: number) => number): KsTest {
  checkFinite("stats.ksTest", values);
  const count = values.data.length;
  if (count > mostValues) throw new ValueError(`stats.ksTest: ${count} values, expected at most ${mostValues}`);
  const distance = ksDistanceOfSorted(Float64Array.from(values.data).sort(), cdf);
  return { distance, pValue: ksProbability(distance, count) };
}

/** Returns P(D_n >= distance). */
export function ksProbability(distance: number, count: number): number {
  if (distance <= 0.5 / count) return 1;
  if (distance >= 1 || count * distance * distance > 18) return 0;
  const k = Math.floor(count * distance) + 1;
  const steps = stepsOf(2 * k - 1, k - count * distance);
  let state: Float64Array = new Float64Array(2 * k - 1);
  state[k - 1] = 1;
  // The factors 1/n … n/n in an order in which their product stays near e^-i, by which the matrix grows.
  for (let low = 1, high = count, level = 1; low <= high; ) {
    const factor = (level > 1 ? low++ : high--) / count;
    level *= factor * Math.E;
    state = advanced(state, steps, factor);
  }
  return Math.min(1, Math.max(0, 1 - (state[k - 1] as number)));
}

/** What the matrix of Durbin is made of. */
interface Steps {
  /** 1 / j! for j = 0, 1, … */
  readonly inner: Float64Array;
  /** (1 - h^j) / j!: the first column, and, from below, the last row. */
  readonly border: Float64Array;
  /** The entry in the corner of both. */
  readonly corner: number;
}

function stepsOf(size: number, h: number): Steps {
  const inner = new Float64Array(size + 1);
  const border = new Float64Array(size + 1);
  let [factorial, power] = [1, 1];
  inner[0] = 1;
  for (let j = 1; j <= size; j++) {
    factorial /= j;
    power *= h;
    inner[j] = factorial;
    border[j] = (1 - power) * factorial;
  }
  let overlap = 1;
  for (let j = 0; j < size; j++) overlap *= Math.max(0, 2 * h - 1);
  return { inner, border, corner: (1 - 2 * power + overlap) * factorial };
}

/** 1 / j! is 0 from here on. */
const firstZero = 178;

/** Returns the matrix times the vector times a factor. Entry (i, j) is 1 / (i - j + 1)! for j <= i + 1, but at the borders. */
function advanced(state: Float64Array, { inner, border, corner }: Steps, factor: number): Float64Array {
  const size = state.length;
  const next = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = i === size - 1 ? border : inner;
    let sum = (i === size - 1 ? corner : (border[i + 1] as number)) * (state[0] as number);
    for (let j = Math.max(1, i + 2 - firstZero); j <= Math.min(i + 1, size - 1); j++) {
      sum += (row[i - j + 1] as number) * (state[j] as number);
    }
    next[i] = sum * factor;
  }
  return next;
}

/**
 * Returns the Kolmogorov–Smirnov distance between two samples, with its exact two-sided probability when both come from
 * one continuous distribution. Equal values within or across the samples are one step, as in SciPy; the probability is
 * then too large rather than too small.
 * @param a of any shape, finite; so b. The product of their numbers is at most 10^8
 * @returns pValue with a relative error below 1e-12
 * @throws ValueError for an empty sample, samples that are too long, or a value that is not finite
 * @see Hodges 1958, The significance probability of the Smirnov two-sample test: the share of lattice paths that leave
 *   the corridor, here by the probability of each next step
 * @example ksTestTwoSample(tensor.from([1, 2, 3]), tensor.from([4, 5, 6])) // { distance: 1, pValue: 0.1 }
 */
export function ksTestTwoSample(a: Tensor, b: Tensor): KsTest {
  const caller = "stats.ksTestTwoSample";
  checkFinite(caller, a);
  checkFinite(caller, b);
  const [n, m] = [a.data.length, b.data.length];
  if (n * m > mostPairs) throw new ValueError(`${caller}: ${n} and ${m} values, expected a product <= ${mostPairs}`);
  const gap = largestGap(Float64Array.from(a.data).sort(), Float64Array.from(b.data).sort());
  return { distance: gap / (n * m), pValue: leavingProbability(n, m, gap) };
}

/** Returns max |i m - j n| over all x, where i and j values are at most x: the distance times n m, a whole number. */
function largestGap(a: Float64Array, b: Float64Array): number {
  let [i, j, gap] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i] as number, b[j] as number);
    while (i < a.length && (a[i] as number) <= x) i++;
    while (j < b.length && (b[j] as number) <= x) j++;
    gap = Math.max(gap, Math.abs(i * b.length - j * a.length));
  }
  return gap;
}

/** The probability that a random path from (0, 0) to (n, m) comes to a place with |i m - j n| >= gap. */
function leavingProbability(n: number, m: number, gap: number): number {
  const left = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= gap) left[j] = 1;
      else if (i + j > 0) {
        const before = j > 0 ? (left[j - 1] as number) : 0;
        left[j] = (i * (left[j] as number) + j * before) / (i + j);
      }
    }
  }
  return Math.min(1, left[m] as number);
}
