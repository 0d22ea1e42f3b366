/** Rounding: float64 once, overflow by name, stochastic by its own definition, and what is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bfloat16,
  decode,
  encode,
  finfo,
  float4_e2m1fn,
  float6_e3m2fn,
  float8_e4m3b11fnuz,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e8m0fnu,
  float16,
  floatFormat,
  int4,
  int8,
  type Rounding,
  round,
  uint4,
} from "../../src/dtypes/index.js";
import { DtypeError, ValueError } from "../../src/errors.js";
import { key, normal, split, threefry2x32 } from "../../src/random/index.js";
import { slice, type Tensor } from "../../src/tensor/index.js";
import { ascending, floats } from "./oracle.js";
import { zeroDraw } from "./zero-draw.js";

const float64 = (values: readonly number[]): Tensor<"float64"> => ({
  data: Float64Array.from(values),
  shape: [values.length],
  dtype: "float64",
});

describe("a float64 is rounded once", () => {
  test.each(floats.map((format) => [format.name, format] as const))("%s, beside every middle", (name, format) => {
    const values = ascending(name);
    const rest = 2 ** -45; // far less than a float32 can tell
    const wrong: string[] = [];
    for (let i = 0; i + 1 < values.length; i++) {
      const [low, high] = [values[i] as number, values[i + 1] as number];
      const middle = (low + high) / 2;
      const size = Math.max(Math.abs(low), Math.abs(high));
      for (const [x, expected] of [
        [middle - size * rest, low],
        [middle + size * rest, high],
      ] as const) {
        if (Math.fround(x) !== middle || round(format, x) !== expected) wrong.push(`${x}: ${round(format, x)}`);
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test("also in a tensor, whose dtype the result of round has", () => {
    const x = 1 + 2 ** -11 + 2 ** -40; // a tie of float16 when rounded to float32 first
    expect(round(float16, float64([x]))).toEqual(float64([1 + 2 ** -10]));
    expect([...encode(float16, float64([x])).data]).toEqual([encode(float16, 1 + 2 ** -10)]);
    expect(round(float16, Math.fround(x))).toBe(1);
  });

  test("the smallest and the largest of float64", () => {
    expect([5e-324, -5e-324, 2 ** -1022].map((x) => round(bfloat16, x))).toEqual([0, -0, 0]);
    expect([1.7e308, -1.7e308].map((x) => round(bfloat16, x))).toEqual([Infinity, -Infinity]);
    expect(encode(float8_e8m0fnu, 5e-324)).toBe(0);
    expect(encode(float8_e8m0fnu, 1e300)).toBe(255);
  });
});

describe("beyond the largest value", () => {
  test("what each format does by default, and under saturate", () => {
    const far = [465, -465, Infinity, -Infinity, Number.NaN];
    const nan = Number.NaN;
    expect(far.map((x) => round(float8_e4m3fn, x))).toEqual([nan, nan, nan, nan, nan]);
    expect(far.map((x) => encode(float8_e4m3fn, x))).toEqual([127, 255, 127, 255, 127]);
    expect(far.map((x) => round(float8_e4m3fn, x, { overflow: "saturate" }))).toEqual([448, -448, 448, -448, nan]);
    expect(round(float8_e4m3fn, 464)).toBe(448); // a tie; 448 has the even significand
    expect([61439, 61440, -61440].map((x) => round(float8_e5m2, x))).toEqual([57344, Infinity, -Infinity]);
    expect([61440, Infinity].map((x) => round(float8_e5m2, x, { overflow: "saturate" }))).toEqual([57344, 57344]);
    expect(far.map((x) => encode(float8_e4m3fnuz, x))).toEqual([128, 128, 128, 128, 128]);
    expect(far.map((x) => round(float8_e4m3fnuz, x, { overflow: "saturate" }))).toEqual([240, -240, 240, -240, nan]);
    expect(far.map((x) => round(float4_e2m1fn, x))).toEqual([6, -6, 6, -6, -0]);
  });

  test("toward zero stops finite values at the largest, as in IEEE 754, and not infinity", () => {
    const far = [479.9, 480, 1e30, -1e30, Infinity];
    const rounding = "toward-zero";
    expect(far.map((x) => round(float8_e4m3fn, x, { rounding }))).toEqual([448, 448, 448, -448, Number.NaN]);
    expect(far.map((x) => round(float16, 1e3 * x, { rounding }))).toEqual([65504, 65504, 65504, -65504, Infinity]);
  });
});

test("what a format has not: a sign, a zero, -0, NaN", () => {
  expect([-1, -1e-30, 0, -0, 1e-300].map((x) => encode(float8_e8m0fnu, x))).toEqual([255, 255, 255, 255, 0]);
  expect([-0, -1e-30].map((x) => encode(float8_e4m3b11fnuz, x))).toEqual([0, 0]);
  expect([-0, -1e-30].map((x) => encode(float8_e4m3fn, x))).toEqual([128, 128]);
  expect([Number.NaN].flatMap((x) => [encode(float4_e2m1fn, x), encode(float6_e3m2fn, x), encode(int4, x)])).toEqual([
    8, 32, 0,
  ]);
  const unsigned = floatFormat({ signed: false, exponent: 4, mantissa: 3, nan: "none" });
  expect([-1, -0, Number.NaN, 0.75, 1e9].map((x) => round(unsigned, x))).toEqual([0, 0, 0, 0.75, 480]);
  expect(encode(floatFormat({ signed: false, exponent: 4, mantissa: 3 }), -1)).toBe(0x7c);
  expect(round(floatFormat({ exponent: 3, mantissa: 0, nan: "none", zero: false }), 0)).toBe(0.125);
  expect([-1, 3.5, 99].map((x) => encode(uint4, x))).toEqual([0, 4, 15]);
});

describe("stochastic rounding", () => {
  const seed = key(7);
  /** The 32 bits of a place, whose counter is split by BigInt arithmetic. */
  const draw = (from: typeof seed, place: number): number => {
    const words = new Uint32Array(2);
    const counter = BigInt(place) >> 1n;
    threefry2x32(from, Number(counter >> 32n), Number(counter & 0xffffffffn), words);
    return words[Number(BigInt(place) & 1n)] as number;
  };

  test("goes up exactly when the 32 bits of the element's place lie below the fraction", () => {
    // Of the 2^32 equally likely draws, fraction * 2^32 lie below it: the expectation is the value, right to 2^-32 steps.
    for (const format of floats.filter(({ bits, zero }) => bits <= 8 && zero)) {
      const values = ascending(format.name);
      const inputs = { ...normal(seed, [3000]) };
      const scaled = Float32Array.from(inputs.data, (x, i) => Math.fround(x * 2 ** ((i % 13) - 9)));
      const tensor: Tensor<"float32"> = { data: scaled, shape: [3000], dtype: "float32" };
      const found = round(format, tensor, { rounding: "stochastic", key: seed, overflow: "saturate" }).data;
      scaled.forEach((x, i) => {
        const above = values.findIndex((value) => value >= x);
        const high = values[above];
        const low = values[above - 1];
        if (high === undefined || low === undefined) return; // saturates
        const [inner, outer] = x < 0 ? [high, low] : [low, high];
        // Every difference of these numbers is exact, and so is their ratio: the denominator is a power of two.
        const fraction = (x - inner) / (outer - inner);
        const up = draw(seed, i) < fraction * 2 ** 32;
        const expected = x === high ? high : up ? outer : inner;
        expect([format.name, x, (found[i] as number) + 0]).toEqual([format.name, x, expected + 0]);
      });
    }
  });

  test("turns at the draw itself, to the last of its 32 bits", () => {
    for (let seedOf = 0; seedOf < 200; seedOf++) {
      const each = key(seedOf);
      const options = { rounding: "stochastic", key: each } as const;
      const threshold = draw(each, 0) * 2 ** -32;
      expect([round(int8, threshold, options), round(int8, threshold + 2 ** -32, options)]).toEqual([0, 1]);
      const halves = [threshold / 2, (threshold + 2 ** -32) / 2]; // the smallest value of float4_e2m1fn is 0.5
      expect(halves.map((x) => round(float4_e2m1fn, x, options))).toEqual([0, 0.5]);
    }
  });

  test("places anywhere below 2^53: word 0 of block floor(place / 2) for an even one, word 1 for an odd one", () => {
    const starts = [0, 1, 2, 3, 2 ** 32 - 3, 2 ** 32 - 2, 2 ** 33 - 3, 2 ** 33 - 2, 2 ** 33 + 1, 2 ** 50 - 1, 2 ** 50];
    for (const offset of [...starts, 2 ** 53 - 9]) {
      const options = { rounding: "stochastic", key: seed, offset } as const;
      const draws = Array.from({ length: 8 }, (_, i) => draw(seed, offset + i));
      expect(new Set(draws).size).toBe(8);
      // Out of order too: whatever was drawn before, the place alone decides.
      const at = draws.map((word) => word * 2 ** -32);
      expect([...round(int8, float64(at), options).data]).toEqual(new Array(8).fill(0));
      expect([...round(int8, float64(at.map((x) => x + 2 ** -32)), options).data]).toEqual(new Array(8).fill(1));
      const alone = at.map((x, i) => round(int8, x + 2 ** -32, { ...options, offset: offset + i }));
      expect(alone).toEqual(new Array(8).fill(1));
    }
  });

  test("a fraction above 0 that is less than 2^-32 goes up where the draw is 0, and an exact value never", () => {
    const { key: found, place } = zeroDraw();
    const options = { rounding: "stochastic", key: found, offset: place } as const;
    expect(draw(found, place)).toBe(0);
    expect([0, 2 ** -60, 2 ** -33, 2 ** -32, 0.5].map((x) => round(int8, x, options))).toEqual([0, 1, 1, 1, 1]);
    expect([3, 3 + 2 ** -40].map((x) => round(int8, x, options))).toEqual([3, 4]);
  });

  test("two neighbours are drawn apart: the four outcomes of a pair are as often as of two fair coins", () => {
    const many = { data: new Float32Array(80_000).fill(0.3), shape: [80_000], dtype: "float32" } as const;
    for (const first of [0, 1]) {
      const found = round(int8, many, { rounding: "stochastic", key: seed, offset: first }).data;
      const counts = [0, 0, 0, 0];
      for (let i = 0; i < found.length; i += 2) {
        const outcome = 2 * (found[i] as number) + (found[i + 1] as number);
        counts[outcome] = (counts[outcome] as number) + 1;
      }
      const expected = [0.49, 0.21, 0.21, 0.09].map((p) => 40_000 * p);
      const chi = counts.reduce(
        (sum, count, i) => sum + (count - (expected[i] as number)) ** 2 / (expected[i] as number),
        0,
      );
      expect(chi).toBeLessThan(16.3); // three degrees of freedom: the quantile 0.999
    }
  });

  test("a chi-square of the counts over many keys is that of fair coins of these probabilities", () => {
    const fractions = [1 / 64, 0.125, 0.3, 0.5, 0.71, 0.9375];
    const inputs = float64(fractions.map((fraction) => 16 + 2 * fraction)); // float8_e4m3fn has a step of 2 there
    const keys = split(key(2021), 4000);
    const ups = new Float64Array(fractions.length);
    const others: number[] = [];
    for (const each of keys) {
      const { data } = round(float8_e4m3fn, inputs, { rounding: "stochastic", key: each });
      data.forEach((value, i) => {
        if (value !== 16 && value !== 18) others.push(value);
        ups[i] = (ups[i] as number) + Number(value === 18);
      });
    }
    expect(others).toEqual([]);
    let chi = 0;
    fractions.forEach((p, i) => {
      chi += ((ups[i] as number) - 4000 * p) ** 2 / (4000 * p * (1 - p));
    });
    // Six degrees of freedom: between the quantiles 0.001 and 0.999.
    expect(chi).toBeGreaterThan(0.38);
    expect(chi).toBeLessThan(22.5);
  });

  test("one key gives the same codes whether a tensor is whole or in parts that tell their offset", () => {
    const values = normal(key(3), [1000]);
    const whole = encode(float8_e5m2, values, { rounding: "stochastic", key: seed });
    const ranges: readonly (readonly [number, number])[] = [
      [0, 1],
      [1, 700],
      [700, 1000],
    ];
    const parts = ranges.flatMap(([start, end]) => {
      const part = slice(values, [start, end]);
      return [...encode(float8_e5m2, part, { rounding: "stochastic", key: seed, offset: start }).data];
    });
    expect(parts).toEqual([...whole.data]);
    expect([...encode(float8_e5m2, values, { rounding: "stochastic", key: seed }).data]).toEqual(parts);
    expect([...encode(float8_e5m2, values, { rounding: "stochastic", key: key(8) }).data]).not.toEqual(parts);
  });

  test("what the format has stays; integers round alike; beyond the largest value the step up overflows", () => {
    const options = { rounding: "stochastic", key: seed } as const;
    for (const value of ascending("float8_e4m3fn")) expect(round(float8_e4m3fn, value, options)).toBe(value);
    const many = { data: new Float32Array(2000).fill(-2.25), shape: [2000], dtype: "float32" } as const;
    const found = round(int8, many, options).data;
    expect(new Set(found)).toEqual(new Set([-2, -3]));
    expect(Math.abs(found.filter((x) => x === -3).length - 500)).toBeLessThan(4 * Math.sqrt(2000 * 0.25 * 0.75));
    many.data.fill(472); // three quarters of the way from 448 to 480
    const over = round(float8_e4m3fn, many, options).data;
    expect(new Set(over)).toEqual(new Set([448, Number.NaN]));
    expect(Math.abs(over.filter((x) => x === 448).length - 500)).toBeLessThan(4 * Math.sqrt(2000 * 0.25 * 0.75));
  });
});

test("rounding keeps order, is idempotent, and is symmetric where the format is", () => {
  const some = fc.oneof(
    fc.double({ noNaN: true }),
    fc.float({ noNaN: true }),
    fc.double({ min: -500, max: 500, noNaN: true }),
  );
  const formats = fc.constantFrom(...floats.filter(({ signed }) => signed));
  const modes = fc.constantFrom<Rounding>("nearest-even", "nearest-away", "toward-zero");
  fc.assert(
    fc.property(formats, modes, some, some, (format, rounding, a, b) => {
      const to = (x: number): number => round(format, x, { rounding, overflow: "saturate" });
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(to(low)).toBeLessThanOrEqual(to(high));
      expect(to(to(a))).toBe(to(a));
      expect(to(-a) + 0).toBe(-to(a) + 0);
      expect(Math.abs(to(a))).toBeLessThanOrEqual(finfo(format).max);
    }),
    { seed: 2021, numRuns: 5000 },
  );
});

test("empty tensors and scalars keep their shape", () => {
  const empty: Tensor<"float32"> = { data: new Float32Array(0), shape: [3, 0], dtype: "float32" };
  expect(encode(float8_e5m2, empty)).toEqual({ data: new Uint8Array(0), shape: [3, 0], dtype: "uint8" });
  expect(encode(bfloat16, empty)).toEqual({ data: new Uint16Array(0), shape: [3, 0], dtype: "uint16" });
  expect(round(bfloat16, empty)).toEqual(empty);
  const scalar: Tensor<"float32"> = { data: Float32Array.of(2.1), shape: [], dtype: "float32" };
  expect(round(float4_e2m1fn, scalar)).toEqual({ data: Float32Array.of(2), shape: [], dtype: "float32" });
  const codes = encode(float4_e2m1fn, scalar);
  expect([codes.shape, [...codes.data], decode(float4_e2m1fn, codes).shape]).toEqual([[], [4], []]);
});

describe("bad input is named", () => {
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => encode(float16, 1, { rounding: "up" as never }), 'encode: rounding "up", expected one of nearest-even'],
    [() => encode(float16, 1, { rounding: "stochastic" }), "encode: key undefined, expected a key for stochastic"],
    [
      () => encode(float16, 1, { rounding: "stochastic", key: { high: 0.5, low: 1 } }),
      'encode: key {"high":0.5,"low":1}, expected a key',
    ],
    [() => round(float16, 1, { key: key(1) }), "round: a key or an offset with rounding nearest-even"],
    [() => round(float16, 1, { offset: 0 }), "round: a key or an offset with rounding nearest-even"],
    [
      () => round(float16, 1, { rounding: "stochastic", key: key(1), offset: -1 }),
      "round: offset -1, expected an integer",
    ],
    [
      () => encode(float16, 1, { overflow: "wrap" }),
      'overflow "wrap", expected infinity-or-nan or saturate for float16',
    ],
    [
      () => encode(float4_e2m1fn, 1, { overflow: "infinity-or-nan" }),
      'overflow "infinity-or-nan", expected saturate for float4_e2m1fn',
    ],
    [() => encode(int4, 1, { overflow: "infinity-or-nan" }), "expected saturate or wrap for int4"],
    [() => decode(float4_e2m1fn, 16), "decode: code 16, expected a whole number 0..15 for float4_e2m1fn"],
    [() => decode(float16, -1), "decode: code -1, expected a whole number 0..65535"],
    [() => decode(float16, 0.5), "decode: code 0.5, expected"],
    [
      () => decode(int4, { data: Uint8Array.of(3, 99), shape: [2], dtype: "uint8" }),
      "decode: code 99 at position 1, expected 0..15 for int4",
    ],
  ];
  test.each(cases)("%#", (run, message) => {
    expect(run).toThrow(ValueError);
    expect(run).toThrow(message);
  });

  const wrongKinds: readonly (readonly [() => unknown, string])[] = [
    [
      () => encode(float16, { data: Int8Array.of(1), shape: [1], dtype: "int8" } as never),
      "encode: dtype int8, expected",
    ],
    [() => encode(float16, "1" as never), "encode: values string, expected a tensor of float32 or float64"],
    [() => round(float16, null as never), "round: values null, expected"],
    [
      () => decode(float16, { data: Uint8Array.of(1), shape: [1], dtype: "uint8" }),
      "expected a tensor of uint16 for float16",
    ],
    [() => decode(int4, [1] as never), "decode: codes object, expected a tensor of uint8 for int4"],
    [() => encode("float16" as never, 1), 'encode: format "float16", expected a number format'],
    [() => decode(undefined as never, 1), "decode: format undefined, expected a number format"],
    [() => finfo(int4 as never), "finfo: format int4, expected a float format"],
  ];
  test.each(wrongKinds)("a wrong kind, %#", (run, message) => {
    expect(run).toThrow(DtypeError);
    expect(run).toThrow(message);
  });
});
