// Spectra that are hard, every size, and the same bits with and without kernels.
import { expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import { eigh } from "../../src/linalg/index.js";
import { diagonalize } from "../../src/linalg/ql.js";
import { rotationsOf } from "../../src/linalg/rotations.js";
import { key, normal } from "../../src/random/index.js";
import { equal, type Tensor } from "../../src/tensor/index.js";
import { describeBackends, plainly } from "../support/backends.js";

type Matrix = Tensor<"float64">;
const epsilon = 2 ** -52;
const filled = (n: number, value: (i: number, j: number) => number): Matrix => ({
  data: Float64Array.from({ length: n * n }, (_, at) => value(Math.floor(at / n), at % n)),
  shape: [n, n],
  dtype: "float64",
});
const diagonalOf = (values: readonly number[]): Matrix =>
  filled(values.length, (i, j) => (i === j ? (values[i] as number) : 0));

function noise(seed: number, n: number): Matrix {
  const { data } = normal(key(seed), [n, n], { dtype: "float64" });
  return filled(n, (i, j) => (data[i * n + j] as number) + (data[j * n + i] as number));
}

/** A matrix with these eigenvalues: reflected a few times at random planes, in exact symmetry. */
function withValues(values: readonly number[], seed = 7): Matrix {
  const n = values.length;
  const { data } = diagonalOf(values);
  for (let round = 0; round < 3; round++) {
    const v = normal(key(seed + round), [n], { dtype: "float64" }).data;
    const square = v.reduce((sum, x) => sum + x * x, 0);
    for (const across of [true, false]) {
      for (let line = 0; line < n; line++) {
        const place = (t: number): number => (across ? line * n + t : t * n + line);
        const along = v.reduce((sum, x, t) => sum + x * (data[place(t)] as number), 0);
        v.forEach((x, t) => {
          data[place(t)] = (data[place(t)] as number) - ((2 * along) / square) * x;
        });
      }
    }
  }
  return filled(n, (i, j) => ((data[i * n + j] as number) + (data[j * n + i] as number)) / 2);
}

/** The largest elements of A V - V Λ and of VᵀV - 1, each in ε: the first of the largest element of A. */
function errors(matrix: Matrix, { values, vectors }: ReturnType<typeof eigh>): { residual: number; skew: number } {
  const n = matrix.shape[0] as number;
  const columns = Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: n }, (_, i) => vectors.data[i * n + j] as number),
  );
  const times = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let t = 0; t < a.length; t++) sum += (a[t] as number) * (b[t] as number);
    return sum;
  };
  const size = matrix.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [residual, skew] = [0, 0];
  columns.forEach((column, j) => {
    for (let i = 0; i < n; i++) {
      const there =
        times(matrix.data.subarray(i * n, i * n + n), column) - (values.data[j] as number) * (column[i] as number);
      residual = Math.max(residual, Math.abs(there));
      skew = Math.max(skew, Math.abs(times(column, columns[i] as Float64Array) - (i === j ? 1 : 0)));
    }
  });
  return { residual: size === 0 ? residual : residual / size / epsilon, skew: skew / epsilon };
}

function expectSolved(matrix: Matrix): ReturnType<typeof eigh> {
  const found = eigh(matrix);
  const n = matrix.shape[0] as number;
  const { residual, skew } = errors(matrix, found);
  expect(residual).toBeLessThan(4 * n + 8);
  expect(skew).toBeLessThan(2 * n + 8);
  expect([...found.values.data]).toEqual([...found.values.data].sort((a, b) => a - b));
  return found;
}

const alternating = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : -1) * value(i));

describeBackends("eigh of hard matrices", () => {
  test("every size up to 40, and 64, 100 and 256", () => {
    for (const n of [...Array.from({ length: 40 }, (_, i) => i + 1), 64, 100, 256]) expectSolved(noise(n, n));
  });

  test.each([
    ["graded over 32 decades", alternating(33, (i) => 10 ** -i)],
    ["graded the other way", alternating(33, (i) => 10 ** (i - 32))],
    ["clustered", Array.from({ length: 30 }, (_, i) => 1 + (i % 3) + i * 1e-15)],
    ["repeated", Array.from({ length: 30 }, (_, i) => (i % 3) - 1)],
    ["all equal", Array<number>(17).fill(3)],
    ["one apart", [...Array<number>(20).fill(0), 5]],
  ])("eigenvalues %s", (_, values) => {
    const { values: found } = expectSolved(withValues(values));
    const expected = [...values].sort((a, b) => a - b);
    const size = Math.max(...values.map(Math.abs));
    expected.forEach((value, i) => {
      expect(Math.abs((found.data[i] as number) - value) / size).toBeLessThan(100 * epsilon);
    });
  });

  test("rows of very different sizes, from either end", () => {
    for (const power of [-20, 20]) {
      const { data } = noise(3, 12);
      expectSolved(filled(12, (i, j) => (data[i * 12 + j] as number) * 2 ** (power * (i + j))));
    }
  });

  test("zeros have the unit vectors; a diagonal has them in the order of its values, exactly", () => {
    const zero = eigh(filled(5, () => 0));
    expect([...zero.values.data]).toEqual([0, 0, 0, 0, 0]);
    expect(zero.vectors).toEqual(diagonalOf([1, 1, 1, 1, 1]));
    const { values, vectors } = eigh(diagonalOf([3, -1, 0.1, 7]));
    expect([...values.data]).toEqual([-1, 0.1, 3, 7]);
    expect([...vectors.data]).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
    expect(eigh(diagonalOf([-5])).values.data[0]).toBe(-5);
    expect(eigh(diagonalOf([-5])).vectors.data[0]).toBe(1);
  });

  test("tridiagonal ones: Wilkinson's pairs, and blocks that fall apart", () => {
    const wilkinson = filled(21, (i, j) => (i === j ? Math.abs(i - 10) : Math.abs(i - j) === 1 ? 1 : 0));
    // W21+: its largest two agree to 14 digits (Wilkinson 1965, p. 309).
    const { values } = expectSolved(wilkinson);
    expect(values.data[20]).toBeCloseTo(10.746194182903393, 13);
    expect(values.data[19]).toBeCloseTo(10.746194182903322, 13);
    const blocks = filled(6, (i, j) => (i === j ? 1 : Math.abs(i - j) === 1 && Math.min(i, j) % 2 === 0 ? 2 : 0));
    const pairs = expectSolved(blocks).values.data;
    [-1, -1, -1, 3, 3, 3].forEach((value, i) => {
      expect(pairs[i]).toBeCloseTo(value, 14);
    });
    expectSolved(filled(7, (i, j) => (Math.abs(i - j) === 1 ? 1 : 0)));
  });

  test("denormal and huge elements", () => {
    const { data } = noise(5, 9);
    for (const power of [-1070, -1022, -540, 510, 1019]) {
      const [first, second] = [2 ** Math.trunc(power / 2), 2 ** (power - Math.trunc(power / 2))];
      const matrix = filled(9, (i, j) => (data[i * 9 + j] as number) * first * second);
      const { values } = eigh(matrix);
      const exact = eigh(filled(9, (i, j) => (matrix.data[i * 9 + j] as number) / first / second)).values;
      exact.data.forEach((value, i) => {
        const there = (values.data[i] as number) / first / second;
        expect(Math.abs(there - value)).toBeLessThanOrEqual(Math.max(1e-13, 5e-324 / first / second));
      });
    }
    // What is smaller than the largest element by more than any product can show.
    expectSolved(
      filled(4, (i, j) => (i === j ? ([1, 1e-200, 1e-310, 5e-324][i] as number) : i + j === 3 ? 1e-170 : 1e-320)),
    );
  });

  test("has the bits of plain TypeScript", () => {
    for (const matrix of [
      noise(9, 1),
      noise(8, 2),
      noise(7, 37),
      noise(6, 130),
      withValues(alternating(50, (i) => 2 ** -i)),
    ]) {
      expect(eigh(matrix)).toEqual(plainly(() => eigh(matrix)));
    }
  });
});

test("a matrix too large for the scratch memory has the values of its parts, and the bits of plain TypeScript", () => {
  // One dense block and a diagonal: few reflections, so that it is fast in spite of its size.
  const n = 1000;
  const block = noise(13, 60);
  const place = (i: number): number => (i % 10 === 3 && i < 600 ? Math.floor(i / 10) : -1);
  const onDiagonal = (i: number): number => (i % 7) - 3;
  const matrix = filled(n, (i, j) => {
    if (place(i) >= 0 && place(j) >= 0) return block.data[place(i) * 60 + place(j)] as number;
    return i === j ? onDiagonal(i) : 0;
  });
  const { values, vectors } = eigh(matrix);
  const others = Array.from({ length: n }, (_, i) => i).filter((i) => place(i) < 0);
  const expected = [...eigh(block).values.data, ...others.map(onDiagonal)].sort((a, b) => a - b);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - (values.data[i] as number))))).toBeLessThan(1e-12);
  const plain = plainly(() => eigh(matrix));
  expect(equal(values, plain.values) && equal(vectors, plain.vectors)).toBe(true);
});

test("a matrix that does not converge is told about", () => {
  const panels = { rows: 2, data: new Float64Array(16) };
  const run = (most: number): void =>
    diagonalize("eigh", Float64Array.of(1, 2), Float64Array.of(0, 3), rotationsOf(panels), most);
  expect(() => run(0)).toThrow(new ValueError("eigh: no convergence of value 0 in 0 steps, expected fewer"));
  expect(() => run(60)).not.toThrow();
});
