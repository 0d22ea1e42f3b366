/** Histograms against NumPy's, and against comparing every value with every edge. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { type HistogramOptions, histogram } from "../../src/stats/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";
import { relative } from "../support/ulps.js";

interface Case extends HistogramOptions {
  readonly values: readonly number[];
  readonly counts: readonly number[];
  readonly binEdges: readonly number[];
}
const { histograms } = JSON.parse(readFileSync(new URL("../fixtures/stats-scipy.json", import.meta.url), "utf8")) as {
  readonly histograms: readonly Case[];
};
const floats = (values: readonly number[]): Tensor<"float64"> => from(values, { dtype: "float64" });

test.each(histograms.map((one, i) => [i, one] as const))("case %i of NumPy, edges to the last bit", (_, one) => {
  const { values, counts, binEdges, ...options } = one;
  const found = histogram(floats(values), options);
  expect(Array.from(found.counts.data)).toEqual(counts);
  expect(Array.from(found.edges.data)).toEqual(binEdges);
});

test("every value is in the bin that its edges say, wherever it lies", () => {
  const numbers = fc.array(
    fc.oneof(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), fc.integer({ min: -9, max: 9 })),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  const options = fc.oneof(
    fc.record({ bins: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ bins: fc.integer({ min: 1, max: 40 }), range: fc.constant([-3, 5] as const) }),
    fc.record({
      bins: fc.integer({ min: 1, max: 40 }),
      range: fc.constant([1e-3, 1e3] as const),
      log: fc.constant(true),
    }),
    fc.record({ edges: fc.constant([Number.NEGATIVE_INFINITY, -1, 0, 0, 2, Number.POSITIVE_INFINITY]) }),
  );
  fc.assert(
    fc.property(numbers, options, (list, chosen) => {
      const { counts, edges, below, above } = histogram(floats(list), chosen);
      const { data } = edges;
      const last = data.length - 2;
      const expected = Array.from({ length: last + 1 }, (_, i) => {
        const [low, high] = [data[i] as number, data[i + 1] as number];
        return list.filter((x) => x >= low && (x < high || (i === last && x === high))).length;
      });
      expect(Array.from(counts.data)).toEqual(expected);
      expect(below + above + expected.reduce((a, b) => a + b)).toBe(list.length);
    }),
    { seed: 5, numRuns: 500 },
  );
});

test("an edge is in the bin that begins with it, for every number of bins", () => {
  for (let bins = 1; bins <= 300; bins++) {
    const range = [-1.1, bins / 7] as const;
    const { edges } = histogram(floats([0]), { bins, range });
    const { counts } = histogram(edges, { bins, range });
    expect(Array.from(counts.data)).toEqual([...new Array<number>(bins - 1).fill(1), 2]);
  }
});

test("with log the bins have one ratio, and what is not positive lies below", () => {
  const { counts, edges, below } = histogram(floats([-1, 0, 1, 20, 99, 200, 10_000]), { bins: 4, log: true });
  expect(Array.from(counts.data)).toEqual([1, 2, 1, 1]);
  [1, 10, 100, 1000, 10_000].forEach((edge, i) => {
    expect(relative(edges.data[i] as number, edge)).toBeLessThan(1e-14);
  });
  expect(below).toBe(2);
});

test("a range so narrow that edges coincide still counts every value once", () => {
  const high = 1 + 2 ** -52;
  const { counts, edges } = histogram(floats([1, 1, high]), { bins: 7 });
  expect(counts.data.reduce((a, b) => a + b)).toBe(3);
  expect([edges.data[0], edges.data[7]]).toEqual([1, high]);
});

test("what has no bin is refused, or counted where a range says so", () => {
  const odd = floats([1, Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY]);
  expect(histogram(odd, { range: [0, 3], bins: 3 })).toMatchObject({ below: 1, above: 1 });
  expect(histogram(floats([]), { range: [0, 1], bins: 2 }).counts.data).toEqual(new Float64Array(2));
  for (const options of [{}, { range: [0, 1] as const }, { edges: [0, 1] }]) {
    expect(() => histogram(floats([0, Number.NaN]), options)).toThrow(/value NaN at position 1/);
  }
  expect(() => histogram(odd)).toThrow(/value Infinity at position 1, expected finite values, or a range/);
  expect(() => histogram(floats([]))).toThrow(/no values/);
  expect(() => histogram(floats([0, -1]), { log: true })).toThrow(/no positive values/);
});

test.each<[HistogramOptions]>([
  [{ bins: 0 }],
  [{ bins: 1.5 }],
  [{ bins: 1e8 }],
  [{ range: [1, 0] }],
  [{ range: [0, Number.POSITIVE_INFINITY] }],
  [{ range: [0, 1], log: true }],
  [{ edges: [1] }],
  [{ edges: [0, 2, 1] }],
  [{ edges: [0, Number.NaN] }],
  [{ edges: [0, 1], bins: 1 }],
])("%j is refused", (options) => {
  expect(() => histogram(floats([1]), options)).toThrow(ValueError);
});
