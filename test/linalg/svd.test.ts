// Matrices that are hard, every small shape, and the same bits with and without kernels.
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { diagonalizeBidiagonal } from "../../src/linalg/golub-kahan.js";
import { qr, svd } from "../../src/linalg/index.js";
import { rotationsOf } from "../../src/linalg/rotations.js";
import { key, normal } from "../../src/random/index.js";
import { type Tensor, transpose } from "../../src/tensor/index.js";
import { describeBackends, plainly } from "../support/backends.js";

type Matrix = Tensor<"float64">;
const epsilon = 2 ** -52;
const filled = (rows: number, columns: number, value: (i: number, j: number) => number): Matrix => ({
  data: Float64Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns)),
  shape: [rows, columns],
  dtype: "float64",
});
const noise = (seed: number, rows: number, columns: number): Matrix =>
  normal(key(seed), [rows, columns], { dtype: "float64" });
const diagonalOf = (values: readonly number[]): Matrix =>
  filled(values.length, values.length, (i, j) => (i === j ? (values[i] as number) : 0));

function product(a: Matrix, b: Matrix): Matrix {
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[1] as number;
  const result = filled(rows, columns, () => 0);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const x = a.data[i * inner + k] as number;
      for (let j = 0; j < columns; j++) {
        result.data[i * columns + j] =
          (result.data[i * columns + j] as number) + x * (b.data[k * columns + j] as number);
      }
    }
  }
  return result;
}

/** The largest difference, in ε. */
const apart = (a: Matrix, b: Matrix): number =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] as number))), 0) / epsilon;

/** A matrix with these singular values. */
function withValues(values: readonly number[], rows: number, columns: number): Matrix {
  const left = qr(noise(11, rows, values.length)).q;
  const right = qr(noise(12, columns, values.length)).q;
  return product(product(left, diagonalOf(values)), transpose(right));
}

function expectSolved(matrix: Matrix): Float64Array {
  const { u, s, vt } = svd(matrix);
  const [rows, columns] = matrix.shape as [number, number];
  const k = Math.min(rows, columns);
  const size = Math.max(
    matrix.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    Number.MIN_VALUE,
  );
  const one = diagonalOf(Array<number>(k).fill(1));
  const bound = 4 * Math.max(rows, columns) + 16;
  expect([u.shape, s.shape, vt.shape]).toEqual([[rows, k], [k], [k, columns]]);
  expect(apart(product(transpose(u), u), one)).toBeLessThan(bound);
  expect(apart(product(vt, transpose(vt)), one)).toBeLessThan(bound);
  expect(apart(product(product(u, diagonalOf([...s.data])), vt), matrix) / size).toBeLessThan(bound);
  expect(s.data.every((value) => value >= 0 && !Object.is(value, -0))).toBe(true);
  expect([...s.data]).toEqual([...s.data].sort((a, b) => b - a));
  return s.data;
}

describeBackends("svd of hard matrices", () => {
  test("every shape up to 12 by 12, and larger ones", () => {
    for (let rows = 1; rows <= 12; rows++) {
      for (let columns = 1; columns <= 12; columns++) expectSolved(noise(rows * 13 + columns, rows, columns));
    }
    for (const [rows, columns] of [
      [33, 33],
      [64, 64],
      [100, 17],
      [31, 140],
      [150, 150],
    ] as const) {
      expectSolved(noise(rows, rows, columns));
    }
  });

  test.each([
    ["graded over 30 decades", Array.from({ length: 31 }, (_, i) => 10 ** -i)],
    ["clustered", Array.from({ length: 20 }, (_, i) => 2 + (i % 2) + i * 1e-15)],
    ["all equal", Array<number>(13).fill(2)],
    ["of low rank", [5, 4, 3, ...Array<number>(12).fill(0)]],
    ["two sizes", [...Array<number>(5).fill(1), ...Array<number>(5).fill(1e-9)]],
  ])("singular values %s", (_, values) => {
    for (const [rows, columns] of [
      [40, values.length],
      [values.length, values.length],
      [values.length, 33],
    ] as const) {
      const found = expectSolved(withValues(values, rows, columns));
      const expected = [...values].sort((a, b) => b - a);
      expected.forEach((value, i) => {
        expect(Math.abs((found[i] as number) - value) / (expected[0] as number)).toBeLessThan(100 * epsilon);
      });
    }
  });

  test("zeros, a single one, bidiagonal and triangular ones with zeros on the diagonal", () => {
    expect([...expectSolved(filled(5, 3, () => 0))]).toEqual([0, 0, 0]);
    expect([...expectSolved(filled(1, 1, () => -7))]).toEqual([7]);
    expect([...expectSolved(diagonalOf([1, -3, 0, 2]))]).toEqual([3, 2, 1, 0]);
    for (const hole of [0, 1, 4, 7]) {
      for (const side of [1, -1]) {
        const value = (i: number, j: number): number => (i === j ? (i === hole ? 0 : 1 + i) : j - i === side ? 1 : 0);
        expect(expectSolved(filled(8, 8, value))[7]).toBeLessThan(1e-15);
      }
      const triangle = (i: number, j: number): number => (i > j || (i === hole && j === hole) ? 0 : 1 / (1 + j - i));
      expectSolved(filled(8, 8, triangle));
      expectSolved(filled(8, 8, (i, j) => (i === hole || j === hole ? 0 : 1 / (1 + i + 2 * j))));
    }
    // A shift: all singular values 1 but one, which is 0.
    expectSolved(filled(9, 9, (i, j) => (j - i === 1 ? 1 : 0)));
  });

  test("a diagonal keeps its small values to the last bit", () => {
    expect([...svd(diagonalOf([1e-200, 1, 5e-324, 1e-20])).s.data]).toEqual([1, 1e-20, 1e-200, 5e-324]);
  });

  test("elements of very different sizes, denormal ones too", () => {
    for (const power of [-30, 30]) {
      const { data } = noise(4, 10, 7);
      expectSolved(
        filled(10, 7, (i, j) => (data[i * 7 + j] as number) * 2 ** (power * (i + j) - (power > 0 ? 450 : 0))),
      );
    }
    expectSolved(filled(4, 4, (i, j) => [1, 1e-200, 1e-310, 5e-324][(i + j) % 4] as number));
    expectSolved(filled(4, 3, (i, j) => [1e-160, 1e-150, 1e-290, 0][(i + j) % 4] as number));
    const tiny = svd(diagonalOf([5e-324, 1e-323]));
    expect([...tiny.s.data]).toEqual([1e-323, 5e-324]);
  });

  test("has the bits of plain TypeScript", () => {
    for (const [rows, columns] of [
      [1, 1],
      [3, 2],
      [37, 5],
      [20, 61],
      [90, 90],
    ] as const) {
      const matrix = noise(rows, rows, columns);
      expect(svd(matrix)).toEqual(plainly(() => svd(matrix)));
    }
    const graded = withValues(
      Array.from({ length: 31 }, (_, i) => 10 ** -i),
      40,
      31,
    );
    expect(svd(graded)).toEqual(plainly(() => svd(graded)));
  });
});

test("a matrix that does not converge is told about", () => {
  const side = (): ReturnType<typeof rotationsOf> => rotationsOf({ rows: 2, data: new Float64Array(16) });
  const run = (most: number): void => {
    const [diagonal, beside] = [Float64Array.of(1, 2), Float64Array.of(0, 3)];
    diagonalizeBidiagonal("svd", { diagonal, beside, left: side(), right: side() }, most);
  };
  expect(() => run(0)).toThrow(new ValueError("svd: no convergence of value 1 in 0 steps, expected fewer"));
  expect(() => run(60)).not.toThrow();
});
