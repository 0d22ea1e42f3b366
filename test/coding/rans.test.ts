import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Coded,
  entropy,
  histogram,
  normalizeCounts,
  ransAdaptiveDecode,
  ransAdaptiveEncode,
  ransDecode,
  ransEncode,
  symbolEntropy,
} from "../../src/coding/index.js";
import { FileFormatError, ValueError } from "../../src/errors.js";
import { describeBackends } from "../support/backends.js";
import { bitText, generator, PlainReader, peers, plainAdaptive, plainFrequencies, plainRans } from "./oracles.js";

/** Bits per symbol when symbols of these counts are coded with these frequencies. */
const crossEntropy = (counts: ArrayLike<number>, frequencies: ArrayLike<number>): number => {
  const [n, m] = [counts, frequencies].map((list) => Array.from(list).reduce((a, b) => a + b, 0)) as [number, number];
  let bits = 0;
  for (let i = 0; i < counts.length; i++) {
    if ((counts[i] as number) > 0) bits -= ((counts[i] as number) / n) * Math.log2((frequencies[i] as number) / m);
  }
  return bits;
};

describe("normalizeCounts", () => {
  test("follows its rule, one step after another", () => {
    const counts = fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 100000 })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 4, max: 9 }), (list, precision) => {
        fc.pre(list.some((count) => count > 0));
        const frequencies = normalizeCounts(list, precision);
        expect([...frequencies]).toEqual(plainFrequencies(list, precision));
        expect(frequencies.reduce((a, b) => a + b, 0)).toBe(2 ** precision);
        expect([...frequencies].map((frequency) => frequency > 0)).toEqual(list.map((count) => count > 0));
      }),
      { seed: 1910, numRuns: 300 },
    );
  });

  test("is near the best of all frequencies, even with 32 slots", () => {
    const next = generator(5);
    for (let run = 0; run < 60; run++) {
      const counts = Array.from({ length: 4 }, () => 1 + next(run % 2 === 0 ? 20 : 2000));
      let best = Number.POSITIVE_INFINITY;
      for (let a = 1; a <= 29; a++) {
        for (let b = 1; a + b <= 30; b++) {
          for (let c = 1; a + b + c <= 31; c++) {
            best = Math.min(best, crossEntropy(counts, [a, b, c, 32 - a - b - c]));
          }
        }
      }
      expect(crossEntropy(counts, normalizeCounts(counts, 5))).toBeLessThan(best + 3e-3);
    }
  });

  test("very rare symbols keep a slot, and all slots can be taken", () => {
    expect([...normalizeCounts([2 ** 34, 1, 1, 0], 4)]).toEqual([14, 1, 1, 0]);
    expect([...normalizeCounts(new Uint32Array(65536).fill(7), 16)]).toEqual(new Array(65536).fill(1));
    const skewed = Uint32Array.from({ length: 65536 }, (_, i) => 1 + (i === 9 ? 1e6 : 0));
    expect([...normalizeCounts(skewed, 16)]).toEqual(new Array(65536).fill(1));
    // Of equals the first gets the slot that is left, and the last gives up the one that is too many.
    expect([...normalizeCounts([5, 5, 5], 4)]).toEqual([6, 5, 5]);
    expect([...normalizeCounts([1000, 1000, ...new Array(9).fill(1)], 4)].slice(0, 3)).toEqual([4, 3, 1]);
    expect([...normalizeCounts([0, 0], 12)]).toEqual([0, 0]);
    expect([...normalizeCounts([0, 3], 0)]).toEqual([0, 1]);
  });

  test("refuses too many symbols, other counts and precisions", () => {
    expect(() => normalizeCounts([1, 1, 1], 1)).toThrow(
      new ValueError("normalizeCounts: 3 symbols, expected at most 2^precision = 2"),
    );
    for (const bad of [-1, 17, 1.5]) expect(() => normalizeCounts([1], bad)).toThrow(ValueError);
    for (const bad of [-1, 0.5, Number.NaN]) expect(() => normalizeCounts([bad], 4)).toThrow(ValueError);
  });
});

describeBackends("ransEncode", () => {
  test.each(Object.keys(peers.ans))("the %s symbols take as much as with constriction, and come back", (name) => {
    const { symbols, entropy: ideal, bits } = peers.ans[name] as (typeof peers.ans)[string];
    const data = Int32Array.from(symbols);
    const coded = ransEncode(data, { precision: 16 });
    expect(ransDecode(coded)).toEqual({ data, shape: [4000], dtype: "int32" });
    expect(coded.bits).toBeGreaterThanOrEqual(Math.floor(4000 * ideal));
    // One state of 32 bits, where constriction's has up to 64, and whole bytes.
    expect(coded.bits).toBeLessThan(4000 * ideal * 1.001 + 40);
    expect(Math.abs(coded.bits - bits)).toBeLessThan(64);
  });

  test.each([12, 13, 14, 15, 16])("precision %i: at most N x cross-entropy + 40 bits a segment", (precision) => {
    const next = generator(precision);
    for (const count of [1, 7, 1000, 65536, 65537, 150001]) {
      const data = Int16Array.from({ length: count }, () => next(1 + next(1 + next(60))) - 11);
      const coded = ransEncode(data, { precision });
      const { counts } = histogram(data);
      const ideal = count * crossEntropy(counts, normalizeCounts(counts, precision));
      expect(coded.bits).toBeLessThan(ideal * 1.001 + 40 * Math.ceil(count / 65536));
      expect(ransDecode(coded)).toEqual({ data, shape: [count], dtype: "int16" });
    }
  });

  test("a plain decoder of the documented format finds the symbols", () => {
    const data = Int8Array.from([...(peers.ans.gaussian?.symbols ?? [])].slice(0, 2000), (x) => 3 * x + 1);
    const coded = ransEncode(data);
    const table = new PlainReader(bitText(coded.table));
    const precision = 12 + table.take(3);
    const { min, span } = table.range();
    const widths = table.numbers(span);
    const frequencies = widths.map((width) => (width === 0 ? 0 : 2 ** (width - 1) + table.take(width - 1)));
    expect(frequencies).toEqual(plainFrequencies([...histogram(data).counts], precision));
    const model = { frequencies: () => frequencies, saw: () => {} };
    expect(plainRans(coded.bytes, 2000, precision, model).map((index) => min + index)).toEqual([...data]);
  });

  test("far below one bit per symbol, where Huffman has its floor", () => {
    const next = generator(8);
    const data = Uint8Array.from({ length: 60000 }, () => (next(1000) === 0 ? 1 : 0));
    const coded = ransEncode(data, { precision: 16 });
    expect(symbolEntropy(data)).toBeLessThan(0.02);
    expect(coded.bits + 8 * coded.table.length).toBeLessThan(1.02 * 60000 * symbolEntropy(data) + 100);
    expect(ransDecode(coded).data).toEqual(data);
  });

  test("the default precision fits the number of symbols and the alphabet; too small a one is refused", () => {
    const precisionOf = (count: number, range: number): number =>
      12 + ((ransEncode(Int32Array.from({ length: count }, (_, i) => i % range)).table[0] as number) >> 5);
    expect([precisionOf(0, 1), precisionOf(4095, 9), precisionOf(4096, 9), precisionOf(8192, 9)]).toEqual([
      12, 12, 13, 14,
    ]);
    expect([precisionOf(1e5, 9), precisionOf(2048, 2048), precisionOf(5000, 5000)]).toEqual([14, 13, 15]);
    const all = Int32Array.from({ length: 5000 }, (_, i) => i);
    expect(ransDecode(ransEncode(all)).data).toEqual(all);
    expect(() => ransEncode(all, { precision: 12 })).toThrow(
      new ValueError("ransEncode: precision = 12 for 5000 symbols, expected a whole number 13..16"),
    );
    for (const precision of [11, 17, 12.5]) expect(() => ransEncode(all, { precision })).toThrow(ValueError);
  });

  test("refuses damaged bytes", () => {
    const coded = ransEncode(Int8Array.from({ length: 500 }, (_, i) => i % 7));
    const damaged = (change: Partial<Coded>) => () => ransDecode({ ...coded, ...change });
    const bytes = coded.bytes.slice();
    (bytes[0] as number) ^= 0x80;
    expect(damaged({ bytes })).toThrow(FileFormatError);
    expect(damaged({ bytes: coded.bytes.slice(0, -1), bits: coded.bits - 8 })).toThrow(
      "the bytes end within a segment",
    );
    const longer = Uint8Array.of(...coded.bytes, 0);
    expect(damaged({ bytes: longer, bits: coded.bits + 8 })).toThrow("1 bytes are left over");
    expect(damaged({ bits: coded.bits - 1 })).toThrow("expected whole bytes");
    expect(damaged({ shape: [499] })).toThrow("a segment that ends in state");
    expect(damaged({ table: coded.table.slice(0, 3) })).toThrow(FileFormatError);
  });
});

describeBackends("ransAdaptiveEncode", () => {
  test("a plain decoder with the documented model finds the symbols", () => {
    const next = generator(11);
    // Past several halvings of the counts, which come every 8,192 symbols and more, and into the second segment.
    const data = Int16Array.from({ length: 70003 }, (_, i) => next(1 + next(i < 40000 ? 4 : 9)) - 3);
    const coded = ransAdaptiveEncode(data, { precision: 12 });
    const table = new PlainReader(bitText(coded.table));
    const precision = 12 + table.take(3);
    const { min, span } = table.range();
    const found = plainRans(coded.bytes, data.length, precision, plainAdaptive(span, precision));
    expect(found.map((index) => min + index)).toEqual([...data]);
    expect(ransAdaptiveDecode(coded)).toEqual({ data, shape: [70003], dtype: "int16" });
  });

  test("comes near the static coder without a table of frequencies", () => {
    for (const { symbols, entropy: ideal } of Object.values(peers.ans)) {
      const data = Int32Array.from(symbols);
      const coded = ransAdaptiveEncode(data);
      expect(coded.table.length).toBeLessThanOrEqual(5);
      expect(ransAdaptiveDecode(coded)).toEqual({ data, shape: [4000], dtype: "int32" });
      // Half the logarithm of the count for each frequency is the least that learning costs.
      const learning = 0.5 * Math.log2(4000) * histogram(data).counts.length;
      expect(coded.bits).toBeLessThan(4000 * ideal + learning + 64);
    }
  });

  test("follows frequencies that drift, which no single table does", () => {
    const next = generator(12);
    const data = Uint8Array.from({ length: 100000 }, (_, i) => (i < 50000 ? next(4) : 200 + next(4)));
    expect(ransAdaptiveEncode(data).bits).toBeLessThan(0.95 * ransEncode(data).bits);
    expect(ransAdaptiveDecode(ransAdaptiveEncode(data)).data).toEqual(data);
  });

  test("all 2^16 symbols at 16 bits, and a range without enough slots", () => {
    const data = Uint16Array.from({ length: 66000 }, (_, i) => (i * 40503) & 0xffff);
    expect(ransAdaptiveDecode(ransAdaptiveEncode(data)).data).toEqual(data);
    expect(() => ransAdaptiveEncode(Int16Array.of(0, 5000), { precision: 12 })).toThrow("5001 symbols");
  });
});

test("sizes of frequencies and entropy agree: cross-entropy is never below the entropy", () => {
  for (const { symbols } of Object.values(peers.ans)) {
    const { counts } = histogram(Int32Array.from(symbols));
    const gap = crossEntropy(counts, normalizeCounts(counts, 14)) - entropy(counts);
    expect(gap).toBeGreaterThanOrEqual(-1e-12);
    expect(gap).toBeLessThan(1e-3);
  }
});
