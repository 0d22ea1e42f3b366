import { ValueError } from "../errors.js";
import { log } from "./log.js";
import { horner } from "./polynomial.js";

/** Options of {@link lambertW}. */
export interface LambertWOptions {
  /** 0: the solution >= -1; -1: the one <= -1, for x < 0. Default 0. */
  readonly branch?: 0 | -1;
}

/** e in two parts. */
const eHigh = Math.E;
const eLow = 1.4456468917292502e-16;
/** The double next to -1/e, which is below it. */
const branchPoint = -0.36787944117144233;

/** W around -1/e in powers of p = ±sqrt(2 (e x + 1)), highest first: below 2e-19 of it for |p| <= 0.3. */
const series = [
  8.163531982496613e-6, -0.000012040352739559977, 0.000017790345805079586, -0.0000263380647472311,
  0.00003907668486743905, -0.00005811360750441382, 0.00008665035805208128, -0.00012957426685274883,
  0.00019438727605453933, -0.00029267722472962746, 0.0004424730618146209, -0.0006720616311561362, 0.0010262633205076071,
  -0.0015769303446867841, 0.0024408779911439826, -0.0038112980348919993, 0.006014543252956118, -0.009616892024299432,
  0.01563563253233392, -0.02598471487360376, 0.044502314814814814, -0.07962962962962963, 0.1527777777777778,
  -0.3333333333333333, 1,
] as const;

/**
 * Returns Lambert's W: the w with w e^w = x, the same last bit on every engine. Within 2 units in the last place
 * on branch 0, 3 on branch -1.
 * W(0) = 0 and W(∞) = ∞ on branch 0; W(0) = -∞ on branch -1. The double next to -1/e, which lies just below it, gives
 * -1. NaN gives NaN.
 * @throws ValueError for x below -1/e, x > 0 on branch -1, or another branch
 * @see Corless, Gonnet, Hare, Jeffrey and Knuth 1996, On the Lambert W function; the step of Fritsch, Shafer and Crowley
 *   1973, of fourth order
 * @example lambertW(3 * 4 ** 4) // 5.028644…: where ACIQ clips Laplace's law with 4 bits, in units of its scale
 */
export function lambertW(x: number, { branch = 0 }: LambertWOptions = {}): number {
  if (branch !== 0 && branch !== -1) throw new ValueError(`lambertW: branch ${branch}, expected 0 or -1`);
  if (x < branchPoint || (branch === -1 && x > 0)) {
    const expected = branch === 0 ? "-1/e or more" : "-1/e .. 0 on branch -1";
    throw new ValueError(`lambertW: x = ${x}, expected ${expected}`);
  }
  if (x === 0) return branch === 0 ? x : Number.NEGATIVE_INFINITY;
  if (!(x < Number.POSITIVE_INFINITY)) return x;
  const distance = fromBranchPoint(x);
  const p = Math.sqrt(Math.max(0, 2 * distance)) * (branch === 0 ? 1 : -1);
  if (Math.abs(p) <= 0.3) return -1 + p * horner(series, p);
  if (branch === 0 && Math.abs(x) < 2 ** -27) return x - x * x;
  return refined(x, branch === 0 ? upperStart(x) : lowerStart(x, p));
}

/** e x + 1 without the rounding of the product, for |x| that is small; else about. */
function fromBranchPoint(x: number): number {
  const product = eHigh * x;
  if (x > 0) return 1 + product;
  const [a, b] = [high(eHigh), high(x)];
  const [c, d] = [eHigh - a, x - b];
  const rest = a * b - product + a * d + c * b + c * d;
  return 1 + product + (rest + eLow * x);
}

/** The upper half of a number's bits. */
function high(x: number): number {
  const scaled = 134217729 * x;
  return scaled - (scaled - x);
}

function upperStart(x: number): number {
  if (x < 3) {
    const l = log(1 + x);
    return Math.abs(x) < 0.001 ? x - x * x : l * (1 - log(1 + l) / (2 + l));
  }
  const l = log(x);
  const ll = log(l);
  return l - ll + ll / l;
}

function lowerStart(x: number, p: number): number {
  if (x < -0.2) return -1 + p * (1 - p * (1 / 3 - 0.1527777777777778 * p));
  const l = log(-x);
  const ll = log(-l);
  return l - ll + ll / l;
}

function refined(x: number, start: number): number {
  let w = start;
  for (let step = 0; step < 4; step++) {
    // Of the smallest numbers the quotient would lose its digits.
    const z = (Math.abs(x) < 2 ** -1000 ? log(-x) - log(-w) : log(x / w)) - w;
    const q = 2 * (1 + w) * (1 + w + (2 / 3) * z);
    w += (w * (z / (1 + w)) * (q - z)) / (q - 2 * z);
  }
  return w;
}
