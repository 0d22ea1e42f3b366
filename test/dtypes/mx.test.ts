/** MX blocks: against NumPy and ml_dtypes, the definitions by hand, and figures found apart from this code. */
import { describe, expect, test } from "vitest";
import {
  decode,
  type Format,
  float4_e2m1fn,
  float6_e2m3fn,
  float6_e3m2fn,
  float8_e4m3fn,
  float8_e5m2,
  float8_e8m0fnu,
  floatFormat,
  int4,
  int8,
  type MxScaleRule,
  mxDecode,
  mxEncode,
  uint4,
} from "../../src/dtypes/index.js";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { key, normal, uniform } from "../../src/random/index.js";
import { from, reshape, type Tensor, transpose } from "../../src/tensor/index.js";
import { oracle, unpack } from "./oracle.js";

const rules: readonly MxScaleRule[] = ["floor", "ceil", "even", "rceil"];
const elements = { float8_e4m3fn, float8_e5m2, float6_e2m3fn, float6_e3m2fn, float4_e2m1fn, int8 };
const rows: Tensor<"float32"> = {
  data: new Float32Array(unpack(oracle.blocks.values).buffer),
  shape: oracle.blocks.shape,
  dtype: "float32",
};
const cases = Object.entries(elements).flatMap(([name, element]) =>
  rules.map((rule) => [name, rule, element] as const),
);

describe.each(cases)("%s with the rule %s", (name, scaleRule, element) => {
  test("codes and scales are those of NumPy and ml_dtypes, the last block being short", () => {
    const [codes, scales] = oracle.blocks.mx[`${name} ${scaleRule}`] as [string, string];
    const found = mxEncode(rows, { element, scaleRule });
    expect([found.codes.shape, found.scales.shape, found.block, found.axis]).toEqual([[12, 75], [12, 3], 32, 1]);
    expect([...found.scales.data]).toEqual([...unpack(scales)]);
    expect([...found.codes.data]).toEqual([...unpack(codes)]);
  });

  test("decoding is scale times element, and encoding that again changes nothing where nothing saturated", () => {
    const found = mxEncode(rows, { element, scaleRule });
    const values = mxDecode(found);
    const unit = element.kind === "int" ? 1 / 64 : 1;
    const expected = Array.from(values.data, (_, at) => {
      const scale = decode(
        float8_e8m0fnu,
        found.scales.data[3 * Math.floor(at / 75) + Math.floor((at % 75) / 32)] as number,
      );
      return Math.fround(scale * unit * decode(element as Format, found.codes.data[at] as number));
    });
    expect([...values.data]).toEqual(expected);
    if (scaleRule === "floor") expect(mxDecode(mxEncode(values, { element, scaleRule }))).toEqual(values);
  });

  test("blocks along the other axis are those of the transpose", () => {
    const turned = transpose(rows);
    const across = mxEncode(turned, { element, scaleRule, axis: 0 });
    const along = mxEncode(rows, { element, scaleRule });
    expect([across.axis, across.codes.shape, across.scales.shape]).toEqual([0, [75, 12], [3, 12]]);
    expect(transpose(across.codes)).toEqual(along.codes);
    expect(transpose(across.scales)).toEqual(along.scales);
    expect(transpose(mxDecode(across))).toEqual(mxDecode(along));
  });
});

describe("why 957 becomes 896", () => {
  // microxcaling's issue 4: a block of MXFP8 (E4M3) whose largest magnitude is 959.56.
  const block = from([957, 902.4, 960 - 0.4368, -124.8256, 783.546, 43.6966]);

  test("floor: the scale is 2^(9 - 8), 957 / 2 = 478.5 lies above 448 and saturates", () => {
    const found = mxEncode(block, { element: float8_e4m3fn, scaleRule: "floor" });
    expect(decode(float8_e8m0fnu, found.scales.data[0] as number)).toBe(2 ** (Math.floor(Math.log2(959.5632)) - 8));
    expect([...mxDecode(found).data]).toEqual([896, 896, 896, -128, 768, 44]);
  });

  test("the rules that leave room, with a scale of 4: 957 / 4 = 239.25 goes to 240, a step being 16", () => {
    for (const scaleRule of ["ceil", "rceil"] as const) {
      const found = mxEncode(block, { element: float8_e4m3fn, scaleRule });
      expect([...mxDecode(found).data]).toEqual([960, 896, 960, -128, 768, 44]);
    }
  });

  test("even: 959.56 is 1.874 · 2^9, below 1.9375, so that the exponent stays 9; from 992 on it is 10", () => {
    const largest = (a: number): number => {
      const found = mxEncode(from([a]), { element: float8_e4m3fn, scaleRule: "even" });
      return decode(float8_e8m0fnu, found.scales.data[0] as number);
    };
    expect([959.5632, 991.99, 992, 1023, 1024].map(largest)).toEqual([2, 2, 4, 4, 4]);
  });
});

test("the rules at their edges, for elements with emax 2 and the largest value 6", () => {
  const scales = (scaleRule: MxScaleRule, values: readonly number[]): number[] =>
    values.map((value) => {
      const { data } = mxEncode(from([value, -0.1]), { element: float4_e2m1fn, scaleRule }).scales;
      return decode(float8_e8m0fnu, data[0] as number);
    });
  const values = [4, 4.0001, 5.9999, 6, 6.0001, 6.9999, 7, 7.9999, 8];
  expect(scales("floor", values)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2]);
  expect(scales("ceil", values)).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 2]);
  expect(scales("even", values)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2]);
  expect(scales("rceil", values)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2]);
});

test("nothing saturates with ceil and rceil, and rceil takes the least such scale", () => {
  const values = normal(key(1), [400, 32]);
  for (const element of Object.values(elements)) {
    const max =
      element.kind === "int"
        ? 127 / 64
        : Math.max(
            ...[...Array(2 ** element.bits).keys()]
              .map((code) => decode(element, code))
              .filter((x) => Number.isFinite(x)),
          );
    const largest = (i: number): number => Math.max(...values.data.subarray(32 * i, 32 * i + 32).map(Math.abs));
    const scaleOf = (scaleRule: MxScaleRule): number[] =>
      Array.from(mxEncode(values, { element, scaleRule }).scales.data, (code) => decode(float8_e8m0fnu, code));
    scaleOf("ceil").forEach((scale, i) => {
      expect(largest(i)).toBeLessThanOrEqual(max * scale);
    });
    scaleOf("rceil").forEach((scale, i) => {
      expect(largest(i)).toBeLessThanOrEqual(max * scale);
      expect(largest(i)).toBeGreaterThan((max * scale) / 2);
    });
  }
});

test("with floor and largest magnitudes even on a log scale, log2(8 / 6) of MXFP4 and log2(512 / 448) of MXFP8 saturate", () => {
  const draws = uniform(key(5), [40_000]).data;
  const share = (element: Format, max: number): number => {
    const values: Tensor<"float32"> = { data: draws.map((u) => 2 ** u), shape: [draws.length, 1], dtype: "float32" };
    const { scales } = mxEncode(values, { element, scaleRule: "floor" });
    const over = values.data.filter((value, i) => value > max * decode(float8_e8m0fnu, scales.data[i] as number));
    return over.length / draws.length;
  };
  expect(share(float4_e2m1fn, 6)).toBeCloseTo(Math.log2(8 / 6), 2);
  expect(share(float8_e4m3fn, 448)).toBeCloseTo(Math.log2(512 / 448), 2);
});

test("signal to noise of Gaussian values, in dB, is that of a reference that was written apart", () => {
  const values = normal(key(11), [4096, 32]);
  const ratio = (element: Format, scaleRule: MxScaleRule, block?: number): number => {
    const found = mxDecode(mxEncode(values, { element, scaleRule, block })).data;
    let [signal, noise] = [0, 0];
    values.data.forEach((value, i) => {
      signal += value * value;
      noise += (value - (found[i] as number)) ** 2;
    });
    return 10 * Math.log10(signal / noise);
  };
  const close = (found: number, expected: number): void => expect(Math.abs(found - expected)).toBeLessThan(0.12);
  close(ratio(float8_e4m3fn, "floor"), 30.59);
  close(ratio(float8_e4m3fn, "rceil"), 31.52);
  close(ratio(float8_e5m2, "floor"), 25.35);
  close(ratio(float8_e5m2, "rceil"), 25.55);
  close(ratio(float6_e2m3fn, "floor"), 30.93);
  close(ratio(float6_e3m2fn, "floor"), 25.34);
  close(ratio(float4_e2m1fn, "floor"), 18.78);
  close(ratio(float4_e2m1fn, "rceil"), 18.73);
  close(ratio(float4_e2m1fn, "floor", 16), 18.57);
  close(ratio(int8, "floor"), 41.65);
});

describe("special blocks", () => {
  const options = { element: float4_e2m1fn, scaleRule: "floor", block: 2 } as const;

  test("a NaN or an infinity makes its block NaN and leaves the others alone", () => {
    const found = mxEncode(from([1, Number.NaN, -Infinity, 2, 3, -0]), options);
    expect([...found.scales.data]).toEqual([255, 255, 126]);
    expect([...found.codes.data]).toEqual([0, 0, 0, 0, 7, 8]);
    expect([...mxDecode(found).data]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, 3, -0]);
  });

  test("zeros have the smallest scale; scales end at 2^-127 and 2^127", () => {
    const tiny = 2 ** -149;
    const found = mxEncode(from([0, -0, tiny, 0, 3e38, 1]), options);
    expect([...found.scales.data]).toEqual([0, 0, 252]);
    expect([...mxDecode(found).data]).toEqual([0, -0, 0, 0, 6 * 2 ** 125, 0]);
    const far = { data: Float64Array.of(1e300, -1, 1e-310, 0), shape: [4], dtype: "float64" } as const;
    for (const scaleRule of rules) {
      expect([...mxEncode(far, { ...options, scaleRule }).scales.data]).toEqual([254, 0]);
      // 6 · 2^127 is no float32.
      expect([...mxDecode(mxEncode(far, { ...options, scaleRule })).data]).toEqual([Infinity, -0, 0, 0]);
    }
  });

  test("MXINT8 counts 1/64 and is symmetric: -128 never arises, and decodes to -2 times the scale", () => {
    const found = mxEncode(from([-1.999, 1.999, 1, -1 / 64]), { element: int8, scaleRule: "floor" });
    expect([...found.codes.data]).toEqual([129, 127, 64, 255]);
    expect([...mxDecode(found).data]).toEqual([-127 / 64, 127 / 64, 1, -1 / 64]);
    const lowest = { ...found.codes, data: Uint8Array.of(128, 0, 0, 0) };
    expect(mxDecode({ ...found, codes: lowest }).data[0]).toBe(-2);
    expect([...mxEncode(from([-7.9, 3]), { element: int4, scaleRule: "floor" }).codes.data]).toEqual([9, 3]);
  });

  test("empty tensors and three axes", () => {
    const empty: Tensor<"float32"> = { data: new Float32Array(0), shape: [2, 0], dtype: "float32" };
    const found = mxEncode(empty, { element: int8, scaleRule: "floor" });
    expect([found.codes.shape, found.scales.shape, mxDecode(found)]).toEqual([[2, 0], [2, 0], empty]);
    const cube = reshape(normal(key(2), [3 * 5 * 4]), [3, 5, 4]);
    const middle = mxEncode(cube, { ...options, axis: 1, block: 4 });
    expect(middle.scales.shape).toEqual([3, 2, 4]);
    // The element (1, 4, 2) lies alone in the second block of its line.
    const alone = mxEncode(from([cube.data[1 * 20 + 4 * 4 + 2] as number]), options);
    expect(middle.scales.data[1 * 8 + 1 * 4 + 2]).toBe(alone.scales.data[0]);
    expect(middle.codes.data[1 * 20 + 4 * 4 + 2]).toBe(alone.codes.data[0]);
  });
});

test("elements can be rounded at random, the same way again with the same key", () => {
  const values: Tensor<"float32"> = { data: new Float32Array(3200).fill(2.25), shape: [100, 32], dtype: "float32" };
  values.data.forEach((_, i) => {
    if (i % 32 === 0) values.data[i] = 4;
  });
  const options = { element: float4_e2m1fn, scaleRule: "floor", rounding: "stochastic", key: key(4) } as const;
  const found = mxDecode(mxEncode(values, options));
  const ups = found.data.filter((value) => value === 3).length;
  expect(found.data.filter((value) => value === 2).length + ups).toBe(3100);
  expect(Math.abs(ups - 775)).toBeLessThan(4 * Math.sqrt(3100 * 0.25 * 0.75));
  expect(mxDecode(mxEncode(values, options))).toEqual(found);
  expect([...mxDecode(mxEncode(values, { ...options, rounding: "toward-zero", key: undefined })).data]).not.toContain(
    3,
  );
});

describe("bad input is named", () => {
  const W = from([[1, 2, 3]]);
  const good = mxEncode(W, { element: int8, scaleRule: "floor" });
  test.each([
    [
      () => mxEncode(W, { element: int8 } as never),
      ValueError,
      "mxEncode: scaleRule undefined, expected one of floor, ceil",
    ],
    [() => mxEncode(W, { element: int8, scaleRule: "FLOOR" as never }), ValueError, 'mxEncode: scaleRule "FLOOR"'],
    [
      () => mxEncode(W, { element: uint4, scaleRule: "floor" }),
      DtypeError,
      "mxEncode: element uint4, expected a format",
    ],
    [() => mxEncode(W, { element: float8_e8m0fnu, scaleRule: "floor" }), DtypeError, "element float8_e8m0fnu"],
    [
      () => mxEncode(W, { element: floatFormat({ exponent: 5, mantissa: 10 }), scaleRule: "floor" }),
      DtypeError,
      "element float16_e5m10",
    ],
    [() => mxEncode(W, { scaleRule: "floor" } as never), DtypeError, "mxEncode: format undefined"],
    [() => mxEncode(W, { element: int8, scaleRule: "floor", axis: 2 }), ShapeError, "mxEncode: axis 2, expected"],
    [() => mxEncode(W, { element: int8, scaleRule: "floor", block: 0 }), ValueError, "mxEncode: block 0, expected"],
    [
      () => mxEncode({ data: Float32Array.of(1), shape: [], dtype: "float32" }, { element: int8, scaleRule: "floor" }),
      ShapeError,
      "mxEncode: axis -1",
    ],
    [() => mxEncode(good.codes as never, { element: int8, scaleRule: "floor" }), DtypeError, "mxEncode: dtype uint8"],
    [() => mxDecode(undefined as never), ValueError, "mxDecode: kind undefined"],
    [() => mxDecode({ ...good, scales: good.codes }), ShapeError, "mxDecode: scales of shape [1, 3], expected [1, 1]"],
    [() => mxDecode({ ...good, codes: W as never }), DtypeError, "mxDecode: dtype float32, expected a tensor of uint8"],
  ] as const)("%#", (run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  });
});
