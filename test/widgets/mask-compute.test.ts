/** What the mask widget computes, against brute force and plain loops that share no code with it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { arange, from, full, type Tensor } from "../../src/tensor/index.js";
import * as compute from "../../widgets/mask/compute.js";
import { bestKept, kept, transposableMasks } from "../sparsity/oracles.js";

const pattern = { keep: 2, group: 4 };
const all = transposableMasks(4, 2);

/** At most `keep` ones in every run of `group` along rows (axis 1) or columns (axis 0). */
function validByLoop(mask: ArrayLike<number>, [rows, columns]: readonly number[], axis: 0 | 1): boolean {
  const [lines, length] = axis === 1 ? [rows as number, columns as number] : [columns as number, rows as number];
  for (let line = 0; line < lines; line++) {
    for (let start = 0; start < length; start += pattern.group) {
      let count = 0;
      for (let i = start; i < start + pattern.group; i++) {
        count += mask[axis === 1 ? line * (columns as number) + i : i * (columns as number) + line] as number;
      }
      if (count > pattern.keep) return false;
    }
  }
  return true;
}

const weights4x8 = fc
  .array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 32, maxLength: 32 })
  .map((data): Tensor => ({ data: Float64Array.from(data), shape: [4, 8], dtype: "float64" }));

describe("analyze", () => {
  test("the optimum keeps as much as the best of all 90 masks of each block", () => {
    fc.assert(
      fc.property(weights4x8, (weights) => {
        const blocks = [0, 4].map((start) =>
          [0, 1, 2, 3].flatMap((row) => [...weights.data.slice(row * 8 + start, row * 8 + start + 4)]),
        );
        const best = blocks.reduce((sum, block) => sum + bestKept(block, all), 0);
        const report = compute.analyze(weights, pattern).masks.find(({ kind }) => kind === "transposable");
        expect(report?.kept).toBeCloseTo(best, 9);
      }),
      { seed: 2021, numRuns: 40 },
    );
  });

  test("kept, share and lights agree with loops over the mask, and the order of masks always holds", () => {
    fc.assert(
      fc.property(weights4x8, (weights) => {
        const { total, masks } = compute.analyze(weights, pattern);
        expect(total).toBeCloseTo(kept(weights.data, new Uint8Array(32).fill(1)), 9);
        for (const report of masks) {
          expect(report.kept).toBeCloseTo(kept(weights.data, report.mask.data), 9);
          if (total > 0) expect(report.share).toBeCloseTo(report.kept / total, 12);
          expect(report.entries).toBe([...report.mask.data].filter((bit) => bit === 1).length);
          expect(report.validAlongRows).toBe(validByLoop(report.mask.data, [4, 8], 1));
          expect(report.validAlongColumns).toBe(validByLoop(report.mask.data, [4, 8], 0));
        }
        const [unstructured, row, optimum, greedyKeep, greedyPrune] = masks.map((report) => report.kept) as [
          number,
          number,
          number,
          number,
          number,
        ];
        expect(unstructured).toBeGreaterThanOrEqual(row - 1e-9);
        expect(row).toBeGreaterThanOrEqual(optimum - 1e-9);
        expect(optimum).toBeGreaterThanOrEqual(Math.max(greedyKeep, greedyPrune) - 1e-9);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  test("1..64 at 4 of 8: every valid mask keeps exactly half, 1040 of 2080", () => {
    const { total, masks } = compute.analyze(arange(64, { start: 1, shape: [8, 8] }), { keep: 4, group: 8 });
    expect(total).toBe(2080);
    expect(masks.map((report) => [report.kind, report.kept])).toEqual([
      ["unstructured", 1552],
      ["row", 1104],
      ["transposable", 1040],
      ["greedy-keep", 1040],
      ["greedy-prune", 808],
    ]);
  });

  test("weights that are all zero: shares are 1, not NaN", () => {
    for (const report of compute.analyze(full([4, 8], 0), pattern).masks) {
      expect([report.kept, report.share, report.shareOfBound]).toEqual([0, 1, 1]);
    }
  });

  test("a group that does not divide a side is refused by name", () => {
    expect(() => compute.analyze(full([4, 6], 1), pattern)).toThrow("[4, 6]");
  });
});

describe("tiles", () => {
  test.each([
    [[8, 12], 4, [8, 12]],
    [[512, 512], 8, [16, 16]],
    [[512, 6], 3, [15, 6]],
    [[16, 32], 16, [16, 16]],
    [[512, 512], 1, [16, 16]],
  ])("the tile of %j at group %i is %j", (shape, group, size) => {
    expect(compute.tileSize(shape, group)).toEqual(size);
  });

  test("is placed inside the matrix on a multiple of group", () => {
    expect(compute.placeTile([512, 24], 8, [-5, 99])).toEqual([0, 8]);
    expect(compute.placeTile([512, 512], 8, [500, 13])).toEqual([496, 8]);
    expect(compute.placeTile([30, 30], 3, [29, 29])).toEqual([15, 15]);
    expect(compute.placeTile([8, 12], 4, [4, 4])).toEqual([0, 0]);
  });

  test("tileOf copies the right weights, withEdits changes some in a copy", () => {
    const matrix = arange(5 * 7, { shape: [5, 7] });
    const tile = compute.tileOf(matrix, [1, 2], [2, 3]);
    expect([tile.shape, [...tile.data]]).toEqual([
      [2, 3],
      [9, 10, 11, 16, 17, 18],
    ]);
    const changed = compute.withEdits(matrix, [[3, 2, -1]]);
    expect([changed.data[23], matrix.data[23], changed.shape]).toEqual([-1, 23, [5, 7]]);
  });

  test("groupsOf lists the sizes that divide both sides", () => {
    expect(compute.groupsOf([8, 12])).toEqual([2, 4]);
    expect(compute.groupsOf([512, 512])).toEqual([2, 4, 8, 16]);
    expect(compute.groupsOf([7, 5])).toEqual([]);
  });
});

describe("the diversity counter", () => {
  test("8 x 8 at 4 of 8: the printed expression reverses the order that exact counts have", () => {
    const rows = compute.diversityRows({ keep: 4, group: 8 }, 8, 8);
    expect(rows.map(({ label, count, source }) => [label, count, source])).toEqual([
      ["Unstructured, same density", 1832624140942590534n, "exact"],
      ["Row-wise 4 of 8", 70n ** 8n, "exact"],
      ["Row-wise 2 of 4", 6n ** 16n, "exact"],
      ["Transposable 4 of 8", 116963796250n, "exact"],
      ["Transposable 4 of 8", 17557585920000n, "printed"],
    ]);
    expect(rows[3]?.count as bigint).toBeLessThan(rows[2]?.count as bigint);
    expect(rows[4]?.count as bigint).toBeGreaterThan(rows[2]?.count as bigint);
  });

  test("4 x 8 at 2 of 4: two blocks of 90 masks counted one by one", () => {
    const rows = compute.diversityRows(pattern, 4, 8);
    expect(rows.find(({ label, source }) => label === "Transposable 2 of 4" && source === "exact")?.count).toBe(
      BigInt(all.length) ** 2n,
    );
    expect(rows.at(-1)?.count).toBe(144n ** 2n);
  });

  test("odd patterns have no half to compare with", () => {
    expect(compute.diversityRows({ keep: 1, group: 4 }, 4, 4).map(({ label }) => label)).not.toContain(
      "Row-wise 0 of 2",
    );
  });

  test("log10 is right for counts of any size", () => {
    expect(compute.log10(1n)).toBe(0);
    expect(compute.log10(1000n)).toBeCloseTo(3, 12);
    for (let n = 1; n < 300; n += 13) expect(compute.log10(7n ** BigInt(n))).toBeCloseTo(n * Math.log10(7), 9);
  });
});

describe("words", () => {
  test.each([
    [65610000n, "65 610 000"],
    [999n, "999"],
    [116963796250n, "1.17e11"],
    [4294967296n, "4.29e9"],
    [9996000000n, "1.00e10"],
    [10n ** 75n, "1.00e75"],
  ])("%i is written %s", (count, text) => {
    expect(compute.formatCount(count)).toBe(text);
  });

  test.each([
    [0.25, ".25", ".25"],
    [-1.5, "-1.50", "-1.5"],
    [12.46, "12.5", "12.5"],
    [0, "0", "0"],
    [-3, "-3", "-3"],
    [123.4, "123", "123"],
    [20000, "2e+4", "2e+4"],
    [0.001, "1e-3", "~0"],
  ])("a weight of %f is written %s, or %s where there is little room", (value, text, short) => {
    expect([compute.formatWeight(value), compute.formatWeight(value, true)]).toEqual([text, short]);
    expect(Math.max(text.length, short.length)).toBeLessThanOrEqual(5);
  });

  test("the text alternative names every mask with what it keeps and where it is valid", () => {
    const weights = from([
      [4, 3, 2, 1],
      [4, 3, 2, 1],
      [4, 3, 2, 1],
      [4, 3, 2, 1],
    ]);
    expect(compute.describeAnalysis(compute.analyze(weights, pattern), [4, 4], pattern)).toBe(
      [
        "Masks that keep 2 of 4, 4 x 4 weights, total magnitude 40.00",
        "Unstructured bound: 28.00 (70.0 %), 8 weights, valid along rows",
        "Row-wise: 28.00 (70.0 %), 8 weights, valid along rows",
        "Transposable optimum: 20.00 (50.0 %), 8 weights, valid along rows and columns",
        "Greedy-keep: 20.00 (50.0 %), 8 weights, valid along rows and columns",
        "Greedy-prune: 14.00 (35.0 %), 4 weights, valid along rows and columns",
      ].join("\n"),
    );
  });
});

test("a matrix of 512 x 512 normal weights keeps what theory says: 0.745 by rows at 2 of 4", () => {
  const { masks } = compute.analyze(normal(key(11), [512, 512]), pattern);
  expect(masks.find(({ kind }) => kind === "row")?.share).toBeCloseTo(0.7448, 2);
});
