/** Selection by rank against sorting. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { select } from "../../src/sparsity/select.js";

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

test("every rank of any values, equal ones and infinity too, is what sorting gives", () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true, min: 0 }), fc.constant(Infinity));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
      const ranks = values.map((_, rank) => select(Float64Array.from(values), rank));
      expect(ranks).toEqual(sorted(values));
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("long runs: random, rising, falling, equal, and an organ pipe", () => {
  const size = 5000;
  const random = [...normal(key(1), [size]).data].map(Math.abs);
  const rising = random.map((_, i) => i);
  const pipes = rising.map((i) => Math.min(i, size - i));
  for (const values of [random, rising, rising.slice().reverse(), random.map(() => 3), pipes]) {
    const wanted = sorted(values);
    for (const rank of [0, 1, 2499, 2500, 4998, 4999]) {
      expect(select(Float64Array.from(values), rank)).toBe(wanted[rank]);
    }
  }
});

test("keeps all values", () => {
  const values = Float64Array.from(normal(key(2), [999]).data, Math.abs);
  const before = sorted([...values]);
  select(values, 333);
  expect(sorted([...values])).toEqual(before);
});
