import { describe, expect, test } from "vitest";
import { type Card, cardMimeType, evaluateClaim } from "../../src/claims.js";
import { displaySymbol, type MimeBundle } from "../../src/display.js";
import {
  approximationRatios,
  diversityTable,
  largestDualityGap,
  paper,
  retainedShares,
  sparseProducts,
  transposability,
} from "../../src/papers/hubara2021-transposable-mask.js";
import { key, normal } from "../../src/random/index.js";
import { nmMask, transposableMask } from "../../src/sparsity/index.js";
import * as tensor from "../../src/tensor/index.js";
import { block, kept, transposableMasks } from "../sparsity/oracles.js";

describe("claims", () => {
  test.each(paper.claims.map((claim) => [claim.id, claim] as const))("%s has its expected verdict", (_, claim) => {
    const card = evaluateClaim(claim, paper.slug);
    expect(card.ok).toBe(true);
    expect(card.verdict).toBe(claim.scale === "out-of-reach" ? "out-of-reach" : claim.expected);
  });

  test("exactly the two that rest on the printed expression do not hold, and both numbers are shown", () => {
    const failing = paper.claims.filter((claim) => evaluateClaim(claim).verdict === "does-not-hold");
    expect(failing.map(({ id }) => id)).toEqual(["printed-diversity", "transposable-4-8-as-diverse-as-2-4"]);
    const [count, order] = failing.map((claim) => evaluateClaim(claim).measured);
    expect(count).toContain("2:4: printed 144, exact 90");
    expect(count).toContain("4:8: printed 17,557,585,920,000, exact 116,963,796,250");
    expect(order).toContain("row-wise 2:4: 2,821,109,907,456");
  });

  test("what cannot be measured here says why", () => {
    for (const claim of paper.claims.filter(({ scale }) => scale === "out-of-reach")) {
      expect(evaluateClaim(claim)).toMatchObject({ verdict: "out-of-reach", expected: null });
      expect(claim.reason?.length).toBeGreaterThan(20);
    }
  });

  test("show themselves with the slug, and measure the same every time", () => {
    const show = (): Card => {
      const shown = paper.claim("two-approximation")[displaySymbol]() as MimeBundle;
      return shown[cardMimeType] as unknown as Card;
    };
    expect(show().paper).toBe("hubara2021-transposable-mask");
    expect(show()).toEqual(show());
  });
});

describe("retained shares", () => {
  // Monte Carlo of another program (2,000 blocks of 4x4, 400 of 8x8), whose standard errors are about 0.001 in
  // the shares and 0.1 in the counts.
  test.each([
    [{ keep: 2, group: 4, blocks: 4000 }, [0.78, 0.743, 0.702, 0.692, 0.63], [7.84, 5.97]],
    [{ keep: 4, group: 8, blocks: 1000 }, [0.792, 0.767, 0.742, 0.733, 0.683], [31.43, 25.8]],
  ])("%o: the table of mean shares and counts", (pattern, shares, counts) => {
    const r = retainedShares({ key: key(17), ...pattern });
    const ours = [r.unstructured, r.row, r.transposable, r.greedyKeep, r.greedyPrune];
    ours.forEach((share, i) => {
      expect(Math.abs(share - (shares[i] as number))).toBeLessThan(0.006);
    });
    expect(Math.abs(r.greedyKeepCount - (counts[0] as number))).toBeLessThan(0.05);
    expect(Math.abs(r.greedyPruneCount - (counts[1] as number))).toBeLessThan(0.3);
    expect(r.ordered).toBe(pattern.blocks);
  });

  test("are those of brute force, block by block", () => {
    const [blocks, group, keep] = [25, 4, 2];
    const r = retainedShares({ key: key(18), blocks, keep, group });
    const w = normal(key(18), [blocks * group, group], { dtype: "float64" });
    const masks = transposableMasks(group, keep);
    let [best, free, rows, ahead] = [0, 0, 0, 0];
    const greedy = transposableMask(w, { method: "greedy-keep" });
    for (let i = 0; i < blocks; i++) {
      const values = block(w.data, group, group, i, 0).map(Math.abs);
      const whole = values.reduce((a, b) => a + b, 0);
      const optimum = Math.max(...masks.map((mask) => kept(values, mask)));
      const topHalf = (line: number[]): number =>
        [...line]
          .sort((a, b) => b - a)
          .slice(0, line.length / 2)
          .reduce((a, b) => a + b, 0);
      best += optimum / whole / blocks;
      free += topHalf(values) / whole / blocks;
      rows += [0, 4, 8, 12].reduce((sum, at) => sum + topHalf(values.slice(at, at + 4)), 0) / whole / blocks;
      ahead += Number(kept(values, block(greedy.data, group, group, i, 0)) > optimum + 1e-9);
    }
    expect(r.transposable).toBeCloseTo(best, 12);
    expect(r.unstructured).toBeCloseTo(free, 12);
    expect(r.row).toBeCloseTo(rows, 12);
    expect(r.greedyAhead).toBe(ahead);
  });
});

test("approximation ratios are below 2, and those of brute force", () => {
  const experiment = { key: key(19), blocks: 30, keep: 2, group: 4 };
  const ratios = approximationRatios(experiment);
  const w = normal(key(19), [120, 4], { dtype: "float64" });
  const greedy = transposableMask(w, { method: "greedy-prune" });
  const masks = transposableMasks(4, 2);
  for (let i = 0; i < 30; i++) {
    const values = block(w.data, 4, 4, i, 0);
    const whole = kept(values, new Array<number>(16).fill(1));
    const least = whole - Math.max(...masks.map((mask) => kept(values, mask)));
    expect(ratios.data[i]).toBeCloseTo((whole - kept(values, block(greedy.data, 4, 4, i, 0))) / least, 10);
  }
  expect(ratios.shape).toEqual([30]);
  expect(tensor.max(ratios)).toBeLessThan(2);
});

test("the duality gap is rounding", () => {
  expect(largestDualityGap({ key: key(20), blocks: 40, keep: 3, group: 8 })).toBeLessThan(1e-13);
});

test("transposability: 90 of 6^4, found by listing every row-wise mask", () => {
  const { transposable, rowWise, probability } = transposability({ keep: 2, group: 4 });
  expect([transposable, rowWise]).toEqual([90n, 1296n]);
  expect(probability).toBeCloseTo(0.0694, 4);
  expect(transposability({ keep: 4, group: 8 }).probability).toBeCloseTo(2.03e-4, 6);
});

test("the diversity table is sorted by exact count, in which 4:8 transposable comes after 2:4 row-wise", () => {
  const table = diversityTable();
  expect(table.map(({ pattern }) => pattern)).toEqual([
    "unstructured",
    "row-wise 4:8",
    "row-wise 2:4",
    "transposable 4:8",
    "transposable 2:4",
  ]);
  for (let i = 1; i < table.length; i++) expect((table[i - 1]?.exact ?? 0n) > (table[i]?.exact ?? 0n)).toBe(true);
  expect(table[3]?.printed).toBe(17_557_585_920_000n);
});

test("sparse products: the forward product from rows, the input gradient from columns", () => {
  const w = normal(key(21), [16, 24]);
  expect(sparseProducts(nmMask(w), { keep: 2, group: 4 })).toEqual({
    forward: true,
    inputGradient: false,
    weightGradient: false,
    count: 1,
  });
  expect(sparseProducts(nmMask(w, { axis: 0 }), { keep: 2, group: 4 })).toMatchObject({
    forward: false,
    inputGradient: true,
  });
  expect(sparseProducts(transposableMask(w), { keep: 2, group: 4 }).count).toBe(2);
});
