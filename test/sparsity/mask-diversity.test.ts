import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import { binomial, factorial, log10 } from "../../src/math/index.js";
import { countTransposableMasks, maskDiversity } from "../../src/sparsity/index.js";
import { rowsWith, transposableMasks } from "./oracles.js";

describe("countTransposableMasks", () => {
  test("counts as many as there are, for every keep of 1x1 to 5x5", () => {
    for (let group = 1; group <= 5; group++) {
      for (let keep = 0; keep <= group; keep++) {
        expect(countTransposableMasks({ keep, group })).toBe(BigInt(transposableMasks(group, keep).length));
      }
    }
  });

  test.each([
    // OEIS A008300 (line sums keep) and A058527 (keep = group / 2).
    [2, 4, 90n],
    [2, 6, 67_950n],
    [3, 6, 297_200n],
    [2, 8, 187_530_840n],
    [6, 8, 187_530_840n],
    [4, 8, 116_963_796_250n],
    [5, 10, 6_736_218_287_430_460_752n],
    [6, 12, 64_051_375_889_927_380_035_549_804_336n],
  ])("keep %i of %i: %s", (keep, group, count) => {
    expect(countTransposableMasks({ keep, group })).toBe(count);
  });

  test("one per line are the permutations, and so are all but one", () => {
    for (const group of [7, 20, 64]) {
      expect(countTransposableMasks({ keep: 1, group })).toBe(factorial(group));
      expect(countTransposableMasks({ keep: group - 1, group })).toBe(factorial(group));
    }
  });

  test("two per line: the closed recurrence of A001499, a(n) = n(n-1)/2 (2 a(n-1) + (n-1) a(n-2))", () => {
    const a = [1n, 0n];
    for (let n = 2n; n <= 30n; n++) {
      a.push((n * (n - 1n) * (2n * (a[Number(n) - 1] as bigint) + (n - 1n) * (a[Number(n) - 2] as bigint))) / 2n);
      expect(countTransposableMasks({ keep: 2, group: Number(n) })).toBe(a[Number(n)]);
    }
  });

  test("refuses what would take too long", () => {
    expect(() => countTransposableMasks({ keep: 16, group: 32 })).toThrow(ValueError);
    expect(countTransposableMasks({ keep: 1000, group: 1000 })).toBe(1n);
  });
});

describe("maskDiversity", () => {
  test("on 8 x 8", () => {
    const on = (pattern: "unstructured" | "row" | "transposable", keep: number, group: number) =>
      maskDiversity({ pattern, keep, group, rows: 8, cols: 8 });
    expect(on("unstructured", 2, 4)).toEqual({ exact: 1_832_624_140_942_590_534n });
    expect(on("row", 4, 8)).toEqual({ exact: 576_480_100_000_000n });
    expect(on("row", 2, 4)).toEqual({ exact: 2_821_109_907_456n });
    expect(on("transposable", 2, 4)).toEqual({ exact: 65_610_000n, printed: 144n ** 4n });
    expect(on("transposable", 4, 8)).toEqual({ exact: 116_963_796_250n, printed: 17_557_585_920_000n });
  });

  test.each([
    // zeros of group: the paper counts zeros
    [1, 2, 2n, 2n],
    [1, 4, 24n, 24n],
    [2, 4, 90n, 144n],
    [3, 4, 24n, 288n],
    [2, 8, 187_530_840n, 203_212_800n],
    [4, 8, 116_963_796_250n, 17_557_585_920_000n],
  ])("a block with %i zeros of %i: %s exact, %s printed", (zeros, group, exact, printed) => {
    expect(maskDiversity({ pattern: "transposable", keep: group - zeros, group })).toEqual({ exact, printed });
  });

  test("on 2 x 6 and 4 x 6, by listing every mask", () => {
    const rows = rowsWith(6, 3).length;
    expect(maskDiversity({ pattern: "row", keep: 3, group: 6, rows: 2, cols: 6 }).exact).toBe(BigInt(rows ** 2));
    expect(maskDiversity({ pattern: "transposable", keep: 1, group: 2, rows: 4, cols: 6 }).exact).toBe(64n);
    const all = Array.from({ length: 4096 }, (_, code) => code.toString(2).replaceAll("0", "").length);
    expect(maskDiversity({ pattern: "unstructured", keep: 1, group: 3, rows: 2, cols: 6 }).exact).toBe(
      BigInt(all.filter((ones) => ones === 4).length),
    );
  });

  test("complementing a mask swaps keep and zeros, so the exact count is symmetric; the printed one is not", () => {
    const of = (keep: number) => maskDiversity({ pattern: "transposable", keep, group: 6 });
    for (let keep = 0; keep <= 6; keep++) expect(of(keep).exact).toBe(of(6 - keep).exact);
    expect(of(1).printed).not.toBe(of(5).printed);
  });

  test("refuses what does not fit", () => {
    expect(() => maskDiversity({ pattern: "row", rows: 4, cols: 6 })).toThrow(
      new ShapeError("maskDiversity: 4 x 6, expected a multiple of group = 4 for row masks"),
    );
    expect(() => maskDiversity({ pattern: "transposable", rows: 4, cols: 6 })).toThrow(ShapeError);
    expect(() => maskDiversity({ pattern: "unstructured", rows: 1, cols: 6 })).toThrow(ShapeError);
    expect(() => maskDiversity({ pattern: "row", rows: 0, cols: 4 })).toThrow(ValueError);
    expect(() => maskDiversity({ pattern: "row", rows: 2048, cols: 2048 })).toThrow("2^20 weights at most");
    expect(() => maskDiversity({ pattern: "diagonal" as "row" })).toThrow('pattern "diagonal", expected unstructured');
  });
});

describe("exact integers", () => {
  test("binomial is Pascal's triangle", () => {
    let row = [1n];
    for (let n = 0; n <= 60; n++) {
      for (let k = 0; k <= n; k++) expect(binomial(n, k)).toBe(row[k]);
      row = [1n, ...row.slice(1).map((value, i) => value + (row[i] as bigint)), 1n];
    }
    expect(binomial(3, 4)).toBe(0n);
    expect(() => binomial(3, -1)).toThrow(ValueError);
  });

  test("C(2^18, 2^17) has the length that Stirling's formula says", () => {
    const n = 2 ** 18;
    const expected = n * Math.log10(2) - 0.5 * Math.log10((Math.PI * n) / 2);
    expect(log10(binomial(n, n / 2))).toBeCloseTo(expected, 4);
  });

  test("factorial and log10", () => {
    expect([0, 1, 5, 20].map(factorial)).toEqual([1n, 1n, 120n, 2_432_902_008_176_640_000n]);
    expect(() => factorial(-1)).toThrow(ValueError);
    for (const n of [1n, 9n, 90n, 116_963_796_250n, 2n ** 53n]) expect(log10(n)).toBeCloseTo(Math.log10(Number(n)), 13);
    expect(log10(10n ** 5000n)).toBe(5000);
    expect(() => log10(0n)).toThrow(ValueError);
  });
});
