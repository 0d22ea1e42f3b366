/** The expected error of a float format: against numeric integration and against a quantizer that is simulated. */
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { bestExponentBits, floatError, tabulatedExponentBits } from "../../src/gradients/index.js";
import { key, normal } from "../../src/random/index.js";
import { oracle, relative } from "./oracle.js";

test("the three parts are their integrals", () => {
  for (const [exponent, mantissa, sigma, rounding, overflow, underflow] of oracle.floatError) {
    const found = floatError({ exponent, mantissa, sigma });
    expect(relative(found.rounding, rounding)).toBeLessThan(1e-11);
    expect(relative(found.overflow, overflow)).toBeLessThan(1e-9);
    expect(relative(found.underflow, underflow)).toBeLessThan(1e-11);
    expect(found.total).toBe(found.rounding + found.overflow + found.underflow);
  }
});

/** The mean relative error of a quantizer that rounds, clips above 2^r and flushes below 2^-r. */
function simulate(exponent: number, mantissa: number, sigma: number): number {
  const range = 2 ** (exponent - 1);
  const draws = normal(key(100 * exponent + mantissa), [200_000], { dtype: "float64" }).data;
  let total = 0;
  for (const z of draws) {
    const y = z * sigma;
    const x = 2 ** y;
    if (y > range) total += 1 - 2 ** range / x;
    else if (y < -range) total += 1;
    else {
      const step = 2 ** (Math.floor(y) - mantissa);
      total += Math.abs(Math.round(x / step) * step - x) / x;
    }
  }
  return total / draws.length;
}

test.each([
  [2, 1, 1],
  [3, 2, 1.5],
  [3, 4, 1],
  [4, 3, 3],
  [5, 2, 4],
  [5, 2, 9],
  [6, 1, 12],
  [7, 0, 20],
])("%i exponent and %i mantissa bits at sigma %f: a simulated quantizer agrees", (exponent, mantissa, sigma) => {
  expect(relative(simulate(exponent, mantissa, sigma), floatError({ exponent, mantissa, sigma }).total)).toBeLessThan(
    mantissa === 0 ? 0.07 : 0.02,
  );
});

test("the error falls with each mantissa bit, nears 2^-m / (8 ln 2) with ample range, and 1 with a wide law", () => {
  for (let mantissa = 0; mantissa < 12; mantissa++) {
    expect(floatError({ exponent: 4, mantissa: mantissa + 1, sigma: 3 }).total).toBeLessThan(
      floatError({ exponent: 4, mantissa, sigma: 3 }).total,
    );
    expect(
      relative(floatError({ exponent: 12, mantissa, sigma: 2 }).total, 2 ** -mantissa / (8 * Math.LN2)),
    ).toBeLessThan(1e-12);
  }
  expect(floatError({ exponent: 5, mantissa: 2, sigma: 1e9 }).total).toBeCloseTo(1, 6);
});

/** The sigma at which the best number of exponent bits goes up to `exponent`. */
function switchTo(bits: number, exponent: number): number {
  let [low, high] = [0.01, 100];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (bestExponentBits(bits, middle) >= exponent) high = middle;
    else low = middle;
  }
  return high;
}

test("wider laws want more exponent bits, never fewer", () => {
  for (let bits = 3; bits <= 8; bits++) {
    let last = 1;
    for (let sigma = 0.05; sigma < 40; sigma *= 1.02) {
      const best = bestExponentBits(bits, sigma);
      expect(best).toBeGreaterThanOrEqual(last);
      expect(best).toBeLessThan(bits);
      last = best;
    }
    expect(last).toBe(bits - 1);
  }
});

test("the upper switches are those of a simulated quantizer, within a tenth", () => {
  // Found apart from this code, by brute force over formats with 2^E exponents.
  const simulated: readonly (readonly [bits: number, exponent: number, sigma: number])[] = [
    [5, 4, 2.6],
    [6, 4, 2.1],
    [6, 5, 5.1],
    [7, 5, 4.3],
    [7, 6, 9.9],
    [8, 5, 3.7],
    [8, 6, 8.4],
    [8, 7, 19.4],
  ];
  for (const [bits, exponent, sigma] of simulated) {
    expect([bits, exponent, relative(switchTo(bits, exponent), sigma) < 0.1]).toEqual([bits, exponent, true]);
  }
});

test("the table of the reference code: the first bound above sigma rounded up to a tenth, else two fewer than bits", () => {
  const steps = (bits: number): number[] =>
    [0.05, 0.5, 0.55, 1.35, 3.65].map((sigma) => tabulatedExponentBits(bits, sigma));
  expect(steps(8)).toEqual([2, 2, 3, 4, 5]);
  expect([0.3, 0.45, 0.5, 1.1, 5].map((sigma) => tabulatedExponentBits(4, sigma))).toEqual([1, 2, 2, 2, 2]);
  expect([0.7, 5].map((sigma) => tabulatedExponentBits(3, sigma))).toEqual([1, 1]);
});

test("bad input is named", () => {
  expect(() => floatError({ exponent: 0, mantissa: 2, sigma: 1 })).toThrow(
    new ValueError("floatError: exponent = 0, mantissa = 2, expected whole numbers 1..16 and 0..64"),
  );
  expect(() => floatError({ exponent: 3, mantissa: 2, sigma: -1 })).toThrow("floatError: sigma = -1, expected");
  expect(() => bestExponentBits(1, 1)).toThrow("bestExponentBits: bits = 1, expected");
  expect(() => bestExponentBits(8, 0)).toThrow("sigma = 0, expected");
  expect(() => tabulatedExponentBits(9, 1)).toThrow("tabulatedExponentBits: bits = 9, expected a whole number 3..8");
  expect(() => tabulatedExponentBits(8, Number.NaN)).toThrow("sigma = NaN, expected");
});
