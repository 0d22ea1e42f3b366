/** Bits, zigzag, CRC-32, and the codes that need no table: Elias, Exp-Golomb, runs of zeros. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as coding from "../../src/coding/index.js";
import { FileFormatError, ValueError } from "../../src/errors.js";
import { equal } from "../../src/tensor/index.js";
import { describeBackends } from "../support/backends.js";
import { bitText, PlainReader, peers, signed } from "./oracles.js";

describe("bits", () => {
  test("come back in the order and width in which they were written", () => {
    const fields = fc.array(
      fc.integer({ min: 0, max: 32 }).chain((count) => fc.tuple(fc.nat({ max: 2 ** count - 1 }), fc.constant(count))),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(fields, (list) => {
        const writer = coding.bitWriter();
        for (const [value, count] of list) coding.writeBits(writer, value, count);
        const bytes = coding.writtenBytes(writer);
        const text = list.map(([value, count]) => (count === 0 ? "" : value.toString(2).padStart(count, "0"))).join("");
        expect(writer.bits).toBe(text.length);
        expect(bitText(bytes)).toBe(text.padEnd(8 * bytes.length, "0"));
        const reader = coding.bitReader(bytes, { bits: text.length });
        for (const [value, count] of list) expect(coding.readBits(reader, count)).toBe(value);
        expect(reader.position).toBe(text.length);
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  test("end where they end", () => {
    const reader = coding.bitReader(Uint8Array.of(0xff, 0xff), { bits: 9, origin: 40, caller: "me" });
    expect(coding.readBits(reader, 8)).toBe(255);
    expect(() => coding.readBits(reader, 2)).toThrow(
      new FileFormatError("me: the bits end within a code, expected all of it", 41),
    );
    expect(coding.readBits(reader, 1)).toBe(1);
    for (const count of [-1, 33, Number.NaN]) {
      expect(() => coding.readBits(reader, count)).toThrow(ValueError);
      expect(() => coding.writeBits(coding.bitWriter(), 0, count)).toThrow(ValueError);
    }
    expect(() => coding.bitReader(Uint8Array.of(1), { bits: 9 })).toThrow("bits = 9, expected a whole number 0..8");
  });
});

test("zigzag is 0, -1, 1, -2, 2, … and back", () => {
  expect([0, 1, 2, 3, 4].map(coding.unzigzag)).toEqual([0, -1, 1, -2, 2]);
  for (const value of [0, 1, -1, 127, -128, 2 ** 31 - 1, -(2 ** 31)]) {
    expect(coding.unzigzag(coding.zigzag(value))).toBe(value);
    expect(signed(coding.zigzag(value))).toBe(value);
  }
  expect(Object.is(coding.unzigzag(0), 0)).toBe(true);
  for (const bad of [0.5, 2 ** 31, Number.NaN]) expect(() => coding.zigzag(bad)).toThrow(ValueError);
  for (const bad of [-1, 2 ** 32]) expect(() => coding.unzigzag(bad)).toThrow(ValueError);
});

test("crc32 is zlib's", () => {
  for (const [text, crc] of peers.crc32) expect(coding.crc32(new TextEncoder().encode(text))).toBe(crc);
  expect(coding.crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

describe("lengths", () => {
  test("Elias gamma in print: 1, 2, 3, 4, 7, 8, 255 take 1, 3, 3, 5, 5, 7, 15 bits", () => {
    expect([1, 2, 3, 4, 7, 8, 255].map(coding.eliasGammaLength)).toEqual([1, 3, 3, 5, 5, 7, 15]);
  });

  test("are those of the codes, by their definitions as text", () => {
    const gamma = (n: number): string => "0".repeat(n.toString(2).length - 1) + n.toString(2);
    const delta = (n: number): string => gamma(n.toString(2).length) + n.toString(2).slice(1);
    for (let n = 1; n <= 300; n++) {
      expect(coding.eliasGammaLength(n)).toBe(gamma(n).length);
      expect(coding.eliasDeltaLength(n)).toBe(delta(n).length);
      for (const order of [0, 1, 3, 9]) {
        const low = order === 0 ? "" : (n % 2 ** order).toString(2).padStart(order, "0");
        expect(coding.expGolombLength(n, order)).toBe((gamma(Math.floor(n / 2 ** order) + 1) + low).length);
      }
      const data = Uint16Array.of(n - 1);
      expect(bitText(coding.eliasGammaEncode(data).bytes).startsWith(gamma(n))).toBe(true);
      expect(bitText(coding.eliasDeltaEncode(data).bytes).startsWith(delta(n))).toBe(true);
      expect(coding.eliasDeltaEncode(data).bits).toBe(delta(n).length);
    }
    expect([coding.eliasGammaLength(2 ** 32), coding.eliasDeltaLength(2 ** 32)]).toEqual([65, 43]);
    expect([coding.expGolombLength(2 ** 32 - 1), coding.expGolombLength(2 ** 32 - 1, 31)]).toEqual([65, 34]);
    for (const bad of [0, -1, 0.5, 2 ** 32 + 1]) {
      expect(() => coding.eliasGammaLength(bad)).toThrow(ValueError);
      expect(() => coding.eliasDeltaLength(bad)).toThrow(ValueError);
    }
    expect(() => coding.expGolombLength(-1)).toThrow(ValueError);
    expect(() => coding.expGolombLength(1, 32)).toThrow("order = 32, expected a whole number 0..31");
  });
});

const integers = fc.array(
  fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(0), fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
  { maxLength: 60 },
);

test.each([
  ["eliasGamma", coding.eliasGammaEncode, coding.eliasGammaDecode, coding.eliasGammaLength],
  ["eliasDelta", coding.eliasDeltaEncode, coding.eliasDeltaDecode, coding.eliasDeltaLength],
] as const)("%s: every int32 comes back, in the bits that the lengths say", (_, encode, decode, length) => {
  fc.assert(
    fc.property(integers, (list) => {
      const data = Int32Array.from(list);
      const coded = encode(data);
      expect(coded.bits).toBe(list.reduce((sum, value) => sum + length(coding.zigzag(value) + 1), 0));
      expect(coded.table.length).toBe(0);
      expect(decode(coded)).toEqual({ data, shape: [data.length], dtype: "int32" });
    }),
    { seed: 1975, numRuns: 200 },
  );
});

test("Exp-Golomb: every int32 comes back in every order, and the default order is the best", () => {
  fc.assert(
    fc.property(integers, (list) => {
      const data = Int32Array.from(list);
      const sizes = Array.from({ length: 32 }, (_, order) => {
        const coded = coding.expGolombEncode(data, { order });
        expect(coded.bits).toBe(list.reduce((sum, v) => sum + coding.expGolombLength(coding.zigzag(v), order), 0));
        expect(coding.expGolombDecode(coded).data).toEqual(data);
        return coded.bits;
      });
      expect(coding.expGolombEncode(data).bits).toBe(Math.min(...sizes));
    }),
    { seed: 1978, numRuns: 40 },
  );
});

test("Exp-Golomb: of orders that are equally good the smallest is taken", () => {
  const data = Uint8Array.of(0, 1);
  const sizes = [0, 1].map((order) => coding.expGolombEncode(data, { order }).bits);
  expect(sizes).toEqual([4, 4]);
  expect([...coding.expGolombEncode(data).table]).toEqual([0]);
});

describeBackends("runs of zeros", () => {
  test("every int32 comes back in every order, and the default order is the best", () => {
    fc.assert(
      fc.property(integers, fc.nat({ max: 31 }), (list, order) => {
        const data = Int32Array.from(list);
        const coded = coding.zeroRunsEncode(data, { order });
        expect(coding.zeroRunsDecode(coded)).toEqual({ data, shape: [data.length], dtype: "int32" });
        expect(coding.zeroRunsEncode(data).bits).toBeLessThanOrEqual(coded.bits);
      }),
      { seed: 31, numRuns: 150 },
    );
  });

  test("runs around the longest come back, at the end and before a value", () => {
    for (const zeros of [65534, 65535, 65536, 131069, 131070, 131071, 200000]) {
      for (const tail of [[], [5], [5, 0]]) {
        const data = Int8Array.from([...new Uint8Array(zeros), ...tail]);
        const coded = coding.zeroRunsEncode(data);
        expect(equal(coding.zeroRunsDecode(coded), { data, shape: [data.length], dtype: "int8" })).toBe(true);
        expect(coded.bits).toBeLessThan(150);
      }
    }
  });

  test("a run of 65,534 is one with its value, one of 65,535 stands alone", () => {
    const bitsOf = (zeros: number): number =>
      coding.zeroRunsEncode(Int8Array.from([...new Uint8Array(zeros), 5]), { order: 0 }).bits;
    const value = coding.expGolombLength(coding.zigzag(5) - 1);
    expect(bitsOf(65534)).toBe(coding.eliasGammaLength(65535) + value);
    expect(bitsOf(65535)).toBe(coding.eliasGammaLength(65536) + 1 + value);
  });

  test("a plain reader of the documented format finds the symbols", () => {
    const { symbols = [] } = peers.ans.sparse ?? {};
    const data = Int32Array.from(symbols);
    const coded = coding.zeroRunsEncode(data);
    const [order = 0] = coded.table;
    const reader = new PlainReader(bitText(coded.bytes).slice(0, coded.bits));
    const found: number[] = [];
    while (!reader.done) {
      for (let run = reader.gamma() - 1; run > 0; run--) found.push(0);
      if (reader.done) break;
      const high = reader.gamma() - 1;
      found.push(signed(high * 2 ** order + reader.take(order) + 1));
    }
    expect(found).toEqual(symbols);
    expect(order).toBeGreaterThan(0);
    // 90 % zeros: far fewer bits than one code per symbol.
    expect(coded.bits).toBeLessThan(0.8 * coding.huffmanEncode(data).bits);
  });
});

test("a symbol that the dtype cannot hold is refused", () => {
  const big = { ...coding.eliasGammaEncode(Int32Array.of(300)), dtype: "int8" as const };
  expect(() => coding.eliasGammaDecode(big)).toThrow("symbol 300, expected -128..127 for int8");
  const negative = { ...coding.expGolombEncode(Uint8Array.of(2)), dtype: "bool" as const };
  expect(() => coding.expGolombDecode(negative)).toThrow("symbol 2, expected 0..1 for bool");
  const order = { ...coding.expGolombEncode(Uint8Array.of(2)), table: Uint8Array.of(32) };
  expect(() => coding.expGolombDecode(order)).toThrow(FileFormatError);
  expect(() => coding.zeroRunsDecode({ ...order, coder: "zero-runs" })).toThrow(FileFormatError);
  const table = { ...coding.eliasDeltaEncode(Uint8Array.of(2)), table: Uint8Array.of(0) };
  expect(() => coding.eliasDeltaDecode(table)).toThrow("8 bits are left over");
});
