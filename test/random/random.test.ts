import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { integers, key, normal, permutation, split, threefry2x32, uniform } from "../../src/random/index.js";

interface Draws {
  /** Bits, as decimal words. */
  readonly uniform: string[];
  readonly uniformRange: string[];
  readonly normal: number[];
}

interface Case extends Record<"float32" | "float64", Draws> {
  readonly seed: number;
  readonly shape: number[];
  readonly key: number[];
  readonly split: number[][];
}

const file = new URL("../fixtures/random-jax.json", import.meta.url);
const oracle = JSON.parse(readFileSync(file, "utf8")) as { cases: Case[] };

test.each([
  // Random123 1.x, kat_vectors: key, counter, output.
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])("threefry2x32 gives the published known answers (key %i %i)", (high, low, c0, c1, x, y) => {
  const out = new Uint32Array(2);
  threefry2x32({ high, low }, c0, c1, out);
  expect([...out]).toEqual([x, y]);
});

/** The bits of a float array as decimal words, in the form of the fixture. */
const words = (data: Float32Array | Float64Array): string[] =>
  [...(data instanceof Float32Array ? new Uint32Array(data.buffer) : new BigUint64Array(data.buffer))].map(String);

describe.each(oracle.cases)("as JAX draws: seed $seed, shape $shape", (jax) => {
  const k = key(jax.seed);

  test("key and split, word by word", () => {
    expect([k.high, k.low]).toEqual(jax.key);
    expect(split(k, 3).map(({ high, low }) => [high, low])).toEqual(jax.split);
  });

  test.each(["float32", "float64"] as const)("uniform, bit by bit (%s)", (dtype) => {
    expect(words(uniform(k, jax.shape, { dtype }).data)).toEqual(jax[dtype].uniform);
    expect(words(uniform(k, jax.shape, { dtype, low: -3, high: 5 }).data)).toEqual(jax[dtype].uniformRange);
  });

  test.each([
    ["float32", 2e-6],
    ["float64", 1e-14],
  ] as const)("normal within rounding (%s)", (dtype, tolerance) => {
    const drawn = normal(k, jax.shape, { dtype });
    expect(drawn.shape).toEqual(jax.shape);
    jax[dtype].normal.forEach((expected, i) => {
      expect(Math.abs((drawn.data[i] as number) - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
    });
  });
});

test("normal has the moments of the normal distribution", () => {
  const { data } = normal(key(11), [200, 500], { mean: 3, std: 2 });
  const moment = (power: number): number => data.reduce((sum, x) => sum + ((x - 3) / 2) ** power, 0) / data.length;
  // Standard errors at n = 100,000: 0.0032, 0.0045, 0.012, 0.031; four of each are allowed.
  expect(Math.abs(moment(1))).toBeLessThan(0.013);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.018);
  expect(Math.abs(moment(3))).toBeLessThan(0.05);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.125);
});

test("no normal draw is infinite: the smallest possible word still has a finite quantile", () => {
  const { data } = normal(key(1), [1_000, 300]);
  expect(data.every(Number.isFinite)).toBe(true);
});

test("integers reduce the 64-bit word of their counter, in exact arithmetic", () => {
  const out = new Uint32Array(2);
  for (const [low, high] of [
    [0, 6],
    [-5, 70_001],
    [-(2 ** 31), 2 ** 31],
    [0, 2 ** 31 - 1],
  ] as const) {
    const drawn = integers(key(3), [4, 25], { low, high }).data;
    for (let i = 0; i < 100; i++) {
      threefry2x32(key(3), 0, i, out);
      const word = (BigInt(out[0] as number) << 32n) | BigInt(out[1] as number);
      expect(drawn[i]).toBe(low + Number(word % BigInt(high - low)));
    }
  }
});

test("integers are evenly spread (chi-square, 5 degrees of freedom)", () => {
  const counts = new Array<number>(6).fill(0);
  for (const value of integers(key(8), [60_000], { high: 6 }).data) counts[value] = (counts[value] as number) + 1;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(20.5); // the 0.999 quantile
});

test("permutation contains every index once and every order of three is equally likely", () => {
  expect([...permutation(key(5), 50).data].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  const seen = new Map<string, number>();
  for (const k of split(key(6), 6_000)) {
    const order = permutation(k, 3).data.join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(6);
  const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(20.5);
});

test("bad arguments are refused with what was expected", () => {
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => key(seed)).toThrow(ValueError);
  expect(() => split(key(0), 0)).toThrow("random.split: count 0, expected an integer >= 1");
  expect(() => uniform(key(0), [2, -1])).toThrow(ShapeError);
  expect(() => uniform(key(0), [2], { low: 1, high: 1 })).toThrow(ValueError);
  expect(() => uniform(key(0), [2], { dtype: "int8" as "float32" })).toThrow(DtypeError);
  expect(() => normal(key(0), [2], { std: -1 })).toThrow(ValueError);
  expect(() => integers(key(0), [2], { high: 0 })).toThrow(ValueError);
  expect(() => permutation(key(0), -2)).toThrow(ValueError);
});
