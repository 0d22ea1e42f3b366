import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import { nmMask } from "../../src/sparsity/index.js";
import * as tensor from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";
import { bestKept, kept, rowsWith } from "./oracles.js";

describeBackends("nmMask", () => {
  test("keeps as much as the best of all masks of each group, and exactly keep", () => {
    const cases = fc.integer({ min: 1, max: 6 }).chain((group) =>
      fc.record({
        group: fc.constant(group),
        keep: fc.integer({ min: 0, max: group }),
        values: fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3 * group, maxLength: 3 * group }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ group, keep, values }) => {
        const { data } = nmMask(tensor.from(values, { dtype: "float64", shape: [3, group] }), { keep, group });
        for (let row = 0; row < 3; row++) {
          const line = values.slice(row * group, (row + 1) * group);
          const mask = [...data.slice(row * group, (row + 1) * group)];
          expect(mask.reduce((a, b) => a + b, 0)).toBe(keep);
          expect(kept(line, mask)).toBeCloseTo(bestKept(line, rowsWith(group, keep)), 12);
        }
      }),
      { seed: 2021, numRuns: 100 },
    );
  });

  test("groups of 40 are sorted as well as groups of 4", () => {
    const values = Array.from({ length: 40 }, (_, i) => ((i * 17) % 40) - 20.25);
    const threshold = values.map(Math.abs).sort((a, b) => b - a)[12] as number;
    const { data } = nmMask(tensor.from([values]), { keep: 13, group: 40 });
    expect([...data]).toEqual(values.map((value) => (Math.abs(value) >= threshold ? 1 : 0)));
  });

  describe("along any axis", () => {
    const values = [
      [5, 1, 2],
      [1, 4, 3],
      [2, 3, 9],
      [3, 2, 1],
    ];

    test("columns of a matrix: as the rows of its transpose", () => {
      const w = tensor.from(values);
      const columns = nmMask(w, { keep: 1, group: 2, axis: 0 });
      expect([...columns.data]).toEqual([1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0]);
      expect(columns.shape).toEqual([4, 3]);
      expect(tensor.transpose(columns)).toEqual(nmMask(tensor.transpose(w), { keep: 1, group: 2 }));
    });

    test("the middle axis of three", () => {
      const w = tensor.from([values.slice(0, 2), values.slice(2)]);
      expect([...nmMask(w, { keep: 1, group: 2, axis: 1 }).data]).toEqual([1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0]);
    });
  });

  test("of equal magnitudes the lower index stays; the sign does not matter", () => {
    expect([...nmMask(tensor.from([[1, -1, 1, -1]])).data]).toEqual([1, 1, 0, 0]);
    expect([...nmMask(tensor.from([[0, -0, 0, -3]]), { keep: 2, group: 4 }).data]).toEqual([1, 0, 0, 1]);
    const zeros = nmMask(tensor.zeros([2, 40]), { keep: 7, group: 20 });
    const ones = [...zeros.data.keys()].filter((i) => zeros.data[i] === 1);
    expect(ones).toEqual([0, 20, 40, 60].flatMap((start) => [0, 1, 2, 3, 4, 5, 6].map((i) => start + i)));
  });

  test("infinity is the largest magnitude", () => {
    const w = tensor.from([[1e308, Number.NEGATIVE_INFINITY, 2, Number.POSITIVE_INFINITY]], { dtype: "float64" });
    expect([...nmMask(w).data]).toEqual([0, 1, 0, 1]);
  });

  test("takes every dtype: the magnitude of int8 -128 is 128", () => {
    expect([...nmMask(tensor.from([[-128, 127, 3, 0]], { dtype: "int8" }), { keep: 1, group: 4 }).data]).toEqual([
      1, 0, 0, 0,
    ]);
  });

  test("refuses what does not fit", () => {
    const w = tensor.zeros([3, 8]);
    expect(() => nmMask(w, { keep: 1, group: 3 })).toThrow(
      new ShapeError("nmMask: shape [3, 8], expected a multiple of group = 3 along axis 1"),
    );
    expect(() => nmMask(w, { keep: 5, group: 4 })).toThrow("nmMask: keep = 5, expected an integer 0..4 (group = 4)");
    expect(() => nmMask(w, { keep: 1, group: 0 })).toThrow(ValueError);
    expect(() => nmMask(w, { axis: 2 })).toThrow(ShapeError);
    expect(() =>
      nmMask(
        tensor.from([
          [1, 2, 3, 4],
          [5, 6, Number.NaN, 8],
        ]),
      ),
    ).toThrow(new ValueError("nmMask: NaN at row 1, column 2, expected numbers"));
  });

  /** Values that are hard to tell apart or to order: ties, signs of zero, denormals, the largest, infinity. */
  const hard = [0, -0, 1e-45, -1e-45, 1.2e-38, 1, -1, 1.0000001, 2, -2, 3.4e38, Number.POSITIVE_INFINITY, -Infinity];

  /** The mask of one group by sorting its places. */
  function sortedMask(group: readonly number[], keep: number): number[] {
    const places = group.map((_, i) => i).sort((a, b) => Math.abs(group[b] ?? 0) - Math.abs(group[a] ?? 0) || a - b);
    return group.map((_, i) => Number(places.indexOf(i) < keep));
  }

  test("every group up to 34, hard values, any number of groups: what sorting gives", () => {
    const cases = fc.integer({ min: 1, max: 34 }).chain((group) =>
      fc.record({
        keep: fc.integer({ min: 0, max: group }),
        rows: fc.array(fc.array(fc.constantFrom(...hard), { minLength: group, maxLength: group }), {
          minLength: 1,
          maxLength: 11,
        }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ keep, rows }) => {
        const group = rows[0]?.length ?? 0;
        const weights = tensor.from(rows.map((row) => row.map((value) => Math.fround(value))));
        const expected = rows.flatMap((row) => sortedMask(row.map(Math.fround), keep));
        expect([...nmMask(weights, { keep, group }).data]).toEqual(expected);
        const across = nmMask(tensor.transpose(weights), { keep, group, axis: 0 });
        expect([...tensor.transpose(across).data]).toEqual(expected);
      }),
      { seed: 2404, numRuns: 300 },
    );
  });

  test.each([4, 8, 6])("NaN anywhere in groups of %i is refused where it stands", (group) => {
    for (const at of [0, 3 * group + 1, 4 * group, 5 * group - 1]) {
      const weights = tensor.zeros([5, group]);
      weights.data[at] = Number.NaN;
      const place = `row ${Math.floor(at / group)}, column ${at % group}`;
      expect(() => nmMask(weights, { keep: 2, group })).toThrow(`nmMask: NaN at ${place}, expected numbers`);
    }
  });

  test("an empty tensor has an empty mask", () => {
    expect(nmMask(tensor.zeros([0, 4])).shape).toEqual([0, 4]);
    expect(nmMask(tensor.zeros([3, 0])).data.length).toBe(0);
  });

  test("writes into out", () => {
    const weights = tensor.from([
      [3, -1, 0.5, -7],
      [1, 2, 3, 4],
    ]);
    const out = tensor.full([2, 4], 1, "bool");
    expect(nmMask(weights, { out })).toBe(out);
    expect([...out.data]).toEqual([1, 0, 0, 1, 0, 0, 1, 1]);
    expect(() => nmMask(weights, { out: tensor.zeros([4, 2], "bool") })).toThrow(
      "nmMask: out of shape [4, 2], expected [2, 4]",
    );
    expect(() => nmMask(weights, { out: tensor.zeros([2, 4], "uint8") as never })).toThrow(
      "nmMask: out of dtype uint8",
    );
    expect(() => nmMask(out, { out })).toThrow("nmMask: out shares memory with an input, expected one apart");
  });
});
