import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cosPi, sinPi } from "../../src/math/index.js";

const file = new URL("../fixtures/trigonometry-mpmath.json", import.meta.url);
const oracle = JSON.parse(readFileSync(file, "utf8")) as Record<"cosPi" | "sinPi", [number, number][]>;

/** How many units in the last place of `expected` lie between the two. */
function ulps(actual: number, expected: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(expected));
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return Math.abs(actual - expected) / (view.getFloat64(0) - Math.abs(expected));
}

test.each([
  ["cosPi", cosPi],
  ["sinPi", sinPi],
] as const)("%s is within 1 ulp of the value at 60 digits", (name, f) => {
  expect(Math.max(...oracle[name].map(([x, expected]) => ulps(f(x), expected)))).toBeLessThanOrEqual(1);
});

test.each([
  ["cosPi", cosPi],
  ["sinPi", sinPi],
] as const)("%s is the nearest number in more than four of five cases", (name, f) => {
  const nearest = oracle[name].filter(([x, expected]) => f(x) === expected);
  expect(nearest.length / oracle[name].length).toBeGreaterThan(0.8);
});

test("multiples of one half are exact, far out too", () => {
  for (let n = -40; n <= 40; n++) {
    expect(cosPi(n / 2) + 0).toBe([1, 0, -1, 0][((n % 4) + 4) % 4]);
    expect(sinPi(n / 2) + 0).toBe([0, 1, 0, -1][((n % 4) + 4) % 4]);
  }
  expect(cosPi(2 ** 53 - 1)).toBe(-1);
  expect(cosPi(Number.MAX_VALUE)).toBe(1);
});

test("sine is odd, cosine even, and the zero keeps its sign", () => {
  for (let i = 0; i < 500; i++) {
    const x = (i * 0.618033988749895) % 5;
    expect(sinPi(-x)).toBe(-sinPi(x));
    expect(cosPi(-x)).toBe(cosPi(x));
    expect(sinPi(x) ** 2 + cosPi(x) ** 2).toBeCloseTo(1, 14);
  }
  expect(sinPi(-0)).toBe(-0);
});

test("NaN and infinities give NaN", () => {
  for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect([cosPi(x), sinPi(x)]).toEqual([Number.NaN, Number.NaN]);
  }
});
