/** Exact Kolmogorov–Smirnov probabilities against SciPy, closed forms and counting every order. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { key, uniform } from "../../src/random/index.js";
import { ksTest, ksTestTwoSample, normal } from "../../src/stats/index.js";
import { ksProbability } from "../../src/stats/ks-test.js";
import { from, type Tensor, zeros } from "../../src/tensor/index.js";
import { relative } from "../support/ulps.js";

const oracle = JSON.parse(readFileSync(new URL("../fixtures/stats-scipy.json", import.meta.url), "utf8")) as {
  readonly ksOne: readonly (readonly [n: number, d: number, p: number])[];
  readonly ksTwo: readonly {
    readonly a: number[];
    readonly b: number[];
    readonly distance: number;
    readonly pValue: number;
  }[];
};
const floats = (values: readonly number[]): Tensor<"float64"> => from(values, { dtype: "float64" });

test("one sample: SciPy's, which is exact up to 140 values and to seven digits beyond", () => {
  for (const [n, d, p] of oracle.ksOne) {
    expect(Math.abs(ksProbability(d, n) - p), `${n} ${d}`).toBeLessThan(n <= 140 ? 1e-13 : 1e-6);
  }
});

test("one sample: what is known in closed form", () => {
  // One value: it is at least d away from an end of its step with 2 (1 - d); n values and d >= 1 - 1/n: 2 (1 - d)^n.
  for (const d of [0.5, 0.6, 0.75, 0.9, 0.99]) expect(ksProbability(d, 1)).toBeCloseTo(2 * (1 - d), 14);
  for (const n of [2, 5, 30]) {
    const d = 1 - 0.7 / n;
    expect(Math.abs(ksProbability(d, n) - 2 * (0.7 / n) ** n)).toBeLessThan(1e-13);
    // n! (2 d - 1/n)^n of all samples are nearer, for 1/(2n) <= d <= 1/n.
    const near = 0.8 / n;
    const inside = Array.from({ length: n }, (_, i) => (i + 1) * (2 * near - 1 / n)).reduce((a, b) => a * b);
    expect(Math.abs(ksProbability(near, n) - (1 - inside))).toBeLessThan(1e-13);
  }
  expect([ksProbability(0.5 / 7, 7), ksProbability(0, 3), ksProbability(1, 3), ksProbability(0.9, 1000)]).toEqual([
    1, 1, 0, 0,
  ]);
});

test("one sample: for many values the limit of Kolmogorov", () => {
  for (const z of [0.6, 0.9, 1.3]) {
    const limit = 2 * [1, 2, 3, 4, 5].reduce((sum, k) => sum - (-1) ** k * Math.exp(-2 * (k * z) ** 2), 0);
    expect(Math.abs(ksProbability(z / Math.sqrt(3000), 3000) - limit)).toBeLessThan(0.01);
  }
});

test("uniform values have every p-value alike", () => {
  const pValues = Array.from(
    { length: 400 },
    (_, i) => ksTest(uniform(key(i), [25], { dtype: "float64" }), (x) => x).pValue,
  );
  expect(ksTest(floats(pValues), (x) => x).pValue).toBeGreaterThan(0.01);
  expect(ksTest(floats(pValues), normal().cdf).pValue).toBe(0);
});

test("two samples: SciPy's", () => {
  for (const { a, b, distance, pValue } of oracle.ksTwo) {
    const found = ksTestTwoSample(floats(a), floats(b));
    expect(relative(found.distance, distance)).toBeLessThan(1e-15);
    expect(relative(found.pValue, pValue)).toBeLessThan(1e-12);
    // Which is first does not matter.
    expect(relative(ksTestTwoSample(floats(b), floats(a)).pValue, pValue)).toBeLessThan(1e-12);
  }
});

test("two samples: the share of all orders, by trying each", () => {
  const [n, m] = [4, 5];
  const distances: number[] = [];
  for (let bits = 0; bits < 2 ** (n + m); bits++) {
    const inA = Array.from({ length: n + m }, (_, i) => ((bits >> i) & 1) === 1);
    if (inA.filter(Boolean).length !== n) continue;
    const a = inA.flatMap((yes, i) => (yes ? [i] : []));
    const b = inA.flatMap((yes, i) => (yes ? [] : [i]));
    distances.push(ksTestTwoSample(floats(a), floats(b)).distance);
  }
  expect(distances).toHaveLength(126);
  for (const [i, shift] of [0, 1, 2, 3, 4].entries()) {
    const a = [0, 1, 2, 3].map((x) => x + shift);
    const { distance, pValue } = ksTestTwoSample(floats(a), floats([0.5, 1.5, 2.5, 3.5, 4.5]));
    const share = distances.filter((d) => d >= distance - 1e-12).length / 126;
    expect(relative(pValue, share), String(i)).toBeLessThan(1e-14);
  }
});

test("what cannot be tested is refused", () => {
  expect(() => ksTest(floats([]), (x) => x)).toThrow(ValueError);
  expect(() => ksTest(floats([Number.NaN]), (x) => x)).toThrow(/value NaN/);
  expect(() => ksTest(zeros([10_001]), (x) => x)).toThrow(/10001 values, expected at most 10000/);
  expect(() => ksTestTwoSample(zeros([20_000]), zeros([20_000]))).toThrow(/20000 and 20000 values/);
  expect(() => ksTestTwoSample(floats([1]), floats([]))).toThrow(ValueError);
});
