import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { erf, erfc, erfcx, exp, exp2, inverseErf, log, log2, normalCdf, normalQuantile } from "../../src/math/index.js";

const file = new URL("../fixtures/math-mpmath.json", import.meta.url);
const oracle = JSON.parse(readFileSync(file, "utf8")) as Record<
  "log" | "log2" | "exp2" | "inverseErf" | "normalQuantile" | "exp" | "erf" | "erfc" | "erfcx" | "normalCdf",
  [number, number][]
>;

/** How many units in the last place of `expected` lie between the two. */
function ulps(actual: number, expected: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(expected));
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return Math.abs(actual - expected) / (view.getFloat64(0) - Math.abs(expected));
}

const worst = (rows: [number, number][], f: (x: number) => number): number =>
  Math.max(...rows.map(([x, expected]) => ulps(f(x), expected)));

test("log is within 2 ulp of ln at 60 digits, subnormals included", () => {
  expect(worst(oracle.log, log)).toBeLessThanOrEqual(2);
});

test("log has the edge cases of Math.log", () => {
  for (const x of [0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(log(x)).toBe(Math.log(x));
  }
});

test("log2 is within 3 ulp of the logarithm at 420 digits, subnormals included", () => {
  expect(worst(oracle.log2, log2)).toBeLessThanOrEqual(3);
});

test("log2 is exact for every power of two, and has the edge cases of Math.log2", () => {
  for (let k = -1074; k <= 1023; k++) expect(log2(2 ** k)).toBe(k);
  for (const x of [0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(log2(x)).toBe(Math.log2(x));
  }
});

test("exp2 is within 2 ulp of 2^x at 420 digits, exact for every whole x, and ends where 2 ** x ends", () => {
  expect(worst(oracle.exp2, exp2)).toBeLessThanOrEqual(2);
  for (let k = -1080; k <= 1030; k++) expect(exp2(k)).toBe(2 ** k);
  for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e308, -1e308, -1074.9]) {
    expect(exp2(x)).toBe(2 ** x);
  }
});

test("inverseErf is within 1e-15 of erfinv at 60 digits", () => {
  for (const [y, expected] of oracle.inverseErf) {
    expect(Math.abs(inverseErf(y) - expected)).toBeLessThanOrEqual(1e-15 * Math.abs(expected));
  }
});

test("normalQuantile is within 1e-15 of the quantile at 400 digits, down to p = 1e-300", () => {
  for (const [p, expected] of oracle.normalQuantile) {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThanOrEqual(1e-15 * Math.abs(expected));
  }
});

test("the ends are infinite and anything outside is refused", () => {
  expect([normalQuantile(0), normalQuantile(1), inverseErf(-1), inverseErf(1)]).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
  for (const bad of [-1.5, 1.5, Number.NaN]) {
    expect(() => normalQuantile(bad)).toThrow(ValueError);
    expect(() => inverseErf(bad)).toThrow(/inverseErf: y = .*, expected -1..1/);
  }
});

/** The largest relative error over rows of [x, expected]. */
const worstRelative = (rows: [number, number][], f: (x: number) => number): number =>
  Math.max(...rows.map(([x, expected]) => (f(x) === expected ? 0 : Math.abs(f(x) / expected - 1))));

test("exp is within 1 ulp of e^x at 420 digits, and of its subnormal numbers", () => {
  expect(worst(oracle.exp, exp)).toBeLessThanOrEqual(1);
});

test("exp has the edge cases of Math.exp", () => {
  for (const x of [0, -0, 710, 1e308, -746, -1e308, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(exp(x)).toBe(Math.exp(x));
  }
  // The last finite value, and the first that is not zero.
  expect([exp(709.782712893384), exp(709.78271289338409)]).toEqual([
    Math.exp(709.782712893384),
    Number.POSITIVE_INFINITY,
  ]);
  expect([exp(-745.1332191019411), exp(-745.1332191019413)]).toEqual([5e-324, 0]);
});

test.each([
  ["erf", erf, 1e-15],
  ["erfc", erfc, 2e-15],
  ["erfcx", erfcx, 2e-15],
  ["normalCdf", normalCdf, 2e-15],
] as const)("%s is within its documented relative error of 420 digits", (name, f, bound) => {
  expect(worstRelative(oracle[name], f)).toBeLessThanOrEqual(bound);
});

test("the error functions at their ends, and NaN", () => {
  const infinity = Number.POSITIVE_INFINITY;
  expect([erf(infinity), erf(-infinity), erfc(infinity), erfc(-infinity)]).toEqual([1, -1, 0, 2]);
  expect([erfcx(infinity), erfcx(-infinity), normalCdf(infinity), normalCdf(-infinity)]).toEqual([0, infinity, 1, 0]);
  for (const f of [erf, erfc, erfcx, normalCdf]) expect(f(Number.NaN)).toBeNaN();
});

test("normalCdf undoes normalQuantile", () => {
  for (const p of [1e-300, 1e-20, 0.001, 0.3, 0.5, 0.7]) expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 11);
});
