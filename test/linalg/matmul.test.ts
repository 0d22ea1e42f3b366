import fc from "fast-check";
import { expect, test } from "vitest";
import { DtypeError, ShapeError } from "../../src/errors.js";
import { matmul } from "../../src/linalg/index.js";
import * as random from "../../src/random/index.js";
import { equal, from, map, type Tensor, transpose, zeros } from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";
import { product, rowsOf } from "./support.js";

const side = fc.integer({ min: 0, max: 7 });
const integers = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: length, maxLength: length });

describeBackends("matmul", () => {
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

  test.each([
    [5, 300, 4],
    [1, 5, 1],
    [4, 8, 8],
    [7, 600, 13],
    [33, 257, 31],
    [6, 1030, 530],
  ])("float64 is added in ascending k: %i x %i x %i", (m, k, n) => {
    const a = random.normal(random.key(m), [m, k], { dtype: "float64" });
    const b = random.normal(random.key(n), [k, n], { dtype: "float64" });
    expect(equal(matmul(a, b), from(product(rowsOf(a), rowsOf(b)), { dtype: "float64" }))).toBe(true);
    // One of them float32: its values, in float64.
    const single = map(a, (x) => x, "float32");
    const expected = from(product(rowsOf(single), rowsOf(b)), { dtype: "float64" });
    expect(equal(matmul(single, b), expected)).toBe(true);
    expect(equal(transpose(matmul(transpose(b), transpose(single))), expected)).toBe(true);
  });

  /** One element, in float32: 256 products at a time, then their sums. */
  function element(row: readonly number[], column: readonly number[]): number {
    let total = 0;
    for (let start = 0; start < row.length; start += 256) {
      let part = 0;
      for (let k = start; k < Math.min(start + 256, row.length); k++) {
        part = Math.fround(part + Math.fround((row[k] as number) * (column[k] as number)));
      }
      total = Math.fround(total + part);
    }
    return total;
  }

  test.each([
    [1, 5, 1],
    [6, 8, 8],
    [7, 300, 13],
    [65, 257, 31],
    [5, 1030, 1100],
  ])("float32 in float32, 256 products at a time: %i x %i x %i", (m, k, n) => {
    const a = random.normal(random.key(m), [m, k]);
    const b = random.normal(random.key(n), [k, n]);
    const result = matmul(a, b);
    const [left, right] = [rowsOf(a), rowsOf(b)];
    const columns = Array.from({ length: n }, (_, j) => right.map((row) => row[j] as number));
    expect(rowsOf(result)).toEqual(left.map((row) => columns.map((column) => element(row, column))));
  });

  test("writes into out", () => {
    const [a, b] = [from([[1, 2, 3]]), from([[1], [10], [100]])];
    const out = from([[7]]);
    expect(matmul(a, b, { out })).toBe(out);
    expect(out.data[0]).toBe(321);
    expect(equal(matmul(b, a, { out: zeros([3, 3]) }), matmul(b, a))).toBe(true);
    expect(() => matmul(a, b, { out: zeros([1, 2]) })).toThrow("matmul: out of shape [1, 2], expected [1, 1]");
    expect(() => matmul(a, b, { out: zeros([1, 1], "float64") as never })).toThrow("matmul: out of dtype float64");
    const square = zeros([2, 2]);
    expect(() => matmul(square, square, { out: square })).toThrow("matmul: out shares memory with an input");
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
});
