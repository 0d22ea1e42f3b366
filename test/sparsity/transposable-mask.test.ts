import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import { type TransposableMethod, transposableMask } from "../../src/sparsity/index.js";
import * as tensor from "../../src/tensor/index.js";
import { bestKept, block, kept, lineSums, transposableMasks } from "./oracles.js";

const methods: TransposableMethod[] = ["exact", "exhaustive", "greedy-keep", "greedy-prune"];
const greedies: TransposableMethod[] = ["greedy-keep", "greedy-prune"];
const optima: TransposableMethod[] = ["exact", "exhaustive"];

/** Blocks with many ties (small integers) and without (doubles), of a size and a keep. */
const blocks = (sizes: readonly number[]) =>
  fc.constantFrom(...sizes).chain((group) =>
    fc.record({
      group: fc.constant(group),
      keep: fc.integer({ min: 0, max: group }),
      values: fc.oneof(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: group ** 2, maxLength: group ** 2 }),
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: group ** 2, maxLength: group ** 2 }),
      ),
    }),
  );

test.each(optima)("%s keeps as much as the best of all masks of 1x1 to 5x5", (method) => {
  fc.assert(
    fc.property(blocks([1, 2, 3, 4, 5]), ({ group, keep, values }) => {
      const w = tensor.from(values, { dtype: "float64", shape: [group, group] });
      const mask = [...transposableMask(w, { keep, group, method }).data];
      const { rows, columns } = lineSums(mask, group);
      expect([...rows, ...columns].every((sum) => sum === keep)).toBe(true);
      expect(kept(values, mask)).toBeCloseTo(bestKept(values, transposableMasks(group, keep)), 11);
    }),
    { seed: 2021, numRuns: 60 },
  );
});

test("exhaustive takes the first mask of equals: lower columns in upper rows", () => {
  const mask = transposableMask(tensor.zeros([4, 4]), { method: "exhaustive" });
  expect([...mask.data]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]);
});

test("exact and exhaustive keep the same on 6x6", () => {
  const w = normal(key(66), [12, 18], { dtype: "float64" });
  const [flow, search] = optima.map((method) => kept(w.data, transposableMask(w, { keep: 3, group: 6, method }).data));
  expect(flow).toBeCloseTo(search as number, 11);
});

test("each block of a matrix that is not square is solved on its own", () => {
  const w = normal(key(7), [8, 12], { dtype: "float64" });
  const masks = transposableMasks(4, 2);
  for (const method of optima) {
    const mask = transposableMask(w, { keep: 2, group: 4, method });
    expect(mask).toMatchObject({ shape: [8, 12], dtype: "bool" });
    for (const [row, column] of [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ] as const) {
      const values = block(w.data, 12, 4, row, column);
      expect(kept(values, block(mask.data, 12, 4, row, column))).toBeCloseTo(bestKept(values, masks), 12);
    }
  }
});

describe("greedy-keep", () => {
  test("is the plain loop: heaviest first, while row and column have room", () => {
    fc.assert(
      fc.property(blocks([1, 2, 3, 4, 7, 9]), ({ group, keep, values }) => {
        const w = tensor.from(values, { dtype: "float64", shape: [group, group] });
        const order = values
          .map((_, i) => i)
          .sort((a, b) => Math.abs(values[b] as number) - Math.abs(values[a] as number) || a - b);
        const chosen = new Set<number>();
        const count = (line: (at: number) => boolean): number => [...chosen].filter(line).length;
        for (const at of order) {
          const row = count((x) => Math.floor(x / group) === Math.floor(at / group));
          const column = count((x) => x % group === at % group);
          if (row < keep && column < keep) chosen.add(at);
        }
        const mask = transposableMask(w, { keep, group, method: "greedy-keep" });
        expect([...mask.data]).toEqual(values.map((_, i) => (chosen.has(i) ? 1 : 0)));
      }),
      { seed: 2021, numRuns: 60 },
    );
  });

  test("ends with 7 or 8 of 16 at 2:4: every mask that cannot be extended has 7 or 8 (96 and 90 of them)", () => {
    const within = (mask: number[]): boolean => {
      const { rows, columns } = lineSums(mask, 4);
      return [...rows, ...columns].every((sum) => sum <= 2);
    };
    const all = Array.from({ length: 65_536 }, (_, code) => code).filter((code) => within(bits(code)));
    expect(all).toHaveLength(7343);
    const sizes = all
      .filter((code) =>
        Array.from({ length: 16 }, (_, i) => code | (1 << i)).every((more) => more === code || !within(bits(more))),
      )
      .map((code) => bits(code).reduce((a, b) => a + b, 0));
    expect([sizes.filter((n) => n === 8).length, sizes.filter((n) => n === 7).length, sizes.length]).toEqual([
      90, 96, 186,
    ]);
  });

  test("does not stop early, unlike the reference code, whose exit loses 4 % at 4x4 and 7 % at 8x8", () => {
    for (const [group, loss] of [
      [4, 0.042],
      [8, 0.073],
    ] as const) {
      const rows = 40 * group;
      const w = normal(key(group), [rows, 25 * group], { dtype: "float64" });
      const mask = transposableMask(w, { keep: group / 2, group, method: "greedy-keep" });
      let early = 0;
      for (let i = 0; i < 1000; i++) {
        early += withEarlyExit(block(w.data, 25 * group, group, Math.floor(i / 25), i % 25), group / 2, group);
      }
      expect(Math.abs(1 - early / kept(w.data, mask.data) - loss)).toBeLessThan(0.006);
    }
  });
});

test("a greedy may keep more than the optimum by leaving a place empty: 7 ones fit, but not into a full mask", () => {
  const values = [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1];
  const w = tensor.from(values, { shape: [4, 4] });
  const keeps = (method: TransposableMethod): number => kept(values, transposableMask(w, { method }).data);
  expect(bestKept(values, transposableMasks(4, 2))).toBe(6);
  expect([keeps("exact"), keeps("exhaustive"), keeps("greedy-keep")]).toEqual([6, 6, 7]);
});

const bits = (code: number): number[] => Array.from({ length: 16 }, (_, i) => (code >> i) & 1);

/** What the reference code's greedy keeps of one block: it ends once the entry looked at has a full row and column. */
function withEarlyExit(values: number[], keep: number, group: number): number {
  const order = values.map((_, i) => i).sort((a, b) => Math.abs(values[b] as number) - Math.abs(values[a] as number));
  const rows = new Array<number>(group).fill(0);
  const columns = new Array<number>(group).fill(0);
  let sum = 0;
  for (const at of order) {
    const [i, j] = [Math.floor(at / group), at % group];
    const [row, column] = [rows[i] as number, columns[j] as number];
    if (row >= keep && column >= keep) break;
    if (row < keep && column < keep) {
      rows[i] = row + 1;
      columns[j] = column + 1;
      sum += Math.abs(values[at] as number);
    }
  }
  return sum;
}

describe("greedy-prune", () => {
  test("is the plain loop: lightest first, where row or column lacks zeros", () => {
    fc.assert(
      fc.property(blocks([1, 2, 3, 4, 7, 9]), ({ group, keep, values }) => {
        const w = tensor.from(values, { dtype: "float64", shape: [group, group] });
        const order = values
          .map((_, i) => i)
          .sort((a, b) => Math.abs(values[a] as number) - Math.abs(values[b] as number) || b - a);
        const pruned = new Set<number>();
        const count = (line: (at: number) => boolean): number => [...pruned].filter(line).length;
        for (const at of order) {
          const row = count((x) => Math.floor(x / group) === Math.floor(at / group));
          const column = count((x) => x % group === at % group);
          if (row < group - keep || column < group - keep) pruned.add(at);
        }
        const mask = transposableMask(w, { keep, group, method: "greedy-prune" });
        expect([...mask.data]).toEqual(values.map((_, i) => (pruned.has(i) ? 0 : 1)));
      }),
      { seed: 2021, numRuns: 60 },
    );
  });

  test("prunes less than twice the least magnitude that must go", () => {
    fc.assert(
      fc.property(blocks([2, 3, 4, 5]), ({ group, keep, values }) => {
        const w = tensor.from(values, { dtype: "float64", shape: [group, group] });
        const total = kept(values, new Array<number>(group ** 2).fill(1));
        const least = total - bestKept(values, transposableMasks(group, keep));
        const gone = total - kept(values, transposableMask(w, { keep, group, method: "greedy-prune" }).data);
        expect(gone).toBeLessThanOrEqual(2 * least + 1e-9);
      }),
      { seed: 2021, numRuns: 100 },
    );
  });
});

describe("every method", () => {
  test.each(greedies)("%s keeps at most keep per line", (method) => {
    const w = normal(key(9), [24, 16]);
    for (const keep of [0, 1, 3, 4, 7, 8]) {
      const mask = transposableMask(w, { keep, group: 8, method });
      for (let i = 0; i < 6; i++) {
        const { rows, columns } = lineSums(block(mask.data, 16, 8, Math.floor(i / 2), i % 2), 8);
        expect(Math.max(...rows, ...columns)).toBeLessThanOrEqual(keep);
      }
    }
  });

  test.each([
    [4, 68],
    [8, 1040],
  ] as const)("1..n*n in %s rows: the optimum keeps %s, half of the total", (n, half) => {
    const w = tensor.arange(n * n, { start: 1, shape: [n, n] });
    expect(kept(w.data, transposableMask(w, { keep: n / 2, group: n }).data)).toBe(half);
    const greedy = transposableMask(w, { keep: n / 2, group: n, method: "greedy-keep" });
    const { rows, columns } = lineSums([...greedy.data], n);
    expect(Math.max(...rows, ...columns)).toBe(n / 2);
  });

  test.each(methods)("%s keeps nothing with keep 0 and everything with keep = group", (method) => {
    const w = normal(key(3), [8, 4]);
    expect(transposableMask(w, { keep: 0, group: 4, method }).data).toEqual(new Uint8Array(32));
    expect(transposableMask(w, { keep: 4, group: 4, method }).data).toEqual(new Uint8Array(32).fill(1));
  });

  test.each(methods)("%s gives the same mask for the negative, a multiple by a power of two, and float32", (method) => {
    const w = normal(key(4), [12, 8]);
    const mask = transposableMask(w, { method });
    expect(
      transposableMask(
        tensor.map(w, (x) => -4 * x),
        { method },
      ),
    ).toEqual(mask);
    expect(
      transposableMask(
        tensor.map(w, (x) => x, "float64"),
        { method },
      ),
    ).toEqual(mask);
  });

  test("the optimum of the transpose keeps as much, and moves with rows and columns", () => {
    const w = normal(key(5), [8, 8], { dtype: "float64" });
    const best = kept(w.data, transposableMask(w, { keep: 4, group: 8 }).data);
    const turned = tensor.transpose(w);
    expect(kept(turned.data, transposableMask(turned, { keep: 4, group: 8 }).data)).toBeCloseTo(best, 12);
    const order = [3, 0, 7, 1, 6, 2, 5, 4];
    const shuffled = tensor.from(
      order.flatMap((i) => [...w.data.slice(i * 8, i * 8 + 8)]),
      { dtype: "float64", shape: [8, 8] },
    );
    expect(kept(shuffled.data, transposableMask(shuffled, { keep: 4, group: 8 }).data)).toBeCloseTo(best, 12);
  });
});

describe("infinite and huge magnitudes", () => {
  test.each(optima)("%s keeps as many infinities as possible, then as much of the rest", (method) => {
    const masks = transposableMasks(4, 2);
    const infinite = fc.array(fc.boolean(), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(infinite, fc.integer({ min: 0, max: 1000 }), (places, seed) => {
        const finite = normal(key(seed), [16], { dtype: "float64" }).data;
        const values = places.map((at, i) =>
          at ? (i % 2 ? 1 : -1) * Number.POSITIVE_INFINITY : (finite[i] as number),
        );
        const score = (mask: ArrayLike<number>): [number, number] => [
          values.filter((value, i) => mask[i] === 1 && !Number.isFinite(value)).length,
          values.reduce((sum, value, i) => sum + (mask[i] === 1 && Number.isFinite(value) ? Math.abs(value) : 0), 0),
        ];
        const best = masks.map(score).sort((a, b) => b[0] - a[0] || b[1] - a[1])[0] as [number, number];
        const w = tensor.from(values, { dtype: "float64", shape: [4, 4] });
        const [count, rest] = score(transposableMask(w, { method }).data);
        expect(count).toBe(best[0]);
        expect(rest).toBeCloseTo(best[1], 11);
      }),
      { seed: 2021, numRuns: 60 },
    );
  });

  test.each(methods)("%s treats numbers near the largest as it treats small ones", (method) => {
    const w = tensor.map(normal(key(6), [8, 8], { dtype: "float64" }), (x) => x * 2 ** 1021);
    const small = tensor.map(w, (x) => x * 2 ** -1021);
    expect(transposableMask(w, { method })).toEqual(transposableMask(small, { method }));
  });
});

test("refuses what does not fit", () => {
  const w = tensor.zeros([8, 12]);
  expect(() => transposableMask(w, { keep: 4, group: 8 })).toThrow(
    new ShapeError("transposableMask: shape [8, 12], expected both sides to be multiples of group = 8"),
  );
  expect(() => transposableMask(tensor.zeros([4]))).toThrow(ShapeError);
  expect(() => transposableMask(w, { keep: 5 })).toThrow(ValueError);
  expect(() => transposableMask(tensor.zeros([65, 65]), { keep: 1, group: 65 })).toThrow("expected an integer 1..64");
  expect(() => transposableMask(w, { method: "fast" as "exact" })).toThrow('transposableMask: method "fast"');
  expect(() => transposableMask(tensor.zeros([8, 8]), { keep: 4, group: 8, method: "exhaustive" })).toThrow(
    "transposableMask: exhaustive with keep = 4, group = 8, expected at most 300000 masks to try",
  );
  const bad = tensor.from(
    Array.from({ length: 96 }, (_, i) => (i === 41 ? Number.NaN : i)),
    { shape: [8, 12] },
  );
  for (const method of methods) {
    expect(() => transposableMask(bad, { method })).toThrow(
      "transposableMask: NaN at row 3, column 5, expected numbers",
    );
  }
});

test("an empty matrix has an empty mask", () => {
  expect(transposableMask(tensor.zeros([0, 8]))).toEqual({ data: new Uint8Array(0), shape: [0, 8], dtype: "bool" });
});
