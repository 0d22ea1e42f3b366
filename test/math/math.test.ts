import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { inverseErf, log, normalQuantile } from "../../src/math/index.js";

const file = new URL("../fixtures/math-mpmath.json", import.meta.url);
const oracle = JSON.parse(readFileSync(file, "utf8")) as Record<
  "log" | "inverseErf" | "normalQuantile",
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
