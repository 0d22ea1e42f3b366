/** Stochastic pruning: the closed forms against numeric integration, the paper's numbers, and sampling. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import {
  cosineSimilarity,
  expectedCosine,
  expectedSparsity,
  type MagnitudeLaw,
  sparsityAt,
  sparsityOf,
  stochasticPrune,
  thresholdFor,
} from "../../src/gradients/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, map, mean, type Tensor, zip } from "../../src/tensor/index.js";
import { oracle, relative } from "./oracle.js";

/** sigma, sparsity, alpha, cosine: the grid of the closed form, computed apart from this code. */
const grid = [
  [1, 0.5, 2.40079, 0.948771],
  [1, 0.8, 7.82227, 0.712628],
  [1, 0.85, 10.6871, 0.627852],
  [1, 0.9, 16.3116, 0.518427],
  [1, 0.95, 32.9228, 0.368423],
  [2, 0.5, 2.57471, 0.999903],
  [2, 0.8, 16.9889, 0.996572],
  [2, 0.85, 26.692, 0.992758],
  [2, 0.9, 47.6571, 0.982215],
  [2, 0.95, 115.816, 0.9393],
] as const;

test.each(grid)("sigma %f, sparsity %f: threshold and cosine of the grid", (sigma, sparsity, alpha, cosine) => {
  const found = thresholdFor(sparsity, { mu: 0, sigma });
  expect(relative(found, alpha)).toBeLessThan(5e-6);
  expect(expectedCosine(found, sigma)).toBeCloseTo(cosine, 6);
  expect(sparsityAt(found, sigma)).toBeCloseTo(sparsity, 14);
});

test("the sparsity of each law is the integral of max(0, 1 - |g| / tau), also near 0 and near 1", () => {
  for (const [alpha, sigma, expected] of oracle.lognormalSparsity) {
    const found = sparsityAt(alpha, sigma);
    expect([alpha, sigma, relative(found, expected) < 1e-9]).toEqual([alpha, sigma, true]);
    const law = { kind: "lognormal", mu: 3, sigma, zeros: 0 } as const;
    expect(relative(expectedSparsity(law, alpha * Math.exp(3)), expected)).toBeLessThan(1e-9);
  }
  for (const [a, expected] of oracle.normalSparsity) {
    expect(relative(expectedSparsity({ kind: "normal", std: 0.01, zeros: 0 }, a * 0.01), expected)).toBeLessThan(1e-12);
  }
  for (const [a, expected] of oracle.laplaceSparsity) {
    expect(relative(expectedSparsity({ kind: "laplace", scale: 7, zeros: 0 }, a * 7), expected)).toBeLessThan(1e-12);
  }
});

test("the expected cosine is the ratio of integrals, with a limit too", () => {
  for (const [alpha, sigma, limit, expected] of oracle.cosine) {
    expect([alpha, sigma, relative(expectedCosine(alpha, sigma, { limit }), expected) < 1e-9]).toEqual([
      alpha,
      sigma,
      true,
    ]);
  }
});

const anyLaw: fc.Arbitrary<MagnitudeLaw> = fc.oneof(
  fc.record({
    kind: fc.constant("lognormal" as const),
    mu: fc.double({ min: -40, max: 40, noNaN: true }),
    sigma: fc.double({ min: 0.01, max: 20, noNaN: true }),
    zeros: fc.constantFrom(0, 0.25, 0.9),
  }),
  fc.record({
    kind: fc.constant("normal" as const),
    std: fc.double({ min: 1e-20, max: 1e20, noNaN: true }),
    zeros: fc.constantFrom(0, 0.25, 0.9),
  }),
  fc.record({
    kind: fc.constant("laplace" as const),
    scale: fc.double({ min: 1e-20, max: 1e20, noNaN: true }),
    zeros: fc.constantFrom(0, 0.25, 0.9),
  }),
);
const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

test("the threshold gives back the sparsity, rises with it, and is 0 where the zeros are enough", () => {
  fc.assert(
    fc.property(anyLaw, share, share, (law, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const [first, second] = [thresholdFor(low, law), thresholdFor(high, law)];
      if (low <= law.zeros) expect(first).toBe(0);
      else expect(Math.abs(expectedSparsity(law, first) - low)).toBeLessThan(1e-11);
      expect(second).toBeGreaterThanOrEqual(first);
    }),
    { seed: 2021, numRuns: 400 },
  );
});

test("the threshold follows the scale", () => {
  fc.assert(
    fc.property(share, fc.double({ min: 0.1, max: 8, noNaN: true }), (sparsity, sigma) => {
      const one = thresholdFor(sparsity, { mu: 0, sigma });
      expect(relative(thresholdFor(sparsity, { mu: -12, sigma }), one * Math.exp(-12))).toBeLessThan(1e-12);
    }),
    { seed: 9, numRuns: 100 },
  );
});

test("sparsity rises and cosine falls with the threshold, over a dense sweep of both parameters", () => {
  for (let sigma = 0.05; sigma < 12; sigma *= 1.3) {
    let [sparsity, cosine] = [0, 1];
    for (let power = -60; power <= 60; power += 0.5) {
      const alpha = 2 ** power;
      const [nextSparsity, nextCosine] = [sparsityAt(alpha, sigma), expectedCosine(alpha, sigma)];
      expect(nextSparsity).toBeGreaterThanOrEqual(sparsity - 1e-15);
      expect(nextCosine).toBeLessThanOrEqual(cosine + 1e-13);
      expect(nextCosine).toBeGreaterThanOrEqual(0);
      [sparsity, cosine] = [nextSparsity, nextCosine];
    }
    expect(sparsity).toBeLessThanOrEqual(1);
  }
});

test("extreme arguments keep their meaning", () => {
  // At a median threshold half is lost of what lies far below it: for a wide law the sparsity nears 1/2.
  expect(sparsityAt(1, 1e6)).toBeCloseTo(0.5, 5);
  for (const sigma of [0.001, 10, 50, 100]) {
    for (const sparsity of [1e-12, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-12]) {
      const alpha = thresholdFor(sparsity, { mu: 0, sigma });
      const found = sparsityAt(alpha, sigma);
      expect([sigma, sparsity, relative(found, sparsity) < 1e-9]).toEqual([sigma, sparsity, true]);
    }
  }
  // Without spread every magnitude is e^mu: pruned by 1 - 1/alpha.
  expect([sparsityAt(0.5, 0), sparsityAt(4, 0), expectedCosine(0.5, 0), expectedCosine(4, 0)]).toEqual([
    0, 0.75, 1, 0.5,
  ]);
  expect(thresholdFor(0.75, { mu: 0, sigma: 0 })).toBeCloseTo(4, 12);
  expect([sparsityAt(0, 3), expectedCosine(0, 3), thresholdFor(0, { mu: 0, sigma: 1 })]).toEqual([0, 1, 0]);
  expect(() => thresholdFor(0.9, { mu: 709, sigma: 5 })).toThrow("needs a threshold above the largest float64");
});

describe("stochasticPrune", () => {
  const z = normal(key(1), [200, 500], { dtype: "float64" });
  const g: Tensor<"float32"> = map(z, (value, i) => (i % 2 === 0 ? 1 : -1) * Math.exp(2 * value - 5), "float32");

  test("keeps what reaches the threshold, and makes the rest 0 or the threshold with the value's sign", () => {
    const tau = Math.fround(0.03);
    const pruned = stochasticPrune(key(4), g, tau);
    expect([pruned.dtype, pruned.shape]).toEqual(["float32", [200, 500]]);
    for (let i = 0; i < g.data.length; i++) {
      const [before, after] = [g.data[i] as number, pruned.data[i] as number];
      if (Math.abs(before) >= tau) expect(after).toBe(before);
      else if (after !== 0) expect(after).toBe(Math.sign(before) * tau);
    }
  });

  test("reaches the predicted sparsity and cosine", () => {
    const tau = thresholdFor(0.85, { mu: -5, sigma: 2 });
    const pruned = stochasticPrune(key(5), g, tau);
    // Standard error of a share of 100,000: 0.0011. The cosine of a sample lies near the prediction.
    expect(Math.abs(sparsityOf(pruned) - 0.85)).toBeLessThan(0.006);
    expect(Math.abs(cosineSimilarity(g, pruned) - expectedCosine(tau * Math.exp(5), 2))).toBeLessThan(0.006);
  });

  test("is unbiased: the mean over many draws is the value", () => {
    const few = from([0.5, -0.25, 0.125, -2, 0], { dtype: "float64" });
    const runs = 20_000;
    const sums = new Float64Array(5);
    for (let i = 0; i < runs; i++) {
      stochasticPrune(key(i), few, 1).data.forEach((value, at) => {
        sums[at] = (sums[at] as number) + value;
      });
    }
    few.data.forEach((value, i) => {
      const p = Math.min(1, Math.abs(value));
      const error = Math.sqrt((p * (1 - p)) / runs);
      expect(Math.abs((sums[i] as number) / runs - value)).toBeLessThanOrEqual(4.5 * error);
    });
  });

  test("has the variance that the threshold costs: |g| (tau - |g|) per value", () => {
    const tau = 0.02;
    const pruned = stochasticPrune(key(8), g, tau);
    const expected = mean(map(g, (x) => (Math.abs(x) < tau ? Math.abs(x) * (tau - Math.abs(x)) : 0), "float64"));
    const found = mean(zip(g, pruned, (a, b) => (a - b) ** 2, "float64"));
    expect(relative(found, expected)).toBeLessThan(0.03);
  });

  test("the same key prunes the same, another key otherwise; 0 prunes nothing", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => stochasticPrune(key(seed), g, 0.05).data);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(stochasticPrune(key(1), g, 0).data).toEqual(g.data);
  });
});

test("cosineSimilarity by hand, for tiny values too", () => {
  expect(cosineSimilarity(from([3, 4]), from([3, 0]))).toBeCloseTo(0.6, 15);
  expect(cosineSimilarity(from([1e-200, 0], { dtype: "float64" }), from([-1e-180, 0], { dtype: "float64" }))).toBe(-1);
  expect(cosineSimilarity(from([1, 0]), from([0, 5]))).toBe(0);
});

test("bad input is named", () => {
  const g = from([1, -2, 3]);
  expect(() => thresholdFor(1, { mu: 0, sigma: 1 })).toThrow(
    new ValueError("thresholdFor: sparsity = 1, expected 0 <= it < 1"),
  );
  expect(() => thresholdFor(Number.NaN, { mu: 0, sigma: 1 })).toThrow("thresholdFor: sparsity = NaN");
  expect(() => thresholdFor(0.5, { mu: 0, sigma: -1 })).toThrow("thresholdFor: mu = 0, sigma = -1, expected");
  expect(() => sparsityAt(-1, 1)).toThrow("sparsityAt: alpha = -1, sigma = 1, expected");
  expect(() => expectedCosine(1, Number.NaN)).toThrow("expectedCosine: alpha = 1, sigma = NaN, expected");
  expect(() => expectedSparsity({ kind: "normal", std: 1, zeros: 0 }, -1)).toThrow("threshold = -1, expected");
  expect(() => stochasticPrune(key(1), g, -1)).toThrow("stochasticPrune: threshold = -1, expected");
  expect(() => stochasticPrune(key(1), from([Number.NaN]), 1)).toThrow("stochasticPrune: value NaN at position 0");
  const integers = from([1, 2], { dtype: "int8" }) as unknown as Tensor<"float32">;
  expect(() => stochasticPrune(key(1), integers, 1)).toThrow(DtypeError);
  expect(() => cosineSimilarity(g, from([1, 2]))).toThrow(ShapeError);
  expect(() => cosineSimilarity(g, from([0, 0, 0]))).toThrow("a tensor of zeros, expected one with a direction");
  expect(() => sparsityOf(from([]))).toThrow("sparsityOf: an empty tensor");
});
