/** eigh, Cholesky, QR and SVD against LAPACK, against what they promise, and against closed forms. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { cholesky, eigh, qr, svd } from "../../src/linalg/index.js";
import { key, normal } from "../../src/random/index.js";
import { from, type Tensor, zeros } from "../../src/tensor/index.js";
import { describeBackends, plainly } from "../support/backends.js";
import { distance, identity, product, type Rows, rowsOf, tensorOf, transposed } from "./support.js";

const oracle = JSON.parse(readFileSync(new URL("../fixtures/linalg-numpy.json", import.meta.url), "utf8")) as {
  eigh: { matrix: Rows; values: number[] }[];
  cholesky: { matrix: Rows; lower: Rows }[];
  qr: { matrix: Rows; q: Rows; r: Rows }[];
  svd: { matrix: Rows; values: number[] }[];
};
const diagonal = (values: Iterable<number>): number[][] => {
  const list = [...values];
  return identity(list.length).map((row, i) => row.map((one) => one * (list[i] as number)));
};
const scaled = (rows: Rows, factor: number): number[][] => rows.map((row) => row.map((value) => value * factor));
const near = (actual: Iterable<number>, expected: readonly number[]): number => distance([[...actual]], [expected]);
/** The rule of signs, said again: the first component that is as large as the largest is positive. */
const isPositive = (vector: readonly number[]): boolean => {
  const largest = Math.max(...vector.map(Math.abs));
  return (vector.find((value) => Math.abs(value) >= largest * (1 - 1e-6)) as number) > 0;
};

describeBackends("eigh", () => {
  test.each(oracle.eigh)("has LAPACK's values and orthonormal vectors, case %#", ({ matrix, values }) => {
    const found = eigh(tensorOf(matrix));
    const vectors = rowsOf(found.vectors);
    expect(near(found.values.data, values)).toBeLessThan(1e-12);
    expect(distance(product(transposed(vectors), vectors), identity(matrix.length))).toBeLessThan(1e-13);
    const rebuilt = product(product(vectors, diagonal(found.values.data)), transposed(vectors));
    expect(distance(rebuilt, matrix)).toBeLessThan(1e-12);
    expect(transposed(vectors).every(isPositive)).toBe(true);
  });

  test("the chain of springs has the values of its closed form", () => {
    const n = 40;
    const chain = identity(n).map((row, i) => row.map((_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)));
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));
    const { values, vectors } = eigh(tensorOf(chain));
    expect(near(values.data, expected)).toBeLessThan(1e-13);
    // Its vectors are symmetric or antisymmetric: the largest component comes twice, but for rounding.
    expect(transposed(rowsOf(vectors)).every(isPositive)).toBe(true);
  });

  test("equal components of a vector are not told apart by rounding", () => {
    const { values, vectors } = eigh(
      from([
        [2, 1],
        [1, 2],
      ]),
    );
    expect(near(values.data, [1, 3])).toBeLessThan(1e-15);
    expect(near(vectors.data, [Math.SQRT1_2, Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT1_2])).toBeLessThan(1e-15);
  });

  test("huge and tiny matrices are as exact as others", () => {
    const matrix = [
      [2, 1, 0],
      [1, 2, 1],
      [0, 1, 3],
    ];
    const { values, vectors } = eigh(tensorOf(matrix));
    for (const factor of [2 ** 1000, 2 ** -1000]) {
      const other = eigh(tensorOf(scaled(matrix, factor)));
      expect([...other.values.data]).toEqual([...values.data].map((value) => value * factor));
      expect(other.vectors).toEqual(vectors);
    }
    const subnormal = eigh(
      tensorOf([
        [5e-324, 0],
        [0, -5e-324],
      ]),
    );
    expect([...subnormal.values.data]).toEqual([-5e-324, 5e-324]);
  });
});

describe("cholesky", () => {
  test.each(oracle.cholesky)("is LAPACK's, case %#", ({ matrix, lower }) => {
    expect(distance(rowsOf(cholesky(tensorOf(matrix))), lower)).toBeLessThan(1e-13);
  });

  test("exact where the numbers are", () => {
    expect([
      ...cholesky(
        from([
          [4, 2],
          [2, 5],
        ]),
      ).data,
    ]).toEqual([2, 0, 1, 2]);
  });

  test("refuses what is not positive definite", () => {
    expect(() =>
      cholesky(
        from([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow(new ValueError("cholesky: pivot -3 in row 1, expected a positive definite matrix"));
    expect(() => cholesky(zeros([2, 2]))).toThrow(ValueError);
  });
});

describeBackends("qr", () => {
  test.each(oracle.qr)("is LAPACK's with a positive diagonal, case %#", ({ matrix, q, r }) => {
    const found = qr(tensorOf(matrix));
    expect(distance(rowsOf(found.q), q)).toBeLessThan(1e-13);
    expect(distance(rowsOf(found.r), r)).toBeLessThan(1e-13);
  });

  test.each([
    [
      "dependent columns",
      [
        [1, 2, 3],
        [2, 4, 7],
        [3, 6, 1],
        [4, 8, 0],
      ],
    ],
    [
      "zeros",
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ],
    [
      "a zero column",
      [
        [0, 1],
        [0, 2],
        [0, -2],
      ],
    ],
    [
      "huge",
      scaled(
        [
          [1, 2],
          [3, 4],
          [5, 7],
        ],
        2 ** 1000,
      ),
    ],
    [
      "columns of very different sizes",
      [
        [1e200, 1e-150],
        [0, 1e-150],
        [1, 3e-150],
      ],
    ],
  ])("%s: q is orthonormal, r an upper triangle, and they make the matrix", (_, matrix) => {
    const found = { q: rowsOf(qr(tensorOf(matrix)).q), r: rowsOf(qr(tensorOf(matrix)).r) };
    const size = Math.max(1, ...matrix.flat());
    expect(distance(product(transposed(found.q), found.q), identity(found.r.length))).toBeLessThan(1e-14);
    expect(distance(scaled(product(found.q, found.r), 1 / size), scaled(matrix, 1 / size))).toBeLessThan(1e-14);
    found.r.forEach((row, i) => {
      expect(row.slice(0, i).every((value) => value === 0)).toBe(true);
      expect(row[i]).toBeGreaterThanOrEqual(0);
    });
  });
});

describeBackends("qr of any shape", () => {
  test("q is orthonormal, q r the matrix, and the bits are those of plain TypeScript", () => {
    for (const [rows, columns] of [
      [1, 1],
      [1, 9],
      [9, 1],
      [17, 6],
      [6, 17],
      [31, 31],
      [40, 13],
      [70, 70],
    ] as const) {
      const matrix = normal(key(rows), [rows, columns], { dtype: "float64" });
      const found = qr(matrix);
      const [q, r] = [rowsOf(found.q), rowsOf(found.r)];
      expect(distance(product(transposed(q), q), identity(Math.min(rows, columns)))).toBeLessThan(1e-14);
      expect(distance(product(q, r), rowsOf(matrix))).toBeLessThan(5e-14);
      r.forEach((row, i) => {
        expect(row.slice(0, i).every((value) => value === 0) && (row[i] as number) >= 0).toBe(true);
      });
      expect(found).toEqual(plainly(() => qr(matrix)));
    }
  });
});

test("qr keeps what is tiny beside the rest", () => {
  const { r } = qr(
    tensorOf([
      [1, 0],
      [0, 3e-170],
      [0, 4e-170],
    ]),
  );
  expect((r.data[3] as number) / 1e-170).toBeCloseTo(5, 14);
});

describeBackends("svd", () => {
  test.each(oracle.svd)("has LAPACK's values and orthonormal vectors, case %#", ({ matrix, values }) => {
    const { u, s, vt } = svd(tensorOf(matrix));
    const [left, right] = [rowsOf(u), rowsOf(vt)];
    expect(near(s.data, values)).toBeLessThan(1e-12);
    expect(distance(product(transposed(left), left), identity(values.length))).toBeLessThan(1e-13);
    expect(distance(product(right, transposed(right)), identity(values.length))).toBeLessThan(1e-13);
    expect(distance(product(product(left, diagonal(s.data)), right), matrix)).toBeLessThan(1e-12);
    expect(transposed(left).every(isPositive)).toBe(true);
  });

  test("scales with a power of two, far from one too", () => {
    const matrix = [
      [1, 2, 0],
      [3, -1, 1],
    ];
    const { u, s, vt } = svd(tensorOf(matrix));
    const huge = svd(tensorOf(scaled(matrix, 2 ** 1000)));
    expect([...huge.s.data]).toEqual([...s.data].map((value) => value * 2 ** 1000));
    expect(huge.u).toEqual(u);
    const tiny = svd(tensorOf(scaled(matrix, 2 ** -1000)));
    expect([...tiny.s.data]).toEqual([...s.data].map((value) => value * 2 ** -1000));
    expect(tiny.vt).toEqual(vt);
  });
});

test("float32 gives the float64 result of the same numbers", () => {
  const single = normal(key(5), [6, 4]);
  const double = from(single.data, { dtype: "float64", shape: [6, 4] });
  expect(svd(single)).toEqual(svd(double));
  expect(qr(single)).toEqual(qr(double));
});

test.each([
  ["eigh", eigh],
  ["cholesky", cholesky],
  ["qr", qr],
  ["svd", svd],
] as [string, (matrix: Tensor<"float32">) => unknown][])("%s refuses bad input", (name, decompose) => {
  expect(() => decompose(zeros([2, 2], "int8") as unknown as Tensor<"float32">)).toThrow(DtypeError);
  expect(() => decompose(zeros([2, 2, 2]))).toThrow(ShapeError);
  expect(() => decompose(zeros([0, 0]))).toThrow(ValueError);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() =>
      decompose(
        from([
          [1, 0],
          [0, bad],
        ]),
      ),
    ).toThrow(new ValueError(`${name}: value ${bad} at position 3, expected finite values`));
  }
});

test.each([
  ["eigh", eigh],
  ["cholesky", cholesky],
] as [string, (matrix: Tensor<"float32">) => unknown][])("%s refuses what is not symmetric", (name, decompose) => {
  expect(() => decompose(zeros([2, 3]))).toThrow(ShapeError);
  expect(() =>
    decompose(
      from([
        [1, 0.5],
        [0.25, 1],
      ]),
    ),
  ).toThrow(`${name}: 0.25 at [1, 0] and 0.5 at [0, 1], expected a symmetric matrix`);
  expect(() =>
    decompose(
      from([
        [1, 0.5],
        [0.5000001, 1],
      ]),
    ),
  ).not.toThrow();
});
