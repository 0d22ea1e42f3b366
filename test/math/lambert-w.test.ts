/** Lambert's W against mpmath at 60 digits. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { exp, lambertW } from "../../src/math/index.js";
import { ulps } from "../support/ulps.js";

type Rows = readonly (readonly [number, number])[];
const oracle = JSON.parse(readFileSync(new URL("../fixtures/stats-scipy.json", import.meta.url), "utf8")) as {
  readonly lambertW0: Rows;
  readonly lambertW1: Rows;
};

test("branch 0 is within 2 ulp, from the branch point to the largest number", () => {
  expect(oracle.lambertW0.length).toBeGreaterThan(300);
  for (const [x, expected] of oracle.lambertW0) expect(ulps(lambertW(x), expected), String(x)).toBeLessThanOrEqual(2);
});

test("branch -1 is within 3 ulp, from the branch point to the smallest number", () => {
  expect(oracle.lambertW1.length).toBeGreaterThan(190);
  for (const [x, expected] of oracle.lambertW1) {
    expect(ulps(lambertW(x, { branch: -1 }), expected), String(x)).toBeLessThanOrEqual(3);
  }
});

test("w e^w is x, on a grid of w through both branches", () => {
  for (let w = -30; w <= 600; w += 0.37) {
    const x = w * exp(w);
    const found = lambertW(x, { branch: w < -1 ? -1 : 0 });
    // Near the branch point many w have nearly the same x.
    expect(Math.abs(found - w)).toBeLessThan((4e-16 * Math.abs(w) * (1 + Math.abs(w))) / Math.abs(1 + w) + 1e-15);
  }
});

test("the edges", () => {
  expect(lambertW(0)).toBe(0);
  expect(lambertW(-0)).toBe(-0);
  expect(lambertW(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(lambertW(Number.NaN)).toBeNaN();
  expect(lambertW(0, { branch: -1 })).toBe(Number.NEGATIVE_INFINITY);
  for (const branch of [0, -1] as const) {
    expect(lambertW(-0.36787944117144233, { branch })).toBe(-1);
    expect(() => lambertW(-0.3678794411714424, { branch })).toThrow(ValueError);
  }
  expect(() => lambertW(1, { branch: -1 })).toThrow(/x = 1, expected -1\/e \.\. 0 on branch -1/);
  expect(() => lambertW(1, { branch: 1 as never })).toThrow(/branch 1, expected 0 or -1/);
});

test("ACIQ's clips of Laplace's law are W(3 4^bits)", () => {
  // The published table, to its digits.
  const table = [1.86282, 2.83068, 3.89723, 5.02864, 6.20477];
  table.forEach((alpha, i) => {
    expect(lambertW(3 * 4 ** (i + 1))).toBeCloseTo(alpha, 5);
  });
});
