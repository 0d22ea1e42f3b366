import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  codingGain,
  ecsqGap,
  entropy,
  gaussianDistortion,
  gaussianRate,
  reverseWaterFilling,
} from "../../src/coding/index.js";
import { ValueError } from "../../src/errors.js";
import { normalQuantile } from "../../src/math/index.js";
import { from } from "../../src/tensor/index.js";
import { peers } from "./oracles.js";

describe("gaussianRate and gaussianDistortion", () => {
  test("undo each other; a bit is worth 6.02 dB", () => {
    expect([gaussianRate(0.25), gaussianRate(1, 16), gaussianDistortion(1), gaussianDistortion(3, 64)]).toEqual([
      1, 2, 0.25, 1,
    ]);
    expect([gaussianRate(2), gaussianRate(1, 1), gaussianRate(0.1, 0), gaussianDistortion(0, 5)]).toEqual([0, 0, 0, 5]);
    for (const rate of [0.01, 0.3, 1.7, 8, 40.5]) {
      expect(gaussianRate(gaussianDistortion(rate, 3), 3)).toBeCloseTo(rate, 12);
      expect(gaussianDistortion(rate, 3)).toBeCloseTo(3 * 4 ** -rate, 14);
    }
    expect(10 * Math.log10(gaussianDistortion(2) / gaussianDistortion(3))).toBeCloseTo(6.0206, 4);
    expect(gaussianRate(1e-300, 1e300)).toBeCloseTo(0.5 * 600 * Math.log2(10), 8);
  });

  test("no quantizer beats it: Lloyd-Max at 4, 8, 16 levels, and high-rate law of Panter and Dite", () => {
    // Distortions and entropies in print for the unit Gaussian.
    for (const [levels, d, h] of [
      [2, 0.36338, 1],
      [4, 0.117482, 1.9111],
      [8, 0.034548, 2.8249],
      [16, 0.009501, 3.7653],
      [32, 0.002505, 5],
      [256, 4.1e-5, 8],
    ] as const) {
      expect(gaussianRate(d)).toBeLessThan(h);
      expect(d).toBeGreaterThan(gaussianDistortion(Math.log2(levels)));
    }
    expect((Math.sqrt(3) * Math.PI) / 2).toBeCloseTo(2.7207, 4);
    expect(6.44e-4 / gaussianDistortion(6)).toBeCloseTo(2.7207, 0);
  });

  test("refuse what is no error, rate or variance", () => {
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => gaussianRate(bad)).toThrow(ValueError);
      expect(() => gaussianDistortion(bad)).toThrow(ValueError);
      expect(() => gaussianRate(1, bad)).toThrow("variance =");
      expect(() => gaussianDistortion(1, bad)).toThrow("variance =");
    }
    expect(() => gaussianRate(0)).toThrow("distortion = 0, expected a finite number > 0");
  });
});

describe("reverseWaterFilling", () => {
  const variances = fc.array(fc.oneof(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.constantFrom(0, 1, 4)), {
    minLength: 1,
    maxLength: 12,
  });

  test("meets the conditions of Karush, Kuhn and Tucker, and what was asked for", () => {
    fc.assert(
      fc.property(variances, fc.double({ min: 0.001, max: 60, noNaN: true }), (list, rate) => {
        fc.pre(list.some((variance) => variance > 0));
        const result = reverseWaterFilling(list, { rate });
        expect(result.rate).toBeCloseTo(rate, 9);
        list.forEach((variance, i) => {
          const [r, d] = [result.rates.data[i] as number, result.distortions.data[i] as number];
          // The slope of every component that gets bits is the same; the others would gain less.
          expect(d).toBe(Math.min(variance, result.level));
          if (variance > result.level) expect(r).toBeCloseTo(0.5 * Math.log2(variance / result.level), 10);
          else expect(r).toBe(0);
        });
        const back = reverseWaterFilling(list, { distortion: result.distortion });
        expect(back.level / result.level).toBeCloseTo(1, 9);
        expect(back.rate).toBeCloseTo(rate, 7);
      }),
      { seed: 1956, numRuns: 300 },
    );
  });

  test("no division of bits on a grid is better", () => {
    const list = [9, 2.5, 0.4, 0.1];
    for (const rate of [0.5, 1, 2.25, 5]) {
      const { distortion } = reverseWaterFilling(list, { rate });
      let best = Number.POSITIVE_INFINITY;
      const steps = 40;
      for (let a = 0; a <= steps; a++) {
        for (let b = 0; a + b <= steps; b++) {
          for (let c = 0; a + b + c <= steps; c++) {
            const shares = [a, b, c, steps - a - b - c];
            const d = shares.reduce((sum, share, i) => sum + (list[i] as number) * 4 ** ((-share * rate) / steps), 0);
            best = Math.min(best, d);
          }
        }
      }
      expect(distortion).toBeLessThanOrEqual(best + 1e-12);
      expect(distortion).toBeGreaterThan(0.98 * best);
    }
  });

  test("the least rate for an error: bisection of the level finds the same", () => {
    const list = [5, 3, 3, 0.2, 0];
    for (const distortion of [0.01, 0.3, 1, 4, 11.1]) {
      let [low, high] = [0, 5];
      for (let i = 0; i < 200; i++) {
        const level = (low + high) / 2;
        if (list.reduce((sum, v) => sum + Math.min(v, level), 0) < distortion) low = level;
        else high = level;
      }
      const result = reverseWaterFilling(list, { distortion });
      expect(result.level).toBeCloseTo(low, 12);
      expect(result.distortion).toBeCloseTo(distortion, 12);
    }
  });

  test("ends: no bits, more error than there is, one component, equal ones, a tensor", () => {
    expect(reverseWaterFilling([3, 1], { rate: 0 })).toMatchObject({ level: 3, rate: 0, distortion: 4 });
    expect(reverseWaterFilling([3, 1], { distortion: 9 })).toMatchObject({ level: 3, rate: 0, distortion: 4 });
    expect(reverseWaterFilling([0, 0], { rate: 0 })).toMatchObject({ level: 0, rate: 0, distortion: 0 });
    expect(reverseWaterFilling([0], { distortion: 1 })).toMatchObject({ rate: 0, distortion: 0 });
    expect(reverseWaterFilling([4], { rate: 1 })).toMatchObject({ level: 1, distortion: 1 });
    expect(
      reverseWaterFilling(
        from([
          [2, 2],
          [2, 2],
        ]),
        { rate: 4 },
      ).rates,
    ).toEqual(from([1, 1, 1, 1], { dtype: "float64" }));
    // Of two components, the smaller stays dry until the level has fallen to it.
    expect([...reverseWaterFilling([4, 1], { rate: 1 }).rates.data]).toEqual([1, 0]);
    expect([...reverseWaterFilling([4, 1], { rate: 3 }).rates.data]).toEqual([2, 1]);
  });

  test("one level for all is one step for all: R = Σ max(0, log2(variance / D) / 2)", () => {
    const list = [8, 2, 0.5];
    const { rate, level } = reverseWaterFilling(list, { distortion: 1.5 });
    expect(level).toBe(0.5);
    expect(rate).toBe(list.reduce((sum, v) => sum + gaussianRate(level, v), 0));
  });

  test("refuses what has no solution", () => {
    expect(() => reverseWaterFilling([], { rate: 1 })).toThrow("no variances");
    expect(() => reverseWaterFilling([1, -1], { rate: 1 })).toThrow("variance -1 at position 1");
    expect(() => reverseWaterFilling([1, Number.NaN], { rate: 1 })).toThrow(ValueError);
    expect(() => reverseWaterFilling([0], { rate: 1 })).toThrow(ValueError);
    expect(() => reverseWaterFilling([1], { distortion: 0 })).toThrow(ValueError);
    expect(() => reverseWaterFilling([1], { rate: -1 })).toThrow(ValueError);
    expect(() => reverseWaterFilling([1], { rate: 5000 })).toThrow("above 0 in float64");
    expect(() => reverseWaterFilling([1], {} as { rate: number })).toThrow("exactly one of the two");
    expect(() => reverseWaterFilling([1], { rate: 1, distortion: 1 } as never)).toThrow(ValueError);
  });
});

describe("codingGain", () => {
  test.each([
    // AR(1) with correlation 0.9: (1 - ρ²)^(-(N - 1) / N).
    [2, 2.2942, 0.599],
    [8, 4.2765, 1.048],
  ])("AR(1), N = %i: %f, which saves %f bits", (n, gain, saved) => {
    // Pivots of the covariance ρ^|i - j|: 1, then 1 - ρ² each; the geometric mean of the eigenvalues is theirs.
    const pivots = [1, ...new Array(n - 1).fill(1 - 0.81)];
    const geometric = pivots.reduce((product, pivot) => product * pivot, 1) ** (1 / n);
    expect(1 / geometric).toBeCloseTo(gain, 4);
    if (n === 2) expect(codingGain([1.9, 0.1])).toBeCloseTo(1 / geometric, 12);
    expect(codingGain(pivots) / (pivots.reduce((a, b) => a + b) / n)).toBeCloseTo(gain, 4);
    expect(0.5 * Math.log2(gain)).toBeCloseTo(saved, 3);
  });

  test("is the mean over the geometric mean, 1 for equal ones, and forgets scale", () => {
    expect([codingGain([4, 1]), codingGain([3, 3, 3]), codingGain([7])]).toEqual([1.25, 1, 1]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 9 }), (list) => {
        const mean = list.reduce((a, b) => a + b) / list.length;
        const geometric = list.reduce((a, b) => a * b ** (1 / list.length), 1);
        expect(codingGain(list) * geometric).toBeCloseTo(mean, 6);
        expect(codingGain(list)).toBeGreaterThanOrEqual(1);
        expect(codingGain(list.map((v) => v * 2 ** -900))).toBeCloseTo(codingGain(list), 8);
      }),
      { seed: 1984, numRuns: 200 },
    );
    expect(codingGain([1e308, 1e308])).toBe(1);
    expect(codingGain(from([[4, 1]]))).toBe(1.25);
  });

  test("is what water-filling saves at high rate", () => {
    const list = [9, 1, 0.25];
    const level = reverseWaterFilling(list, { rate: 30 }).level;
    const mean = list.reduce((a, b) => a + b) / 3;
    expect(gaussianDistortion(10, mean) / level).toBeCloseTo(codingGain(list), 9);
  });

  test("refuses variances of 0 and worse", () => {
    expect(() => codingGain([1, 0])).toThrow(
      new ValueError("codingGain: variance 0 at position 1, expected finite numbers > 0"),
    );
    expect(() => codingGain([])).toThrow(ValueError);
    expect(() => codingGain([Number.POSITIVE_INFINITY])).toThrow(ValueError);
  });
});

describe("ecsqGap", () => {
  test("0.2546 bits and 1.533 dB in the limit of fine steps", () => {
    const { bits, decibels } = ecsqGap();
    expect(bits).toBeCloseTo(0.2546, 4);
    expect(decibels).toBeCloseTo(1.533, 3);
    expect(bits).toBeCloseTo(0.5 * Math.log2((2 * Math.PI * Math.E) / 12), 14);
    expect(ecsqGap(0.01).bits).toBeCloseTo(bits, 4);
  });

  test("rate, error and gap are those of integration at 40 digits", () => {
    for (const [step, rate, distortion, gap] of peers.gaps) {
      const point = ecsqGap(step);
      expect(point.rate).toBeCloseTo(rate, 10);
      expect(Math.abs(point.distortion / distortion - 1)).toBeLessThan(1e-10);
      expect(point.bits).toBeCloseTo(gap, 9);
      expect(point.decibels).toBeCloseTo(6.020599913 * gap, 8);
    }
  });

  test.each([
    // As noted for steps of 0.1, 0.5 and 1; integration says 0.25522, 0.26949 and 0.31235, so only three digits hold.
    [0.1, 0.2548],
    [0.5, 0.2693],
    [1, 0.3124],
  ])("in print: step %f, %f bits", (step, bits) => {
    expect(Math.abs(ecsqGap(step).bits - bits)).toBeLessThan(5e-4);
  });

  test("a quantizer measured on quantiles of the Gaussian", () => {
    const count = 200000;
    const counts = new Map<number, number>();
    let error = 0;
    for (let i = 0; i < count; i++) {
      const x = normalQuantile((i + 0.5) / count);
      const k = Math.round(x / 0.75);
      counts.set(k, (counts.get(k) ?? 0) + 1);
      error += (x - 0.75 * k) ** 2;
    }
    const { rate, distortion } = ecsqGap(0.75);
    expect(entropy([...counts.values()])).toBeCloseTo(rate, 3);
    expect(error / count).toBeCloseTo(distortion, 4);
  });

  test("coarse steps cost nothing and save nothing; others are refused", () => {
    expect(ecsqGap(16).rate).toBeLessThan(1e-12);
    expect(ecsqGap(16).distortion).toBeCloseTo(1, 12);
    for (const bad of [0, -1, 0.001, 17, Number.NaN]) expect(() => ecsqGap(bad)).toThrow(ValueError);
  });
});
