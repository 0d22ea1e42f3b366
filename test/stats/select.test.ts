/** Selection against sorting. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { integers, key, normal } from "../../src/random/index.js";
import { quantiles } from "../../src/stats/index.js";
import { quantilesOfSorted } from "../../src/stats/quantiles.js";
import { selectRanks } from "../../src/stats/select.js";
import { from } from "../../src/tensor/index.js";

test("every wanted place holds what it holds after sorting, and no value is lost", () => {
  const lists = fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.double({ noNaN: true })), { maxLength: 120 });
  fc.assert(
    fc.property(lists, fc.array(fc.nat()), (list, wanted) => {
      const values = Float64Array.from(list, (x) => x + 0);
      const sorted = values.slice().sort();
      const ranks = wanted.map((rank) => rank % Math.max(1, list.length)).sort((a, b) => a - b);
      selectRanks(values, ranks);
      for (const rank of list.length > 0 ? ranks : []) expect(values[rank]).toBe(sorted[rank]);
      expect(values.sort()).toEqual(sorted);
    }),
    { seed: 9, numRuns: 500 },
  );
});

test("orders that are hard for it take no longer than sorting", () => {
  const size = 200_000;
  const orders: Record<string, (i: number) => number> = {
    rising: (i) => i,
    falling: (i) => -i,
    equal: () => 3,
    organ: (i) => Math.min(i, size - i),
    saw: (i) => i % 1000,
    killer: (i) => (i % 2 === 0 ? i : size - i) % (size >> 1),
  };
  for (const [name, order] of Object.entries(orders)) {
    const values = Float64Array.from({ length: size }, (_, i) => order(i));
    const sorted = values.slice().sort();
    const ranks = [0, 17, size >> 1, size - 1];
    selectRanks(values, ranks);
    expect(
      ranks.map((rank) => values[rank]),
      name,
    ).toEqual(ranks.map((rank) => sorted[rank]));
  }
});

test("quantiles are those of the sorted values, to the last bit, and change nothing", () => {
  for (const values of [
    normal(key(3), [7, 143]),
    integers(key(4), [5000], { low: -20, high: 20 }),
    from([4], { dtype: "uint8" }),
  ]) {
    const before = values.data.slice();
    const probabilities = [0.999, 0, 0.5, 0.25, 0.1234, 1, 0.5];
    const sorted = Float64Array.from(values.data).sort();
    expect(quantiles(values, probabilities)).toEqual(quantilesOfSorted(sorted, probabilities, "test"));
    expect(values.data).toEqual(before);
  }
});
