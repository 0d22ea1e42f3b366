/** Moments, quantiles and the distance to a distribution, against NumPy and SciPy and against brute force. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { key, uniform } from "../../src/random/index.js";
import { ksDistance, moments, quantiles } from "../../src/stats/index.js";
import { from, full } from "../../src/tensor/index.js";

const oracle = JSON.parse(readFileSync(new URL("../fixtures/gradients-scipy.json", import.meta.url), "utf8")) as {
  readonly values: number[];
  readonly moments: [number, number, number];
  readonly quantiles: [number, number][];
};
const values = from(oracle.values, { dtype: "float64" });
const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 });

test("moments are NumPy's", () => {
  const [count, mean, std] = oracle.moments;
  expect(moments(values)).toEqual({
    count,
    mean: expect.closeTo(mean, 15),
    std: expect.closeTo(std, 15),
  });
});

test("the spread survives a mean that is far larger", () => {
  const shifted = from([1e9 + 1, 1e9 + 2, 1e9 + 3], { dtype: "float64" });
  expect(moments(shifted).std).toBeCloseTo(Math.sqrt(2 / 3), 12);
});

test("quantiles are NumPy's", () => {
  const got = quantiles(
    values,
    oracle.quantiles.map(([p]) => p),
  );
  expect(got.shape).toEqual([oracle.quantiles.length]);
  oracle.quantiles.forEach(([, expected], i) => {
    expect(got.data[i]).toBeCloseTo(expected, 15);
  });
});

test("quantiles rise, and begin and end at the smallest and the largest value", () => {
  fc.assert(
    fc.property(numbers, (list) => {
      const { data } = quantiles(from(list, { dtype: "float64" }), [0, 0.1, 0.5, 0.77, 1]);
      expect([data[0], data[4]]).toEqual([Math.min(...list), Math.max(...list)]);
      for (let i = 1; i < 5; i++) expect(data[i]).toBeGreaterThanOrEqual(data[i - 1] as number);
    }),
    { seed: 7, numRuns: 200 },
  );
});

/** The gap seen just before and at every value, by counting: no sorting. */
function distanceByCounting(list: readonly number[], cdf: (x: number) => number): number {
  const gaps = list.map((x) => {
    const below = list.filter((other) => other < x).length / list.length;
    const upTo = list.filter((other) => other <= x).length / list.length;
    return Math.max(Math.abs(cdf(x) - below), Math.abs(cdf(x) - upTo));
  });
  return Math.max(...gaps);
}

test("the distance is the largest gap, with ties too", () => {
  const logistic = (x: number): number => 1 / (1 + Math.exp(-x / 100));
  const coarse = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.oneof(numbers, coarse), (list) => {
      const got = ksDistance(from(list, { dtype: "float64" }), logistic);
      expect(got).toBeCloseTo(distanceByCounting(list, logistic), 14);
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("under the true distribution D √n is what Kolmogorov's law says: 0.87 on average", () => {
  const n = 2000;
  const runs = 200;
  let sum = 0;
  for (let i = 0; i < runs; i++) sum += ksDistance(uniform(key(i), [n]), (x) => x) * Math.sqrt(n);
  // Mean √(π/2) ln 2 = 0.8687, standard deviation 0.26: four standard errors of the mean of 200.
  expect(Math.abs(sum / runs - Math.sqrt(Math.PI / 2) * Math.LN2)).toBeLessThan((4 * 0.26) / Math.sqrt(runs));
});

test("bad input is named", () => {
  expect(() => moments(from([]))).toThrow(
    new ValueError("stats.moments: an empty tensor, expected at least one value"),
  );
  expect(() => quantiles(from([1, Number.NaN]), [0.5])).toThrow(
    new ValueError("stats.quantiles: value NaN at position 1, expected finite values"),
  );
  expect(() => quantiles(from([1, 2]), [1.5])).toThrow("stats.quantiles: probability 1.5, expected 0..1");
  expect(() => ksDistance(from([1, Number.POSITIVE_INFINITY]), () => 0)).toThrow("ksDistance: value Infinity");
  expect(() => ksDistance(full([3], 1), () => 2)).toThrow("ksDistance: cdf(1) = 2, expected 0..1");
});
