/** Error measures and clips: against NumPy and SciPy, dense search, and what the definitions demand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import * as q from "../../src/quantization/index.js";
import { from, full, map, type Tensor } from "../../src/tensor/index.js";
import { draws, oracle, relative, values } from "./oracle.js";

const f64 = (list: readonly number[]): Tensor<"float64"> => from(list, { dtype: "float64" });
const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 30 });

describe("errorReport", () => {
  test("is NumPy's and SciPy's", () => {
    const { values: quantized, ...expected } = oracle.report;
    const found = q.errorReport(values, from(quantized, { dtype: "float64", shape: oracle.shape }));
    for (const name of ["mse", "maxError", "sqnr", "kurtosis", "entropy"] as const) {
      expect([name, relative(found[name] as number, expected[name]) < 1e-12]).toEqual([name, true]);
    }
    expect(found.count).toBe(72);
  });

  test("without error, without signal, and at the ends of float64", () => {
    const x = f64([1, -1, 3, 3]);
    const none = { count: 4, mse: 0, maxError: 0, sqnr: Number.POSITIVE_INFINITY, entropy: 1.5 };
    expect(q.errorReport(x, x)).toEqual({ ...none, kurtosis: expect.any(Number) });
    const zeros = f64([0, 0]);
    const report = { count: 2, mse: 2, maxError: 2, sqnr: Number.NEGATIVE_INFINITY, kurtosis: undefined, entropy: 1 };
    expect(q.errorReport(zeros, f64([0, 2]))).toEqual(report);
    expect(q.errorReport(zeros, f64([0, -0]))).toMatchObject({ entropy: 0, sqnr: Number.POSITIVE_INFINITY });
    expect(q.errorReport(full([3], 0.1, "float64"), zerosOf(3)).kurtosis).toBeUndefined();
    for (const unit of [1e-200, 1e200]) {
      const scaled = q.errorReport(f64([unit, 2 * unit]), f64([unit, 1.5 * unit]));
      expect(scaled.sqnr).toBeCloseTo(10 * Math.log10(20), 10);
      expect(scaled.kurtosis).toBeCloseTo(1, 12);
    }
    expect(q.errorReport(f64([1.7e308, 0]), f64([-1.7e308, 0]))).toMatchObject({
      mse: Number.POSITIVE_INFINITY,
      sqnr: Number.NEGATIVE_INFINITY,
    });
  });

  test("bad input is named", () => {
    expect(() => q.errorReport(f64([1, 2]), f64([1]))).toThrow(ShapeError);
    expect(() => q.errorReport(f64([1]), f64([Number.NaN]))).toThrow("errorReport: value NaN at position 0");
    expect(() => q.errorReport(f64([]), f64([]))).toThrow("errorReport: an empty tensor");
  });
});

const zerosOf = (count: number): Tensor<"float64"> => full([count], 0, "float64");

test("absmax and percentiles", () => {
  expect(q.absmaxClip(values)).toBe(Math.max(...oracle.values.map(Math.abs)));
  expect(q.absmaxClip(zerosOf(2))).toBe(0);
  for (const [percent, expected] of oracle.percentiles) {
    expect(q.percentileClip(values, { percent })).toBeCloseTo(expected, 12);
  }
  expect(q.percentileClip(values)).toBe(q.percentileClip(values, { percent: 99.9 }));
  expect(() => q.percentileClip(values, { percent: 101 })).toThrow("percentileClip: percent = 101, expected 0..100");
  expect(() => q.absmaxClip(f64([Number.POSITIVE_INFINITY]))).toThrow("absmaxClip: value Infinity at position 0");
});

/** Mean |error|^p of a grid whose levels are written out, each value going to the nearest. */
function lossByLevels(x: Tensor, levels: readonly number[], p: number): number {
  let total = 0;
  for (const value of x.data) total += Math.min(...levels.map((level) => Math.abs(level - value))) ** p;
  return total / x.data.length;
}
const grids = [
  ["lapqWeights", q.lapqWeights(2), [-1, -1 / 3, 1 / 3, 1]],
  ["lapqActivations", q.lapqActivations(2), [0, 1 / 3, 2 / 3, 1]],
  ["aciqBins", q.aciqBins(2), [-0.75, -0.25, 0.25, 0.75]],
  ["aciqBins of 1 bit", q.aciqBins(1), [-0.5, 0.5]],
  ["kure", q.kure(2), [-1, -0.5, 0, 0.5, 1]],
  ["intSymmetric", q.intSymmetric(2), [-1, 0, 1]],
] as const;

describe.each(grids)("lpClip for %s", (_, convention, unit) => {
  test.each([1, 2, 2.4, 3])("p = %f: as good as the best of 4000 clips, up to what lies between candidates", (p) => {
    fc.assert(
      fc.property(numbers, (list) => {
        const x = f64(list);
        const absmax = q.absmaxClip(x);
        const clip = q.lpClip(x, { convention, p });
        const at = (alpha: number): number =>
          lossByLevels(
            x,
            unit.map((level) => level * alpha),
            p,
          );
        let best = at(absmax);
        const widest = absmax / Math.max(...unit);
        for (let i = 0; i <= 4000; i++) best = Math.min(best, at((widest * i) / 4000));
        // A candidate is at most 1/512 of the widest clip away from any other clip: no error changes by more.
        const slack = widest / 512;
        expect(at(clip) ** (1 / p)).toBeLessThanOrEqual(best ** (1 / p) + slack + 1e-12);
      }),
      { seed: 5, numRuns: 12 },
    );
  });
});

test("lpClip gives back the clip of values that lie on a grid, and follows their scale", () => {
  const x = f64([-3, -1, 1, 3, 1, -1, 3]);
  for (const unit of [1, 1e-300, 1e300]) {
    const scaled = map(x, (value) => value * unit);
    expect(relative(q.mseClip(scaled, { convention: q.lapqWeights(2) }), 3 * unit)).toBeLessThan(1e-12);
  }
  expect(q.mseClip(x, { convention: q.aciqBins(2) })).toBe(4);
  expect(q.lpClip(zerosOf(3), { convention: q.kure(2) })).toBe(0);
  // Affine: both ends are clipped, 0 stays a level.
  const outlier = map(draws(3, [20_000]), (value, i) => (i === 7 ? 40 : value));
  expect(q.mseClip(outlier, { convention: q.intAffine(4) })).toBeLessThan(10);
});

test("mseClip is lpClip with p = 2; a larger p gives a larger clip", () => {
  const x = draws(8, [4000]);
  const convention = q.kure(3);
  expect(q.mseClip(x, { convention })).toBe(q.lpClip(x, { convention }));
  const clips = [1, 2, 3, 4].map((p) => q.lpClip(x, { convention, p }));
  expect(clips).toEqual([...clips].sort((a, b) => a - b));
});

test("in chooseQparams it lowers the error of every group", () => {
  const x = draws(9, [16, 64]);
  const convention = q.intSymmetric(3);
  const granularity = { per: "axis", axis: 0 } as const;
  const clipped = q.chooseQparams(x, { convention, granularity, clip: (block) => q.mseClip(block, { convention }) });
  const plain = q.chooseQparams(x, { convention, granularity });
  const errors = [clipped, plain].map((qparams) => {
    const found = q.fakeQuantize(x, qparams);
    return Array.from({ length: 16 }, (_, row) => {
      const part = (t: Tensor): Tensor => f64([...t.data].slice(64 * row, 64 * row + 64));
      return q.errorReport(part(x), part(found)).mse;
    });
  }) as [number[], number[]];
  errors[0].forEach((error, row) => {
    expect(error).toBeLessThanOrEqual((errors[1][row] as number) * (1 + 1e-12));
  });
  expect(errors[0].reduce((a, b) => a + b)).toBeLessThan(0.9 * errors[1].reduce((a, b) => a + b));
});

test("bad input of the clips is named", () => {
  const x = f64([1, 2]);
  const convention = q.kure(2);
  expect(() => q.lpClip(x, { convention, p: 0 })).toThrow(
    new ValueError("lpClip: p = 0, expected a finite number > 0"),
  );
  expect(() => q.lpClip(x, { convention, candidates: 1 })).toThrow("lpClip: candidates = 1, expected");
  expect(() => q.mseClip(f64([Number.NaN]), { convention })).toThrow("mseClip: value NaN at position 0");
  // @ts-expect-error a bare bit-width is no convention
  expect(() => q.mseClip(x, { convention: 4 })).toThrow("mseClip: convention is a bare bit-width 4");
});
