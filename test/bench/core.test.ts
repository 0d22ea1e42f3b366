import { expect, test } from "vitest";
import { agree, type CoreRow, digest } from "../../bench/lib/core.js";
import { type CoreReport, coreTable } from "../../bench/lib/core-report.js";
import { toMarkdown } from "../../bench/lib/report.js";
import * as tensor from "../../src/tensor/index.js";

const row = (place: CoreRow["place"], peer: string, oursMs: number, peerMs: number | null): CoreRow => ({
  ...{ kernel: "k", size: "3×5", place, threads: 1, node: "20", peer, peerVersion: "1", oursMs, peerMs },
  ...{ ratio: peerMs === null ? null : peerMs / oursMs, spread: peerMs === null ? null : [1, 2] },
  ...{ limitShare: 0.5, sameResult: peerMs === null ? null : true },
  ...(peerMs === null ? { reason: "not installed" } : {}),
});

const report: CoreReport = {
  ...{ title: "T", machine: "M", versions: { node: "20" }, method: "Medians." },
  rows: [
    ...[row("in place", "numpy", 2, 40), row("in place", "torch", 2, 30), row("in place", "numba", 2, 3)],
    ...[row("streamed", "numpy", 4, 40), row("streamed", "torch", 4, 30), row("streamed", "numba", 4, 3)],
    row("in place", "jax", 2, null),
  ],
};

test("a line has the fastest of the peers, numba apart, and both ratios", () => {
  expect(coreTable(report).split("\n").at(-1)).toBe(
    "| k | 3×5 | 1 | 2.00 | 4.00 | 50 % | 30.0 (torch) | 15× / 7.5× | 3.00 | 1.5× / 0.75× |",
  );
});

test("the page has every row, and says what was left out", () => {
  const page = toMarkdown(report);
  expect(page).toContain("Medians. Ratios are the peer's time over ours");
  expect(page).toContain("| k | 3×5 | in place | 1 | numpy | 2.00 | 40.0 | 20× | 1.0–2.0 |");
  expect(page).toContain("| k | 3×5 | in place | 1 | jax | 2.00 | left out: not installed | – | – |");
});

test("results agree within a part of the largest, never with NaN or another length", () => {
  expect(agree([100, 1], [100, 1.5], 0.005)).toBe(true);
  expect(agree([100, 1], [100, 1.6], 0.005)).toBe(false);
  expect(agree([1, 2], [1, 2], 0)).toBe(true);
  expect(agree([1, Number.NaN], [1, Number.NaN], 1)).toBe(false);
  expect(agree([1], [1, 2], 1)).toBe(false);
});

test("the digest is zlib's CRC-32 of the bytes", () => {
  expect(
    digest(
      tensor.from(
        [..."123456789"].map((c) => c.charCodeAt(0)),
        { dtype: "uint8" },
      ),
    ),
  ).toEqual([0xcbf43926]);
});
