/** Wavelets of float32: kernels and plain code give the same bits; Haar of images against exact sums. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import * as tensor from "../../src/tensor/index.js";
import {
  type BorderMode,
  type Dwt2Bands,
  dwt,
  dwt2,
  idwt,
  idwt2,
  type WaveletName,
  wavedec2,
  waverec2,
} from "../../src/transforms/index.js";
import * as wasm from "../../src/wasm/index.js";
import { describeBackends, plainly } from "../support/backends.js";

const modes: readonly BorderMode[] = ["symmetric", "periodic", "periodization"];
const names = ["haar", ...Array.from({ length: 10 }, (_, i) => `db${i + 1}`)] as readonly WaveletName[];
const bandNames = ["approximation", "horizontal", "vertical", "diagonal"] as const;

/** Numbers that are hard to add: signs of zero, denormals, the largest, infinities, NaN. */
const hard = [0, -0, 1e-45, -3e-45, 1.2e-38, 1, -1, 0.1, 16777217, 3.4e38, -3.4e38, Infinity, -Infinity, Number.NaN];

const signals = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 2, maxLength: 4 }),
    name: fc.constantFrom(...names),
    mode: fc.constantFrom(...modes),
    axis: fc.nat(3),
    seed: fc.nat(1000),
    odd: fc.array(fc.tuple(fc.nat(2000), fc.constantFrom(...hard)), { maxLength: 4 }),
  })
  .map(({ shape, axis, seed, odd, ...rest }) => {
    const signal = normal(key(seed), shape);
    for (const [at, value] of odd) signal.data[at % signal.data.length] = value;
    return { ...rest, signal, axis: axis % shape.length };
  });

describe.each([1, 3])("%d threads: as plain code", (threads) => {
  beforeAll(() => {
    wasm.configure({ threads });
  });
  afterAll(() => {
    wasm.configure();
  });
  const configured = <T>(compute: () => T): T => {
    const result = plainly(compute);
    wasm.configure({ threads });
    return result;
  };

  test("dwt and idwt along any axis", () => {
    fc.assert(
      fc.property(signals, ({ signal, name, mode, axis }) => {
        const options = { mode, axis };
        const bands = dwt(signal, name, options);
        expect(bands).toEqual(configured(() => dwt(signal, name, options)));
        const length = signal.shape[axis] as number;
        expect(idwt(bands, name, { ...options, length })).toEqual(
          configured(() => idwt(bands, name, { ...options, length })),
        );
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("dwt2 and idwt2", () => {
    fc.assert(
      fc.property(signals, ({ signal, name, mode }) => {
        const bands = dwt2(signal, name, { mode });
        expect(bands).toEqual(configured(() => dwt2(signal, name, { mode })));
        const sides = signal.shape.slice(-2) as [number, number];
        expect(idwt2(bands, name, { mode, sides })).toEqual(configured(() => idwt2(bands, name, { mode, sides })));
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  const stack = normal(key(5), [70, 56, 56]);
  const image = normal(key(6), [2, 801, 1102]);
  test.each([
    ["a stack of maps", "haar", stack],
    ["a stack of maps", "db2", stack],
    ["a stack of maps", "db4", stack],
    ["images of several strips", "haar", image],
    ["images of several strips", "db3", image],
    ["images of several strips", "db10", image],
  ] as const)("%s, %s: streamed and in place", (_, name, images) => {
    for (const mode of modes) {
      const expected = configured(() => dwt2(images, name, { mode }));
      const found = dwt2(images, name, { mode });
      const inside = tensor.empty(images.shape, "float32", { memory: "wasm" });
      inside.data.set(images.data);
      const out = Object.fromEntries(
        bandNames.map((band) => [band, tensor.empty(expected[band].shape, "float32", { memory: "wasm" })]),
      ) as unknown as Dwt2Bands<"float32">;
      expect(dwt2(inside, name, { mode, out })).toBe(out);
      for (const band of bandNames) {
        expect(tensor.equal(found[band], expected[band])).toBe(true);
        expect(tensor.equal(out[band], expected[band])).toBe(true);
      }
      const sides = images.shape.slice(-2) as [number, number];
      const back = idwt2(out, name, { mode, sides, out: inside });
      expect(back).toBe(inside);
      expect(
        tensor.equal(
          back,
          configured(() => idwt2(expected, name, { mode, sides })),
        ),
      ).toBe(true);
      expect(tensor.equal(idwt2(found, name, { mode, sides }), back)).toBe(true);
      for (const each of [inside, ...Object.values(out)]) tensor.free(each);
    }
  });
});

describeBackends("Haar of float32 images", () => {
  test("is the four sums, each off by at most 3 · 2^-24 of the magnitudes, halved", () => {
    const { data, shape } = normal(key(4), [5, 6, 22]);
    const bands = dwt2({ data, shape, dtype: "float32" }, "haar");
    const signs = { approximation: [1, 1], horizontal: [1, -1], vertical: [-1, 1], diagonal: [-1, -1] } as const;
    for (const band of bandNames) {
      const [alongRow, downColumn] = signs[band];
      bands[band].data.forEach((value, i) => {
        const [image, row, column] = [Math.floor(i / 33), Math.floor(i / 11) % 3, i % 11];
        const at = image * 132 + row * 44 + column * 2;
        const [a, b, c, d] = [data[at], data[at + 1], data[at + 22], data[at + 23]] as [number, number, number, number];
        const exact = (a + alongRow * b + downColumn * (c + alongRow * d)) / 2;
        const magnitude = (Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d)) / 2;
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(3 * 2 ** -24 * magnitude);
      });
    }
  });

  test("whole numbers are exact, and come back", () => {
    for (const sides of [
      [4, 18],
      [7, 9],
      [1, 1],
    ] as const) {
      const images = tensor.from(
        Array.from({ length: 3 * sides[0] * sides[1] }, (_, i) => ((i * 7919) % 4001) - 2000),
        { shape: [3, ...sides] },
      );
      for (const mode of modes) {
        const bands = dwt2(images, "haar", { mode });
        const double = dwt2(tensor.from(images.data, { shape: images.shape, dtype: "float64" }), "haar", { mode });
        for (const band of bandNames) {
          expect([...bands[band].data]).toEqual([...double[band].data].map((x) => Math.round(2 * x) / 2 + 0));
        }
        expect(idwt2(bands, "haar", { mode, sides })).toEqual(images);
        expect(waverec2(wavedec2(images, "haar", { mode, levels: 3 }), "haar", { mode })).toEqual(images);
      }
    }
    expect([
      ...dwt2(
        tensor.from([
          [1, 2],
          [3, 4],
        ]),
        "haar",
      ).approximation.data,
    ]).toEqual([5]);
  });

  test("-0 is 0, NaN and infinity stay where they are, and nothing overflows that fits", () => {
    // Every sign of four zeros, in blocks that are alone and that have many beside them.
    const signs = Array.from({ length: 16 }, (_, i) => [0, 1, 2, 3].map((bit) => (i & (1 << bit) ? -0 : 0)));
    for (const blocks of [1, 2, 8, 11]) {
      const row = (at: number): number[][] =>
        signs.map((four) => Array.from({ length: 2 * blocks }, (_, c) => four[at + (c % 2)] as number));
      const [top, bottom] = [row(0), row(2)];
      const bands = dwt2(
        tensor.from(
          top.map((line, i) => [line, bottom[i] as number[]]),
          { dtype: "float32" },
        ),
        "haar",
      );
      for (const band of bandNames) expect(bands[band]).toEqual(tensor.zeros([16, 1, blocks]));
      const quarter = (at: number): tensor.Tensor<"float32"> =>
        tensor.from(
          signs.map((four) => [new Array<number>(blocks).fill(four[at] as number)]),
          { dtype: "float32" },
        );
      const quarters = {
        approximation: quarter(0),
        horizontal: quarter(1),
        vertical: quarter(2),
        diagonal: quarter(3),
      };
      expect(idwt2(quarters, "haar")).toEqual(tensor.zeros([16, 2, 2 * blocks]));
    }
    const images = tensor.full([2, 20], 1);
    images.data[5] = Number.NaN;
    images.data[29] = Number.NEGATIVE_INFINITY;
    const { approximation, diagonal } = dwt2(images, "haar");
    expect([...approximation.data]).toEqual([2, 2, Number.NaN, 2, -Infinity, 2, 2, 2, 2, 2]);
    expect(diagonal.data[4]).toBe(Number.NEGATIVE_INFINITY);
    const big = Math.fround(3e38);
    const large = dwt2(
      tensor.from([
        [big, -big],
        [-big, big],
      ]),
      "haar",
    );
    expect([large.approximation.data[0], large.horizontal.data[0], large.diagonal.data[0]]).toEqual([0, 0, Infinity]);
  });
});

describe("out", () => {
  const x = normal(key(1), [6, 10]);
  test("is written, for every dtype and wavelet", () => {
    for (const name of ["haar", "db3"] as const) {
      for (const dtype of ["float32", "float64"] as const) {
        const signal = tensor.from(x.data, { shape: [6, 10], dtype });
        const expected = dwt(signal, name, { axis: 0 });
        const out = {
          approximation: tensor.full(expected.detail.shape, 7, dtype),
          detail: tensor.full(expected.detail.shape, 7, dtype),
        };
        expect(dwt(signal, name, { axis: 0, out })).toBe(out);
        expect(out).toEqual(expected);
        const back = tensor.full([6, 10], 7, dtype);
        expect(idwt(out, name, { axis: 0, out: back })).toBe(back);
        expect(back).toEqual(idwt(expected, name, { axis: 0 }));
        const quarters = dwt2(signal, name);
        expect(idwt2(quarters, name, { out: back })).toBe(back);
        expect(back).toEqual(idwt2(quarters, name));
      }
    }
  });

  test("is refused where it does not fit", () => {
    const bands = dwt2(x, "haar");
    expect(() => dwt2(x, "haar", { out: { ...bands, diagonal: bands.vertical } })).toThrow(ValueError);
    expect(() => dwt2(x, "haar", { out: { ...bands, diagonal: tensor.zeros([3, 4]) } })).toThrow(ShapeError);
    expect(() => idwt2(bands, "haar", { out: tensor.zeros([6, 9]) })).toThrow(
      "idwt2: out of shape [6, 9], expected [6, 10]",
    );
    const { approximation } = dwt(x, "haar");
    expect(() => dwt(x, "haar", { out: { approximation, detail: approximation } })).toThrow(ValueError);
    expect(() => idwt(dwt(x, "haar"), "haar", { out: tensor.zeros([6, 10], "float64") as never })).toThrow("dtype");
  });
});
