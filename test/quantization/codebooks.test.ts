/** Codebooks and calibration by divergence: every split of few values, Lloyd's conditions, and NumPy's loops. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import * as q from "../../src/quantization/index.js";
import { from, full, map, type Tensor, zeros } from "../../src/tensor/index.js";
import { draws, oracle, relative } from "./oracle.js";

const f64 = (list: readonly number[]): Tensor<"float64"> => from(list, { dtype: "float64" });
const errorOf = (x: Tensor, levels: Tensor<"float64">): number =>
  q.errorReport(x, q.fromLevels(q.nearestLevels(x, levels), levels)).mse;

/** The least squared error of all splits of sorted values into at most `count` runs. */
function bestSplit(sorted: readonly number[], count: number): number {
  if (sorted.length === 0) return 0;
  if (count === 0) return Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  for (let end = 1; end <= sorted.length; end++) {
    const cell = sorted.slice(0, end);
    const mean = cell.reduce((a, b) => a + b) / end;
    const error = cell.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    best = Math.min(best, error + bestSplit(sorted.slice(end), count - 1));
  }
  return best;
}

describe("kMeansCodebook", () => {
  test("is the best of all splits", () => {
    const value = fc.oneof(fc.double({ min: -9, max: 9, noNaN: true }), fc.integer({ min: -3, max: 3 }));
    const list = fc.array(value, { minLength: 1, maxLength: 11 });
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 5 }), (numbers, levels) => {
        const x = f64(numbers);
        const sorted = [...numbers].sort((a, b) => a - b);
        const book = q.kMeansCodebook(x, { levels });
        expect(book.shape[0]).toBe(Math.min(levels, new Set(numbers.map((n) => n + 0)).size));
        expect(errorOf(x, book) * numbers.length).toBeCloseTo(bestSplit(sorted, levels), 10);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  test("each level is the mean of its values, and nears Lloyd-Max for many", () => {
    const x = draws(61, [20_000]);
    const levels = q.kMeansCodebook(x, { levels: 8 });
    const codes = q.nearestLevels(x, levels);
    for (let level = 0; level < 8; level++) {
      const cell = [...x.data].filter((_, i) => codes.data[i] === level);
      expect(cell.reduce((a, b) => a + b) / cell.length).toBeCloseTo(levels.data[level] as number, 12);
    }
    expect(relative(errorOf(x, levels), 0.034548)).toBeLessThan(0.04);
    const law = q.lloydMax({ kind: "normal", std: 1 }, { levels: 8 });
    expect(errorOf(x, levels)).toBeLessThan(errorOf(x, law.levels));
  });

  test("few distinct values are the levels themselves; at any scale", () => {
    expect([...q.kMeansCodebook(f64([3, 0.1, 3, -0, 0]), { levels: 9 }).data]).toEqual([0, 0.1, 3]);
    for (const unit of [1e-300, 1e300]) {
      const { data } = q.kMeansCodebook(
        map(f64([0, 1, 9, 10, 11]), (x) => x * unit),
        { levels: 2 },
      );
      expect([relative(data[0] as number, 0.5 * unit) < 1e-12, relative(data[1] as number, 10 * unit) < 1e-12]).toEqual(
        [true, true],
      );
    }
    expect([...q.kMeansCodebook(zeros([4]), { levels: 3 }).data]).toEqual([0]);
  });
});

describe("nearestLevels", () => {
  test("is the nearest by comparing all, the lower in the middle", () => {
    const levels = f64([-3, -1, 0, 0.5, 4]);
    const list = fc.array(fc.oneof(fc.double({ min: -6, max: 6, noNaN: true }), fc.constantFrom(-2, -0.5, 0.25, 2.25)));
    fc.assert(
      fc.property(list, (numbers) => {
        const codes = q.nearestLevels(f64(numbers), levels);
        numbers.forEach((x, i) => {
          const distances = [...levels.data].map((level) => Math.abs(level - x));
          expect(distances[codes.data[i] as number]).toBeLessThanOrEqual(Math.min(...distances) + 1e-15);
        });
      }),
      { seed: 8, numRuns: 200 },
    );
    expect([...q.nearestLevels(f64([-2, -0.5, 0.25, 2.25]), levels).data]).toEqual([0, 1, 2, 3]);
    expect([...q.nearestLevels(f64([1.7e308, -1e9]), f64([1e308, 1.7e308])).data]).toEqual([1, 0]);
  });

  test("codes are uint8 up to 256 levels", () => {
    const table = (count: number): Tensor => f64(Array.from({ length: count }, (_, i) => i));
    expect(q.nearestLevels(f64([255]), table(256)).dtype).toBe("uint8");
    const wide = q.nearestLevels(full([2, 1], 256), table(257));
    expect([wide.dtype, wide.shape, wide.data[1]]).toEqual(["uint16", [2, 1], 256]);
  });
});

describe("klClip", () => {
  test("is what NumPy's loops find", () => {
    expect(oracle.kl).toHaveLength(12);
    for (const [name, bins, levels, expected] of oracle.kl) {
      const x = f64(oracle.activations[name] as number[]);
      const found = q.klClip(x, { bins, levels });
      expect([name, bins, levels, Math.abs(found - expected) < 1e-9 || [found, expected]]).toEqual([
        name,
        bins,
        levels,
        true,
      ]);
    }
  });

  test("cuts an outlier off, follows the scale, and is the largest magnitude when nothing can be cut", () => {
    const x = map(draws(71, [20_000]), (value, i) => (i === 5 ? 60 : value));
    const clip = q.klClip(x, { bins: 2001, levels: 63 });
    expect(clip).toBeLessThan(20);
    expect(
      relative(
        q.klClip(
          map(x, (value) => value * 1e-200),
          { bins: 2001, levels: 63 },
        ),
        clip * 1e-200,
      ),
    ).toBeLessThan(1e-12);
    expect(q.klClip(f64([-2, 1]), { bins: 3, levels: 3 })).toBe(2);
    expect(q.klClip(zeros([3]))).toBe(0);
    expect(q.klClip(f64([5]))).toBeLessThanOrEqual(5);
  });
});

test("bad input is named", () => {
  expect(() => q.kMeansCodebook(f64([1]), { levels: 0 })).toThrow(
    new ValueError("kMeansCodebook: levels = 0, expected a whole number 1..65536"),
  );
  expect(() => q.kMeansCodebook(f64([1, Number.NaN]), { levels: 2 })).toThrow(
    "kMeansCodebook: value NaN at position 1",
  );
  expect(() => q.kMeansCodebook(draws(1, [70_000]), { levels: 1024 })).toThrow("1024 levels for 70000 distinct values");
  expect(() => q.nearestLevels(f64([1]), f64([2, 2]))).toThrow("level 2 at position 1 after 2, expected ascending");
  expect(() => q.nearestLevels(f64([1]), f64([]))).toThrow("nearestLevels: levels: an empty tensor");
  expect(() => q.nearestLevels(f64([1]), zeros([1, 2]))).toThrow(ShapeError);
  expect(() => q.nearestLevels(f64([Number.NaN]), f64([1]))).toThrow("nearestLevels: value NaN at position 0");
  expect(() => q.fromLevels(from([2], { dtype: "uint8" }), f64([1, 2]))).toThrow("code 2 at position 0, expected 0..1");
  expect(() => q.klClip(f64([1]), { bins: 100 })).toThrow("klClip: bins = 100, expected an odd number");
  expect(() => q.klClip(f64([1]), { levels: 8 })).toThrow("klClip: levels = 8, expected an odd number 3..8001");
  expect(() => q.klClip(f64([Number.NEGATIVE_INFINITY]))).toThrow("klClip: value -Infinity at position 0");
});
