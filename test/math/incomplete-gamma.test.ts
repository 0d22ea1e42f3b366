/** The incomplete gamma function against mpmath at 350 digits. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { erfc, exp, gammaP, gammaQ, inverseErfc } from "../../src/math/index.js";
import { relative } from "../support/ulps.js";

type Rows = readonly (readonly [a: number, x: number, p: number, q: number])[];
const oracle = JSON.parse(readFileSync(new URL("../fixtures/stats-scipy.json", import.meta.url), "utf8")) as {
  readonly gamma: Rows;
  readonly gammaLarge: Rows;
  readonly inverseErfc: readonly (readonly [number, number])[];
};

/** Expects P and Q within a relative error, where they are normal numbers. */
function expectWithin(rows: Rows, error: number): void {
  for (const [a, x, p, q] of rows) {
    if (p > 1e-300) expect(relative(gammaP(a, x), p), `P(${a}, ${x})`).toBeLessThan(error);
    // For a far below 1 the error of Q is one of 1.
    if (q > 1e-300)
      expect(relative(gammaQ(a, x), q), `Q(${a}, ${x})`).toBeLessThan(a < 0.1 ? 2e-16 / q + error : error);
  }
}

test("both are within 2e-13 of themselves, for a up to 10^6", () => {
  expect(oracle.gamma.length + oracle.gammaLarge.length).toBeGreaterThan(200);
  expectWithin(oracle.gamma, 2e-13);
  expectWithin(oracle.gammaLarge, 2e-13);
});

test("both are within 2e-14 where a <= 100 and x is within a factor of 2", () => {
  const near = oracle.gamma.filter(([a, x]) => a <= 100 && x >= a / 2 && x <= 2 * a);
  expect(near.length).toBeGreaterThan(100);
  expectWithin(near, 2e-14);
});

test("closed forms: a = 1 is the exponential, a = 1/2 the error function", () => {
  for (let x = 0; x < 300; x += 0.73) {
    expect(relative(gammaQ(1, x), exp(-x))).toBeLessThan(1e-13);
    expect(relative(gammaQ(0.5, x * x), erfc(x)) < 2e-13 || erfc(x) < 1e-300).toBe(true);
  }
});

test("the two sum to 1, and P rises", () => {
  for (const a of [0.01, 0.5, 3, 77, 1e4, 1e8]) {
    let last = 0;
    for (let i = 1; i <= 40; i++) {
      const x = (a * i) / 20;
      expect(Math.abs(gammaP(a, x) + gammaQ(a, x) - 1)).toBeLessThan(3e-16);
      expect(gammaP(a, x)).toBeGreaterThanOrEqual(last);
      last = gammaP(a, x);
    }
  }
});

test("the edges", () => {
  expect([gammaP(2, 0), gammaQ(2, 0)]).toEqual([0, 1]);
  expect([gammaP(2, Number.POSITIVE_INFINITY), gammaQ(2, Number.POSITIVE_INFINITY)]).toEqual([1, 0]);
  expect(gammaP(0.5, 5e-324)).toBeGreaterThan(0);
  for (const a of [0, -1, Number.NaN, 1.1e8]) expect(() => gammaP(a, 1)).toThrow(ValueError);
  for (const x of [-1, Number.NaN]) expect(() => gammaQ(1, x)).toThrow(/gammaQ: x = .*, expected x >= 0/);
});

test("inverseErfc is within 1e-15 of itself, from 1e-300 to 2", () => {
  for (const [y, expected] of oracle.inverseErfc) {
    expect(relative(inverseErfc(y), expected), String(y)).toBeLessThan(1e-15);
  }
  expect([inverseErfc(0), inverseErfc(1), inverseErfc(2)]).toEqual([
    Number.POSITIVE_INFINITY,
    0,
    Number.NEGATIVE_INFINITY,
  ]);
  for (const y of [-1e-300, 2.1, Number.NaN]) expect(() => inverseErfc(y)).toThrow(ValueError);
});
