// Counting in bins gives what sorting gives, to the last bit.
import { describe, expect, test } from "vitest";
import { lognormalFit, lognormalSummary, magnitudeCdf } from "../../src/gradients/index.js";
import { exp } from "../../src/math/index.js";
import { logFloat32 } from "../../src/math/log-float32.js";
import { key, normal, uniform } from "../../src/random/index.js";
import { histogram, ksDistance } from "../../src/stats/index.js";
import { ksDistanceOfSorted } from "../../src/stats/ks-distance.js";
import * as tensor from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";

const size = 150_000;
const draws = normal(key(1), [size]).data;
const even = uniform(key(2), [size]).data;
const of = (data: ArrayLike<number>): tensor.Tensor<"float32"> =>
  tensor.from(Float32Array.from(data), { dtype: "float32" });

const gradients: Record<string, tensor.Tensor<"float32">> = {
  lognormal: of(Array.from(draws, (z, i) => (i % 2 ? 1 : -1) * exp(1.5 * z - 7))),
  normal: of(draws),
  "with zeros of both signs": of(Array.from(draws, (z, i) => (i % 3 === 0 ? (i % 2 ? 0 : -0) : z))),
  "few values": of(Array.from(even, (u) => Math.ceil(u * 7) / 4)),
  "one value": of(new Float32Array(size).fill(-0.75)),
  "denormals and large ones": of(
    Array.from(draws, (z, i) => (i % 2 ? 1e-44 * Math.ceil(1e3 * Math.abs(z)) : 3e37 * z)),
  ),
};

describeBackends("lognormalSummary", () => {
  test.each(Object.keys(gradients))("of a gradient %s: as by sorting", (name) => {
    const given = gradients[name] as tensor.Tensor<"float32">;
    const { law, distance, histogram: found } = lognormalSummary(given, { bins: 37 });
    expect(law).toEqual(lognormalFit(given));
    const magnitudes = given.data
      .filter((value) => value !== 0)
      .map(Math.abs)
      .sort();
    expect(distance).toBe(ksDistanceOfSorted(magnitudes, (x) => magnitudeCdf(law, x)));
    const range = [magnitudes[0] as number, magnitudes.at(-1) as number] as const;
    expect(found).toEqual(histogram(of(magnitudes), { bins: 37, range, log: true }));
    expect(tensor.sum(found.counts)).toBe(magnitudes.length);
  });

  test("small gradients and other dtypes are sorted", () => {
    const few = tensor.from([1, -1, 0, 4, 2, 2]);
    const { law, distance, histogram: found } = lognormalSummary(few, { bins: 2 });
    expect(law.zeros).toBeCloseTo(1 / 6, 15);
    expect([...found.counts.data]).toEqual([2, 3]);
    expect(distance).toBeGreaterThan(0);
    const double = lognormalSummary(tensor.from([1, -1, 0, 4, 2, 2], { dtype: "float64" }), { bins: 2 });
    expect(double.histogram).toEqual(found);
    expect(double.distance).toBeCloseTo(distance, 7);
    expect(double.law.sigma).toBeCloseTo(law.sigma, 7);
  });

  test("refuses what it cannot describe", () => {
    expect(() => lognormalSummary(tensor.zeros([3]))).toThrow("lognormalFit: 3 zeros");
    expect(() => lognormalSummary(tensor.from([1, Number.NaN]))).toThrow("lognormalFit: value NaN at position 1");
    expect(() => lognormalSummary(tensor.zeros([0]))).toThrow("lognormalFit: an empty tensor");
    for (const bins of [0, 1.5]) {
      expect(() => lognormalSummary(gradients.normal as tensor.Tensor, { bins })).toThrow(`bins = ${bins}`);
    }
  });
});

test("logarithms of float32: plain and by the kernel the same bits, within 1 unit in the last place", () => {
  const single = new Float32Array(1);
  const word = new Int32Array(single.buffer);
  for (let bits = 1; bits < 0x7f800000; bits += 65521 * 7) {
    word[0] = bits;
    const x = single[0] as number;
    const plain = logFloat32(x);
    const exact = Math.log(x);
    expect(Math.abs(plain - exact)).toBeLessThanOrEqual(2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23));
    // Two values of different size, so that there is a spread; their mean is exact in float64.
    const pair = tensor.from(new Float32Array([x, 2 ** 100]), { dtype: "float32" });
    expect(lognormalFit(pair).mu).toBe((plain + logFloat32(2 ** 100)) / 2);
  }
});

describe("ksDistance of many float32", () => {
  const step = (x: number): number => (x < 0.5 ? 0 : 1);
  const cdfs: Record<string, (x: number) => number> = {
    uniform: (x) => Math.min(1, Math.max(0, x)),
    "uniform, beyond 0..1 outside": (x) => x,
    squared: (x) => Math.min(1, Math.max(0, x)) ** 2,
    "a step": step,
    "always 0.3": () => 0.3,
  };
  const samples = {
    even: of(even),
    signed: of(Array.from(draws, (z) => z / 4)),
    ties: of(Array.from(even, (u) => Math.round(u * 20) / 20)),
  };
  for (const [sample, values] of Object.entries(samples)) {
    test.each(Object.keys(cdfs))(`${sample} against %s: as by sorting`, (name) => {
      const cdf = cdfs[name] as (x: number) => number;
      const sorted = Float64Array.from(values.data).sort();
      const run = (compute: () => number): number | string => {
        try {
          return compute();
        } catch (error) {
          return (error as Error).message;
        }
      };
      expect(run(() => ksDistance(values, cdf))).toBe(run(() => ksDistanceOfSorted(sorted, cdf)));
    });
  }
});
