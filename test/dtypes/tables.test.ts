/** Every code of every format, decoded and encoded again, and the boundaries of rounding: against ml_dtypes. */
import { describe, expect, test } from "vitest";
import {
  bcomplex32,
  complex32,
  decode,
  encode,
  type Format,
  finfo,
  float8_e8m0fnu,
  iinfo,
  mxEncode,
  round,
} from "../../src/dtypes/index.js";
import { DtypeError, ShapeError } from "../../src/errors.js";
import type { Tensor } from "../../src/tensor/index.js";
import { ascending, differences, floats, ints, neighbours, oracle, tableOf, unpack } from "./oracle.js";

/** All codes of a format in their order. */
function codesOf(format: Format): Tensor<"uint8" | "uint16"> {
  const codes = Array.from({ length: 2 ** format.bits }, (_, code) => code);
  return format.bits <= 8
    ? { data: Uint8Array.from(codes), shape: [codes.length], dtype: "uint8" }
    : { data: Uint16Array.from(codes), shape: [codes.length], dtype: "uint16" };
}

const float32 = (data: Float32Array): Tensor<"float32"> => ({ data, shape: [data.length], dtype: "float32" });

test("the formats are those of the fixture, under their own names", () => {
  expect([...floats, ...ints].map((format) => format.name).sort()).toEqual(Object.keys(oracle.tables).sort());
});

describe.each([...floats, ...ints].map((format) => [format.name, format] as const))("%s", (name, format) => {
  const table = tableOf(name);

  test("every code decodes as in ml_dtypes, as a number and in a tensor", () => {
    const codes = codesOf(format);
    const { data, shape, dtype } = decode(format, codes);
    expect([shape, dtype]).toEqual([[table.length], "float32"]);
    expect(differences(data, table)).toEqual([]);
    expect(
      differences(
        Array.from(codes.data, (code) => decode(format, code)),
        table,
      ),
    ).toEqual([]);
  });

  test("every code encodes to itself again, NaN to the first NaN without a sign where there is one", () => {
    const expected = Array.from(table, (value, code) => (Number.isNaN(value) ? Number.NaN : code));
    for (const overflow of format.kind === "float" && format.nan !== "none"
      ? (["infinity-or-nan", "saturate"] as const)
      : (["saturate"] as const)) {
      for (const rounding of ["nearest-even", "nearest-away", "toward-zero"] as const) {
        const { data } = encode(format, float32(table), { rounding, overflow });
        const wanted = expected.map((code, i) =>
          Math.abs(table[i] as number) === Number.POSITIVE_INFINITY && overflow === "saturate" ? Number.NaN : code,
        );
        const seen = Array.from(data, (code, i) => (Number.isNaN(wanted[i]) ? Number.NaN : code));
        expect(differences(seen, wanted)).toEqual([]);
      }
    }
  });
});

describe.each(floats.map((format) => [format.name, format] as const))("%s", (name, format) => {
  test("the float32 neighbours of every boundary have the codes of ml_dtypes", () => {
    const { count, codes } = oracle.neighbours[name] as { count: number; codes: string };
    const bytes = unpack(codes);
    const expected = format.bits <= 8 ? bytes : new Uint16Array(bytes.buffer);
    for (let i = 1; i < expected.length; i++) expected[i] = (expected[i] as number) + (expected[i - 1] as number);
    const values = neighbours(name);
    expect(values.length).toBe(count);
    if (format === float8_e8m0fnu) {
      // ml_dtypes 0.6.0 takes everything between the two smallest powers up; the nearer is right.
      const [low, middle, high] = [2 ** -127, 1.5 * 2 ** -127, 2 ** -126];
      values.forEach((value, i) => {
        if (value > low && value < high) {
          expect(expected[i]).toBe(1);
          expected[i] = value < middle ? 0 : 1;
        }
      });
    }
    expect(differences(encode(format, float32(values)).data, expected)).toEqual([]);
  });

  test("a number and a tensor are rounded alike, though by arithmetic of their own", () => {
    const inputs = neighbours(name).filter((_, i) => format.bits <= 8 || i % 7 === 0);
    for (const rounding of ["nearest-even", "nearest-away", "toward-zero"] as const) {
      const codes = encode(format, float32(inputs), { rounding }).data;
      expect(
        differences(
          Array.from(inputs, (value) => encode(format, value, { rounding })),
          codes,
        ),
      ).toEqual([]);
    }
  });

  test("zeros, infinities, NaN and what is far out have the codes of ml_dtypes", () => {
    const special = [0, -0, Infinity, -Infinity, Number.NaN, 2 ** -149, -(2 ** -149), 3.4028235e38, -3.4028235e38];
    const values = Float32Array.from([...special, -1, 1e30, -1e30]);
    expect([...encode(format, float32(values)).data]).toEqual(oracle.special[name]);
    expect(Array.from(values, (value) => encode(format, value))).toEqual(oracle.special[name]);
  });

  test("finfo is that of ml_dtypes, whose maxexp is one more than the exponent of the largest value", () => {
    const info = finfo(format);
    expect([
      info.bits,
      info.max,
      info.min,
      info.smallestNormal,
      info.smallestSubnormal,
      info.epsilon,
      info.minExponent,
      info.maxExponent + 1,
    ]).toEqual(oracle.finfo[name]);
  });

  test("every rounding of every neighbour is the one that a search in the sorted values finds", () => {
    const values = ascending(name);
    const inputs = neighbours(name);
    for (const rounding of ["nearest-even", "nearest-away", "toward-zero"] as const) {
      const found = round(format, float32(inputs), { rounding, overflow: "saturate" }).data;
      const wrong: string[] = [];
      let at = 0;
      inputs.forEach((x, i) => {
        while (at + 1 < values.length && (values[at + 1] as number) <= x) at++;
        const expected = search(x, values, at, rounding);
        // NaN: what a format without a sign, or a zero, makes of them.
        if (!Number.isNaN(found[i]) && found[i] !== expected) wrong.push(`${x}: ${found[i]}, expected ${expected}`);
      });
      expect(wrong.slice(0, 5)).toEqual([]);
    }
  });
});

test.each([complex32, bcomplex32].map((format) => [format.name, format] as const))(
  "%s is pairs of floats along the last axis, as in ml_dtypes",
  (_, format) => {
    const parts = Float32Array.of(1.5, -2, 1e6, 1e-9, -0, Infinity, 0.1, 0.3);
    const values: Tensor<"float32"> = { data: parts, shape: [4, 1, 2], dtype: "float32" };
    const codes = encode(format, values);
    expect([codes.dtype, codes.shape, [...codes.data]]).toEqual(["uint16", [4, 1, 2], oracle.complex[format.name]]);
    expect(decode(format, codes)).toEqual(decode(format.part, codes));
    expect(round(format, values)).toEqual(decode(format, codes));
    expect(finfo(format)).toEqual(finfo(format.part));
    const flat: Tensor<"float32"> = { ...values, shape: [8] };
    expect(() => encode(format, flat)).toThrow(ShapeError);
    expect(() => encode(format, flat)).toThrow("encode: shape [8], expected a last axis of 2 for");
    expect(() => decode(format as never, 3)).toThrow(DtypeError);
    expect(() => mxEncode(values, { element: format as never, scaleRule: "floor" })).toThrow(DtypeError);
  },
);

/** The neighbour of x that a rounding picks; values[at] <= x < values[at + 1], unless x lies outside. */
function search(x: number, values: readonly number[], at: number, rounding: string): number {
  const low = values[at] as number;
  const high = values[Math.min(at + 1, values.length - 1)] as number;
  if (x <= low || at === values.length - 1) return low;
  const [inner, outer] = Math.abs(low) < Math.abs(high) ? [low, high] : [high, low];
  if (rounding === "toward-zero") return inner;
  const [down, up] = [Math.abs(x - inner), Math.abs(outer - x)];
  if (down !== up) return down < up ? inner : outer;
  if (rounding === "nearest-away") return outer;
  // The even one of two neighbours is a multiple of twice their distance.
  return inner % (2 * Math.abs(outer - inner)) === 0 ? inner : outer;
}

describe.each(ints.map((format) => [format.name, format] as const))("%s", (name, format) => {
  test("iinfo is that of ml_dtypes", () => {
    const { bits, min, max } = iinfo(format);
    expect([bits, min, max]).toEqual(oracle.iinfo[name]);
  });

  test("truncated and wrapped, floats have the codes of a cast in ml_dtypes", () => {
    const quarters = Float32Array.from({ length: 320 }, (_, i) => (i - 160) / 4).slice(format.signed ? 0 : 160);
    const codes = encode(format, float32(quarters), { rounding: "toward-zero", overflow: "wrap" }).data;
    expect([...codes]).toEqual(oracle.casts[name]);
  });

  test("by default values go to the nearest integer, ties to the even one, and saturate", () => {
    const { min, max } = iinfo(format);
    const clamp = (x: number): number => Math.min(Math.max(x, min), max) + 0;
    const wanted = new Map([
      [-1e30, min],
      [-2.5, clamp(-2)],
      [-1.5, clamp(-2)],
      [-0.5, 0],
      [-0, 0],
      [0.5, 0],
      [0.50001, clamp(1)],
      [1.5, clamp(2)],
      [2.5, clamp(2)],
      [max + 0.4, max],
      [1e30, max],
      [Number.POSITIVE_INFINITY, max],
      [Number.NEGATIVE_INFINITY, min],
      [Number.NaN, 0],
    ]);
    for (const [x, value] of wanted) expect([x, round(format, x)]).toEqual([x, value]);
    expect([Infinity, -Infinity, Number.NaN].map((x) => encode(format, x, { overflow: "wrap" }))).toEqual([0, 0, 0]);
  });
});
