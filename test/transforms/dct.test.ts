import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import { from, full, slice, type Tensor, transpose, zeros } from "../../src/tensor/index.js";
import { type DctType, dct, dctn, idct, idctn } from "../../src/transforms/index.js";
import { apart, double, oracle } from "./oracle.js";

describe.each([2, 3] as const)("type %i", (type) => {
  test.each(oracle.dct)("is SciPy's, case %#", ({ x, ...expected }) => {
    expect(apart(dct(double(x), { type }), expected[`type${type}`])).toBeLessThan(1e-14);
    expect(apart(idct(double(x), { type }), expected[type === 2 ? "type3" : "type2"])).toBeLessThan(1e-14);
  });

  test("over an image it is SciPy's dctn", () => {
    const { x, ...expected } = oracle.dctn;
    expect(apart(dctn(double(x), { type }), expected[`type${type}`])).toBeLessThan(1e-14);
    expect(apart(idctn(double(x), { type }), expected[type === 2 ? "type3" : "type2"])).toBeLessThan(1e-14);
  });

  test("is the sum of its definition, and undone by its inverse, at every length", () => {
    for (let n = 1; n <= 40; n++) {
      const x = normal(key(n), [n], { dtype: "float64" });
      const basis = (k: number, i: number): number =>
        Math.sqrt((k === 0 ? 1 : 2) / n) * Math.cos((Math.PI * (2 * i + 1) * k) / (2 * n));
      const direct = Array.from({ length: n }, (_, out) =>
        x.data.reduce((sum, value, at) => sum + value * (type === 2 ? basis(out, at) : basis(at, out)), 0),
      );
      expect(apart(dct(x, { type }), direct)).toBeLessThan(1e-12);
      expect(apart(idct(dct(x, { type }), { type }), x)).toBeLessThan(1e-13);
    }
  });
});

test("a constant has one coefficient; a cosine of the basis, too", () => {
  expect(
    apart(
      dctn(full([8, 8], 1, "float64")),
      double([[8, ...Array<number>(7).fill(0)], ...Array.from({ length: 7 }, () => Array<number>(8).fill(0))]),
    ),
  ).toBeLessThan(1e-14);
  const unit = (k: number): number[] => Array.from({ length: 6 }, (_, i) => (i === k ? 1 : 0));
  for (let k = 0; k < 6; k++) expect(apart(dct(idct(double(unit(k)))), unit(k))).toBeLessThan(1e-15);
});

test("axes are transformed one by one; stacks image by image", () => {
  const x = normal(key(1), [2, 5, 4], { dtype: "float64" });
  expect(dct(x, { axis: 1 })).toEqual(transpose(dct(transpose(x, [0, 2, 1])), [0, 2, 1]));
  expect(dctn(x)).toEqual(dct(dct(x, { axis: 1 }), { axis: 2 }));
  expect(dctn(x, { axes: [0] })).toEqual(dct(x, { axis: 0 }));
  expect(slice(dctn(x), 1)).toEqual(dctn(slice(x, 1)));
});

test("float32 is float64 rounded once; NaN fills its line only", () => {
  const single = normal(key(2), [3, 7]);
  const wide = from(single.data, { dtype: "float64", shape: [3, 7] });
  expect([...dctn(single).data]).toEqual([...dctn(wide).data].map(Math.fround));
  const lines = dct(
    double([
      [1, Number.NaN, 2],
      [1, 2, 3],
    ]),
  );
  expect([...lines.data].map(Number.isNaN)).toEqual([true, true, true, false, false, false]);
});

test("what does not fit is refused", () => {
  const x = zeros([4, 4]);
  expect(() => dct(zeros([4], "uint8") as unknown as Tensor<"float32">)).toThrow(DtypeError);
  expect(() => dct(x, { type: 1 as DctType })).toThrow(new ValueError("dct: type 1, expected 2 or 3"));
  expect(() => dct(x, { axis: 2 })).toThrow(ShapeError);
  expect(() => dct(zeros([3, 0]))).toThrow(new ShapeError("dct: shape [3, 0], expected elements along axis -1"));
  expect(() => dctn(zeros([4]))).toThrow(ShapeError);
  expect(() => dctn(x, { axes: [1, -1] })).toThrow(
    new ValueError("dctn: axes [1, -1], expected at least one, and none twice"),
  );
  expect(() => idctn(x, { axes: [] })).toThrow(ValueError);
});
