/** Ternary and binary weights: exhaustive search over all 3^n, closed forms, and plain arithmetic on signs and bits. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import * as q from "../../src/quantization/index.js";
import { key, uniform } from "../../src/random/index.js";
import { equal, from, full, map, mean, type Tensor, zeros } from "../../src/tensor/index.js";
import { draws, relative } from "./oracle.js";

const f64 = (list: readonly number[]): Tensor<"float64"> => from(list, { dtype: "float64" });
const ternaryError = (x: Tensor, { codes, qparams }: q.TernaryTensor): number =>
  q.errorReport(x, q.dequantize(codes, qparams, { dtype: "float64" })).mse;

/** The least Σ(w - α t)² / n over every t of -1, 0, 1 with its own best α, and the largest cosine. */
function bestOfAll(list: readonly number[]): { mse: number; cosine: number } {
  const norm = list.reduce((sum, x) => sum + x * x, 0);
  let cosine = 0;
  for (let code = 0; code < 3 ** list.length; code++) {
    let [dot, ones] = [0, 0];
    for (let i = 0, rest = code; i < list.length; i++, rest = Math.floor(rest / 3)) {
      const t = (rest % 3) - 1;
      dot += t * (list[i] as number);
      ones += t * t;
    }
    if (ones > 0) cosine = Math.max(cosine, dot / Math.sqrt(ones * norm));
  }
  return { mse: (norm * (1 - cosine * cosine)) / list.length, cosine };
}

describe("ternaryOptimum", () => {
  test("is the best of all 3^n vectors, in error and in cosine", () => {
    const weight = fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 8 }), (list) => {
        fc.pre(list.some((x) => Math.abs(x) > 1e-6));
        const found = q.ternaryOptimum(f64(list));
        const best = bestOfAll(list);
        expect(ternaryError(f64(list), found)).toBeCloseTo(best.mse, 12);
        const dot = list.reduce((sum, x, i) => sum + x * (found.codes.data[i] as number), 0);
        const norm = list.reduce((sum, x) => sum + x * x, 0);
        const ones = found.codes.data.reduce((sum, t) => sum + t * t, 0);
        expect(dot / Math.sqrt(norm * ones)).toBeCloseTo(best.cosine, 12);
      }),
      { seed: 3, numRuns: 160 },
    );
  });

  test("its scale is the mean of what is kept, its threshold half of that", () => {
    const w = draws(31, [999]);
    const { codes, qparams } = q.ternaryOptimum(w);
    const kept = [...w.data].map(Math.abs).filter((_, i) => codes.data[i] !== 0);
    const dropped = [...w.data].map(Math.abs).filter((_, i) => codes.data[i] === 0);
    const alpha = qparams.scales.data[0] as number;
    expect(kept.reduce((a, b) => a + b) / kept.length).toBeCloseTo(alpha, 12);
    expect(Math.min(...kept)).toBeGreaterThan(alpha / 2);
    expect(Math.max(...dropped)).toBeLessThan(alpha / 2);
    expect(q.quantize(w, qparams).data).toEqual(codes.data);
  });

  test("reaches the closed forms of the normal and the uniform law", () => {
    const normal = draws(32, [200_000]);
    const found = q.ternaryOptimum(normal);
    const density = mean(map(found.codes, Math.abs, "float64"));
    expect(found.qparams.scales.data[0]).toBeCloseTo(1.224, 2);
    expect(density).toBeCloseTo(0.5405, 2);
    expect(relative(ternaryError(normal, found), 0.190174)).toBeLessThan(0.01);
    const flat = uniform(key(33), [200_000], { low: -1, dtype: "float64" });
    expect(q.ternaryOptimum(flat).qparams.scales.data[0]).toBeCloseTo(2 / 3, 2);
    expect(relative(ternaryError(flat, q.ternaryOptimum(flat)), 1 / 27)).toBeLessThan(0.01);
  });

  test("by groups the error falls as in the table: the smaller the group the less", () => {
    const w = draws(34, [1024, 256]);
    for (const [group, expected] of [
      [1, 0],
      [2, 0.0492],
      [4, 0.1006],
      [16, 0.1656],
      [64, 0.1842],
      [256, 0.1887],
    ] as const) {
      const found = q.ternaryOptimum(w, { granularity: { per: "group", group } });
      expect(found.qparams.scales.shape).toEqual([1024, 256 / group]);
      // The table's own Monte Carlo error is 0.003.
      expect(Math.abs(ternaryError(w, found) / mean(map(w, (x) => x * x)) - expected)).toBeLessThan(0.003);
    }
  });
});

test("twn keeps what exceeds 0.7 of the mean magnitude", () => {
  const w = draws(35, [200_000]);
  const found = q.twn(w);
  const threshold = 0.7 * mean(map(w, Math.abs));
  expect(threshold).toBeCloseTo(0.558519, 2);
  expect([...found.codes.data.subarray(0, 500)]).toEqual(
    [...w.data.subarray(0, 500)].map((x) => (Math.abs(x) > threshold ? Math.sign(x) : 0)),
  );
  expect(mean(map(found.codes, Math.abs, "float64"))).toBeCloseTo(0.57649, 2);
  const error = ternaryError(w, found);
  expect(Math.sqrt(1 - error / mean(map(w, (x) => x * x)))).toBeCloseTo(0.899097, 2);
  expect(error).toBeGreaterThan(ternaryError(w, q.ternaryOptimum(w)));
});

test("ternary extremes: zeros, one value, huge and tiny ones, nothing above the threshold", () => {
  for (const rule of [q.ternaryOptimum, q.twn]) {
    const none = rule(zeros([2, 3], "float64"));
    expect([...none.codes.data, ...none.qparams.scales.data]).toEqual([0, 0, 0, 0, 0, 0, 1]);
    for (const unit of [1e308, 1e-308]) {
      const { codes, qparams } = rule(f64([unit, -unit, 0, 0.9 * unit]));
      expect([...codes.data]).toEqual([1, -1, 0, 1]);
      expect(relative(qparams.scales.data[0] as number, (2.9 / 3) * unit)).toBeLessThan(1e-14);
    }
  }
  const all = q.twn(full([3], 2, "float64"), { factor: 1 });
  expect([...all.codes.data, ...all.qparams.scales.data]).toEqual([0, 0, 0, 1]);
  // A factor of 0 keeps the signs, and a 0 stays 0.
  expect([...q.twn(f64([1, 0, -3]), { factor: 0 }).codes.data]).toEqual([1, 0, -1]);
});

describe("signs", () => {
  test("popcount over all of 16 bits, and at the ends of 32", () => {
    for (let word = 0; word < 65536; word++) {
      const ones = word.toString(2).replaceAll("0", "").length;
      if (q.popcount(word) !== ones || q.popcount((word << 16) | 1) !== ones + 1) throw new Error(`${word}`);
    }
    expect([0, -1, 0xffffffff, 0x80000000, -2147483648].map(q.popcount)).toEqual([0, 32, 32, 1, 1]);
  });

  test.each([1, 31, 32, 33, 64, 70])("xnorProduct of rows of %i is the product of the signs", (length) => {
    const [a, b] = [draws(41, [5, length]), draws(42, [3, length])];
    a.data[0] = 0;
    b.data[0] = -0;
    const sign = (x: number): number => (x >= 0 ? 1 : -1);
    const found = q.xnorProduct(q.signBits(a), q.signBits(b));
    expect([found.shape, found.dtype]).toEqual([[5, 3], "int32"]);
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < 3; column++) {
        let dot = 0;
        for (let i = 0; i < length; i++) {
          dot += sign(a.data[row * length + i] as number) * sign(b.data[column * length + i] as number);
        }
        expect(found.data[row * 3 + column]).toBe(dot);
      }
    }
  });

  test("the mean magnitude is the best scale of the signs: 1 - 2/π of a normal law is lost", () => {
    const w = draws(43, [100_000]);
    const alpha = mean(map(w, Math.abs));
    const found = q.errorReport(
      w,
      map(w, (x) => (x >= 0 ? alpha : -alpha)),
    );
    expect(alpha).toBeCloseTo(Math.sqrt(2 / Math.PI), 2);
    expect(found.mse).toBeCloseTo(1 - 2 / Math.PI, 2);
  });
});

describe("stochasticRound", () => {
  test("gives one of two neighbours, the mean of which is the value", () => {
    for (const value of [0.25, -0.8, 3.999, 1e-3]) {
      const x = full([40_000], value, "float64");
      for (const step of [1, 0.5, 0.3]) {
        const found = q.stochasticRound(key(7), x, { step });
        const below = Math.floor(value / step) * step;
        for (const y of new Set(found.data)) {
          expect(Math.min(Math.abs(y - below), Math.abs(y - below - step))).toBeLessThan(1e-12);
        }
        expect(Math.abs(mean(found) - value)).toBeLessThan((4.5 * step) / 2 / 200);
      }
    }
  });

  test("multiples stay, the key decides, and large values are left alone", () => {
    const whole = f64([-3, -0, 0, 7, 2 ** 60, -1e300]);
    expect([...q.stochasticRound(key(1), whole).data]).toEqual([-3, 0, 0, 7, 2 ** 60, -1e300]);
    expect([...q.stochasticRound(key(1), f64([1e300]), { step: 1e-300 }).data]).toEqual([1e300]);
    const x = draws(51, [7, 9]);
    const [a, b, c] = [1, 1, 2].map((seed) => q.stochasticRound(key(seed), x)) as [Tensor, Tensor, Tensor];
    expect([equal(a, b), equal(a, c), a.shape]).toEqual([true, false, [7, 9]]);
    expect(q.stochasticRound(key(1), zeros([0])).dtype).toBe("float32");
  });
});

describe("bit planes", () => {
  test("come back for every code of 1 to 10 bits, signed or not", () => {
    for (let bits = 1; bits <= 10; bits++) {
      for (const signed of [false, true]) {
        const low = signed ? -(2 ** (bits - 1)) : 0;
        const codes = from(
          Array.from({ length: 2 ** bits }, (_, i) => low + i),
          { dtype: "int16" },
        );
        const planes = q.bitPlanes(codes, bits, { signed });
        expect([planes.shape, planes.dtype]).toEqual([[bits, 2 ** bits], "bool"]);
        expect([...q.fromBitPlanes(planes, { signed }).data]).toEqual([...codes.data]);
      }
    }
  });

  test("lie one above the other, the lowest first, and make products of bits into products of numbers", () => {
    const planes = q.bitPlanes(from([[5], [2]], { dtype: "uint8" }), 3);
    expect([planes.shape, [...planes.data]]).toEqual([
      [3, 2, 1],
      [1, 0, 0, 1, 1, 0],
    ]);
    const x = [200, 17, 3, 255];
    const w = [1, -1, -1, 1];
    const bits = q.bitPlanes(from(x, { dtype: "uint8" }), 8).data;
    let dot = 0;
    for (let b = 0; b < 8; b++) {
      for (const [i, weight] of w.entries()) dot += 2 ** b * weight * (bits[4 * b + i] as number);
    }
    expect(dot).toBe(200 - 17 - 3 + 255);
    expect([...q.fromBitPlanes(q.bitPlanes(from([2 ** 31 - 1], { dtype: "uint32" }), 31)).data]).toEqual([2 ** 31 - 1]);
  });
});

test("bad input is named", () => {
  expect(() => q.twn(f64([1]), { factor: -1 })).toThrow(
    new ValueError("twn: factor = -1, expected a finite number >= 0"),
  );
  expect(() => q.ternaryOptimum(f64([1, Number.NaN]))).toThrow("ternaryOptimum: value NaN at position 1");
  expect(() => q.ternaryOptimum(f64([1, 2, 3]), { granularity: { per: "group", group: 2 } })).toThrow(ShapeError);
  expect(() => q.signBits({ data: new Float32Array(1), shape: [], dtype: "float32" })).toThrow("signBits: a scalar");
  expect(() => q.xnorProduct(q.signBits(draws(1, [2, 3])), q.signBits(draws(1, [2, 4])))).toThrow(
    new ShapeError("xnorProduct: signs of shapes [2, 3] and [2, 4], expected matrices of the same length"),
  );
  expect(() => q.stochasticRound(key(1), f64([1]), { step: 0 })).toThrow("stochasticRound: step = 0, expected");
  expect(() => q.stochasticRound(key(1), f64([Number.NaN]))).toThrow("stochasticRound: value NaN at position 0");
  expect(() => q.stochasticRound(key(1), zeros([1], "int8") as unknown as Tensor<"float32">)).toThrow(DtypeError);
  expect(() => q.bitPlanes(from([4], { dtype: "int8" }), 2)).toThrow("bitPlanes: code 4 at position 0, expected 0..3");
  expect(() => q.bitPlanes(from([-1], { dtype: "int8" }), 2)).toThrow(ValueError);
  expect(() => q.bitPlanes(f64([1]), 2)).toThrow(DtypeError);
  expect(() => q.bitPlanes(from([1], { dtype: "int8" }), 32)).toThrow("bitPlanes: 32 planes, expected");
  expect(() => q.fromBitPlanes(zeros([], "bool"))).toThrow("fromBitPlanes: a scalar");
});
