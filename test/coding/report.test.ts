import { expect, test } from "vitest";
import { codingReport, huffmanEncode, ransEncode, symbolEntropy } from "../../src/coding/index.js";
import { displaySymbol, type MimeBundle } from "../../src/display.js";
import { DtypeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import { describeBackends } from "../support/backends.js";
import { peers } from "./oracles.js";

describeBackends("codingReport", () => {
  test("ideal, Huffman and rANS with table are what SciPy, heapq and the streams say", () => {
    for (const { symbols, entropy, huffman } of Object.values(peers.ans)) {
      const data = Int32Array.from(symbols);
      const report = codingReport(data);
      expect([report.count, report.distinct]).toEqual([4000, new Set(symbols).size]);
      expect(report.ideal.bits).toBeCloseTo(4000 * entropy, 8);
      expect(report.ideal.bitsPerSymbol).toBe(symbolEntropy(data));
      expect(report.huffman.bits).toBe(huffman);
      expect(report.huffmanWithTable.bits).toBe(huffman + 8 * huffmanEncode(data).table.length);
      const { bits, table } = ransEncode(data);
      expect([report.rans.bits, report.ransWithTable.bits]).toEqual([bits, bits + 8 * table.length]);
      expect(report.fixed.bits).toBe(4000 * Math.ceil(Math.log2(Math.max(...symbols) - Math.min(...symbols) + 1)));
      expect(report.ransWithTable.bitsPerSymbol).toBe(report.ransWithTable.bits / 4000);
    }
  });

  test("nothing goes below the ideal; tables cost; rANS is closer than Huffman on skewed symbols", () => {
    const data = Int8Array.from(normal(key(5), [30000]).data, (x) => Math.round(0.4 * x));
    const report = codingReport(data);
    for (const method of ["huffman", "rans", "expGolomb", "eliasGamma", "eliasDelta"] as const) {
      expect(report[method].bits).toBeGreaterThan(report.ideal.bits);
    }
    expect(report.huffmanWithTable.bits).toBeGreaterThan(report.huffman.bits);
    expect(report.ransWithTable.bits).toBeGreaterThan(report.rans.bits);
    expect(report.ransWithTable.bits).toBeLessThan(0.9 * report.huffmanWithTable.bits);
  });

  test("of nothing, and of one symbol", () => {
    const none = codingReport(new Int8Array(0));
    expect([none.count, none.distinct, none.ideal, none.huffman, none.rans, none.fixed]).toEqual([
      0,
      0,
      ...new Array(4).fill({ bits: 0, bitsPerSymbol: 0 }),
    ]);
    const one = codingReport(new Uint8Array(1000).fill(3));
    expect([one.ideal.bits, one.fixed.bits, one.huffman.bits, one.rans.bits]).toEqual([0, 0, 1000, 32]);
  });

  test("shows itself as a table and as text", () => {
    const report = codingReport(new Int8Array([0, 0, 0, 0, 1, 1, -1, 7]));
    const shown = report[displaySymbol]() as MimeBundle;
    const text = String(shown["text/plain"]).split("\n");
    expect(text[0]).toBe("8 symbols, 4 different");
    expect(text).toHaveLength(13);
    expect(text).toContain("ideal (entropy)       14.0      1.7500");
    expect(text).toContain("Huffman, codes alone    14      1.7500");
    const html = String(shown["text/html"]);
    expect(html.match(/<tr>/g)).toHaveLength(12);
    for (const name of ["ideal (entropy)", "Huffman with table", "rANS with table"])
      expect(html).toContain(`>${name}</th>`);
  });

  test("refuses what cannot be coded", () => {
    expect(() => codingReport(Int32Array.of(0, 65536))).toThrow(ValueError);
    expect(() => codingReport(new Float64Array(1))).toThrow(DtypeError);
  });
});
