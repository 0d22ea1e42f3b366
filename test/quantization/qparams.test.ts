/** Scales, zero points and codes: against NumPy on each paper's grid, by hand, and over every value of a small domain. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import * as q from "../../src/quantization/index.js";
import { key } from "../../src/random/index.js";
import { from, full, mean, reshape, type Tensor, zeros } from "../../src/tensor/index.js";
import { draws, oracle, values } from "./oracle.js";

const conventions = {
  lapqWeights: q.lapqWeights,
  lapqActivations: q.lapqActivations,
  aciqBins: q.aciqBins,
  kure: q.kure,
  catActivations: q.catActivations,
  transformCoding: q.transformCoding,
  intSymmetric: q.intSymmetric,
  intAffine: q.intAffine,
};
const all = Object.keys(conventions) as (keyof typeof conventions)[];
const conventionOf = (name: string, bits: number): q.QuantConvention => conventions[name as "kure"](bits);
const granularities: Record<string, q.Granularity> = {
  tensor: { per: "tensor" },
  axis0: { per: "axis", axis: 0 },
  axis1: { per: "axis", axis: -1 },
  group4: { per: "group", group: 4 },
  block2x3: { per: "block", block: [2, 3] },
};
const f64 = (list: readonly number[]): Tensor<"float64"> => from(list, { dtype: "float64" });

test("every paper's grid is NumPy's, at every granularity", () => {
  expect(oracle.grids).toHaveLength(56);
  for (const { convention, bits, granularity, values: expected } of oracle.grids) {
    const qparams = q.chooseQparams(values, {
      convention: conventionOf(convention, bits),
      granularity: granularities[granularity] as q.Granularity,
    });
    const found = q.fakeQuantize(values, qparams);
    for (const [i, want] of expected.entries()) {
      const close = Math.abs((found.data[i] as number) - want) < 1e-12;
      expect([convention, bits, granularity, i, close || [found.data[i], want]]).toEqual([
        convention,
        bits,
        granularity,
        i,
        true,
      ]);
    }
  }
});

test("levels, step and zero of each convention, by hand", () => {
  const seven = f64([-7, 7]);
  /** What each code stands for. */
  const levels = (convention: q.QuantConvention, clipped: Tensor): number[] => {
    const qparams = q.chooseQparams(clipped, { convention });
    const codes = Array.from({ length: convention.high - convention.low + 1 }, (_, i) => convention.low + i);
    const tensor = from(codes, { dtype: "int32" });
    return [...q.dequantize(tensor, qparams, { dtype: "float64" }).data];
  };
  const close = (expected: readonly number[]): unknown[] => expected.map((x) => expect.closeTo(x, 12));
  expect(levels(q.lapqWeights(2), seven)).toEqual(close([-7, -7 / 3, 7 / 3, 7]));
  expect(levels(q.lapqActivations(2), seven)).toEqual(close([0, 7 / 3, 14 / 3, 7]));
  expect(levels(q.aciqBins(2), f64([-8, 8]))).toEqual([-6, -2, 2, 6]);
  expect(levels(q.kure(2), f64([-8, 8]))).toEqual([-8, -4, 0, 4, 8]);
  expect(levels(q.catActivations(2), f64([1, 7]))).toEqual([1, 3, 5, 7]);
  expect(levels(q.transformCoding(2), f64([1, 7]))).toEqual(close([1, 4, 7]));
  expect(levels(q.intSymmetric(3), f64([-6, 2]))).toEqual([-6, -4, -2, 0, 2, 4, 6]);
  expect(levels(q.intAffine(2), f64([3, 6]))).toEqual([0, 2, 4, 6]);
  expect(levels(q.intAffine(2), f64([-3, -6]))).toEqual([-6, -4, -2, 0]);
  expect(levels(q.lapqWeights(1), seven)).toEqual([-7, 7]);
});

test("the scales have the granularity's shape", () => {
  const w = draws(1, [4, 6, 8]);
  const shapeOf = (granularity: q.Granularity): readonly number[] =>
    q.chooseQparams(w, { convention: q.intSymmetric(8), granularity }).scales.shape;
  expect(shapeOf({ per: "tensor" })).toEqual([]);
  expect(shapeOf({ per: "axis", axis: 1 })).toEqual([6]);
  expect(shapeOf({ per: "axis", axis: -3 })).toEqual([4]);
  expect(shapeOf({ per: "group", group: 2 })).toEqual([4, 6, 4]);
  expect(shapeOf({ per: "group", group: 3, axis: 1 })).toEqual([4, 2, 8]);
  expect(shapeOf({ per: "block", block: [2, 1, 8] })).toEqual([2, 6, 1]);
});

test("each block is quantized as if it were alone", () => {
  const w = draws(2, [4, 6, 10]);
  const convention = q.intAffine(3);
  const block = [2, 3, 5] as const;
  const whole = q.fakeQuantize(w, q.chooseQparams(w, { convention, granularity: { per: "block", block } }));
  for (let b = 0; b < 8; b++) {
    const places: number[] = [];
    for (let i = 0; i < 240; i++) {
      const [x, y, z] = [Math.floor(i / 60), Math.floor(i / 10) % 6, i % 10];
      const [bx, by, bz] = [Math.floor(x / 2), Math.floor(y / 3), Math.floor(z / 5)];
      if (bx * 4 + by * 2 + bz === b) places.push(i);
    }
    const alone = f64(places.map((i) => w.data[i] as number));
    const expected = q.fakeQuantize(alone, q.chooseQparams(alone, { convention }));
    expect(places.map((i) => whole.data[i])).toEqual([...expected.data]);
  }
});

test("the error is at most half a step, every level stays where it is, and 0 stays 0 where it is a level", () => {
  const list = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(list, fc.constantFrom(...all), fc.integer({ min: 2, max: 10 }), (numbers, name, bits) => {
      const x = f64([...numbers, 0]);
      const convention = conventionOf(name, bits);
      const qparams = q.chooseQparams(x, { convention });
      const scale = qparams.scales.data[0] as number;
      const codes = q.quantize(x, qparams);
      const found = q.fakeQuantize(x, qparams);
      for (let i = 0; i < x.data.length; i++) {
        expect(codes.data[i]).toBeGreaterThanOrEqual(convention.low);
        expect(codes.data[i]).toBeLessThanOrEqual(convention.high);
        // A rounded zero point moves the ends of the range by up to half a step.
        const most = name === "intAffine" ? 1 : 0.5;
        const clipped = name === "lapqActivations" && (x.data[i] as number) < 0 ? 0 : (x.data[i] as number);
        expect(Math.abs((found.data[i] as number) - clipped)).toBeLessThanOrEqual(most * scale * (1 + 1e-9));
      }
      expect(q.quantize(found, qparams).data).toEqual(codes.data);
      if (["lapqActivations", "kure", "intSymmetric", "intAffine"].includes(name)) {
        expect(found.data.at(-1)).toBe(0);
        expect(Number.isInteger(qparams.zeroPoints.data[0])).toBe(true);
      }
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("ties go to the even code; other roundings on request", () => {
  const qparams = q.chooseQparams(f64([-127, 127]), { convention: q.intSymmetric(8) });
  const x = f64([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.6]);
  const codes = (options: Parameters<typeof q.quantize>[2]): number[] => [...q.quantize(x, qparams, options).data];
  expect(codes({})).toEqual([-2, -2, 0, 0, 2, 2, 3]);
  expect(codes({ rounding: "nearest-away" })).toEqual([-3, -2, -1, 1, 2, 3, 3]);
  expect(codes({ rounding: "toward-zero" })).toEqual([-2, -1, 0, 0, 1, 2, 2]);
  // ONNX: x / scale is rounded before the zero point, here 1, is added.
  const affine = q.chooseQparams(f64([-1, 2]), { convention: q.intAffine(2) });
  expect([...affine.zeroPoints.data, ...affine.scales.data]).toEqual([1, 1]);
  expect([...q.quantize(f64([0.5, -0.5, 1.5]), affine).data]).toEqual([1, 1, 3]);
});

test("stochastic rounding leaves the expectation, also between levels that are no multiples of the step", () => {
  for (const convention of [q.intSymmetric(3), q.lapqWeights(2), q.catActivations(2)]) {
    const qparams = q.chooseQparams(f64([-3, 3]), { convention });
    for (const value of [-2.9, -0.4, 0.25, 1.1]) {
      const x = full([20_000], value, "float64");
      const found = q.fakeQuantize(x, qparams, { rounding: "stochastic", key: key(4) });
      const step = qparams.scales.data[0] as number;
      expect(Math.abs(mean(found) - value)).toBeLessThan((4.5 * step) / 2 / Math.sqrt(20_000));
      expect(new Set(found.data).size).toBe(2);
    }
  }
});

test("the codes' dtype is the smallest that holds them", () => {
  const w = draws(5, [3, 5]);
  const dtypeOf = (convention: q.QuantConvention): string => q.quantize(w, q.chooseQparams(w, { convention })).dtype;
  expect(
    [q.intSymmetric(8), q.intAffine(8), q.kure(8), q.intAffine(9), q.intAffine(16), q.kure(16)].map(dtypeOf),
  ).toEqual(["int8", "uint8", "int16", "int16", "uint16", "int32"]);
});

describe("extremes", () => {
  test("zeros and constants come back as they are", () => {
    for (const name of all) {
      const qparams = q.chooseQparams(zeros([2, 3]), { convention: conventionOf(name, 4) });
      const found = q.fakeQuantize(zeros([2, 3]), qparams);
      // In a grid without 0 the nearest level is half of the smallest normal float32.
      const expected = name === "lapqWeights" || name === "aciqBins" ? 2 ** -127 : 0;
      expect([name, Math.abs(found.data[0] as number)]).toEqual([name, expected]);
    }
    for (const name of ["catActivations", "transformCoding", "intSymmetric", "intAffine", "kure"] as const) {
      for (const value of [5.3, -0.1, 1e-30, -1e30]) {
        const x = full([4], value, "float64");
        const { data } = q.fakeQuantize(x, q.chooseQparams(x, { convention: conventionOf(name, 4) }));
        expect(Math.abs((data[0] as number) - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value));
      }
    }
  });

  test("a group of zeros beside others does not disturb them", () => {
    const w = f64([0, 0, 0, 1, -2, 3]);
    const options = { convention: q.intSymmetric(8), granularity: { per: "group", group: 3 } } as const;
    const qparams = q.chooseQparams(w, options);
    expect([...qparams.scales.data]).toEqual([1, 3 / 127]);
    expect(q.fakeQuantize(w, qparams).data[0]).toBe(0);
    expect(q.fakeQuantize(w, qparams).data[5]).toBeCloseTo(3, 14);
  });

  test("the smallest and the largest numbers", () => {
    const tiny = f64([5e-324, -5e-324]);
    const small = q.chooseQparams(tiny, { convention: q.intSymmetric(8) });
    expect(small.scales.data[0]).toBe(2 ** -1022);
    expect([...q.fakeQuantize(tiny, small).data]).toEqual([0, 0]);
    const wide = f64([-1.7e308, 1.7e308]);
    const large = q.chooseQparams(wide, { convention: q.catActivations(8) });
    expect(large.scales.data[0]).toBeCloseTo((2 * 1.7) / 255 / 1e-308, -294);
    expect([...q.quantize(wide, large).data]).toEqual([0, 255]);
    // The quotient is infinite, the code is not.
    expect([...q.quantize(wide, small).data]).toEqual([-127, 127]);
  });

  test("-0 becomes 0; an empty tensor has codes but gives no scales; a scalar has both", () => {
    const qparams = q.chooseQparams(f64([1]), { convention: q.intSymmetric(8) });
    expect(Object.is(q.fakeQuantize(f64([-0]), qparams).data[0], 0)).toBe(true);
    expect(q.quantize(zeros([0, 3]), qparams).shape).toEqual([0, 3]);
    const scalar = reshape(f64([-3]), []);
    const one = q.chooseQparams(scalar, { convention: q.intSymmetric(8), granularity: { per: "block", block: [] } });
    expect([one.scales.shape, q.quantize(scalar, one).data[0]]).toEqual([[], -127]);
  });
});

test("clips: a number, a pair, and what a block's values say", () => {
  const w = f64([-4, -1, 0, 1, 2, 8]);
  const scaleOf = (convention: q.QuantConvention, clip: q.Clip): number =>
    q.chooseQparams(w, { convention, clip }).scales.data[0] as number;
  expect(scaleOf(q.intSymmetric(4), 3.5)).toBe(0.5);
  expect(scaleOf(q.catActivations(4), [-3, 12])).toBe(1);
  // -4..8 within ±5 is -4..5.
  expect(scaleOf(q.catActivations(2), 5)).toBe(3);
  expect(scaleOf(q.intAffine(2), [3, 6])).toBe(2);
  const seen: number[][] = [];
  const { scales } = q.chooseQparams(w, {
    convention: q.intSymmetric(2),
    granularity: { per: "group", group: 3 },
    clip: (block) => {
      seen.push([...block.data]);
      return block.data[0] === -4 ? 2 : 6;
    },
  });
  expect([seen, [...scales.data]]).toEqual([
    [
      [-4, -1, 0],
      [1, 2, 8],
    ],
    [2, 6],
  ]);
  expect([...q.fakeQuantize(w, { ...q.chooseQparams(w, { convention: q.intSymmetric(2), clip: 3 }) }).data]).toEqual([
    -3, 0, 0, 0, 3, 3,
  ]);
});

test("bad input is named", () => {
  const w = f64([1, 2, 3, 4, 5, 6]);
  const convention = q.intSymmetric(8);
  const bare = 8 as unknown as q.QuantConvention;
  expect(() => q.chooseQparams(w, { convention: bare })).toThrow(
    new ValueError("chooseQparams: convention is a bare bit-width 8, expected a record such as intSymmetric(8)"),
  );
  // @ts-expect-error a bare bit-width is no convention
  expect(() => q.chooseQparams(w, { convention: 4 })).toThrow(ValueError);
  // @ts-expect-error nor is a convention without bits
  expect(() => q.chooseQparams(w, { convention: q.kure })).toThrow(ValueError);
  expect(() => q.intSymmetric(1)).toThrow("intSymmetric: bits = 1, expected a whole number 2..16");
  expect(() => q.kure(2.5)).toThrow("kure: bits = 2.5, expected a whole number 1..16");
  expect(() => q.chooseQparams(w, { convention: { ...convention, steps: 0 } })).toThrow("expected integers low < high");
  expect(() => q.chooseQparams(f64([1, Number.NaN]), { convention })).toThrow(
    new ValueError("chooseQparams: value NaN at position 1, expected finite values"),
  );
  expect(() => q.chooseQparams(f64([]), { convention })).toThrow("chooseQparams: an empty tensor");
  expect(() => q.chooseQparams(w, { convention, granularity: { per: "group", group: 4 } })).toThrow(
    new ShapeError("chooseQparams: shape [6], expected a multiple of group = 4 along axis 0"),
  );
  expect(() => q.chooseQparams(w, { convention, granularity: { per: "group", group: 0 } })).toThrow("group = 0");
  expect(() => q.chooseQparams(w, { convention, granularity: { per: "axis", axis: 1 } })).toThrow(ShapeError);
  expect(() => q.chooseQparams(w, { convention, granularity: { per: "block", block: [2, 3] } })).toThrow(
    "block [2, 3], expected 1 sides for shape [6]",
  );
  expect(() => q.chooseQparams(w, { convention, granularity: { per: "row" } as unknown as q.Granularity })).toThrow(
    'granularity {"per":"row"}',
  );
  expect(() => q.chooseQparams(w, { convention, clip: -1 })).toThrow("chooseQparams: clip -1, expected");
  expect(() => q.chooseQparams(w, { convention, clip: [0, 1] })).toThrow("expected one number for intSymmetric");
  expect(() => q.chooseQparams(w, { convention: q.intAffine(8), clip: [2, 1] })).toThrow("clip [2,1]");
  const qparams = q.chooseQparams(w, { convention, granularity: { per: "group", group: 3 } });
  expect(() => q.quantize(f64([0, 1, Number.POSITIVE_INFINITY]), qparams)).toThrow(
    "quantize: value Infinity at position 2, expected finite values",
  );
  expect(() => q.quantize(f64([0, 1, 2]), qparams)).toThrow(
    new ShapeError("quantize: scales of shape [2], expected [1], one per block"),
  );
  const none = { ...qparams, scales: f64([1, 0]) };
  expect(() => q.quantize(w, none)).toThrow("quantize: scale 0 and zero point 0 of block 1, expected");
  expect(() => q.quantize(w, 3 as unknown as q.Qparams)).toThrow("quantize: qparams 3, expected");
  expect(() => q.quantize(w, qparams, { rounding: "stochastic" })).toThrow("expected a key for stochastic rounding");
  expect(() => q.dequantize(w, qparams)).toThrow(DtypeError);
  expect(() => q.fakeQuantize(zeros([6], "int8") as unknown as Tensor<"float32">, qparams)).toThrow(DtypeError);
});
