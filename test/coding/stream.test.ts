/** Every coder through the container and back, and what the container and the decoders refuse. */
import { describe, expect, test } from "vitest";
import { writeFrequencies, writeRange, writeSmallNumbers } from "../../src/coding/alphabet-table.js";
import * as coding from "../../src/coding/index.js";
import { FileFormatError, LowbitError, ShapeError, ValueError } from "../../src/errors.js";
import { equal, type Tensor } from "../../src/tensor/index.js";
import { generator } from "./oracles.js";
import { coders, encoders, sealed, symbolTensor as tensor } from "./streams.js";

const next = generator(21);

const fibonacci = [1, 1];
while (fibonacci.length < 20) fibonacci.push((fibonacci.at(-1) as number) + (fibonacci.at(-2) as number));
const cases: Readonly<Record<string, Tensor>> = {
  "nothing at all": tensor(new Int8Array(0), "int8"),
  "nothing, with huge sides": tensor(new Int32Array(0), "int32", [2 ** 32 - 1, 0, 2 ** 32 - 1]),
  "a scalar": tensor(Int16Array.of(-7), "int16", []),
  "one symbol": tensor(Uint8Array.of(200), "uint8", [1, 1, 1]),
  "one symbol again and again": tensor(new Int32Array(70001).fill(-123456789), "int32"),
  zeros: tensor(new Int8Array(131072), "int8", [2, 256, 256]),
  "one of each of 256": tensor(
    Int8Array.from({ length: 256 }, (_, i) => i - 128),
    "int8",
    [16, 16],
  ),
  "one of each of 65,536": tensor(
    Uint16Array.from({ length: 65536 }, (_, i) => (i * 40503) & 0xffff),
    "uint16",
  ),
  "all of int16 and one more": tensor(
    Int16Array.from({ length: 65537 }, (_, i) => (i % 65536) - 32768),
    "int16",
  ),
  "Fibonacci counts": tensor(Int8Array.from(fibonacci.flatMap((count, i) => new Array(count).fill(i - 9))), "int8"),
  "a mask": tensor(
    Uint8Array.from({ length: 1001 }, () => (next(5) === 0 ? 1 : 0)),
    "bool",
    [7, 11, 13],
  ),
  "the top of int32": tensor(
    Int32Array.from({ length: 999 }, () => 2 ** 31 - 1 - next(60000)),
    "int32",
    [27, 37],
  ),
  "the bottom of int32": tensor(
    Int32Array.from({ length: 333 }, () => next(3) - 2 ** 31),
    "int32",
    [3, 111],
  ),
  "a segment and one more": tensor(
    Int16Array.from({ length: 65537 }, () => next(1 + next(40)) - 20),
    "int16",
  ),
};

describe.each(coders)("%s", (coder) => {
  test.each(Object.keys(cases))("%s", (name) => {
    const symbols = cases[name] as Tensor;
    const coded = encoders[coder](symbols);
    expect(coded.coder).toBe(coder);
    expect(coded.bytes.length).toBe(Math.ceil(coded.bits / 8));
    const bytes = coding.writeStream(coded);
    expect(bytes.length).toBe(21 + 4 * symbols.shape.length + coded.table.length + coded.bytes.length);
    const read = coding.readStream(bytes);
    expect([read.coder, read.dtype, read.shape, read.bits]).toEqual([coder, symbols.dtype, symbols.shape, coded.bits]);
    expect(Buffer.compare(coding.writeStream(read), bytes)).toBe(0);
    const back = coding.decode(read);
    expect([back.dtype, back.shape]).toEqual([symbols.dtype, symbols.shape]);
    expect(equal(back as Tensor, symbols)).toBe(true);
    expect(back.data.constructor).toBe(symbols.data.constructor);
  });

  test("refuses a shape that lies, without memory for it", () => {
    const coded = encoders[coder](Int8Array.from({ length: 90 }, (_, i) => (i % 9 === 0 ? i : 0)));
    for (const shape of [[2 ** 28], [2 ** 14, 2 ** 14], [91], [89], []]) {
      const bytes = coding.writeStream({ ...coded, shape });
      expect(() => coding.decode(coding.readStream(bytes))).toThrow(FileFormatError);
    }
    // These are more than so many bytes can hold: refused by their number, before the first symbol.
    for (const shape of [[2 ** 28], [2 ** 14, 2 ** 14]]) {
      const bytes = coding.writeStream({ ...coded, shape });
      expect(() => coding.decode(coding.readStream(bytes))).toThrow(
        /^\w+: shape \[\d+(, \d+)?\], expected at most \d+ symbols in \d+ bits \(at byte 8\)$/,
      );
    }
  });

  test("is refused by the others' decoders", () => {
    const coded = encoders[coder](Int8Array.of(1, 2));
    const decoders = [coding.huffmanDecode, coding.ransDecode, coding.ransAdaptiveDecode, coding.expGolombDecode];
    const more = [coding.eliasGammaDecode, coding.eliasDeltaDecode, coding.zeroRunsDecode];
    [...decoders, ...more].forEach((decode, i) => {
      if (coders[i] === coder) expect([...decode(coded).data]).toEqual([1, 2]);
      else expect(() => decode(coded)).toThrow(ValueError);
    });
  });
});

test("a long honest run in few bytes is read, unless maxSymbols says no", () => {
  const symbols = tensor(new Uint8Array(2 ** 22), "uint8", [2048, 2048]);
  for (const coder of ["rans", "rans-adaptive", "zero-runs"] as const) {
    const bytes = coding.writeStream(encoders[coder](symbols));
    expect(bytes.length).toBeLessThan(400);
    expect(coding.decode(coding.readStream(bytes)).data.length).toBe(2 ** 22);
    expect(() => coding.readStream(bytes, { maxSymbols: 2 ** 22 - 1 })).toThrow(
      new FileFormatError("readStream: 4194304 symbols, expected at most maxSymbols = 4194303", 8),
    );
  }
});

describe("readStream names the byte of", () => {
  const good = coding.writeStream(coding.huffmanEncode(tensor(Int8Array.of(5, -1, 5, 5, 0, 2), "int8", [2, 3])));
  const view = new DataView(good.buffer);
  const table = view.getUint32(16, true);

  /** The stream with bytes set at a place, and a checksum that fits again. */
  const changed = (offset: number, ...bytes: number[]): Uint8Array => {
    const copy = good.slice();
    copy.set(bytes, offset);
    return sealed(copy);
  };
  test.each([
    ["a magic that is another", changed(2, 88), 2],
    ["a version that is another", changed(4, 2), 4],
    ["coder 0", changed(5, 0), 5],
    ["coder 8", changed(5, 8), 5],
    ["dtype 0", changed(6, 0), 6],
    ["dtype 7", changed(6, 7), 6],
    ["33 axes", changed(7, 33), 7],
    ["axes beyond the end", changed(7, 32), good.length],
    ["too many symbols", changed(8, 255, 255, 255, 255), 8],
    ["a table beyond the end", changed(16, 255, 255, 255, 255), 16],
    ["symbols beyond the end", changed(20, 255, 255, 255, 127), 20],
    ["symbols that end early", changed(20, 1), 20],
    ["padding above 7", changed(24, 8), 24],
    ["padding that is not 0", changed(good.length - 5, (good.at(-5) as number) | 1), good.length - 5],
    ["a checksum that is wrong", Uint8Array.of(...good.slice(0, -1), (good.at(-1) as number) ^ 1), good.length - 4],
    ["bytes behind the end", sealed(Uint8Array.of(...good, 0)), 20],
    ["no bytes", new Uint8Array(0), 0],
    ["20 bytes", good.slice(0, 20), 20],
  ])("%s", (_, bytes, offset) => {
    let error: unknown;
    try {
      coding.readStream(bytes);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FileFormatError);
    expect([(error as FileFormatError).byteOffset, (error as Error).message]).toEqual([
      offset,
      expect.stringMatching(/^readStream: .*expected .*\(at byte \d+\)$/),
    ]);
  });

  test("a table that is none: the decoder names a byte of the table", () => {
    for (let bit = 0; bit < 8 * table; bit++) {
      const byte = 25 + (bit >> 3);
      const bytes = changed(byte, (good[byte] as number) ^ (128 >> (bit & 7)));
      try {
        coding.decode(coding.readStream(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(FileFormatError);
        expect((error as FileFormatError).byteOffset).toBeGreaterThanOrEqual(8);
        expect((error as FileFormatError).byteOffset).toBeLessThanOrEqual(good.length);
      }
    }
  });

  test("nothing when the bytes lie inside a larger buffer", () => {
    const larger = new Uint8Array(good.length + 20);
    larger.set(good, 7);
    const read = coding.readStream(larger.subarray(7, 7 + good.length));
    expect([...coding.decode(read).data]).toEqual([5, -1, 5, 5, 0, 2]);
  });
});

describe("decoders refuse", () => {
  const symbols = Int8Array.of(3, 0, 0, -1, 3, 3);
  test.each(["huffman", "rans", "rans-adaptive"] as const)("%s: a table with more behind it", (coder) => {
    const coded = encoders[coder](symbols);
    const longer = { ...coded, table: Uint8Array.of(...coded.table, 0) };
    expect(() => coding.decode(longer)).toThrow(FileFormatError);
    expect(() => coding.decode(longer)).toThrow(/bits behind the table, expected the rest of a byte, zeros/);
  });

  test("a run of zeros that an encoder would have cut", () => {
    const writer = coding.bitWriter();
    // gamma(65537): a run of 65,536 zeros.
    coding.writeBits(writer, 0, 16);
    coding.writeBits(writer, 65537, 17);
    const coded = { ...coding.zeroRunsEncode(symbols), shape: [65536], bytes: coding.writtenBytes(writer), bits: 33 };
    expect(() => coding.decode(coded)).toThrow("a run of 65536 zeros, expected at most 65535");
  });

  test("frequencies that do not add up, and a run beyond the alphabet", () => {
    const rans = encoders.rans(symbols);
    const table = coding.bitWriter();
    coding.writeBits(table, 0, 3);
    writeRange(table, { min: 0, span: 2 });
    writeFrequencies(table, Uint32Array.of(2048, 2047));
    expect(() => coding.decode({ ...rans, table: coding.writtenBytes(table) })).toThrow(
      "frequencies that add up to 4095, expected 4096",
    );
    const lengths = coding.bitWriter();
    writeRange(lengths, { min: 0, span: 3 });
    writeSmallNumbers(lengths, [1, 1, 0, 0]);
    expect(() => coding.decode({ ...encoders.huffman(symbols), table: coding.writtenBytes(lengths) })).toThrow(
      "a run of 2 zeros, expected at most 1",
    );
  });

  test("an alphabet that the dtype does not hold", () => {
    for (const coder of ["huffman", "rans", "rans-adaptive"] as const) {
      const below = { ...encoders[coder](Int16Array.of(-129, -128)), dtype: "int8" as const };
      expect(() => coding.decode(below)).toThrow("symbols -129..-128, expected -128..127 for int8");
      const above = { ...encoders[coder](Int16Array.of(127, 128)), dtype: "int8" as const };
      expect(() => coding.decode(above)).toThrow("symbols 127..128, expected -128..127 for int8");
    }
  });
});

test("writeStream refuses records that are none", () => {
  const coded = coding.eliasGammaEncode(Int8Array.of(1));
  expect(() => coding.writeStream({ ...coded, coder: "zip" as "rans" })).toThrow(ValueError);
  expect(() => coding.writeStream({ ...coded, dtype: "float32" as "int8" })).toThrow(ValueError);
  expect(() => coding.writeStream({ ...coded, bits: 9 })).toThrow("9 bits in 1 bytes");
  expect(() => coding.writeStream({ ...coded, bits: 0 })).toThrow("0 bits in 1 bytes");
  expect(() => coding.writeStream({ ...coded, shape: [2 ** 32] })).toThrow(ShapeError);
  expect(() => coding.decode({ ...coded, coder: "toString" as "rans" })).toThrow('coder "toString"');
  expect(() => coding.readStream(coding.writeStream(coded), { maxSymbols: Number.NaN })).toThrow(LowbitError);
});
