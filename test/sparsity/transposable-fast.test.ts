// The kernels of transposable masks against the plain solvers, entry for entry, and against brute force.
import fc from "fast-check";
import { expect, test } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { type TransposableMethod, transposableMask } from "../../src/sparsity/index.js";
import { fastTransposable24 } from "../../src/sparsity/transposable-fast.js";
import * as tensor from "../../src/tensor/index.js";
import { describeBackends, plainly } from "../support/backends.js";
import { bestKept, kept, lineSums, transposableMasks } from "./oracles.js";

const methods: TransposableMethod[] = ["exact", "exhaustive", "greedy-keep", "greedy-prune"];

/** Ties, near ties, signs of zero, denormals, the largest and infinity. */
const hard = [0, -0, 1e-45, -3e-45, 1, -1, 1 + 2 ** -23, 1 + 2 ** -22, 2, -2, 3, 1e-20, 3.4e38, -3.4e38];
const values = fc.oneof(
  fc.constantFrom(...hard),
  fc.constantFrom(...hard, Number.POSITIVE_INFINITY),
  fc.float({ noNaN: true }),
);

const cases = fc.constantFrom(1, 2, 3, 4, 6, 8, 10).chain((group) =>
  fc
    .record({ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: group === 4 ? 11 : 4 }) })
    .chain(({ rows, columns }) => {
      const size = rows * columns * group * group;
      return fc.record({
        shape: fc.constant([rows * group, columns * group] as const),
        group: fc.constant(group),
        keep: fc.integer({ min: 0, max: group }),
        data: fc.oneof(
          fc.array(values, { minLength: size, maxLength: size }),
          fc.array(fc.integer({ min: -3, max: 3 }), { minLength: size, maxLength: size }),
        ),
      });
    }),
);

describeBackends("transposableMask on float32", () => {
  test.each(methods)("%s: the same entries as the plain solver", (method) => {
    fc.assert(
      fc.property(cases, ({ shape, group, keep, data }) => {
        if (method === "exhaustive" && group > 4) return;
        const weights = tensor.from(data.map(Math.fround), { shape });
        const expected = plainly(() => transposableMask(weights, { method, keep, group }));
        expect(transposableMask(weights, { method, keep, group })).toEqual(expected);
      }),
      { seed: 48, numRuns: 150 },
    );
  });

  test("2:4: as much as the best of the 90 masks of each block", () => {
    const weights = normal(key(7), [20, 44]);
    const mask = transposableMask(weights);
    const all = transposableMasks(4, 2);
    for (const row of [0, 4, 8, 12, 16]) {
      for (let column = 0; column < 44; column += 4) {
        const at = (row: number, column: number): number => row * 44 + column;
        const places = Array.from({ length: 16 }, (_, i) => at(row + (i >> 2), column + (i & 3)));
        const block = places.map((place) => weights.data[place] as number);
        const chosen = places.map((place) => mask.data[place] as number);
        const { rows, columns } = lineSums(chosen, 4);
        expect([...rows, ...columns]).toEqual(new Array(8).fill(2));
        expect(kept(block, chosen)).toBeCloseTo(bestKept(block, all), 12);
      }
    }
  });

  test.each(methods)("%s: NaN is refused where it stands", (method) => {
    for (const [row, column] of [
      [0, 0],
      [3, 17],
      [7, 43],
      [5, 40],
    ] as const) {
      const weights = normal(key(8), [8, 44]);
      weights.data[row * 44 + column] = Number.NaN;
      expect(() => transposableMask(weights, { method })).toThrow(
        `transposableMask: NaN at row ${row}, column ${column}, expected numbers`,
      );
    }
  });

  test.each(methods)("%s writes into out", (method) => {
    const weights = normal(key(9), [12, 32]);
    const out = tensor.full([12, 32], 1, "bool");
    expect(transposableMask(weights, { method, out })).toBe(out);
    expect(out).toEqual(transposableMask(weights, { method }));
    expect(() => transposableMask(weights, { method, out: tensor.zeros([12, 31], "bool") })).toThrow(
      "out of shape [12, 31]",
    );
  });
});

test("the kernel is sure of nearly all blocks of random weights, and of none that ties", () => {
  const sure = normal(key(10), [400, 400]);
  const left = fastTransposable24(sure, tensor.zeros([400, 400], "bool")) as Uint8Array;
  expect(left.length).toBe(10_000);
  expect(left.filter(Boolean).length).toBeLessThan(10);
  const ties = fastTransposable24(tensor.full([8, 40], 1), tensor.zeros([8, 40], "bool"));
  expect(ties).toEqual(new Uint8Array(20).fill(1));
});
