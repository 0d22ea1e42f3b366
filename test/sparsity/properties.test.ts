import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import {
  isNm,
  keepFromSparsity,
  keptMagnitude,
  keptShare,
  nmMask,
  unstructuredMask,
  zerosProbability,
} from "../../src/sparsity/index.js";
import * as tensor from "../../src/tensor/index.js";
import { kept } from "./oracles.js";

describe("isNm", () => {
  const mask = tensor.from([
    [true, true, false, false, true, false],
    [false, true, false, true, false, false],
  ]);

  test("at most keep by default, exactly keep when asked", () => {
    expect(isNm(mask, { keep: 2, group: 3 })).toBe(true);
    expect(isNm(mask, { keep: 1, group: 3 })).toBe(false);
    expect(isNm(mask, { keep: 2, group: 3, exact: true })).toBe(false);
    expect(isNm(mask, { keep: 1, group: 2 })).toBe(false);
    expect(isNm(mask, { keep: 1, group: 2, axis: 0 })).toBe(false);
    expect(isNm(tensor.slice(mask, null, [2, 6]), { keep: 1, group: 2, axis: 0 })).toBe(true);
  });

  test("agrees with counting the ones of each group, along both axes", () => {
    const masks = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(masks, fc.integer({ min: 0, max: 2 }), fc.boolean(), (values, keep, exact) => {
        const m = tensor.from(values, { shape: [4, 6], dtype: "bool" });
        const fits = (ones: number): boolean => (exact ? ones === keep : ones <= keep);
        const bit = (i: number, j: number): number => Number(values[i * 6 + j]);
        const across = [0, 1, 2, 3].every((i) => [0, 2, 4].every((j) => fits(bit(i, j) + bit(i, j + 1))));
        const down = [0, 2].every((i) => [0, 1, 2, 3, 4, 5].every((j) => fits(bit(i, j) + bit(i + 1, j))));
        expect(isNm(m, { keep, group: 2, exact })).toBe(across);
        expect(isNm(m, { keep, group: 2, exact, axis: 0 })).toBe(down);
      }),
      { seed: 2021, numRuns: 200 },
    );
  });

  test("exactly keep: true for masks made so, along either axis", () => {
    const w = normal(key(13), [12, 20]);
    expect(isNm(nmMask(w, { keep: 3, group: 5 }), { keep: 3, group: 5, exact: true })).toBe(true);
    expect(isNm(nmMask(w, { keep: 3, group: 5 }), { keep: 4, group: 5, exact: true })).toBe(false);
    expect(isNm(nmMask(w, { keep: 1, group: 4, axis: 0 }), { keep: 1, group: 4, axis: 0, exact: true })).toBe(true);
  });

  test("refuses another dtype and a group that does not divide", () => {
    expect(() => isNm(tensor.zeros([2, 4]) as unknown as tensor.Mask)).toThrow(DtypeError);
    expect(() => isNm(mask, { keep: 2, group: 4 })).toThrow(
      new ShapeError("isNm: shape [2, 6], expected a multiple of group = 4 along axis 1"),
    );
  });
});

describe("keptMagnitude and keptShare", () => {
  const w = tensor.from([
    [1, -2, 3],
    [-4, 5, -6],
  ]);
  const mask = tensor.from([
    [true, true, false],
    [false, false, true],
  ]);

  test("add the magnitudes that stay", () => {
    expect(keptMagnitude(w, mask)).toBe(9);
    expect(keptShare(w, mask)).toBe(9 / 21);
    expect(keptShare(tensor.zeros([2, 3]), mask)).toBe(1);
  });

  test("an infinite weight counts only when it stays", () => {
    const infinite = tensor.from([
      [1, 2, Number.NEGATIVE_INFINITY],
      [0, 0, 0],
    ]);
    expect(keptMagnitude(infinite, mask)).toBe(3);
    expect(keptMagnitude(infinite, tensor.full([2, 3], 1, "bool"))).toBe(Number.POSITIVE_INFINITY);
    expect(() => keptShare(infinite, mask)).toThrow("keptShare: total magnitude Infinity, expected finite weights");
  });

  test("refuse NaN, other shapes and other dtypes", () => {
    expect(() => keptMagnitude(tensor.full([2, 3], Number.NaN), mask)).toThrow("keptMagnitude: NaN at row 0, column 0");
    expect(() => keptMagnitude(tensor.zeros([3, 2]), mask)).toThrow(ShapeError);
    expect(() => keptShare(w, w as unknown as tensor.Mask)).toThrow(DtypeError);
  });
});

describe("unstructuredMask", () => {
  test("keeps the largest, wherever they are; ties go to the lower index", () => {
    expect([
      ...unstructuredMask(
        tensor.from([
          [3, -1, 0.5],
          [-7, 2, 0],
        ]),
      ).data,
    ]).toEqual([1, 0, 0, 1, 1, 0]);
    expect([...unstructuredMask(tensor.from([2, -2, 1, 2, 2]), { density: 0.6 }).data]).toEqual([1, 1, 0, 1, 0]);
    expect([...unstructuredMask(tensor.from([1, 2]), { density: 0 }).data]).toEqual([0, 0]);
    expect([...unstructuredMask(tensor.from([1, 0]), { density: 1 }).data]).toEqual([1, 1]);
    expect([...unstructuredMask(tensor.from([1, Number.NEGATIVE_INFINITY]), { density: 0.5 }).data]).toEqual([0, 1]);
  });

  test("keeps at least as much as any N:M mask of the same density", () => {
    const w = normal(key(12), [9, 16]);
    for (const [keep, group] of [
      [1, 4],
      [2, 4],
      [4, 8],
      [3, 16],
    ] as const) {
      const free = unstructuredMask(w, { density: keep / group });
      expect(free.data.reduce((a, b) => a + b, 0)).toBe((144 * keep) / group);
      expect(kept(w.data, free.data)).toBeGreaterThanOrEqual(kept(w.data, nmMask(w, { keep, group }).data));
    }
  });

  test("refuses NaN and a density outside 0..1", () => {
    expect(() => unstructuredMask(tensor.from([1, Number.NaN]))).toThrow(ValueError);
    expect(() => unstructuredMask(tensor.from([1]), { density: 1.5 })).toThrow("density = 1.5, expected 0..1");
  });
});

describe("from unstructured to N:M", () => {
  test.each([
    [0.5, 0.6367, 0.6875, 6],
    [0.6, 0.8263, 0.8208, 5],
    [0.7, 0.942, 0.9163, 5],
    [0.8, 0.9896, 0.9728, 4],
    [0.9, 0.9996, 0.9963, 2],
  ])("sparsity %f: P(4 zeros of 8) = %f, P(2 of 4) = %f, keep %i of 8", (sparsity, eight, four, keep) => {
    expect(zerosProbability({ sparsity, group: 8, zeros: 4 })).toBeCloseTo(eight, 4);
    expect(zerosProbability({ sparsity, group: 4, zeros: 2 })).toBeCloseTo(four, 4);
    expect(keepFromSparsity({ sparsity, group: 8 })).toBe(keep);
  });

  test("the probability is that of listing all 2^5 groups", () => {
    for (const sparsity of [0, 0.1, 0.37, 0.5, 0.99, 1]) {
      for (let zeros = 0; zeros <= 5; zeros++) {
        let expected = 0;
        for (let code = 0; code < 32; code++) {
          const count = [0, 1, 2, 3, 4].filter((bit) => (code >> bit) & 1).length;
          if (count >= zeros) expected += sparsity ** count * (1 - sparsity) ** (5 - count);
        }
        expect(zerosProbability({ sparsity, group: 5, zeros })).toBeCloseTo(expected, 14);
      }
    }
  });

  test("the ends: a dense layer keeps all, an empty one nothing, certainty is never exceeded", () => {
    expect(keepFromSparsity({ sparsity: 0 })).toBe(4);
    expect(keepFromSparsity({ sparsity: 1 })).toBe(0);
    expect(keepFromSparsity({ sparsity: 0.9, group: 16, confidence: 1 })).toBe(16);
    expect(keepFromSparsity({ sparsity: 0.5, group: 8, confidence: 0.6 })).toBe(4);
    expect(keepFromSparsity({ sparsity: 0.5, group: 1, confidence: 0.5 })).toBe(1);
  });

  test("refuses probabilities outside 0..1", () => {
    expect(() => keepFromSparsity({ sparsity: 1.1 })).toThrow(ValueError);
    expect(() => keepFromSparsity({ sparsity: 0.5, confidence: Number.NaN })).toThrow(ValueError);
    expect(() => zerosProbability({ sparsity: -0.1, zeros: 0 })).toThrow(ValueError);
    expect(() => zerosProbability({ sparsity: 0.1, zeros: 5 })).toThrow("zeros = 5, expected an integer 0..4");
  });
});
