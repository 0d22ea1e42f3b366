import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import * as tensor from "../../src/tensor/index.js";

/** A tensor of distinct values: each element says where it stood. */
const counting = (...shape: number[]): tensor.Tensor<"int32"> =>
  tensor.arange(
    shape.reduce((a, b) => a * b, 1),
    { dtype: "int32", shape },
  );

/** The nested arrays of a tensor, by the definition of row-major order. */
function nested(t: tensor.Tensor, axis = 0, offset = 0): unknown {
  if (axis === t.shape.length) return t.data[offset];
  const stride = t.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  return Array.from({ length: t.shape[axis] as number }, (_, i) => nested(t, axis + 1, offset + i * stride));
}

describe("from", () => {
  test("reads nested arrays", () => {
    const t = tensor.from([
      [1, -2, 3],
      [4, 5, -6.5],
    ]);
    expect(t).toEqual({ data: new Float32Array([1, -2, 3, 4, 5, -6.5]), shape: [2, 3], dtype: "float32" });
    expect(tensor.from([[true], [false]])).toEqual({ data: new Uint8Array([1, 0]), shape: [2, 1], dtype: "bool" });
    expect(tensor.from(7)).toEqual({ data: new Float32Array([7]), shape: [], dtype: "float32" });
    expect(tensor.from([[], []]).shape).toEqual([2, 0]);
  });

  test("copies a typed array, also a view into a larger buffer, and keeps its dtype", () => {
    const view = new Int16Array([9, 1, 2, 3, 4, 5, 6, 9]).subarray(1, 7);
    const t = tensor.from(view, { shape: [3, 2] });
    view[0] = 100;
    expect(t).toEqual({ data: new Int16Array([1, 2, 3, 4, 5, 6]), shape: [3, 2], dtype: "int16" });
  });

  test("refuses what does not fit", () => {
    expect(() => tensor.from([[1, 2], [3]])).toThrow(ShapeError);
    expect(() => tensor.from([1, [2]])).toThrow(ShapeError);
    expect(() => tensor.from([[1], 2])).toThrow(ShapeError);
    expect(() => tensor.from([1, 2, 3], { shape: [2, 2] })).toThrow("3 values, expected 4 for shape [2, 2]");
    expect(() => tensor.from([300], { dtype: "int8" })).toThrow("value 300 at position 0, expected integers -128..127");
    expect(() => tensor.from([Number.NaN], { dtype: "uint8" })).toThrow(ValueError);
    expect(() => tensor.from([2], { dtype: "bool" })).toThrow(ValueError);
    expect(() => tensor.from(["1"] as unknown as number[])).toThrow(DtypeError);
    expect(() => tensor.from([null] as unknown as number[])).toThrow(DtypeError);
    expect(() => tensor.from([1], { dtype: "float16" as "float32" })).toThrow(DtypeError);
  });
});

test("zeros, full and arange", () => {
  expect(tensor.zeros([2, 3])).toEqual({ data: new Float32Array(6), shape: [2, 3], dtype: "float32" });
  expect(tensor.full([3], 1, "bool")).toEqual({ data: new Uint8Array([1, 1, 1]), shape: [3], dtype: "bool" });
  expect(tensor.arange(3, { start: 1, step: -0.5, dtype: "float64" }).data).toEqual(new Float64Array([1, 0.5, 0]));
  expect(() => tensor.zeros([2, -1])).toThrow("tensor.zeros: shape [2, -1], expected sides that are integers >= 0");
  expect(() => tensor.full([2], 0.5, "int8")).toThrow(ValueError);
  expect(() => tensor.arange(1.5)).toThrow(ValueError);
});

test("isTensor wants data, shape and dtype that agree", () => {
  const data = new Float32Array(6);
  expect(tensor.isTensor({ data, shape: [2, 3], dtype: "float32" })).toBe(true);
  for (const bad of [
    null,
    { data, shape: [2, 2], dtype: "float32" },
    { data, shape: [2, 3], dtype: "float64" },
    { data, shape: [-2, -3], dtype: "float32" },
    { data, shape: [2, 3], dtype: "toString" },
    { data: [1, 2], shape: [2], dtype: "float32" },
    { data, shape: "23", dtype: "float32" },
  ]) {
    expect(tensor.isTensor(bad)).toBe(false);
  }
});

test("reshape shares the data and works out one open side", () => {
  const t = counting(3, 4);
  const r = tensor.reshape(t, [2, -1]);
  expect(r.shape).toEqual([2, 6]);
  expect(r.data).toBe(t.data);
  expect(() => tensor.reshape(t, [5, -1])).toThrow(ShapeError);
  expect(() => tensor.reshape(t, [-1, -1])).toThrow(ShapeError);
  expect(() => tensor.reshape(t, [3, 5])).toThrow("expected as many");
});

test("transpose moves every element where its swapped index says", () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 0, maxLength: 4 });
  const cases = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.shuffledSubarray(
        shape.map((_, i) => i),
        { minLength: shape.length },
      ),
    ),
  );
  fc.assert(
    fc.property(cases, ([shape, axes]) => {
      const t = counting(...shape);
      const moved = tensor.transpose(t, axes);
      expect(moved.shape).toEqual(axes.map((axis) => shape[axis]));
      for (let i = 0, index = shape.map(() => 0); i < t.data.length; i++) {
        expect(tensor.at(moved, ...axes.map((axis) => index[axis] as number))).toBe(tensor.at(t, ...index));
        index = next(index, shape);
      }
    }),
    { seed: 2021, numRuns: 60 },
  );
  expect(nested(tensor.transpose(counting(2, 3)))).toEqual([
    [0, 3],
    [1, 4],
    [2, 5],
  ]);
  expect(() => tensor.transpose(counting(2, 3), [0, 0])).toThrow(ShapeError);
});

function next(index: number[], shape: number[]): number[] {
  const after = [...index];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    after[axis] = ((after[axis] as number) + 1) % (shape[axis] as number);
    if (after[axis] !== 0) break;
  }
  return after;
}

test("slice takes ranges, single positions and whole axes", () => {
  const t = counting(3, 5);
  expect(nested(tensor.slice(t, [1, 3], [-2, 5]))).toEqual([
    [8, 9],
    [13, 14],
  ]);
  expect(nested(tensor.slice(t, -1))).toEqual([10, 11, 12, 13, 14]);
  expect(nested(tensor.slice(t, null, 2))).toEqual([2, 7, 12]);
  expect(tensor.slice(t, [1, 1]).shape).toEqual([0, 5]);
  expect(nested(tensor.slice(counting(2, 3, 4), [0, 2], 1, [0, 2]))).toEqual([
    [4, 5],
    [16, 17],
  ]);
  for (const bad of [
    [0, 6],
    [2, 1],
    [0.5, 2],
    [-9, 1],
  ] as [number, number][]) {
    expect(() => tensor.slice(t, null, bad)).toThrow(ShapeError);
  }
  expect(() => tensor.slice(t, 0, 0, 0)).toThrow(ShapeError);
  expect(tensor.at(t, 1, -1)).toBe(9);
  expect(() => tensor.at(t, 3, 0)).toThrow("tensor.at: 3 on axis 0, expected positions within 0..3");
  expect(() => tensor.at(t, 1)).toThrow(ShapeError);
});

test("map, zip and multiply keep the shape and refuse what the dtype cannot hold", () => {
  const t = tensor.from([[1, -2, 3]], { dtype: "int8" });
  expect(tensor.map(t, (x) => -x)).toEqual({ data: new Int8Array([-1, 2, -3]), shape: [1, 3], dtype: "int8" });
  expect(tensor.map(t, (x) => x / 2, "float32").data).toEqual(new Float32Array([0.5, -1, 1.5]));
  expect(() => tensor.map(t, (x) => x / 2)).toThrow("tensor.map: value 0.5 at position 0");
  const mask = tensor.from([[true, false, true]]);
  expect(tensor.multiply(t, mask)).toEqual({ data: new Int8Array([1, 0, 3]), shape: [1, 3], dtype: "int8" });
  expect(tensor.zip(t, mask, (x, kept) => (x > 0 && kept ? 1 : 0), "bool").data).toEqual(new Uint8Array([1, 0, 1]));
  expect(() => tensor.multiply(t, counting(3, 1))).toThrow("shapes [1, 3] and [3, 1], expected the same");
});

describe("reductions", () => {
  const t = tensor.from([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [7, 8],
      [9, 10],
      [11, -12],
    ],
  ]);

  test("over everything", () => {
    expect([tensor.sum(t), tensor.mean(t), tensor.min(t), tensor.max(t)]).toEqual([54, 4.5, -12, 11]);
    expect(tensor.min(tensor.from([1, Number.NaN, 2]))).toBeNaN();
  });

  test("along each axis", () => {
    expect(nested(tensor.sum(t, { axis: 0 }))).toEqual([
      [8, 10],
      [12, 14],
      [16, -6],
    ]);
    expect(nested(tensor.mean(t, { axis: 1 }))).toEqual([
      [3, 4],
      [9, 2],
    ]);
    expect(nested(tensor.max(t, { axis: -1 }))).toEqual([
      [2, 4, 6],
      [8, 10, 11],
    ]);
    expect(nested(tensor.min(t, { axis: 2 }))).toEqual([
      [1, 3, 5],
      [7, 9, -12],
    ]);
    expect(tensor.sum(tensor.zeros([0, 3]), { axis: 0 }).data).toEqual(new Float64Array(3));
  });

  test("a long sum of tenths stays within 1e-12 of exact", () => {
    const tenths = tensor.full([1_000_003], 0.1, "float64");
    expect(Math.abs(tensor.sum(tenths) / 100_000.3 - 1)).toBeLessThan(1e-12);
  });

  test("refuse emptiness and a wrong axis", () => {
    expect(tensor.sum(tensor.zeros([0]))).toBe(0);
    for (const f of [tensor.mean, tensor.min, tensor.max]) expect(() => f(tensor.zeros([0, 2]))).toThrow(ValueError);
    expect(() => tensor.sum(t, { axis: 3 })).toThrow("tensor.sum: axis 3, expected an integer -3..2 for 3 axes");
  });
});

test("equal compares shape, dtype and values", () => {
  const t = tensor.from([1, Number.NaN, 0]);
  expect(tensor.equal(t, tensor.from([1, Number.NaN, -0]))).toBe(true);
  expect(tensor.equal(t, tensor.from([1, 2, 0]))).toBe(false);
  expect(tensor.equal(t, tensor.reshape(t, [3, 1]))).toBe(false);
  expect(tensor.equal(t, tensor.from([1, Number.NaN, 0], { dtype: "float64" }))).toBe(false);
});

describe("format", () => {
  test("aligns columns and trims zeros", () => {
    expect(
      tensor.format(
        tensor.from([
          [1, -2.5],
          [0.1, 12345.678],
        ]),
      ),
    ).toBe(["float32 [2, 2]", "    1   -2.5", "  0.1  12350"].join("\n"));
  });

  test("keeps the ends of long sides", () => {
    expect(tensor.format(counting(4, 9), { maxSide: 3 })).toBe(
      ["int32 [4, 9]", "   0  ...   8", "  ...", "  27  ...  35"].join("\n"),
    );
  });

  test("scalars, vectors, stacks and empties", () => {
    expect(tensor.format(tensor.from(-0))).toBe("float32 [] -0");
    expect(tensor.format(tensor.from([true, false]))).toBe("bool [2]\n  1  0");
    expect(tensor.format(counting(2, 1, 2))).toBe("int32 [2, 1, 2]\n[0, :, :]\n  0  1\n[1, :, :]\n  2  3");
    expect(tensor.format(tensor.zeros([0, 4]))).toBe("float32 [0, 4]");
    expect(tensor.format(tensor.from([1e-9, 3e20, Number.NaN], { dtype: "float64" }))).toBe(
      "float64 [3]\n  1e-9  3e+20  NaN",
    );
  });
});
