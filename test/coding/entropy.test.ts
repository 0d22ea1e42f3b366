/** Histograms and entropies, and the entropies that the literature prints. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entropy, histogram, symbolEntropy } from "../../src/coding/index.js";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { normalCdf, normalQuantile } from "../../src/math/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";
import { peers } from "./oracles.js";

describeBackends("histogram", () => {
  test("counts as a map does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1, maxLength: 99 }), (list) => {
        const { min, counts } = histogram(Int16Array.from(list));
        expect(min).toBe(Math.min(...list));
        expect(counts.length).toBe(Math.max(...list) - min + 1);
        expect([...counts]).toEqual([...counts].map((_, i) => list.filter((value) => value === min + i).length));
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  test("of nothing, of one value, of the ends of int32", () => {
    expect(histogram(new Int8Array(0))).toEqual({ min: 0, counts: new Uint32Array(0) });
    expect(histogram(new Int32Array(3).fill(-(2 ** 31)))).toEqual({ min: -(2 ** 31), counts: Uint32Array.of(3) });
    expect(histogram(Int32Array.of(2 ** 31 - 1, 2 ** 31 - 65536)).counts.length).toBe(65536);
    expect(histogram(from([[true, false, true]])).counts).toEqual(Uint32Array.of(1, 2));
  });

  test("refuses what cannot be coded", () => {
    expect(() => histogram(Int32Array.of(5, 65541))).toThrow(
      new ValueError("histogram: symbols 5..65541, expected a span of at most 65536 values"),
    );
    expect(() => histogram(new Float32Array(2))).toThrow(DtypeError);
    expect(() => histogram(new Uint32Array(2))).toThrow(/dtype "uint32", expected one of bool, int8/);
    expect(() => histogram({ data: new Float32Array(1), shape: [1], dtype: "int8" } as unknown as Tensor)).toThrow(
      new DtypeError("histogram: data of float32, expected those of a tensor of int8"),
    );
    expect(() => histogram([1, 2] as unknown as Tensor)).toThrow(DtypeError);
    expect(() => histogram({ data: new Int8Array(5), shape: [2, 3], dtype: "int8" })).toThrow(
      new ShapeError("histogram: 5 symbols, expected 6 for shape [2, 3]"),
    );
    expect(() => histogram({ data: Uint8Array.of(0, 2), shape: [2], dtype: "bool" })).toThrow("value 2 at position 1");
    expect(() => histogram({ data: new Int8Array(1), shape: new Array(33).fill(1), dtype: "int8" })).toThrow("33 axes");
  });
});

describe("entropy", () => {
  test("is exact for powers of two, 0 for one symbol and for none", () => {
    expect(entropy([4, 2, 1, 1])).toBe(1.75);
    expect(entropy([0.5, 0.25, 0.125, 0.125])).toBe(1.75);
    expect(entropy(new Uint32Array(65536).fill(3))).toBe(16);
    expect([entropy([5]), entropy([0, 7, 0]), entropy([]), entropy([0, 0])]).toEqual([0, 0, 0, 0]);
    expect(Object.is(entropy([5]), -0)).toBe(false);
  });

  test.each(Object.keys(peers.ans))("of the %s symbols is SciPy's", (name) => {
    const { symbols, entropy: expected } = peers.ans[name] as (typeof peers.ans)[string];
    expect(symbolEntropy(Int32Array.from(symbols))).toBeCloseTo(expected, 13);
  });

  test("lies between 0 and log2 of the number of symbols, and forgets scale and order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 }), (counts) => {
        const h = entropy(counts);
        expect(h).toBeGreaterThanOrEqual(0);
        expect(h).toBeLessThanOrEqual(Math.log2(Math.max(1, counts.filter((n) => n > 0).length)) + 1e-12);
        expect(entropy(counts.map((n) => n * 4096))).toBe(h);
        expect(entropy([...counts].reverse())).toBeCloseTo(h, 12);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test("tiny and huge weights", () => {
    expect(entropy([1, 5e-324])).toBeGreaterThanOrEqual(0);
    expect(entropy([1e308, 1e-308])).toBeCloseTo(0, 12);
    expect(() => entropy([1e308, 1e308])).toThrow("overflows");
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => entropy([1, bad])).toThrow(ValueError);
  });
});

describe("entropies in print", () => {
  test.each([
    // Shannon entropies and 8-bit ratios of the synthetic files in the FSE README: geometric with p.
    [0.8, 0.9024, 8.865],
    [0.14, 4.1731, 1.917],
    [0.02, 7.072, 1.131],
  ])("geometric with p = %f: %f bits, ratio %f", (p, bits, ratio) => {
    const h = entropy(Float64Array.from({ length: 5000 }, (_, k) => p * (1 - p) ** k));
    expect(h).toBeCloseTo(bits, 4);
    expect(8 / h).toBeCloseTo(ratio, 2);
  });

  /** Masses of a unit Gaussian between thresholds. */
  const masses = (thresholds: readonly number[]): number[] =>
    [...thresholds, Number.POSITIVE_INFINITY].map((t, i) => normalCdf(t) - normalCdf(thresholds[i - 1] ?? -Infinity));
  const uniform = (levels: number, step: number): number[] =>
    masses(Array.from({ length: levels - 1 }, (_, i) => (i + 1 - levels / 2) * step));

  test.each([
    // Max 1960: the best uniform quantizers of a Gaussian, mid-rise, and the ternary one.
    [2, 1.59577, 1.0],
    [4, 0.99569, 1.9037],
    [8, 0.58602, 2.7606],
    [16, 0.3352, 3.6024],
    [32, 0.18814, 4.4493],
    [128, 0.05687, 6.1823],
    [256, 0.03076, 7.0694],
    [3, 1.22401, 1.5358],
  ])("uniform quantizer of %i levels with step %f: %f bits", (levels, step, bits) => {
    // The steps are printed with 5 digits.
    expect(Math.abs(entropy(uniform(levels, step)) - bits)).toBeLessThan(levels > 100 ? 4e-4 : 1e-4);
  });

  test.each([
    // Lloyd-Max quantizers: thresholds are the midpoints of the levels.
    [[0.45278, 1.51042], 1.9111],
    [[0.245094, 0.756005, 1.343909, 2.151946], 2.8249],
    [[0.128395, 0.388048, 0.656759, 0.94234, 1.256231, 1.618046, 2.069017, 2.73259], 3.7653],
  ])("Lloyd-Max levels %j: %f bits", (half, bits) => {
    const levels = [...half.map((x) => -x).reverse(), ...half];
    const thresholds = levels.slice(1).map((level, i) => (level + (levels[i] as number)) / 2);
    expect(entropy(masses(thresholds))).toBeCloseTo(bits, 4);
  });

  test("hard entropies of the rectified Gaussian fixture of compression-aware training", () => {
    const x = Float64Array.from({ length: 20000 }, (_, i) => Math.max(0, normalQuantile((i + 0.5) / 20000)));
    const max = Math.max(...x);
    expect(max).toBeCloseTo(4.055627, 6);
    for (const [bits, expected] of [
      [2, 0.91814],
      [3, 1.61615],
      [4, 2.26842],
      [6, 3.42829],
    ] as const) {
      const h = symbolEntropy(Uint8Array.from(x, (value) => Math.round((value * (2 ** bits - 1)) / max)));
      expect(h).toBeCloseTo(expected, 5);
      expect(h).toBeLessThanOrEqual(bits);
    }
  });

  test("the floor of a map with share s of zeros: h2(s) + (1 - s) H(the others)", () => {
    const counts = [600, 100, 250, 50];
    const others = entropy(counts.slice(1));
    expect(entropy(counts)).toBeCloseTo(entropy([0.6, 0.4]) + 0.4 * others, 13);
    expect(entropy(counts)).toBeGreaterThan(entropy([0.6, 0.4]));
  });
});

test("a mask's entropy is that of its density", () => {
  const mask: Tensor = from([[true, false, false, false]]);
  expect(symbolEntropy(mask)).toBeCloseTo(-0.25 * Math.log2(0.25) - 0.75 * Math.log2(0.75), 14);
});
