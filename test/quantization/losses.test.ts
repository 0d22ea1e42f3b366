/** What the clip searches are made of: losses from sums of blocks, sorting by bits, ranks without sorting. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { gridAt, squaredLoss } from "../../src/quantization/grid-loss.js";
import * as q from "../../src/quantization/index.js";
import { neighboursByRank, sortedValues } from "../../src/quantization/sorted.js";
import { key, normal } from "../../src/random/index.js";
import { quantiles } from "../../src/stats/index.js";
import * as tensor from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";

const conventions = [
  q.intSymmetric(2),
  q.intSymmetric(8),
  q.lapqWeights(3),
  q.kure(4),
  q.intAffine(4),
  q.catActivations(3),
];

test("the loss from sums of blocks is the sum value by value, to 1e-13 of it", () => {
  for (const count of [1, 15, 16, 17, 100, 1000, 65_537]) {
    for (const convention of conventions) {
      const data = Float64Array.from(normal(key(count), [count], { dtype: "float64" }).data, (x) => x / 6);
      if (count > 50) data.fill(0.125, 20, 40);
      data.sort();
      const loss = squaredLoss(data, convention);
      const ends = [data[0] as number, data[count - 1] as number] as const;
      for (const alpha of [1e-9, 0.01, 0.1, 0.125, 0.3, 1]) {
        const levelOf = gridAt(convention, ends, alpha);
        let expected = 0;
        for (const x of data) expected += (levelOf(x) - x) ** 2;
        expected /= count;
        expect(Math.abs(loss(alpha) - expected)).toBeLessThanOrEqual(1e-13 * expected);
      }
    }
  }
});

test("values of one level have no error, wherever they lie in a block", () => {
  const data = Float64Array.from({ length: 5000 }, (_, i) => ((i % 5) - 2) / 2).sort();
  expect(squaredLoss(data, q.kure(2))(1)).toBe(0);
});

const anyFloat = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e-45, -1e-45, 1, 1, -1, 3.4028234663852886e38),
);

test("sorting by bits is sorting", () => {
  fc.assert(
    fc.property(fc.array(anyFloat, { minLength: 1000, maxLength: 1300 }), (list) => {
      const expected = Float64Array.from(Float32Array.from(list)).sort();
      const found = sortedValues(Float32Array.from(list));
      expect(new Uint32Array(found.buffer)).toEqual(new Uint32Array(expected.buffer));
    }),
    { seed: 3, numRuns: 20 },
  );
  expect([...sortedValues(Int8Array.of(3, -1, 2))]).toEqual([-1, 2, 3]);
});

test("two neighbours by rank are those of the sorted magnitudes, in every dtype", () => {
  const cases = fc.record({
    list: fc.array(anyFloat, { minLength: 1, maxLength: 60 }),
    place: fc.nat(),
    kind: fc.constantFrom(Float32Array, Float64Array),
  });
  fc.assert(
    fc.property(cases, ({ list, place, kind }) => {
      const data = kind.from(list.map(Math.fround));
      const below = place % data.length;
      const sorted = Float64Array.from(data, Math.abs).sort();
      const expected = [sorted[below], sorted[Math.min(below + 1, data.length - 1)]];
      expect(neighboursByRank(data, below)).toEqual(expected);
      expect(neighboursByRank(Int16Array.of(-7, 3, 5), 1)).toEqual([5, 7]);
    }),
    { seed: 4, numRuns: 500 },
  );
});

describeBackends("clips of many float32 values", () => {
  const values = normal(key(12), [123, 457], { std: 0.02 });

  test("percentiles are the quantiles of the magnitudes; absmax is the last", () => {
    const sizes = tensor.map(values, Math.abs);
    for (const percent of [0, 1, 50, 99, 99.9, 99.999, 100]) {
      expect(q.percentileClip(values, { percent })).toBe(quantiles(sizes, [percent / 100]).data[0]);
    }
    expect(q.absmaxClip(values)).toBe(q.percentileClip(values, { percent: 100 }));
    expect(Object.is(q.absmaxClip(tensor.from([-0, 0])), 0)).toBe(true);
    const broken = tensor.map(values, (x, i) => (i === 5000 ? Number.NaN : x));
    for (const clip of [q.absmaxClip, q.percentileClip])
      expect(() => clip(broken)).toThrow("value NaN at position 5000");
  });

  test("mseClip is near the best of a dense search, and near that of the same values as float64", () => {
    for (const convention of conventions) {
      const clip = q.mseClip(values, { convention });
      const wide = tensor.from([...values.data], { dtype: "float64", shape: values.shape });
      expect(Math.abs(q.mseClip(wide, { convention }) / clip - 1)).toBeLessThan(1e-6);
      const loss = (alpha: number): number =>
        q.errorReport(values, q.fakeQuantize(values, q.chooseQparams(values, { convention, clip: alpha }))).mse;
      let best = Number.POSITIVE_INFINITY;
      for (let i = 1; i <= 60; i++) best = Math.min(best, loss((q.absmaxClip(values) * 1.2 * i) / 60));
      expect(loss(clip)).toBeLessThanOrEqual(best * 1.002);
    }
  });

  test("the entropy of more values than the table takes is that of their counts", () => {
    const few = tensor.from(
      Array.from({ length: 9000 }, (_, i) => i % 4096),
      { dtype: "float64" },
    );
    const many = tensor.from(
      Array.from({ length: 9000 }, (_, i) => i % 4500),
      { dtype: "float64" },
    );
    const bits = (counts: readonly [number, number][]): number =>
      counts.reduce((sum, [count, times]) => sum - times * (count / 9000) * Math.log2(count / 9000), 0);
    expect(q.errorReport(few, few).entropy).toBeCloseTo(
      bits([
        [3, 808],
        [2, 3288],
      ]),
      10,
    );
    expect(q.errorReport(many, many).entropy).toBeCloseTo(bits([[2, 4500]]), 10);
  });
});
