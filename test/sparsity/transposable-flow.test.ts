/** The flow, path by path, against all masks with so many entries. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { type FlowStep, keptMagnitude, transposableFlow, transposableMask } from "../../src/sparsity/index.js";
import { from, full } from "../../src/tensor/index.js";

/** The most that k entries can weigh with at most `keep` per line, for each k: by trying every subset. */
function bestByCount(magnitudes: readonly number[], group: number, keep: number): number[] {
  const best: number[] = Array(group * keep + 1).fill(Number.NEGATIVE_INFINITY);
  for (let subset = 0; subset < 2 ** (group * group); subset++) {
    const rows = Array(group).fill(0);
    const columns = Array(group).fill(0);
    let [count, sum] = [0, 0];
    for (let at = 0; at < group * group; at++) {
      if (((subset >> at) & 1) === 0) continue;
      rows[Math.floor(at / group)]++;
      columns[at % group]++;
      count++;
      sum += magnitudes[at] as number;
    }
    if (Math.max(...rows, ...columns) <= keep) best[count] = Math.max(best[count] as number, sum);
  }
  return best;
}

/** Checks what holds after every step, however it was found. */
function checkSteps(steps: readonly FlowStep[], magnitudes: readonly number[], group: number): void {
  const kept = new Set<number>();
  let total = 0;
  for (const [i, { path, gain, kept: sum, mask }] of steps.entries()) {
    expect(path.map(({ added }) => added)).toEqual(path.map((_, j) => j % 2 === 0));
    for (const [j, { row, column, added }] of path.entries()) {
      const at = row * group + column;
      expect(kept.has(at)).toBe(!added);
      if (added) kept.add(at);
      else kept.delete(at);
      total += (added ? 1 : -1) * (magnitudes[at] as number);
      // A chain: it goes on in the same column after an added entry, in the same row after one that is given back.
      const next = path[j + 1];
      if (next !== undefined) expect(added ? next.column : next.row).toBe(added ? column : row);
    }
    expect([...mask.data].flatMap((bit, at) => (bit === 1 ? [at] : []))).toEqual([...kept].sort((a, b) => a - b));
    expect([kept.size, sum]).toEqual([i + 1, expect.closeTo(total, 9)]);
    if (i > 0) expect(gain).toBeLessThanOrEqual((steps[i - 1] as FlowStep).gain + 1e-9);
  }
}

test.each([
  [2, 1],
  [3, 1],
  [3, 2],
  [4, 1],
  [4, 2],
  [4, 3],
])("of a block of %i with keep %i every mask on the way is the best of its size", (group, keep) => {
  const block = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: group * group, maxLength: group * group });
  fc.assert(
    fc.property(block, (weights) => {
      const magnitudes = weights.map(Math.abs);
      const data = Float64Array.from(weights);
      const steps = transposableFlow({ data, shape: [group, group], dtype: "float64" }, { keep });
      expect(steps).toHaveLength(group * keep);
      checkSteps(steps, magnitudes, group);
      expect([0, ...steps.map(({ kept }) => kept)]).toEqual(bestByCount(magnitudes, group, keep));
    }),
    { seed: 2021, numRuns: group === 4 ? 4 : 40 },
  );
});

test.each([
  [8, 4],
  [16, 8],
  [12, 5],
])("of a block of %i with keep %i the last mask keeps what the fast solver keeps", (group, keep) => {
  const block = normal(key(group), [group, group]);
  const steps = transposableFlow(block, { keep });
  checkSteps(steps, [...block.data].map(Math.abs), group);
  expect(steps.at(-1)?.kept).toBeCloseTo(keptMagnitude(block, transposableMask(block, { keep, group })), 6);
});

test("a path gives back what greed took", () => {
  const steps = transposableFlow(
    from([
      [3, 2],
      [2, 0],
    ]),
    { keep: 1 },
  );
  expect(steps.map(({ path, gain, kept }) => ({ path, gain, kept }))).toEqual([
    { path: [{ row: 0, column: 0, added: true }], gain: 3, kept: 3 },
    {
      path: [
        { row: 1, column: 0, added: true },
        { row: 0, column: 0, added: false },
        { row: 0, column: 1, added: true },
      ],
      gain: 1,
      kept: 4,
    },
  ]);
});

describe("edges", () => {
  test("equal weights, zeros, nothing and everything kept", () => {
    expect(transposableFlow(full([4, 4], 1)).map(({ path }) => path.length)).toEqual(Array(8).fill(1));
    expect(
      transposableFlow(full([3, 3], 0), { keep: 2 })
        .at(-1)
        ?.mask.data.reduce((a, b) => a + b, 0),
    ).toBe(6);
    expect(transposableFlow(full([3, 3], 1), { keep: 0 })).toEqual([]);
    expect([...(transposableFlow(full([3, 3], 1), { keep: 3 }).at(-1)?.mask.data ?? [])]).toEqual(Array(9).fill(1));
  });

  test.each([
    [full([2, 4], 1), {}, "transposableFlow: shape [2, 4], expected a square block"],
    [full([2, 2], Number.NaN), {}, "transposableFlow: NaN at position 0, expected finite weights"],
    [full([2, 2], Number.POSITIVE_INFINITY), {}, "transposableFlow: Infinity at position 0, expected finite"],
    [full([2, 2], 1), { keep: 3 }, "transposableFlow: keep = 3, expected an integer 0..2 (group = 2)"],
    [full([65, 65], 1), {}, "transposableFlow: group = 65, expected an integer 1..64"],
  ])("what is no block or pattern is refused: %#", (block, options, message) => {
    expect(() => transposableFlow(block, options)).toThrow(message);
  });
});
