// Packed signs and their products, plain and by the kernels, against products of ±1.
import fc from "fast-check";
import { expect, test } from "vitest";
import { signBits, xnorProduct } from "../../src/quantization/index.js";
import * as tensor from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";

const values: fc.Arbitrary<number> = fc.constantFrom(0, -0, 1, -1, 1e-45, -1e-45, 3.4e38, -3.4e38, 0.5, -7);
const sides = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 140 }),
);

describeBackends("signs of float32", () => {
  test("their products are those of ±1", () => {
    const pair = sides.chain(([rows, columns, length]) =>
      fc.record({
        a: fc.array(fc.array(values, { minLength: length, maxLength: length }), { minLength: rows, maxLength: rows }),
        b: fc.array(fc.array(values, { minLength: length, maxLength: length }), {
          minLength: columns,
          maxLength: columns,
        }),
      }),
    );
    const sign = (value: number): number => (Math.fround(value) < 0 ? -1 : 1);
    fc.assert(
      fc.property(pair, ({ a, b }) => {
        const [x, w] = [a, b].map((rows) => signBits(tensor.from(rows.map((row) => row.map(Math.fround)))));
        const product = xnorProduct(x as NonNullable<typeof x>, w as NonNullable<typeof w>);
        const expected = a.flatMap((row) =>
          b.map((column) => row.reduce((sum, v, i) => sum + sign(v) * sign(column[i] ?? 0), 0)),
        );
        expect([...product.data]).toEqual(expected);
        expect(product.shape).toEqual([a.length, b.length]);
      }),
      { seed: 1602, numRuns: 120 },
    );
  });

  test.each([0, 31, 32, 63, 69])("a value that is not finite is refused at %i", (at) => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const row = tensor.full([2, 35], 1);
      row.data[at] = odd;
      expect(() => signBits(row)).toThrow(`${odd} at position ${at}`);
    }
  });
});
