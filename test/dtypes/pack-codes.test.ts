/** Codes in bytes: the low bits first. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Format,
  float4_e2m1fn,
  float6_e2m3fn,
  int1,
  int2,
  int4,
  packCodes,
  uint1,
  uint2,
  uint4,
  unpackCodes,
} from "../../src/dtypes/index.js";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import type { Tensor } from "../../src/tensor/index.js";

const codes = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor<"uint8"> => ({
  data: Uint8Array.from(values),
  shape,
  dtype: "uint8",
});

test("the first code lies in the low bits, and the last byte is filled with zeros", () => {
  expect(packCodes(float4_e2m1fn, codes([1, 2, 3]))).toEqual(codes([0x21, 0x03]));
  expect(packCodes(int2, codes([3, 0, 1, 2, 1]))).toEqual(codes([0b10_01_00_11, 1]));
  expect(packCodes(uint1, codes([1, 0, 0, 0, 0, 0, 0, 1, 1]))).toEqual(codes([0x81, 1]));
  expect(packCodes(int4, codes([8, 15, 7, 0], [2, 2]))).toEqual(codes([0xf8, 0x07]));
  expect(packCodes(int4, codes([]))).toEqual(codes([]));
});

test("bits written out one by one give the same bytes, and unpacking gives the codes", () => {
  const formats = fc.constantFrom<Format>(float4_e2m1fn, int1, int2, int4, uint1, uint2, uint4);
  fc.assert(
    fc.property(formats, fc.array(fc.nat(255), { maxLength: 70 }), (format, bytes) => {
      const values = bytes.map((byte) => byte % 2 ** format.bits);
      const low = values.map((value) => [...value.toString(2).padStart(format.bits, "0")].reverse().join("")).join("");
      const expected = (low.match(/.{1,8}/g) ?? []).map((bits) => Number.parseInt([...bits].reverse().join(""), 2));
      expect([...packCodes(format, codes(values)).data]).toEqual(expected);
      const shape = values.length % 2 === 0 ? [2, values.length / 2] : [values.length, 1];
      expect(unpackCodes(format, codes(expected), shape)).toEqual(codes(values, shape));
    }),
    { seed: 2021, numRuns: 300 },
  );
});

test("bad input is named", () => {
  const sixBits = "packCodes: float6_e2m3fn of 6 bits, expected a format of 1, 2 or 4 bits";
  expect(() => packCodes(float6_e2m3fn, codes([1]))).toThrow(new ValueError(sixBits));
  expect(() => packCodes(int4, codes([16]))).toThrow(
    new ValueError("packCodes: code 16 at position 0, expected 0..15 for int4"),
  );
  expect(() => packCodes(int4, { data: Int8Array.of(1), shape: [1], dtype: "int8" } as never)).toThrow(DtypeError);
  expect(() => unpackCodes(int4, codes([1, 2]), [5])).toThrow(
    new ShapeError("unpackCodes: 2 bytes, expected 3 for shape [5]"),
  );
  expect(() => unpackCodes(int4, codes([1]), [-1])).toThrow(ShapeError);
  expect(() => unpackCodes(int4, [1] as never, [1])).toThrow(DtypeError);
});
