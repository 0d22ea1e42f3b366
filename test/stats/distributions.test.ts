/** The normal and the chi-square distribution against mpmath, closed forms and each other. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { exp, normalCdf } from "../../src/math/index.js";
import { chiSquare, type Distribution, normal } from "../../src/stats/index.js";
import { relative } from "../support/ulps.js";

const oracle = JSON.parse(readFileSync(new URL("../fixtures/stats-scipy.json", import.meta.url), "utf8")) as {
  readonly chiSquareQuantile: readonly (readonly [df: number, p: number, x: number])[];
};

describe.each<[string, Distribution, readonly number[]]>([
  ["normal", normal(), [-8, -1, 0, 0.3, 5]],
  ["normal, moved", normal({ mean: -3, std: 0.25 }), [-4, -3, -2.9]],
  ["chi-square of 1", chiSquare(1), [1e-9, 0.2, 3, 40]],
  ["chi-square of 2.5", chiSquare(2.5), [1e-9, 0.2, 3, 40]],
  ["chi-square of 300", chiSquare(300), [150, 299, 400]],
])("%s", (_, law, places) => {
  test("density is the slope of cdf", () => {
    for (const x of places) {
      const h = 1e-5 * (x === 0 ? 1 : Math.abs(x));
      const smaller = law.cdf(x) < 0.5 ? law.cdf : (at: number): number => -law.survival(at);
      const slope = (smaller(x + h) - smaller(x - h)) / (2 * h);
      expect(relative(law.density(x), slope)).toBeLessThan(1e-6);
    }
  });
  test("survival is what cdf leaves, and quantile its inverse", () => {
    for (const x of places) expect(law.cdf(x) + law.survival(x)).toBeCloseTo(1, 15);
    for (const p of [1e-9, 0.01, 0.3, 0.5, 0.8, 0.999])
      expect(relative(law.cdf(law.quantile(p)), p)).toBeLessThan(1e-12);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => law.quantile(p)).toThrow(ValueError);
  });
});

test("chi-square quantiles are within 1e-13 of themselves", () => {
  expect(oracle.chiSquareQuantile.length).toBe(90);
  for (const [df, p, x] of oracle.chiSquareQuantile) {
    expect(relative(chiSquare(df).quantile(p), x), `${df} ${p}`).toBeLessThan(1e-13);
  }
});

test("closed forms: one degree is a squared normal, two are exponential", () => {
  for (let x = 0.01; x < 60; x += 0.7) {
    expect(relative(chiSquare(1).survival(x), 2 * normalCdf(-Math.sqrt(x)))).toBeLessThan(1e-13);
    expect(relative(chiSquare(2).survival(x), exp(-x / 2))).toBeLessThan(1e-13);
    expect(relative(chiSquare(2).density(x), exp(-x / 2) / 2)).toBeLessThan(1e-13);
  }
});

test("the edges", () => {
  expect([chiSquare(3).quantile(0), chiSquare(3).quantile(1)]).toEqual([0, Number.POSITIVE_INFINITY]);
  expect([1, 2, 3].map((df) => chiSquare(df).density(0))).toEqual([Number.POSITIVE_INFINITY, 0.5, 0]);
  expect([chiSquare(3).cdf(-1), chiSquare(3).survival(-1), chiSquare(3).density(-1)]).toEqual([0, 1, 0]);
  // Where the answer is below the smallest number it is 0.
  expect(chiSquare(0.001).quantile(0.3)).toBe(0);
  for (const df of [0, -1, Number.NaN, 3e8]) expect(() => chiSquare(df)).toThrow(ValueError);
  for (const std of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => normal({ std })).toThrow(ValueError);
  expect(() => normal({ mean: Number.NaN })).toThrow(/mean = NaN, std = 1, expected finite numbers/);
});
