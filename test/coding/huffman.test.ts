import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeRange, writeSmallNumbers } from "../../src/coding/alphabet-table.js";
import {
  bitWriter,
  canonicalCodes,
  entropy,
  huffmanDecode,
  huffmanEncode,
  huffmanLengths,
  ransEncode,
  symbolEntropy,
  writeBits,
  writtenBytes,
} from "../../src/coding/index.js";
import { FileFormatError, ValueError } from "../../src/errors.js";
import { normalCdf } from "../../src/math/index.js";
import { describeBackends } from "../support/backends.js";
import { bestTotalByBruteForce, bitText, PlainReader, peers } from "./oracles.js";

const totalOf = (counts: ArrayLike<number>, lengths: Uint8Array): number =>
  lengths.reduce((sum, length, i) => sum + length * (counts[i] as number), 0);
const kraft = (lengths: Uint8Array): number =>
  lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0);

describe("huffmanLengths", () => {
  test("is as short as heapq's code", () => {
    for (const [counts, total] of peers.huffman) {
      const lengths = huffmanLengths(counts);
      expect(totalOf(counts, lengths)).toBe(total);
      expect([...lengths].map((length) => length > 0)).toEqual(counts.map((count) => count > 0));
      if (counts.filter((count) => count > 0).length > 1) expect(kraft(lengths)).toBe(1);
    }
  });

  test("is as short as the best of all codes under a limit", () => {
    const counts = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 6 }), (list, maxLength) => {
        const used = list.filter((count) => count > 0).length;
        if (used > 2 ** maxLength) expect(() => huffmanLengths(list, { maxLength })).toThrow(ValueError);
        else {
          const lengths = huffmanLengths(list, { maxLength });
          expect(Math.max(...lengths)).toBeLessThanOrEqual(maxLength);
          expect(totalOf(list, lengths)).toBe(used === 0 ? 0 : bestTotalByBruteForce(list, maxLength));
        }
      }),
      { seed: 1990, numRuns: 400 },
    );
  });

  test("at the least limit that fits, and between that and none the total falls", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 32) fibonacci.push((fibonacci.at(-1) as number) + (fibonacci.at(-2) as number));
    expect([...huffmanLengths(fibonacci, { maxLength: 5 })]).toEqual(new Array(32).fill(5));
    expect(Math.max(...huffmanLengths(fibonacci))).toBe(31);
    let last = Number.POSITIVE_INFINITY;
    for (let maxLength = 5; maxLength <= 32; maxLength++) {
      const lengths = huffmanLengths(fibonacci, { maxLength });
      const total = totalOf(fibonacci, lengths);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(maxLength);
      expect(kraft(lengths)).toBe(1);
      if (maxLength > 5) expect(maxLength > 31 ? total === last : total < last).toBe(true);
      last = total;
    }
    expect([...huffmanLengths(new Uint32Array(65536).fill(9), { maxLength: 16 })]).toEqual(new Array(65536).fill(16));
    expect(() => huffmanLengths(new Uint32Array(65536).fill(9), { maxLength: 15 })).toThrow(
      new ValueError("huffmanLengths: 65536 symbols with maxLength = 15, expected at most 32768"),
    );
  });

  test("none, one, and more common symbols are never longer", () => {
    expect(huffmanLengths([])).toEqual(new Uint8Array(0));
    expect(huffmanLengths([0, 0])).toEqual(Uint8Array.of(0, 0));
    expect(huffmanLengths([0, 9, 0], { maxLength: 1 })).toEqual(Uint8Array.of(0, 1, 0));
    for (const [counts] of peers.huffman) {
      const order = counts.map((_, i) => i).filter((i) => (counts[i] as number) > 0);
      order.sort((a, b) => (counts[a] as number) - (counts[b] as number));
      const lengths = huffmanLengths(counts, { maxLength: 12 });
      for (let i = 1; i < order.length; i++) {
        expect(lengths[order[i] as number] as number).toBeLessThanOrEqual(lengths[order[i - 1] as number] as number);
      }
    }
  });

  test("refuses other counts and limits", () => {
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => huffmanLengths([1, bad])).toThrow(ValueError);
    }
    expect(() => huffmanLengths([2 ** 35, 1])).toThrow("at most 2^35");
    expect(() => huffmanLengths(new Uint8Array(65537))).toThrow("65537 counts, expected at most 65536");
    for (const maxLength of [0, 33, 1.5]) expect(() => huffmanLengths([1], { maxLength })).toThrow("maxLength =");
  });
});

describe("canonicalCodes", () => {
  test("no code begins another, and they are in order", () => {
    for (const [counts] of peers.huffman) {
      const lengths = huffmanLengths(counts, { maxLength: 14 });
      const codes = canonicalCodes(lengths);
      const texts = [...codes].map((code, i) => ({ i, text: code.toString(2).padStart(lengths[i] as number, "0") }));
      const present = texts.filter(({ i }) => (lengths[i] as number) > 0);
      for (const { i, text } of present) expect(text.length).toBe(lengths[i]);
      const sorted = [...present].sort((a, b) => (a.text < b.text ? -1 : 1));
      for (let k = 1; k < sorted.length; k++) {
        const [a, b] = [sorted[k - 1], sorted[k]] as [(typeof sorted)[number], (typeof sorted)[number]];
        expect(b.text.startsWith(a.text)).toBe(false);
        expect(a.text.length < b.text.length || (a.text.length === b.text.length && a.i < b.i)).toBe(true);
      }
    }
  });

  test("the code of RFC 1951, section 3.2.2", () => {
    // Lengths 3, 3, 3, 3, 3, 2, 4, 4 for A..H.
    expect([...canonicalCodes([3, 3, 3, 3, 3, 2, 4, 4])]).toEqual([2, 3, 4, 5, 6, 0, 14, 15]);
  });

  test("32 bits, and lengths that no code has", () => {
    const lengths = Array.from({ length: 33 }, (_, i) => Math.min(32, i + 1));
    expect([...canonicalCodes(lengths)].at(-1)).toBe(2 ** 32 - 1);
    expect(() => canonicalCodes([1, 1, 1])).toThrow(ValueError);
    expect(() => canonicalCodes([33])).toThrow("length 33 at position 0");
    expect(canonicalCodes([])).toEqual(new Uint32Array(0));
  });
});

describeBackends("huffmanEncode", () => {
  test.each(Object.keys(peers.ans))("the %s symbols take heapq's total, and come back", (name) => {
    const { symbols, huffman } = peers.ans[name] as (typeof peers.ans)[string];
    const data = Int32Array.from(symbols);
    const coded = huffmanEncode(data);
    expect(coded.bits).toBe(huffman);
    expect(coded.bytes.length).toBe(Math.ceil(huffman / 8));
    expect(huffmanDecode(coded)).toEqual({ data, shape: [4000], dtype: "int32" });
  });

  test("a plain reader of the documented format finds the symbols", () => {
    const data = Int8Array.from([...(peers.ans.gaussian?.symbols ?? [])].slice(0, 300), (x) => x - 2);
    const coded = huffmanEncode(data);
    const table = new PlainReader(bitText(coded.table));
    const { min, span } = table.range();
    const lengths = table.numbers(span);
    const codes = new Map<string, number>();
    let next = 0;
    for (let length = 1; length <= 32; length++, next *= 2) {
      lengths.forEach((l, i) => {
        if (l === length) codes.set((next++).toString(2).padStart(length, "0"), min + i);
      });
    }
    const reader = new PlainReader(bitText(coded.bytes).slice(0, coded.bits));
    expect(Array.from(data, () => reader.code(codes))).toEqual([...data]);
    expect(reader.done).toBe(true);
  });

  test("lies between the entropy and one bit more, and never below one bit", () => {
    const symbols = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(symbols, (list) => {
        const data = Int8Array.from(list);
        const each = huffmanEncode(data).bits / data.length;
        const h = symbolEntropy(data);
        expect(each).toBeGreaterThanOrEqual(Math.max(1, h - 1e-9));
        expect(each).toBeLessThan(h === 0 ? 1.0001 : h + 1);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test("a limit costs bits, not symbols", () => {
    const data = Int16Array.from({ length: 5000 }, (_, i) => Math.clz32((i * 2654435761) | 0) - 16 * (i % 2));
    const limited = huffmanEncode(data, { maxLength: 6 });
    expect(limited.bits).toBeGreaterThan(huffmanEncode(data).bits);
    expect(huffmanDecode(limited).data).toEqual(data);
  });

  test("codes of all lengths up to 32 bits are decoded", () => {
    const lengths = Uint8Array.from({ length: 33 }, (_, i) => Math.min(32, 33 - i));
    const codes = canonicalCodes(lengths);
    const [table, writer] = [bitWriter(), bitWriter()];
    writeRange(table, { min: -3, span: 33 });
    writeSmallNumbers(table, lengths);
    const symbols = Array.from({ length: 99 }, (_, i) => (i * 7) % 33);
    for (const symbol of symbols) writeBits(writer, codes[symbol] as number, lengths[symbol] as number);
    const [bytes, bits] = [writtenBytes(writer), writer.bits];
    const coded = { coder: "huffman", dtype: "int8", shape: [99], table: writtenBytes(table), bytes, bits } as const;
    expect([...huffmanDecode(coded).data]).toEqual(symbols.map((symbol) => symbol - 3));
  });

  test("of a single symbol: the bit 0 for each; the bit 1 is none", () => {
    const coded = huffmanEncode(Int16Array.of(77, 77, 77));
    expect([coded.bits, coded.bytes[0]]).toEqual([3, 0]);
    expect([...huffmanDecode(coded).data]).toEqual([77, 77, 77]);
    expect(() => huffmanDecode({ ...coded, bytes: Uint8Array.of(0b01000000) })).toThrow("bits that begin no code");
  });

  test("refuses a table that is no complete code", () => {
    const coded = huffmanEncode(Int8Array.of(0, 1, 2, 3));
    expect(() => huffmanDecode({ ...coded, table: Uint8Array.of(0b00101100) })).toThrow(FileFormatError);
    expect(() => huffmanDecode(ransEncode(Int8Array.of(1)))).toThrow('coded by "rans", expected "huffman"');
  });
});

describe("lengths in print", () => {
  test.each([
    [[0.5, 0.25, 0.125, 0.125], 1.75, 1.75],
    [[0.9, 0.1], 1.0, 0.469],
  ])("%j: %f bits, entropy %f", (p, bits, ideal) => {
    const counts = p.map((share) => Math.round(share * 1000));
    expect(totalOf(counts, huffmanLengths(counts)) / 1000).toBe(bits);
    expect(entropy(p)).toBeCloseTo(ideal, 4);
  });

  test.each([
    // Gaussian in 4, 8 and 16 uniform steps (Max 1960).
    [4, 0.99569, 1.9791],
    [8, 0.58602, 2.7966],
    [16, 0.3352, 3.6326],
  ])("Gaussian in %i levels of %f: %f bits", (levels, step, bits) => {
    const edge = (i: number): number => (i <= 0 ? -Infinity : i >= levels ? Infinity : (i - levels / 2) * step);
    const counts = Array.from({ length: levels }, (_, i) =>
      Math.round(1e9 * (normalCdf(edge(i + 1)) - normalCdf(edge(i)))),
    );
    const total = counts.reduce((a, b) => a + b, 0);
    expect(totalOf(counts, huffmanLengths(counts)) / total).toBeCloseTo(bits, 3);
  });

  test("geometric with p = 0.8: 1.25 bits, so a ratio of 6.4 to 8 bits, where the ideal is 8.87", () => {
    const counts = Array.from({ length: 20 }, (_, k) => Math.round(2 ** 34 * 0.8 * 0.2 ** k));
    const total = counts.reduce((a, b) => a + b, 0);
    expect(totalOf(counts, huffmanLengths(counts)) / total).toBeCloseTo(1.25, 6);
  });
});
