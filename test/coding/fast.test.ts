/** The kernels of the coders: the same bytes, symbols and errors as plain code, over many pieces and for damaged streams. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeRange, writeSmallNumbers } from "../../src/coding/alphabet-table.js";
import * as coding from "../../src/coding/index.js";
import * as tensor from "../../src/tensor/index.js";
import { plainly } from "../support/backends.js";
import { generator } from "./oracles.js";
import { coders, encoders } from "./streams.js";

const kinds = { Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array } as const;
type Kind = keyof typeof kinds;

/** Symbols with many small ones: peaked, with runs of equals, or spread evenly. */
function symbolsOf(kind: Kind, count: number, width: number, seed: number): coding.SymbolTensor["data"] {
  const next = generator(seed);
  const shape = next(3);
  const offset = kind.startsWith("Int") ? -(width >> 1) : 0;
  let last = 0;
  const data = new kinds[kind](count);
  for (let i = 0; i < count; i++) {
    if (shape < 2 || next(9) === 0) last = offset + (shape === 0 ? next(width) : next(1 + next(1 + next(width))));
    data[i] = last;
  }
  return data;
}

interface Case {
  readonly kind: Kind;
  readonly count: number;
  readonly width: number;
  readonly seed: number;
}

const anySymbols: fc.Arbitrary<Case> = fc.record({
  kind: fc.constantFrom(...(Object.keys(kinds) as Kind[])),
  count: fc.oneof(fc.integer({ min: 0, max: 9000 }), fc.constantFrom(511, 512, 4096, 16384, 65536, 65537, 140003)),
  width: fc.constantFrom(1, 2, 3, 100, 256, 5000, 60000),
  seed: fc.nat(10000),
});

/** The symbols of a case; bytes have no more than 256 values. */
function made({ kind, count, width, seed }: Case): coding.SymbolTensor["data"] {
  return symbolsOf(kind, count, kinds[kind].BYTES_PER_ELEMENT === 1 ? Math.min(width, 256) : width, seed);
}

/** The same with arrays as text, which is compared faster. */
function textOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name} ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1")}`;
  }
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, textOf(each)]));
}

/** What a call gives, or what it throws. */
function outcome(run: () => unknown): unknown {
  try {
    return textOf(run());
  } catch (error) {
    return error;
  }
}

test("histograms are the plain ones, whatever the span", () => {
  fc.assert(
    fc.property(anySymbols, (each) => {
      const data = made(each);
      expect(textOf(coding.histogram(data))).toEqual(plainly(() => textOf(coding.histogram(data))));
    }),
    { seed: 1, numRuns: 80 },
  );
});

test("histograms of int32 at the ends of the range, and of too wide a span", () => {
  for (const base of [-(2 ** 31), 2 ** 31 - 65536]) {
    const data = Int32Array.from({ length: 70000 }, (_, i) => base + ((i * 40503) & 0xffff));
    const { min, counts } = coding.histogram(data);
    expect([min, counts.length, Math.min(...counts), Math.max(...counts)]).toEqual([base, 65536, 1, 2]);
  }
  const wide = new Int32Array(9000);
  wide[4095] = -1;
  wide[8999] = 65535;
  expect(() => coding.histogram(wide)).toThrow("histogram: symbols -1..65535, expected a span of at most 65536 values");
  expect(() => coding.histogram(wide.fill(2 ** 31 - 1, 3, 9).fill(-(2 ** 31), 100, 101))).toThrow(
    "symbols -2147483648..2147483647",
  );
});

test.each(coders)("%s: the bytes of plain code, and the symbols back", (coder) => {
  fc.assert(
    fc.property(anySymbols, (each) => {
      const data = made(coder === "rans-adaptive" ? { ...each, width: Math.min(each.width, 4096) } : each);
      const coded = encoders[coder](data);
      expect(textOf(coded)).toEqual(plainly(() => textOf(encoders[coder](data))));
      expect(textOf(coding.decode(coded))).toEqual(plainly(() => textOf(coding.decode(coded))));
      expect(textOf(coding.decode(coded).data)).toBe(textOf(data));
    }),
    { seed: 2, numRuns: coder === "rans-adaptive" ? 15 : 40 },
  );
});

test.each(["elias-gamma", "elias-delta", "exp-golomb", "zero-runs"] as const)(
  "%s: the longest codes, at every place in a byte",
  (coder) => {
    const ends = [0, 0, -1, 1, 2 ** 31 - 1, -(2 ** 31), 2 ** 30, 77, -40000];
    const next = generator(31);
    for (const order of [undefined, 0, 1, 17, 31]) {
      const data = Int32Array.from({ length: 3000 }, () => ends[next(ends.length)] as number);
      const encode = (): coding.Coded => {
        if (coder === "exp-golomb") return coding.expGolombEncode(data, order === undefined ? {} : { order });
        if (coder === "zero-runs") return coding.zeroRunsEncode(data, order === undefined ? {} : { order });
        return encoders[coder](data);
      };
      const coded = encode();
      expect(textOf(coded)).toEqual(plainly(() => textOf(encode())));
      expect(textOf(coding.decode(coded).data)).toBe(textOf(data));
    }
  },
);

test("runs of zeros that are cut, over pieces and at the end", () => {
  for (const zeros of [65534, 65535, 65536, 131070, 131071, 200000]) {
    for (const tail of [[], [7], [0, -1, 0]]) {
      const data = new Int16Array(zeros + 2 * tail.length);
      data.set(tail);
      data.set(tail, tail.length + zeros);
      const coded = coding.zeroRunsEncode(data);
      expect(textOf(coded)).toEqual(plainly(() => textOf(coding.zeroRunsEncode(data))));
      expect(textOf(coding.zeroRunsDecode(coded).data)).toBe(textOf(data));
    }
  }
});

test("Huffman codes of up to 32 bits, in symbols of any width", () => {
  const lengths = Uint8Array.from({ length: 33 }, (_, i) => Math.min(32, 33 - i));
  const codes = coding.canonicalCodes(lengths);
  const next = generator(3);
  for (const dtype of ["int8", "uint8", "int16", "uint16", "int32"] as const) {
    const [table, writer] = [coding.bitWriter(), coding.bitWriter()];
    writeRange(table, { min: 3, span: 33 });
    writeSmallNumbers(table, lengths);
    // Mostly short codes: the last symbols have them.
    const symbols = Array.from({ length: 9000 }, () => (next(20) === 0 ? next(33) : 32 - next(4)));
    for (const symbol of symbols) coding.writeBits(writer, codes[symbol] as number, lengths[symbol] as number);
    const [bytes, bits] = [coding.writtenBytes(writer), writer.bits];
    const coded = { coder: "huffman", dtype, shape: [9000], table: coding.writtenBytes(table), bytes, bits } as const;
    expect([...coding.huffmanDecode(coded).data]).toEqual(symbols.map((symbol) => symbol + 3));
  }
});

test("Huffman encodes counts whose codes are longer than 28 bits", () => {
  // Counts 1, 1, 2, 3, 5, … make a code of one bit more for each symbol.
  const counts = [1, 1];
  while (counts.length < 30) counts.push((counts.at(-1) as number) + (counts.at(-2) as number));
  const data = new Uint8Array(counts.reduce((a, b) => a + b, 0));
  let at = 0;
  for (const [symbol, count] of counts.entries()) for (let i = 0; i < count; i++) data[at++] = symbol;
  const coded = coding.huffmanEncode(data);
  expect(textOf(coded)).toEqual(plainly(() => textOf(coding.huffmanEncode(data))));
  expect(textOf(coding.huffmanDecode(coded).data)).toBe(textOf(data));
}, 60_000);

describe("damaged streams end as in plain code", () => {
  test.each(["huffman", "rans"] as const)("%s", (coder) => {
    const next = generator(9);
    const results = { refused: 0, read: 0 };
    for (let run = 0; run < 150; run++) {
      const kind = (["Int8Array", "Uint16Array", "Int32Array"] as const)[run % 3] as Kind;
      const coded = encoders[coder](symbolsOf(kind, 5000 + next(90000), 2 + next(90), run));
      const bytes = coded.bytes.slice(0, run % 5 === 0 ? next(coded.bytes.length) : undefined);
      for (let change = next(3); change >= 0; change--) bytes[next(bytes.length)] = next(256);
      const bits = bytes.length === coded.bytes.length ? coded.bits : 8 * bytes.length;
      const shape = run % 4 === 0 ? [(coded.shape[0] as number) - 1 + next(3)] : coded.shape;
      const damaged = { ...coded, bytes, bits, shape };
      const found = outcome(() => coding.decode(damaged));
      expect(found).toEqual(plainly(() => outcome(() => coding.decode(damaged))));
      results[found instanceof Error ? "refused" : "read"]++;
    }
    expect(results.refused).toBeGreaterThan(30);
    if (coder === "huffman") expect(results.read).toBeGreaterThan(0);
  });

  test("a single symbol of Huffman, and a bit that is none", () => {
    const coded = coding.huffmanEncode(new Int16Array(20000).fill(5));
    expect(textOf(coding.huffmanDecode(coded).data)).toBe(textOf(new Int16Array(20000).fill(5)));
    const bytes = coded.bytes.slice();
    bytes[1500] = 1;
    expect(outcome(() => coding.huffmanDecode({ ...coded, bytes }))).toEqual(
      plainly(() => outcome(() => coding.huffmanDecode({ ...coded, bytes }))),
    );
    expect(() => coding.huffmanDecode({ ...coded, bytes })).toThrow("bits that begin no code");
  });
});

test("rANS: a state that reaches the limit of a symbol exactly", () => {
  // Each 0, of half of the slots, doubles the state, from 2^23 at the end: the seventh finds the limit 2^30.
  const data = new Uint8Array(5 * 65536).fill(1, 0, 32768 * 5);
  for (const part of [data, data.subarray(100000, 2 * 163840 - 100000)]) {
    const coded = coding.ransEncode(part);
    expect(textOf(coded)).toEqual(plainly(() => textOf(coding.ransEncode(part))));
    expect(textOf(coding.ransDecode(coded).data)).toBe(textOf(part.slice()));
  }
});

test("symbols in WebAssembly memory are coded where they are", () => {
  const data = symbolsOf("Int16Array", 300001, 300, 4);
  const inside = tensor.empty([300001], "int16", { memory: "wasm" });
  inside.data.set(data);
  for (const coder of coders) {
    expect(textOf(encoders[coder](inside))).toEqual(plainly(() => textOf(encoders[coder](data))));
  }
  tensor.free(inside);
});

test("crc32 of long stretches is the plain one", () => {
  const next = generator(6);
  const bytes = Uint8Array.from({ length: 600007 }, () => next(256));
  for (const [start, end] of [
    [0, 65535],
    [0, 65536],
    [3, 65560],
    [1, 262145],
    [0, 600007],
  ] as const) {
    const part = bytes.subarray(start, end);
    expect(coding.crc32(part)).toBe(plainly(() => coding.crc32(part)));
  }
});
