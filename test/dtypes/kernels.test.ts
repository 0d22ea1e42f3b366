/** Rounding with the kernels: bit for bit what plain TypeScript gives, whose certificates and oracles are apart. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as dtypes from "../../src/dtypes/index.js";
import { type EncodeOptions, encode, float8_e4m3fn, floatFormat, round } from "../../src/dtypes/index.js";
import { key, normal, threefry2x32 } from "../../src/random/index.js";
import * as tensor from "../../src/tensor/index.js";
import { describeBackends, plainly } from "../support/backends.js";
import { floats, ints, neighbours } from "./oracle.js";
import { zeroDraw } from "./zero-draw.js";

type Values = tensor.Tensor<"float32">;

const f32 = (data: Float32Array): Values => ({ data, shape: [data.length], dtype: "float32" });
const wordsOf = (values: Values): Uint32Array => new Uint32Array(Float32Array.from(values.data).buffer);

/** Every float32 whose last 16 bits are among a few: all binades and signs, NaN, infinities, denormals. */
const lowHalves = [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff];
function sweepOf(low: number): Values {
  const words = new Uint32Array(65536);
  for (let high = 0; high < 65536; high++) words[high] = high * 65536 + low;
  return f32(new Float32Array(words.buffer));
}

const roundings: readonly EncodeOptions[] = [
  { rounding: "nearest-even" },
  { rounding: "nearest-away" },
  { rounding: "toward-zero" },
  { rounding: "stochastic", key: key(5) },
  { rounding: "stochastic", key: key(2 ** 52 + 12345), offset: 2 ** 33 - 1003 },
];

function optionsOf(format: dtypes.Format): EncodeOptions[] {
  const overflows =
    format.kind === "int"
      ? (["saturate", "wrap"] as const)
      : format.nan === "none"
        ? (["saturate"] as const)
        : (["infinity-or-nan", "saturate"] as const);
  return roundings.flatMap((rounding) => overflows.map((overflow) => ({ ...rounding, overflow })));
}

/** Returns the first places where kernels and plain code differ. */
function differences(format: dtypes.Format, values: Values, options: EncodeOptions): string[] {
  const [found, codes] = [wordsOf(round(format, values, options)), encode(format, values, options).data];
  const [want, wantCodes] = plainly(() => [
    wordsOf(round(format, values, options)),
    encode(format, values, options).data,
  ]);
  const wrong: string[] = [];
  for (let i = 0; i < want.length && wrong.length < 3; i++) {
    if (found[i] === want[i] && codes[i] === wantCodes[i]) continue;
    const [bits, at] = [wordsOf(values)[i] as number, JSON.stringify(options)];
    wrong.push(`${format.name} ${at} of ${bits.toString(16)}: ${found[i]?.toString(16)} code ${codes[i]}`);
    wrong.push(`   expected ${want[i]?.toString(16)} code ${wantCodes[i]}`);
  }
  return wrong;
}

const named: readonly dtypes.Format[] = [...floats, ...ints];

test.each(named.map((format) => [format.name, format] as const))(
  "%s: the float32 around every boundary",
  (_, format) => {
    const values = format.kind === "float" && format.bits <= 8 ? neighbours(format.name) : sweepOf(0x8001).data;
    for (const options of optionsOf(format)) expect(differences(format, f32(values), options)).toEqual([]);
  },
);

test.each(["float8_e4m3fn", "float8_e5m2fnuz", "float4_e2m1fn", "bfloat16", "float16", "int8"].map((name) => [name]))(
  "%s: all high halves of float32",
  (name) => {
    const format = named.find((each) => each.name === name) as dtypes.Format;
    for (const low of lowHalves) {
      for (const options of optionsOf(format)) expect(differences(format, sweepOf(low), options)).toEqual([]);
    }
  },
);

test("any format of any split and bias, hard values", () => {
  const hard = fc.oneof(
    fc.float(),
    fc.constantFrom(0, -0, 1e-45, -1e-45, 2 ** -126, -(2 ** -149), 3.4e38, Infinity, -Infinity, Number.NaN, 1.5, -2.5),
    fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((bits) => new Float32Array(Uint32Array.of(bits).buffer)[0] as number),
  );
  const made = fc.record({
    exponent: fc.integer({ min: 1, max: 8 }),
    mantissa: fc.integer({ min: 0, max: 14 }),
    signed: fc.boolean(),
    bias: fc.integer({ min: -30, max: 150 }),
    nan: fc.constantFrom("ieee", "all-ones", "negative-zero", "none"),
    zero: fc.boolean(),
  });
  let formats = 0;
  fc.assert(
    fc.property(made, fc.array(hard, { minLength: 1, maxLength: 37 }), (options, values) => {
      let format: dtypes.FloatFormat;
      try {
        format = floatFormat(options as dtypes.FloatFormatOptions);
      } catch {
        return;
      }
      formats++;
      for (const each of optionsOf(format))
        expect(differences(format, f32(Float32Array.from(values)), each)).toEqual([]);
    }),
    { seed: 31, numRuns: 3000 },
  );
  expect(formats).toBeGreaterThan(400);
});

test("the draw decides to its last bit: fractions at the draw itself, of which float32 holds the first 24 digits", () => {
  const words = new Uint32Array(2);
  let ups = 0;
  for (let seed = 0; seed < 400; seed++) {
    const each = key(seed);
    threefry2x32(each, 0, 0, words);
    // Fractions of the step 0.5 of float4_e2m1fn below 1 that agree with the draw in all the bits a float32 has.
    const start = Math.fround((words[0] as number) * 2 ** -33);
    const bits = new Uint32Array(Float32Array.of(start).buffer)[0] as number;
    const values = f32(new Float32Array(Uint32Array.of(bits - 1, bits, bits + 1).buffer));
    for (let i = 0; i < 3; i++) {
      const one = f32(values.data.subarray(i, i + 1));
      expect(differences(dtypes.float4_e2m1fn, one, { rounding: "stochastic", key: each })).toEqual([]);
      ups += Number(round(dtypes.float4_e2m1fn, one, { rounding: "stochastic", key: each }).data[0] === 0.5);
    }
  }
  expect(ups).toBeGreaterThan(400);
});

test("fractions at small draws and around a draw of 0, where a fraction has bits that the draw has not", () => {
  const words = new Uint32Array(2);
  const seed = key(99);
  const small: (readonly [number, number])[] = [];
  for (let i = 0; i < 1_000_000; i++) {
    threefry2x32(seed, 0, i, words);
    for (const j of [0, 1]) if ((words[j] as number) < 2 ** 14) small.push([2 * i + j, words[j] as number]);
  }
  expect(small.length).toBeGreaterThan(3);
  expect(new Set(small.map(([place]) => place % 2)).size).toBe(2);
  for (const [offset, draw] of small) {
    // A step of 1 below 1, in an integer format: the fraction is the value, with 24 digits from 2^-18 on.
    const near = new Uint32Array(Float32Array.of(draw * 2 ** -32).buffer)[0] as number;
    const options = { rounding: "stochastic", key: seed, offset } as const;
    for (const delta of [-2, -1, 0, 1, 2]) {
      const value = f32(new Float32Array(Uint32Array.of(near + delta).buffer));
      for (const format of [dtypes.int8, dtypes.float16]) expect(differences(format, value, options)).toEqual([]);
      expect(round(dtypes.int8, value, options).data[0]).toBe(Number(draw < (value.data[0] as number) * 2 ** 32));
    }
  }
  const zero = zeroDraw();
  const tiny = f32(Float32Array.of(2 ** -40, 1e-45, 2 ** -33, 0));
  for (let i = 0; i < 4; i++) {
    const options = { rounding: "stochastic", key: zero.key, offset: zero.place } as const;
    const one = f32(tiny.data.subarray(i, i + 1));
    expect(differences(dtypes.int8, one, options)).toEqual([]);
    expect(differences(float8_e4m3fn, one, options)).toEqual([]);
    expect(round(dtypes.int8, one, options).data[0]).toBe(i < 3 ? 1 : 0);
  }
});

describeBackends("round and its out", () => {
  const values = normal(key(3), [1003]);

  test("out, also the values themselves, in either memory", () => {
    for (const options of [{}, { rounding: "stochastic", key: key(1) }] as const) {
      const expected = plainly(() => round(float8_e4m3fn, values, options));
      const out = tensor.zeros([1003]);
      expect(round(float8_e4m3fn, values, { ...options, out })).toBe(out);
      expect(out).toEqual(expected);
      for (const memory of ["ordinary", "wasm"] as const) {
        const inside = tensor.empty([1003], "float32", { memory });
        inside.data.set(values.data);
        expect(round(float8_e4m3fn, inside, { ...options, out: inside })).toBe(inside);
        expect([...inside.data]).toEqual([...expected.data]);
        if (memory === "wasm") tensor.free(inside);
      }
    }
  });

  test("every length to 70, streamed and over several threads", () => {
    for (let length = 0; length <= 70; length++) {
      const part = tensor.slice(values, [0, length]);
      for (const format of [float8_e4m3fn, dtypes.bfloat16, dtypes.int4]) {
        for (const options of roundings) expect(differences(format, part, options)).toEqual([]);
      }
    }
    const starts = [1, 2, 2 ** 32 - 5, 2 ** 32 - 4, 2 ** 33 - 21, 2 ** 33 - 20, 2 ** 50, 2 ** 50 + 1];
    for (const offset of starts) {
      const options = { rounding: "stochastic", key: key(6), offset } as const;
      for (const length of [1, 2, 15, 16, 31, 32, 33, 63, 70]) {
        const part = tensor.slice(values, [0, length]);
        for (const format of [float8_e4m3fn, dtypes.bfloat16, dtypes.int4]) {
          expect(differences(format, part, options)).toEqual([]);
        }
      }
    }
    const long = normal(key(4), [3, 700_001]);
    const odd = { rounding: "stochastic", key: key(6), offset: 2 ** 33 - 700_001 } as const;
    for (const options of [roundings[0], roundings[3], odd] as EncodeOptions[]) {
      expect(differences(float8_e4m3fn, long, options)).toEqual([]);
    }
  });

  test("out that does not fit is refused", () => {
    expect(() => round(float8_e4m3fn, values, { out: tensor.zeros([3]) })).toThrow("round: out of shape [3]");
    expect(() => round(float8_e4m3fn, values, { out: tensor.zeros([1003], "float64") as never })).toThrow(
      "round: out of dtype float64",
    );
    const data = new Float32Array(12);
    const [a, b] = [f32(data.subarray(0, 8)), f32(data.subarray(4, 12))];
    expect(() => round(float8_e4m3fn, a, { out: b })).toThrow("round: out shares a part of the values' memory");
  });
});

describe("a kernel is used where there is one", () => {
  // In WebAssembly memory, kernels work at once: what plain code would take is many times more.
  test.each([
    ["float8_e4m3fn", dtypes.float8_e4m3fn],
    ["bfloat16", dtypes.bfloat16],
    ["int8", dtypes.int8],
  ] as const)("%s", async (_, format) => {
    const { fastEncode } = await import("../../src/dtypes/encode-fast.js");
    const out = new Float32Array(9);
    for (const options of roundings) expect(fastEncode(format, options, new Float32Array(9), out)).toBe(true);
    expect(fastEncode(format, {}, new Float64Array(9), out)).toBe(false);
  });
});
