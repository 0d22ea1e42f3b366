/** What the lognormal explorer shows, computed from its state; the same functions in the kernel, the view and tests. */
import {
  expectedSparsity,
  type LaplaceLaw,
  type LognormalLaw,
  laplaceFit,
  logMagnitudeCdf,
  logMagnitudeQuantile,
  lognormalFit,
  type MagnitudeLaw,
  type NormalLaw,
  normalFit,
  thresholdFor,
} from "../../src/gradients/index.js";
import { exp, log } from "../../src/math/index.js";
import { key, normal, uniform } from "../../src/random/index.js";
import { ksDistanceOfSorted } from "../../src/stats/ks-distance.js";
import { quantilesOfSorted } from "../../src/stats/quantiles.js";
import type { Tensor } from "../../src/tensor/index.js";

/** The laws that are fitted. */
export type LawKind = MagnitudeLaw["kind"];

/** All laws, in the order in which they are shown. */
export const lawKinds: readonly LawKind[] = ["lognormal", "normal", "laplace"];

/** What each law is called. */
export const lawNames: Readonly<Record<LawKind, string>> = {
  lognormal: "Lognormal",
  normal: "Normal",
  laplace: "Laplace",
};

/** The largest sparsity that can be asked for. */
export const maxSparsity = 0.99;

/** The fitted laws. */
export interface Laws {
  readonly lognormal: LognormalLaw;
  readonly normal: NormalLaw;
  readonly laplace: LaplaceLaw;
}

/** A gradient in few numbers. Logarithms are natural. */
export interface Summary {
  readonly count: number;
  /** Share of values that are exactly zero. */
  readonly zeros: number;
  readonly laws: Laws;
  /** Kolmogorov–Smirnov distances of |g| to the fitted laws. */
  readonly distances: Readonly<Record<LawKind, number>>;
  /** The ends of the histogram in ln|g|; its lower end leaves out a thousandth at most. */
  readonly low: number;
  readonly high: number;
  /** How many values lie below the lower end. */
  readonly below: number;
  /** Values per bin. */
  readonly counts: Float64Array;
  /** Quantiles of ln|g|: those of the values, and those of each law. */
  readonly quantiles: Readonly<Record<LawKind | "observed", Float64Array>>;
}

/** What stochastic pruning does to the values. */
export interface Measurement {
  /** Share of zeros that the draw gave. */
  readonly sparsity: number;
  /** Share of zeros on average over all draws. */
  readonly expected: number;
  /** Cosine similarity of the values and the pruned values; null when all were pruned. */
  readonly cosine: number | null;
}

const samples = 20_000;
const qqCount = 99;
const chunk = 2 ** 16;

/**
 * Returns 20,000 lognormal values of mixed sign: what is shown when no gradient is given.
 * @param sigma standard deviation of ln|g|, natural logarithm
 * @example sampleGradients(2, 1)
 */
export function sampleGradients(sigma: number, seed: number): Tensor<"float32"> {
  const draws = normal(key(seed), [samples], { dtype: "float64" }).data;
  const data = Float32Array.from(draws, (z, i) => (i % 2 === 0 ? 1 : -1) * exp(sigma * z - 7));
  return { data, shape: [samples], dtype: "float32" };
}

/** Values of a gradient that are used again and again, by what they were made from. */
const sortedLogs = new WeakMap<Tensor, Float64Array>();
const drawn = new WeakMap<Tensor, { readonly seed: number; readonly draws: Float32Array }>();

/**
 * Describes a gradient; yields now and then how far it is, 0..1.
 * @throws ValueError for a gradient of zeros only, or a value that is not finite
 */
export function* summarize(gradients: Tensor, bins: number): Generator<number, Summary> {
  const laws: Laws = {
    lognormal: lognormalFit(gradients),
    normal: normalFit(gradients),
    laplace: laplaceFit(gradients),
  };
  yield 0.2;
  const logs = sortedLogs.get(gradients) ?? logsOf(gradients);
  sortedLogs.set(gradients, logs);
  yield 0.5;
  const distances: Record<LawKind, number> = { lognormal: 0, normal: 0, laplace: 0 };
  for (const [i, kind] of lawKinds.entries()) {
    distances[kind] = ksDistanceOfSorted(logs, (y) => logMagnitudeCdf(laws[kind], y));
    yield 0.6 + 0.1 * i;
  }
  const places = Array.from({ length: qqCount }, (_, i) => (i + 0.5) / qqCount);
  const expected = (kind: LawKind): Float64Array =>
    Float64Array.from(places, (p) => logMagnitudeQuantile(laws[kind], p));
  return {
    count: gradients.data.length,
    zeros: laws.lognormal.zeros,
    laws,
    distances,
    ...histogram(logs, bins),
    quantiles: {
      observed: quantilesOfSorted(logs, places, "lognormal-fit").data,
      lognormal: expected("lognormal"),
      normal: expected("normal"),
      laplace: expected("laplace"),
    },
  };
}

function logsOf({ data }: Tensor): Float64Array {
  const logs = new Float64Array(data.length);
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) logs[count++] = log(Math.abs(data[i] as number));
  return logs.slice(0, count).sort();
}

function histogram(logs: Float64Array, bins: number): Pick<Summary, "low" | "high" | "below" | "counts"> {
  const high = logs[logs.length - 1] as number;
  // A few values far below would press all others into a corner.
  const low = Math.max(logs[0] as number, logs[Math.floor(logs.length / 1000)] as number);
  const counts = new Float64Array(bins);
  const width = (high - low) / bins;
  let below = 0;
  for (let i = 0; i < logs.length; i++) {
    const y = logs[i] as number;
    if (y < low) below++;
    else {
      const bin = width > 0 ? Math.min(bins - 1, Math.floor((y - low) / width)) : 0;
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
  return { low, high, below, counts };
}

/** The input of {@link measure}. */
export interface Pruning {
  /** tau >= 0, in the unit of the gradient. */
  readonly threshold: number;
  /** Of the draws, as `random.key(seed)`. */
  readonly seed: number;
}

/**
 * Prunes at random as `stochasticPrune(random.key(seed), gradients, threshold)` does and says what came of it; yields
 * now and then how far it is, 0..1.
 */
export function* measure(gradients: Tensor, { threshold, seed }: Pruning): Generator<number, Measurement> {
  const { data, dtype } = gradients;
  let cached = drawn.get(gradients);
  if (cached?.seed !== seed) {
    cached = { seed, draws: uniform(key(seed), [data.length]).data };
    drawn.set(gradients, cached);
    yield 0.1;
  }
  const tau = dtype === "float32" ? Math.fround(threshold) : threshold;
  const sums = { zeros: 0, expected: 0, product: 0, before: 0, after: 0 };
  const scale = largest(data);
  for (let start = 0; start < data.length; start += chunk) {
    addChunk(sums, data, cached.draws, { start, end: Math.min(data.length, start + chunk), tau, scale });
    yield start / data.length;
  }
  const { zeros, expected, product, before, after } = sums;
  return {
    sparsity: zeros / data.length,
    expected: expected / data.length,
    cosine: after === 0 ? null : Math.min(1, product / Math.sqrt(before * after)),
  };
}

interface Sums {
  zeros: number;
  expected: number;
  product: number;
  before: number;
  after: number;
}

/** Adds the sums over one chunk, in units of the largest magnitude, because squares of tiny gradients vanish. */
function addChunk(
  sums: Sums,
  data: ArrayLike<number>,
  draws: Float32Array,
  { start, end, tau, scale }: { start: number; end: number; tau: number; scale: number },
): void {
  let [zeros, expected, product, before, after] = [0, 0, 0, 0, 0];
  for (let i = start; i < end; i++) {
    const size = Math.abs(data[i] as number);
    const kept = size >= tau ? size : (draws[i] as number) * tau < size ? tau : 0;
    if (kept === 0) zeros++;
    if (size < tau) expected += 1 - size / tau;
    else if (size === 0) expected++;
    const [x, y] = [size / scale, kept / scale];
    product += x * y;
    before += x * x;
    after += y * y;
  }
  sums.zeros += zeros;
  sums.expected += expected;
  sums.product += product;
  sums.before += before;
  sums.after += after;
}

function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i] as number));
  return most || 1;
}

/** Runs a stepped computation to its end. */
export function finish<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Returns the threshold for a sparsity under one of the fitted laws, in the unit of the gradient. */
export function thresholdOf(laws: Laws, kind: LawKind, sparsity: number): number {
  return thresholdFor(sparsity, laws[kind]);
}

/** Returns the sparsity that a threshold is expected to give under one of the fitted laws, within 0..{@link maxSparsity}. */
export function sparsityOfThreshold(laws: Laws, kind: LawKind, threshold: number): number {
  return Math.min(maxSparsity, Math.max(0, expectedSparsity(laws[kind], threshold)));
}
