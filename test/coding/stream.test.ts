/** Every coder through the container and back, and what the container and the decoders refuse. */
import { describe, expect, test } from "vitest";
import * as coding from "../../src/coding/index.js";
import { FileFormatError, LowbitError, ShapeError, ValueError } from "../../src/errors.js";
import { equal, isTensor, type Tensor } from "../../src/tensor/index.js";
import { generator } from "./oracles.js";

type Encode = (symbols: coding.Symbols) => coding.Coded;
const encoders: Readonly<Record<coding.Coder, Encode>> = {
  huffman: coding.huffmanEncode,
  rans: coding.ransEncode,
  "rans-adaptive": coding.ransAdaptiveEncode,
  "exp-golomb": coding.expGolombEncode,
  "elias-gamma": coding.eliasGammaEncode,
  "elias-delta": coding.eliasDeltaEncode,
  "zero-runs": coding.zeroRunsEncode,
};
const coders = Object.keys(encoders) as coding.Coder[];
const next = generator(21);

const fibonacci = [1, 1];
while (fibonacci.length < 20) fibonacci.push((fibonacci.at(-1) as number) + (fibonacci.at(-2) as number));
const tensor = (data: coding.SymbolTensor["data"], dtype: coding.SymbolDtype, shape?: number[]): Tensor =>
  ({ data, shape: shape ?? [data.length], dtype }) as Tensor;

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
    Uint8Array.from({ length: 1001 }, () => next(5) === 0 ? 1 : 0),
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
    expect({ ...read, table: [...read.table] }).toEqual({ ...coded, table: [...coded.table] });
    const back = coding.decode(read);
    expect([back.dtype, back.shape]).toEqual([symbols.dtype, symbols.shape]);
    expect(equal(back as Tensor, symbols)).toBe(true);
    expect(back.data.constructor).toBe(symbols.data.constructor);
  });

  test("refuses a shape that lies, without memory for it", () => {
    const coded = encoders[coder](Int8Array.from({ length: 90 }, (_, i) => (i % 9 === 0 ? i : 0)));
    for (const shape of [[2 ** 28], [2 ** 14, 2 ** 14], [91], [89], []]) {
      const bytes = coding.writeStream({ ...coded, shape });
      // 256 MiB each time would take seconds; a refusal takes none.
      for (let again = 0; again < 100; again++) {
        expect(() => coding.decode(coding.readStream(bytes))).toThrow(FileFormatError);
      }
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

/** Computes the checksum anew. */
function sealed(stream: Uint8Array): Uint8Array {
  if (stream.length < 4) return stream;
  new DataView(stream.buffer, stream.byteOffset).setUint32(
    stream.length - 4,
    coding.crc32(stream.subarray(0, -4)),
    true,
  );
  return stream;
}

describe("mutated streams", () => {
  const seeds = coders.flatMap((coder) =>
    [
      tensor(
        Int8Array.from({ length: 60 }, (_, i) => ((i * 7) % 11) - 5),
        "int8",
        [6, 10],
      ),
      tensor(
        Uint16Array.from({ length: 300 }, (_, i) => (i % 17 === 0 ? i * 31 : 0)),
        "uint16",
      ),
      tensor(Uint8Array.of(1, 0, 1, 1, 0), "bool"),
      tensor(new Int32Array(0), "int32", [0, 4]),
    ].map((symbols) => coding.writeStream(encoders[coder](symbols))),
  );
  const extremes = [0, 1, 2, 0x7f, 0x80, 0xff];

  /** Changes one thing: a bit, a byte, a field, the length, a stretch of another stream, the order of bytes. */
  const mutate = (stream: Uint8Array): Uint8Array => {
    const at = next(stream.length);
    const copy = stream.slice();
    switch (next(7)) {
      case 0:
        (copy[at] as number) ^= 1 << next(8);
        return copy;
      case 1:
        copy[at] = extremes[next(extremes.length)] as number;
        return copy;
      case 2: {
        const field = Math.min(4 * next(7), copy.length - 4);
        const value = [0, 1, 2 ** 16, 2 ** 28, 2 ** 31, 2 ** 32 - 1, next(2 ** 32)][next(7)] as number;
        new DataView(copy.buffer).setUint32(field, value, true);
        return copy;
      }
      case 3:
        return copy.slice(0, at);
      case 4:
        return Uint8Array.of(...copy.slice(0, at), ...Array.from({ length: 1 + next(6) }, () => next(256)), ...copy.slice(at));
      case 5: {
        const other = seeds[next(seeds.length)] as Uint8Array;
        const from = next(other.length);
        copy.set(other.subarray(from, from + Math.min(next(20), copy.length - at)), at);
        return copy;
      }
      default:
        return Uint8Array.of(...copy.slice(0, at), ...copy.slice(at + 1 + next(4)));
    }
  };

  /** Makes the lengths and the checksum fit again, so that what is behind them is reached. */
  const repaired = (stream: Uint8Array): Uint8Array => {
    if (stream.length < 25) return sealed(stream);
    const view = new DataView(stream.buffer);
    stream.set(new TextEncoder().encode("LBCS"), 0);
    stream[4] = 1;
    const header = 17 + 4 * Math.min(stream[7] as number, 32);
    const room = stream.length - header - 4;
    if (room >= 0) {
      const table = Math.min(view.getUint32(header - 9, true), room);
      view.setUint32(header - 9, table, true);
      view.setUint32(header - 5, room - table, true);
    }
    return sealed(stream);
  };

  test("6,000 of them: a typed error that names a byte, or symbols of the right kind", () => {
    const outcomes = { refused: 0, refusedByDecoder: 0, read: 0 };
    for (let run = 0; run < 6000; run++) {
      let stream = seeds[run % seeds.length] as Uint8Array;
      for (let change = 1 + next(3); change > 0; change--) if (stream.length > 4) stream = mutate(stream);
      if (run % 6 > 0) stream = repaired(stream.slice());
      let coded: coding.Coded | undefined;
      try {
        coded = coding.readStream(stream);
        const symbols = coding.decode(coded);
        expect(isTensor(symbols)).toBe(true);
        expect(symbols.shape).toEqual(coded.shape);
        if (symbols.dtype === "bool") expect(symbols.data.every((value) => value < 2)).toBe(true);
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        expect(error.byteOffset).toBeGreaterThanOrEqual(0);
        expect(error.byteOffset).toBeLessThanOrEqual(stream.length);
        if (coded === undefined) outcomes.refused++;
        else outcomes.refusedByDecoder++;
      }
    }
    // The mutations reach every depth.
    expect(outcomes.refused).toBeGreaterThan(1000);
    expect(outcomes.refusedByDecoder).toBeGreaterThan(1000);
    expect(outcomes.read).toBeGreaterThan(300);
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
