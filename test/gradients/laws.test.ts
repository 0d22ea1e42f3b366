/** The three laws of gradient magnitudes: fits, distribution functions, densities, quantiles, QQ points. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import {
  ksDistance,
  laplaceFit,
  logMagnitudeCdf,
  logMagnitudeDensity,
  logMagnitudeQuantile,
  lognormalFit,
  type MagnitudeLaw,
  magnitudeCdf,
  magnitudeDensity,
  normalFit,
  qqPoints,
} from "../../src/gradients/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, map, type Tensor } from "../../src/tensor/index.js";
import { oracle, relative, values } from "./oracle.js";

const fits = { lognormal: lognormalFit, normal: normalFit, laplace: laplaceFit } as const;
const kinds = ["lognormal", "normal", "laplace"] as const;
const standard: Record<(typeof kinds)[number], MagnitudeLaw> = {
  lognormal: { kind: "lognormal", mu: -1, sigma: 1.5, zeros: 0.1 },
  normal: { kind: "normal", std: 0.3, zeros: 0.1 },
  laplace: { kind: "laplace", scale: 0.3, zeros: 0.1 },
};

test("the fits are SciPy's, and zeros are counted and left out", () => {
  expect(lognormalFit(values)).toEqual({
    kind: "lognormal",
    mu: expect.closeTo(oracle.mu, 13),
    sigma: expect.closeTo(oracle.sigma, 13),
    zeros: expect.closeTo(oracle.zeros, 15),
  });
  expect(normalFit(values)).toEqual({
    kind: "normal",
    std: expect.closeTo(oracle.std, 15),
    zeros: expect.closeTo(oracle.zeros, 15),
  });
  expect(laplaceFit(values)).toEqual({
    kind: "laplace",
    scale: expect.closeTo(oracle.scale, 15),
    zeros: expect.closeTo(oracle.zeros, 15),
  });
});

test.each(kinds)("distance, distribution function, density and quantiles of the %s law are SciPy's", (kind) => {
  const law = fits[kind](values);
  const magnitudes = from(
    [...values.data].map(Math.abs).filter((x) => x > 0),
    { dtype: "float64" },
  );
  expect(ksDistance(magnitudes, (x) => magnitudeCdf(law, x))).toBeCloseTo(oracle.distances[kind], 12);
  for (const [x, expected] of oracle.cdf[kind]) {
    expect(relative(magnitudeCdf(law, x), expected)).toBeLessThan(1e-10);
    expect(relative(logMagnitudeCdf(law, Math.log(x)), expected)).toBeLessThan(1e-10);
  }
  for (const [x, expected] of oracle.density[kind]) {
    expect(relative(magnitudeDensity(law, x), expected)).toBeLessThan(1e-10);
    expect(relative(logMagnitudeDensity(law, Math.log(x)), expected * x)).toBeLessThan(1e-10);
  }
  for (const [p, expected] of oracle.logQuantile[kind]) {
    expect(logMagnitudeQuantile(law, p)).toBeCloseTo(expected, 10);
  }
});

/** Simpson's rule with 4000 intervals. */
function integrate(f: (y: number) => number, low: number, high: number): number {
  const n = 4000;
  const h = (high - low) / n;
  let total = f(low) + f(high);
  for (let i = 1; i < n; i++) total += (i % 2 === 1 ? 4 : 2) * f(low + i * h);
  return (total * h) / 3;
}

test.each(kinds)("the density of the %s law integrates to its distribution function", (kind) => {
  const law = standard[kind];
  for (const y of [-6, -2, -1, 0, 0.7, 2]) {
    const area = integrate((at) => logMagnitudeDensity(law, at), -40, y);
    expect(area).toBeCloseTo(logMagnitudeCdf(law, y), 8);
  }
});

test.each(kinds)("quantiles of the %s law undo its distribution function, and rise", (kind) => {
  const law = standard[kind];
  const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
  fc.assert(
    fc.property(probability, probability, (p, q) => {
      expect(Math.abs(logMagnitudeCdf(law, logMagnitudeQuantile(law, p)) - p)).toBeLessThan(1e-13);
      if (p < q) expect(logMagnitudeQuantile(law, p)).toBeLessThanOrEqual(logMagnitudeQuantile(law, q));
    }),
    { seed: 5, numRuns: 300 },
  );
  expect([logMagnitudeQuantile(law, 0), logMagnitudeQuantile(law, 1)]).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test("quantiles near 0 follow the density there", () => {
  for (const p of [1e-6, 1e-12, 1e-100, 1e-300]) {
    // P(|g| <= x) is x times the density at 0, for small x.
    expect(logMagnitudeQuantile(standard.normal, p)).toBeCloseTo(Math.log(p * 0.3 * Math.sqrt(Math.PI / 2)), 10);
    expect(logMagnitudeQuantile(standard.laplace, p)).toBeCloseTo(Math.log(p * 0.3), 5);
  }
});

test("fits follow the scale and forget signs and order", () => {
  const gradient = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 30 });
  fc.assert(
    fc.property(gradient, fc.integer({ min: -60, max: 60 }), (list, power) => {
      const kept = list.map((x) => (Math.abs(x) < 1e-6 ? 0 : x));
      fc.pre(kept.some((x) => x !== 0));
      // A power of two, so that scaling is exact.
      const factor = 2 ** power;
      const g = from(kept, { dtype: "float64" });
      const scaled = from(
        [...kept].reverse().map((x) => -factor * x),
        { dtype: "float64" },
      );
      const [a, b] = [lognormalFit(g), lognormalFit(scaled)];
      expect(b.mu - a.mu).toBeCloseTo(power * Math.LN2, 9);
      expect(b.sigma).toBeCloseTo(a.sigma, 9);
      expect(relative(normalFit(scaled).std, normalFit(g).std * factor)).toBeLessThan(1e-12);
      expect(relative(laplaceFit(scaled).scale, laplaceFit(g).scale * factor)).toBeLessThan(1e-12);
      expect(b.zeros).toBe(a.zeros);
    }),
    { seed: 3, numRuns: 200 },
  );
});

/** Lognormal values with signs, float64. */
function lognormalSample(seed: number, count: number, sigma: number): Tensor<"float64"> {
  const z = normal(key(seed), [count], { dtype: "float64" });
  return map(z, (value, i) => (i % 2 === 0 ? 1 : -1) * Math.exp(sigma * value));
}

describe("a lognormal sample of 20,000", () => {
  const g = lognormalSample(17, 20_000, 2);
  const magnitudes = map(g, Math.abs);
  const distance = (law: MagnitudeLaw): number => ksDistance(magnitudes, (x) => magnitudeCdf(law, x));

  test("is told from the two others by its distance", () => {
    // With fitted parameters D √n of the right law is about 0.6 on average (Lilliefors); 0.02 would be 2.8.
    expect(distance(lognormalFit(g))).toBeLessThan(0.02);
    expect(distance(normalFit(g))).toBeGreaterThan(0.3);
    expect(distance(laplaceFit(g))).toBeGreaterThan(0.3);
  });

  test("lies on the diagonal of its own plot, and far from it in the others", () => {
    const off = (law: MagnitudeLaw): number => {
      const { expected, observed } = qqPoints(g, law);
      return Math.max(...observed.data.map((y, i) => Math.abs(y - (expected.data[i] as number))));
    };
    expect(off(lognormalFit(g))).toBeLessThan(0.2);
    expect(off(normalFit(g))).toBeGreaterThan(1.5);
    expect(off(laplaceFit(g))).toBeGreaterThan(1.5);
  });
});

test("qqPoints has as many points as asked for, at Hazen's positions", () => {
  const { probabilities, expected, observed } = qqPoints(
    from([1, -1, 0, Math.E], { dtype: "float64" }),
    standard.laplace,
    {
      count: 3,
    },
  );
  expect([...probabilities.data]).toEqual([1 / 6, 1 / 2, 5 / 6]);
  expect(expected.shape).toEqual([3]);
  // Of the sorted magnitudes 1, 1, e: positions 1/3, 1 and 5/3 counted from 0.
  expect([...observed.data]).toEqual([0, 0, expect.closeTo(Math.log(1 + (2 / 3) * (Math.E - 1)), 14)]);
});

test("values of one magnitude have no spread: a step, no density", () => {
  const law = lognormalFit(from([0.5, -0.5, 0.5]));
  expect(law).toEqual({ kind: "lognormal", mu: -Math.LN2, sigma: 0, zeros: 0 });
  expect([magnitudeCdf(law, 0.49), magnitudeCdf(law, 0.5)]).toEqual([0, 1]);
  expect(() => logMagnitudeDensity(law, 0)).toThrow("logMagnitudeDensity: sigma = 0, expected sigma > 0");
});

test("bad input is named by every fit", () => {
  for (const [name, fitLaw] of [
    ["lognormalFit", lognormalFit],
    ["normalFit", normalFit],
    ["laplaceFit", laplaceFit],
  ] as const) {
    expect(() => fitLaw(from([]))).toThrow(new ValueError(`${name}: an empty tensor, expected at least one value`));
    expect(() => fitLaw(from([0, 0, 0]))).toThrow(
      new ValueError(`${name}: 3 zeros, expected at least one value that is not zero`),
    );
    expect(() => fitLaw(from([1, Number.NaN]))).toThrow(
      new ValueError(`${name}: value NaN at position 1, expected finite values`),
    );
  }
  expect(() => magnitudeCdf({ kind: "lognormal", mu: 0, sigma: -1, zeros: 0 }, 1)).toThrow("sigma = -1, expected");
  expect(() => magnitudeCdf({ kind: "normal", std: 0, zeros: 0 }, 1)).toThrow("normal law with std = 0, expected");
  expect(() => magnitudeCdf({ kind: "laplace", scale: 1, zeros: 2 }, 1)).toThrow("zeros = 2, expected a share 0..1");
  expect(() => magnitudeCdf(standard.normal, Number.NaN)).toThrow("magnitudeCdf: x = NaN");
  expect(() => logMagnitudeCdf(standard.normal, Number.NaN)).toThrow("logMagnitudeCdf: y = NaN");
  expect(() => magnitudeDensity(standard.normal, 0)).toThrow("magnitudeDensity: x = 0, expected a magnitude > 0");
  expect(() => logMagnitudeQuantile(standard.normal, 2)).toThrow("logMagnitudeQuantile: p = 2, expected 0..1");
  expect(() => qqPoints(values, standard.normal, { count: 0 })).toThrow("qqPoints: count = 0, expected");
});
