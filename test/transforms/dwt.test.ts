/** One level and many, in one and two dimensions. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import { from, full, reshape, slice, type Tensor, transpose, zeros } from "../../src/tensor/index.js";
import {
  type BorderMode,
  dwt,
  dwt2,
  idwt,
  idwt2,
  type WaveletName,
  wavedec,
  wavedec2,
  waverec,
  waverec2,
} from "../../src/transforms/index.js";
import { apart, double, oracle } from "./oracle.js";

const modes: readonly BorderMode[] = ["symmetric", "periodic", "periodization"];
const names = ["haar", ...Array.from({ length: 10 }, (_, i) => `db${i + 1}`)] as readonly WaveletName[];
const noise = (seed: number, shape: readonly number[]): Tensor<"float64"> =>
  normal(key(seed), [...shape], { dtype: "float64" });
const energy = (...tensors: readonly Tensor[]): number =>
  tensors.flatMap(({ data }) => [...data]).reduce((total, value) => total + value * value, 0);

describe("PyWavelets", () => {
  test.each(oracle.dwt)("dwt and idwt: $wavelet $mode, case %#", ({ wavelet, mode, x, ...expected }) => {
    const bands = dwt(double(x), wavelet, { mode });
    expect(apart(bands.approximation, expected.approximation)).toBeLessThan(1e-13);
    expect(apart(bands.detail, expected.detail)).toBeLessThan(1e-13);
    expect(apart(idwt(bands, wavelet, { mode }), expected.inverse)).toBeLessThan(1e-13);
  });

  test.each(oracle.dwt2)("dwt2: $wavelet $mode", ({ wavelet, mode, x, ...expected }) => {
    const bands = dwt2(double(x), wavelet, { mode });
    for (const band of ["approximation", "horizontal", "vertical", "diagonal"] as const) {
      expect(apart(bands[band], expected[band])).toBeLessThan(1e-13);
    }
  });

  test.each(oracle.wavedec)("wavedec: $wavelet $mode $levels", ({ wavelet, mode, levels, x, bands }) => {
    const { approximation, details, length } = wavedec(double(x), wavelet, { mode, levels });
    expect([details.length, length]).toEqual([levels, x.length]);
    [approximation, ...details].forEach((band, i) => {
      expect(apart(band, bands[i] as number[])).toBeLessThan(1e-13);
    });
  });

  test.each(oracle.wavedec2)("wavedec2: $wavelet $mode $levels", ({ wavelet, mode, levels, x, ...expected }) => {
    const { approximation, details } = wavedec2(double(x), wavelet, { mode, levels });
    expect(apart(approximation, expected.approximation)).toBeLessThan(1e-13);
    expect(details.length).toBe(levels);
    details.forEach(({ horizontal, vertical, diagonal }, i) => {
      [horizontal, vertical, diagonal].forEach((band, j) => {
        expect(apart(band, expected.details[i]?.[j] as number[][])).toBeLessThan(1e-13);
      });
    });
  });
});

describe.each(modes)("%s", (mode) => {
  test("the inverse gives the signal back, for every wavelet and length", () => {
    for (const wavelet of names) {
      for (let length = 1; length <= 24; length++) {
        const x = noise(length, [length]);
        expect(apart(idwt(dwt(x, wavelet, { mode }), wavelet, { mode, length }), x)).toBeLessThan(1e-12);
      }
    }
  });

  test("waverec gives the signal back, for any levels", () => {
    const any = fc.record({
      name: fc.constantFrom(...names),
      length: fc.integer({ min: 1, max: 70 }),
      levels: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(any, ({ name, length, levels, seed }) => {
        const x = noise(seed, [length]);
        expect(apart(waverec(wavedec(x, name, { mode, levels }), name, { mode }), x)).toBeLessThan(1e-11);
      }),
      { seed: 2021, numRuns: 100 },
    );
  });

  test("idwt2 and waverec2 give images back, sides odd and even, in stacks", () => {
    for (const sides of [
      [1, 1],
      [2, 5],
      [7, 4],
      [9, 9],
    ] as const) {
      for (const wavelet of ["haar", "db2", "db5"] as const) {
        const x = noise(3, [2, 3, ...sides]);
        expect(apart(idwt2(dwt2(x, wavelet, { mode }), wavelet, { mode, sides }), x)).toBeLessThan(1e-12);
        const bands = wavedec2(x, wavelet, { mode, levels: 3 });
        expect(apart(waverec2(bands, wavelet, { mode }), x)).toBeLessThan(1e-12);
      }
    }
  });

  test("a constant has no details", () => {
    for (const wavelet of names) {
      expect(
        apart(
          dwt(full([22], 3, "float64"), wavelet, { mode }).detail,
          zeros(dwt(noise(1, [22]), wavelet, { mode }).detail.shape as number[]),
        ),
      ).toBeLessThan(1e-13);
    }
  });
});

test("periodization keeps the energy of even lengths (Parseval)", () => {
  for (const wavelet of names) {
    for (const length of [2, 4, 10, 16, 34]) {
      const x = noise(length, [length]);
      const { approximation, detail } = dwt(x, wavelet, { mode: "periodization" });
      expect(energy(approximation, detail) / energy(x)).toBeCloseTo(1, 12);
    }
  }
  const image = noise(1, [8, 16]);
  const bands = wavedec2(image, "db2", { mode: "periodization", levels: 3 });
  const details = bands.details.flatMap(({ horizontal, vertical, diagonal }) => [horizontal, vertical, diagonal]);
  expect(energy(bands.approximation, ...details) / energy(image)).toBeCloseTo(1, 12);
});

test("Haar is the four sums of the definition", () => {
  const [a, b, c, d] = [1, 2, 4, 9];
  const bands = dwt2(
    double([
      [a, b],
      [c, d],
    ]),
    "haar",
  );
  expect(apart(bands.approximation, [[(a + b + c + d) / 2]])).toBeLessThan(1e-14);
  expect(apart(bands.horizontal, [[(a + b - c - d) / 2]])).toBeLessThan(1e-14);
  expect(apart(bands.vertical, [[(a - b + c - d) / 2]])).toBeLessThan(1e-14);
  expect(apart(bands.diagonal, [[(a - b - c + d) / 2]])).toBeLessThan(1e-14);
});

test("a polynomial of degree p - 1 has no details under db<p> away from the ends", () => {
  for (let order = 1; order <= 6; order++) {
    const x = double(Array.from({ length: 64 }, (_, i) => (i / 64) ** (order - 1)));
    const { detail } = dwt(x, `db${order}` as WaveletName);
    const inside = slice(detail, [order, detail.data.length - order]);
    expect(Math.max(...inside.data.map(Math.abs))).toBeLessThan(1e-13);
  }
});

test("any axis is split as the last one is", () => {
  const x = noise(4, [3, 6, 5]);
  for (const [axis, order] of [
    [0, [1, 2, 0]],
    [1, [0, 2, 1]],
    [-2, [0, 2, 1]],
  ] as const) {
    const back = order.map((_, at) => order.indexOf(at as 0 | 1 | 2));
    const there = dwt(transpose(x, order), "db2");
    expect(dwt(x, "db2", { axis })).toEqual({
      approximation: transpose(there.approximation, back),
      detail: transpose(there.detail, back),
    });
    expect(apart(waverec(wavedec(x, "db2", { axis, levels: 2 }), "db2", { axis }), x)).toBeLessThan(1e-13);
  }
});

test("float32 is float64, rounded once a level", () => {
  const single = normal(key(8), [6, 10]);
  const wide = from(single.data, { dtype: "float64", shape: [6, 10] });
  const [a, b] = [dwt2(single, "db3"), dwt2(wide, "db3")];
  expect(a.approximation.dtype).toBe("float32");
  expect([...a.diagonal.data]).toEqual([...b.diagonal.data].map(Math.fround));
  expect([...dwt(single, "db2").detail.data]).toEqual([...dwt(wide, "db2").detail.data].map(Math.fround));
  expect(idwt(dwt(single, "haar"), "haar").dtype).toBe("float32");
});

test("NaN reaches the coefficients that see it, and no others; -0 is 0", () => {
  const { approximation } = dwt(double([1, 2, Number.NaN, 4, 5, 6]), "haar");
  expect([...approximation.data].map(Number.isNaN)).toEqual([false, true, false]);
  expect(Object.is(dwt(double([-0, -0]), "haar").approximation.data[0], 0)).toBe(true);
});

test("empty stacks stay empty", () => {
  expect(dwt(zeros([0, 4]), "haar").detail).toEqual(zeros([0, 2]));
  expect(dwt2(zeros([0, 3, 4]), "haar").diagonal).toEqual(zeros([0, 2, 2]));
});

describe("refused", () => {
  const bytes = zeros([4], "int8") as unknown as Tensor<"float32">;
  const x = zeros([8]);
  test.each([
    ["an integer dtype", () => dwt(bytes, "haar"), DtypeError, "dwt: dtype int8, expected float32 or float64"],
    ["an axis", () => dwt(x, "haar", { axis: 1 }), ShapeError, "dwt: axis 1"],
    ["no elements", () => dwt(zeros([3, 0]), "haar"), ShapeError, "dwt: shape [3, 0], expected elements along axis -1"],
    [
      "a mode",
      () => dwt(x, "haar", { mode: "zero" as BorderMode }),
      ValueError,
      'dwt: mode "zero", expected "symmetric"',
    ],
    ["a wavelet", () => dwt(x, "db11" as WaveletName), ValueError, 'wavelet: name "db11"'],
    [
      "two shapes",
      () => idwt({ approximation: x, detail: zeros([7]) }, "haar"),
      ShapeError,
      "idwt: shapes [8] and [7]",
    ],
    [
      "two dtypes",
      () => idwt({ approximation: x, detail: zeros([8], "float64") as unknown as Tensor<"float32"> }, "haar"),
      DtypeError,
      "idwt: dtypes float32 and float64",
    ],
    [
      "too few",
      () => idwt({ approximation: zeros([2]), detail: zeros([2]) }, "db3"),
      ShapeError,
      "expected at least 3 coefficients",
    ],
    [
      "a length",
      () => idwt(dwt(x, "haar"), "haar", { length: 6 }),
      ShapeError,
      "4 coefficients of haar and length 6, expected length 8 or 7",
    ],
    ["one axis", () => dwt2(x, "haar"), ShapeError, "dwt2: shape [8], expected [..., rows, columns]"],
    ["an empty image", () => dwt2(zeros([0, 4]), "haar"), ShapeError, "dwt2: shape [0, 4]"],
    [
      "levels",
      () => wavedec(x, "haar", { levels: 1.5 }),
      ValueError,
      "wavedec: levels = 1.5, expected an integer 0..52",
    ],
    [
      "bands without details",
      () => waverec({ approximation: x, details: [], length: 9 }, "haar"),
      ShapeError,
      "waverec: 8 values, expected length = 9",
    ],
    [
      "sides",
      () => waverec2({ approximation: reshape(x, [2, 4]), details: [], sides: [2, 5] }, "haar"),
      ShapeError,
      "waverec2: sides [2, 4], expected sides = [2, 5]",
    ],
  ] as const)("%s", (_, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});
