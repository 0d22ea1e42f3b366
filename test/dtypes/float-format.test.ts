/** Any split: every format of at most 8 bits, and some of 16, against the formula written out. */
import { describe, expect, test } from "vitest";
import {
  decode,
  encode,
  type FloatFormat,
  finfo,
  float4_e2m1fn,
  float8_e4m3,
  float8_e4m3b11fnuz,
  float8_e4m3fn,
  float8_e5m2fnuz,
  float8_e8m0fnu,
  float16,
  floatFormat,
  iinfo,
  round,
} from "../../src/dtypes/index.js";
import { DtypeError, ValueError } from "../../src/errors.js";

/** The value of a code by the definition, field by field. */
function byDefinition(format: FloatFormat, code: number): number {
  const { exponent, mantissa, bias, signed, nan, zero } = format;
  const digits = code.toString(2).padStart(format.bits, "0");
  const sign = signed && digits[0] === "1" ? -1 : 1;
  const rest = signed ? digits.slice(1) : digits;
  const field = Number.parseInt(rest.slice(0, exponent), 2);
  const fraction = mantissa === 0 ? 0 : Number.parseInt(rest.slice(exponent), 2) / 2 ** mantissa;
  if (nan === "ieee" && field === 2 ** exponent - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (nan === "all-ones" && !rest.includes("0")) return Number.NaN;
  if (nan === "negative-zero" && sign === -1 && !rest.includes("1")) return Number.NaN;
  if (zero && field === 0) return sign * 2 ** (1 - bias) * fraction;
  return sign * 2 ** (field - bias) * (1 + fraction);
}

const splits: FloatFormat[] = [];
for (const signed of [true, false]) {
  for (const nan of ["ieee", "all-ones", "negative-zero", "none"] as const) {
    for (const zero of [true, false]) {
      for (let exponent = 1; exponent <= 8; exponent++) {
        for (let mantissa = 0; Number(signed) + exponent + mantissa <= 8; mantissa++) {
          if (Number(signed) + exponent + mantissa < 2) continue;
          if (nan === "ieee" && (exponent < 2 || mantissa < 1)) continue;
          if (nan === "negative-zero" && !(signed && zero)) continue;
          if (nan === "all-ones" && zero && exponent + mantissa === 1) continue; // 0 and NaN alone
          // With eight exponent bits the usual bias leads to 2^128 where the last field is a number.
          const bias = exponent === 8 ? 128 : 2 ** (exponent - 1) + 1;
          splits.push(floatFormat({ signed, exponent, mantissa, nan, zero, bias }));
        }
      }
    }
  }
}

test(`each of ${splits.length} splits of at most 8 bits decodes by the formula, and encodes to itself again`, () => {
  expect(splits.length).toBeGreaterThan(300);
  for (const format of splits) {
    const values = Array.from({ length: 2 ** format.bits }, (_, code) => decode(format, code));
    expect([format, values]).toEqual([format, values.map((_, code) => byDefinition(format, code))]);
    const positive = values.filter((x) => x > 0 && x < Infinity);
    expect([format, finfo(format).max]).toEqual([format, Math.max(...positive)]);
    expect([format, finfo(format).smallestSubnormal]).toEqual([format, Math.min(...positive)]);
    for (const [code, value] of values.entries()) {
      if (!Number.isNaN(value)) expect([format, value, encode(format, value)]).toEqual([format, value, code]);
    }
  }
});

test("each rounds to the nearest of its values", () => {
  for (const format of splits) {
    const values = Array.from({ length: 2 ** format.bits }, (_, code) => byDefinition(format, code)).filter(
      Number.isFinite,
    );
    for (let i = -40; i < 40; i++) {
      // Between zeros and signs only: a value that a format without them makes NaN of is tested elsewhere.
      const x = 1.37 ** i * finfo(format).max ** 0.5;
      const found = round(format, x, { overflow: "saturate" });
      const least = Math.min(...values.map((value) => Math.abs(value - x)));
      expect([format, x, Math.abs(found - x)]).toEqual([format, x, least]);
    }
  }
});

test.each([
  [5, 10, "ieee"],
  [8, 7, "ieee"],
  [3, 12, "ieee"],
  [6, 9, "none"],
  [2, 13, "all-ones"],
  [1, 14, "none"],
  [4, 11, "negative-zero"],
  [7, 8, "negative-zero"],
] as const)("16 bits, %i exponent and %i mantissa, nan %s", (exponent, mantissa, nan) => {
  const format = floatFormat({ exponent, mantissa, nan });
  const wrong: number[] = [];
  for (let code = 0; code < 65536; code++) {
    const value = decode(format, code);
    if (!Object.is(value, byDefinition(format, code))) wrong.push(code);
    if (!Number.isNaN(value) && encode(format, value) !== code) wrong.push(code);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
});

test("the defaults are those of the names: IEEE-like, bias 2^(e-1) - 1, one more with fnuz", () => {
  expect(floatFormat({ exponent: 4, mantissa: 3 })).toEqual(float8_e4m3);
  expect(floatFormat({ exponent: 5, mantissa: 10, name: "float16" })).toEqual(float16);
  expect(floatFormat({ exponent: 4, mantissa: 3, nan: "all-ones" })).toEqual(float8_e4m3fn);
  expect(floatFormat({ exponent: 5, mantissa: 2, nan: "negative-zero" })).toEqual(float8_e5m2fnuz);
  expect(floatFormat({ exponent: 4, mantissa: 3, nan: "negative-zero", bias: 11 })).toEqual(float8_e4m3b11fnuz);
  expect(floatFormat({ exponent: 2, mantissa: 1, nan: "none", name: "float4_e2m1fn" })).toEqual(float4_e2m1fn);
  const e8m0 = {
    exponent: 8,
    mantissa: 0,
    nan: "all-ones",
    signed: false,
    zero: false,
    name: "float8_e8m0fnu",
  } as const;
  expect(floatFormat(e8m0)).toEqual(float8_e8m0fnu);
  expect(floatFormat({ exponent: 1, mantissa: 2 }).nan).toBe("none");
  expect(floatFormat({ exponent: 3, mantissa: 0 }).name).toBe("float4_e3m0f");
});

describe("bad splits are named", () => {
  test.each([
    [{ exponent: 0, mantissa: 3 }, "floatFormat: exponent = 0, expected a whole number of bits 1..8"],
    [{ exponent: 9, mantissa: 3 }, "floatFormat: exponent = 9, expected a whole number of bits 1..8"],
    [{ exponent: 4, mantissa: -1 }, "floatFormat: mantissa = -1, expected a whole number of bits >= 0"],
    [{ exponent: 4, mantissa: 1.5 }, "floatFormat: mantissa = 1.5"],
    [{ exponent: 8, mantissa: 8 }, "floatFormat: bits = 17, expected sign + exponent + mantissa = 17, and 2..16"],
    [{ exponent: 1, mantissa: 0, signed: false }, "floatFormat: bits = 1"],
    [{ exponent: 4, mantissa: 3, bias: 0.5 }, "floatFormat: bias = 0.5, expected a whole number"],
    [
      { exponent: 4, mantissa: 3, bias: 200 },
      "floatFormat: bias = 200 with 4 exponent bits, expected values that float32",
    ],
    [{ exponent: 4, mantissa: 3, bias: -200 }, "floatFormat: bias = -200 with 4"],
    [{ exponent: 4, mantissa: 3, bias: 5000 }, "floatFormat: bias = 5000 with 4"],
    [{ exponent: 8, mantissa: 3, nan: "none" }, "floatFormat: bias = 127 with 8 exponent bits"],
    [{ exponent: 4, mantissa: 0, nan: "ieee" }, 'expected at least 2 and 1 bits with nan = "ieee"'],
    [{ exponent: 4, mantissa: 3, nan: "signalling" }, 'floatFormat: nan = "signalling", expected "ieee"'],
    [
      { exponent: 4, mantissa: 3, nan: "negative-zero", signed: false },
      'expected a sign and a zero with nan = "negative-zero"',
    ],
    [
      { exponent: 1, mantissa: 0, nan: "all-ones" },
      "floatFormat: 2 bits of zeros and NaN, expected a format with other",
    ],
    [{ exponent: 4, mantissa: 3, signed: 1 }, "floatFormat: signed = 1"],
  ] as const)("%j", (options, message) => {
    expect(() => floatFormat(options as never)).toThrow(ValueError);
    expect(() => floatFormat(options as never)).toThrow(message);
  });

  test("records written by hand are checked as well, once", () => {
    expect(() => encode({ ...float16, bits: 15 }, 1)).toThrow(
      "encode: bits = 15, expected sign + exponent + mantissa = 16",
    );
    expect(() => decode({ ...float16, infinity: false }, 1)).toThrow(
      'decode: infinity = false, nan = "ieee", expected',
    );
    expect(() => decode({ kind: "int", name: "int17", bits: 17, signed: true }, 1)).toThrow("decode: bits = 17");
    expect(() => iinfo({ kind: "int", name: "x", bits: 0, signed: true })).toThrow(ValueError);
    expect(() => iinfo(float16 as never)).toThrow(new DtypeError("iinfo: format float16, expected an integer format"));
    expect(decode({ ...float16 }, 0x3c00)).toBe(1);
  });
});
