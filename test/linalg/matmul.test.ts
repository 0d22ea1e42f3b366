import fc from "fast-check";
import { expect, test } from "vitest";
import { DtypeError, ShapeError } from "../../src/errors.js";
import { matmul } from "../../src/linalg/index.js";
import { from, type Tensor, zeros } from "../../src/tensor/index.js";
import { product, rowsOf } from "./support.js";

const side = fc.integer({ min: 0, max: 7 });
const integers = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: length, maxLength: length });

test("integers are multiplied exactly, in every shape", () => {
  const pair = fc
    .tuple(side, side, side)
    .chain(([m, k, n]) => fc.tuple(fc.constant([m, k, n] as const), integers(m * k), integers(k * n)));
  fc.assert(
    fc.property(pair, fc.constantFrom("float32", "float64"), ([[m, k, n], left, right], dtype) => {
      const a = from(left, { dtype, shape: [m, k] }) as Tensor<"float32">;
      const b = from(right, { dtype, shape: [k, n] }) as Tensor<"float32">;
      const result = matmul(a, b);
      const expected = Array.from({ length: m }, (_, i) =>
        Array.from({ length: n }, (_, j) =>
          Number(
            Array.from({ length: k }, (_, l) => BigInt(left[i * k + l] ?? 0) * BigInt(right[l * n + j] ?? 0)).reduce(
              (x, y) => x + y,
              0n,
            ),
          ),
        ),
      );
      expect([result.shape, result.dtype]).toEqual([[m, n], dtype]);
      expect(rowsOf(result)).toEqual(expected.map((row) => row.map((value) => value + 0)));
    }),
    { seed: 2021, numRuns: 200 },
  );
});

test("float32 is added in float64 in ascending k and rounded once", () => {
  const a = from([[1, 1e-8, 1e-8, -1]]);
  const b = from([[1], [1], [1], [1]]);
  const exact = Math.fround(1e-8);
  expect(matmul(a, b).data[0]).toBe(Math.fround(1 + exact + exact - 1));
  expect(matmul(a, b).data[0]).not.toBe(0);
  const x = Array.from({ length: 5 }, (_, i) => Array.from({ length: 300 }, (_, k) => 1 / (1 + i + 3 * k)));
  const y = Array.from({ length: 300 }, (_, k) => Array.from({ length: 4 }, (_, j) => 1 / (2 + j - 5 * k)));
  expect(rowsOf(matmul(from(x, { dtype: "float64" }), from(y, { dtype: "float64" })))).toEqual(product(x, y));
});

test("float64 wins over float32; NaN and infinities spread; a sum of nothing is +0", () => {
  const single = from([[0.1]]);
  const double = from([[0.1]], { dtype: "float64" });
  expect(matmul(single, double).dtype).toBe("float64");
  expect(matmul(double, single).data[0]).toBe(0.1 * Math.fround(0.1));
  expect(matmul(from([[0, 1]]), from([[Number.POSITIVE_INFINITY], [1]])).data[0]).toBeNaN();
  expect(Object.is(matmul(from([[-0]]), from([[1]])).data[0], 0)).toBe(true);
  expect(matmul(zeros([2, 0]), zeros([0, 3]))).toEqual(zeros([2, 3]));
});

test("what does not fit is refused", () => {
  expect(() => matmul(zeros([2, 3]), zeros([2, 3]))).toThrow(
    new ShapeError("matmul: shapes [2, 3] and [2, 3], expected the same inner side"),
  );
  expect(() => matmul(zeros([3]), zeros([3, 1]))).toThrow(ShapeError);
  expect(() => matmul(zeros([1, 1]), zeros([1, 1], "int8") as unknown as Tensor<"float32">)).toThrow(DtypeError);
});
