/** `.safetensors` files against the reference implementation's, and files that lie. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bfloat16, encode, float4_e2m1fn, float8_e4m3fn } from "../../src/dtypes/index.js";
import { DtypeError, FileFormatError, ShapeError, ValueError } from "../../src/errors.js";
import { openSafetensors, readSafetensorsHeader, type SafetensorsFile, writeSafetensors } from "../../src/io/index.js";
import * as random from "../../src/random/index.js";
import { from, isTensor, sizeOf, type Tensor } from "../../src/tensor/index.js";
import { root } from "../support/kernel.js";
import { readDamaged } from "./damage.js";

interface Case {
  readonly title: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly file: string;
  readonly tensors: Readonly<
    Record<string, { readonly kind: string; readonly shape: number[]; readonly values: string }>
  >;
}

const unpack = (text: string): Uint8Array => new Uint8Array(inflateSync(Buffer.from(text, "base64")));
const cases = JSON.parse(readFileSync(join(root, "test/fixtures/safetensors-reference.json"), "utf8")) as Case[];

/** All that is in a file, to be written again: codes as codes. */
function contents(file: SafetensorsFile): Parameters<typeof writeSafetensors>[0] {
  const all = new Map<string, Tensor | { dtype: "F4"; codes: Tensor<"uint8"> }>();
  for (const [name, { dtype }] of file.tensors) {
    const coded = /^(?:F16|BF16|F8|F4)/.test(dtype);
    all.set(name, coded ? { dtype: dtype as "F4", codes: file.codes(name) as Tensor<"uint8"> } : file.tensor(name));
  }
  return all;
}

describe("a file of the reference implementation", () => {
  test.each(cases)("$title: every value", ({ file, tensors, metadata }) => {
    const opened = openSafetensors(unpack(file));
    expect([...opened.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
    expect(Object.fromEntries(opened.metadata)).toEqual(metadata ?? {});
    for (const [name, { kind, shape, values }] of Object.entries(tensors)) {
      const bytes = unpack(values);
      const tensor = opened.tensor(name);
      expect(tensor.shape).toEqual(shape);
      expect(Array.from(tensor.data), name).toEqual(Array.from(new Float64Array(bytes.buffer, 0, bytes.length / 8)));
      const kept = /^u?int64/.test(kind) ? "float64" : /^b?float(?:16|8|4)/.test(kind) ? "float32" : kind;
      expect(tensor.dtype).toBe(kept);
    }
  });

  // Integers of 64 bits, in the first, are read and not written.
  test.each(cases.slice(1))("$title: written the same, byte for byte", ({ file, metadata }) => {
    const bytes = unpack(file);
    const opened = openSafetensors(bytes);
    expect(Buffer.from(writeSafetensors(contents(opened), metadata ? { metadata } : {})).equals(bytes)).toBe(true);
  });

  test("every dtype that is written lies where the reference implementation lays it", () => {
    const bytes = unpack(cases[0]?.file as string);
    const opened = openSafetensors(bytes);
    const narrow = new Map([...(contents(opened) as Map<string, Tensor>)].filter(([name]) => !/int64/.test(name)));
    const again = openSafetensors(writeSafetensors(narrow, { metadata: { format: "pt" } }));
    const expected = [...opened.tensors].filter(([name]) => !/int64/.test(name));
    expect([...again.tensors.keys()]).toEqual(expected.map(([name]) => name));
    for (const [name, { dtype }] of expected) {
      expect(again.tensors.get(name)?.dtype).toBe(dtype);
      expect(again.tensor(name)).toEqual(opened.tensor(name));
    }
  });
});

test("a part of a tensor is that part of all of it, wherever it begins", () => {
  const opened = openSafetensors(unpack(cases[0]?.file as string));
  for (const [name, { shape }] of opened.tensors) {
    const all = opened.tensor(name);
    const count = shape.reduce((product, side) => product * side, 1);
    for (const [from, to] of [
      [0, count],
      [1, 4],
      [2, 3],
      [3, 3],
      [count - 1, count],
    ] as const) {
      expect(opened.part(name, from, to), name).toEqual({ ...all, data: all.data.slice(from, to), shape: [to - from] });
    }
    for (const [from, to] of [
      [-1, 2],
      [0, count + 1],
      [3, 2],
      [0.5, 2],
    ] as const) {
      expect(() => opened.part(name, from, to)).toThrow(ValueError);
    }
  }
});

test("the header alone needs no more of the file than it is long", () => {
  const bytes = unpack(cases[1]?.file as string);
  const length = 8 + new DataView(bytes.buffer).getUint32(0, true);
  expect(readSafetensorsHeader(bytes.slice(0, length), bytes.length)).toEqual(readSafetensorsHeader(bytes));
  expect(() => readSafetensorsHeader(bytes.slice(0, length - 1), bytes.length)).toThrow(/bytes of the file, expected/);
});

test("what is asked for and not there, and what is not read, says so", () => {
  const file = openSafetensors(fileOf({ a: { dtype: "C64", shape: [1], data_offsets: [0, 8] } }, 8));
  expect(() => file.tensor("b")).toThrow(ValueError);
  expect(() => file.tensor("b")).toThrow(/no tensor "b", expected one of a/);
  expect(() => file.tensor("a")).toThrow(/dtype C64, which is not read/);
  expect(() => file.codes("a")).toThrow(DtypeError);
  expect(() => file.tensor("__proto__")).toThrow(ValueError);
});

/** A file with this header, and so many bytes of values. */
function fileOf(header: object | string, values: number): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + values);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, 8);
  return file;
}

const entry = (shape: unknown, data_offsets: unknown, dtype: unknown = "F32"): object => ({
  dtype,
  shape,
  data_offsets,
});

test("a shape without elements may have sides whose product no number holds", () => {
  const shape = [...new Array<number>(30).fill(2 ** 52), 0];
  const { data, shape: found } = openSafetensors(fileOf({ a: entry(shape, [0, 0]) }, 0)).tensor("a");
  expect([data.length, found]).toEqual([0, shape]);
  expect(isTensor({ data, shape, dtype: "float32" })).toBe(true);
  expect(sizeOf(shape)).toBe(0);
});

describe("a file that lies is refused, and the message says how", () => {
  const long = fileOf("{}", 0);
  new DataView(long.buffer).setUint32(4, 1, true);
  const notUtf8 = fileOf('{"a":1}', 0);
  notUtf8[10] = 0xff;
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /0 bytes, expected 8 or more/],
    ["a header of 4 GiB", long, /a header of 4294967298 bytes, expected at most 2/],
    ["a header longer than the file", fileOf("{}", 0).slice(0, -1), /a header of 2 bytes, expected at most 1/],
    ["no object", fileOf("[]", 0), /begins with 91, expected \{/],
    ["spaces before it", fileOf(" {}", 0), /begins with 32/],
    ["no JSON", fileOf("{,}", 0), /no JSON/],
    ["no UTF-8", notUtf8, /no UTF-8/],
    ["a name twice", fileOf('{"a":1, "b":{}, "\\u0061" :2}', 0), /the key "\\u0061" twice/],
    ["a key of an entry twice", fileOf('{"a":{"dtype":"F32","dtype":"F32"}}', 0), /the key "dtype" twice/],
    ["no entry", fileOf({ a: 3 }, 0), /tensor "a" with no description/],
    ["a key too few", fileOf({ a: { dtype: "F32", shape: [] } }, 4), /the keys dtype, shape, expected/],
    ["a key too many", fileOf({ a: { ...entry([1], [0, 4]), x: 1 } }, 4), /the keys data_offsets, dtype, shape, x/],
    ["an unknown dtype", fileOf({ a: entry([1], [0, 4], "F31") }, 4), /dtype "F31", expected one of BOOL/],
    ["a dtype of every object", fileOf({ a: entry([1], [0, 4], "toString") }, 4), /dtype "toString"/],
    ["a shape that is no list", fileOf({ a: entry(4, [0, 16]) }, 16), /shape 4/],
    ["a negative side", fileOf({ a: entry([-1, -4], [0, 16]) }, 16), /shape \[-1,-4\]/],
    ["a side with a fraction", fileOf({ a: entry([1.5], [0, 6]) }, 6), /shape \[1\.5\]/],
    ["a shape of 2^80", fileOf({ a: entry([2 ** 40, 2 ** 40], [0, 16]) }, 16), /16 bytes, expected/],
    ["one offset", fileOf({ a: entry([1], [4]) }, 4), /data_offsets \[4\]/],
    ["offsets in the wrong order", fileOf({ a: entry([1], [4, 0]) }, 4), /-4 bytes, expected 4/],
    ["half a byte", fileOf({ a: entry([3], [0, 1], "F4") }, 1), /1 bytes, expected 1\.5/],
    ["too few bytes", fileOf({ a: entry([2, 3], [0, 23]) }, 23), /23 bytes, expected 24 for F32 of shape \[2, 3\]/],
    ["a gap", fileOf({ a: entry([1], [0, 4]), b: entry([1], [8, 12]) }, 12), /tensor "b" at .* expected it from/],
    ["two in one place", fileOf({ a: entry([1], [0, 4]), b: entry([1], [0, 4]) }, 8), /tensor "b" at/],
    ["a tensor that begins later", fileOf({ a: entry([1], [4, 8]) }, 8), /tensor "a" at/],
    ["a tensor beyond the file", fileOf({ a: entry([2], [0, 8]) }, 4), /a file of \d+ bytes, expected \d+/],
    ["more behind the last", fileOf({ a: entry([1], [0, 4]) }, 5), /a file of/],
    ["metadata that are no texts", fileOf({ __metadata__: { a: 1 } }, 0), /__metadata__\.a that is no text/],
    ["metadata that are a list", fileOf({ __metadata__: [] }, 0), /__metadata__ that is no object/],
  ])("%s", (_, bytes, message) => {
    expect(() => openSafetensors(bytes)).toThrow(FileFormatError);
    expect(() => openSafetensors(bytes)).toThrow(message);
  });

  test("a bool of 2, an integer that a float64 would round", () => {
    const bools = fileOf({ a: entry([2], [0, 2], "BOOL") }, 2);
    bools[bools.length - 1] = 2;
    expect(() => openSafetensors(bools).tensor("a")).toThrow(/a: a bool of 2, expected 0 or 1/);
    const large = fileOf({ a: entry([1], [0, 8], "U64") }, 8);
    large[large.length - 1] = 255;
    expect(() => openSafetensors(large).tensor("a")).toThrow(/an integer near/);
  });
});

describe("what cannot be written says so", () => {
  const W = from([[1, -2, 0.5]]);
  test.each<[string, () => unknown, new (...args: never[]) => Error, RegExp]>([
    ["an array", () => writeSafetensors({ a: [1] as never }), DtypeError, /a: dtype undefined, expected a tensor/],
    ["nothing", () => writeSafetensors({ a: null as never }), DtypeError, /expected a tensor/],
    ["codes of float32", () => writeSafetensors({ a: { dtype: "F32", codes: W as never } }), DtypeError, /dtype F32/],
    [
      "codes of another width",
      () => writeSafetensors({ a: { dtype: "F8_E4M3", codes: encode(bfloat16, W) } }),
      DtypeError,
      /codes of uint16, expected uint8 for F8_E4M3/,
    ],
    [
      "an odd number of F4",
      () => writeSafetensors({ a: { dtype: "F4", codes: encode(float4_e2m1fn, W) } }),
      ShapeError,
      /3 codes of 4 bits, expected an even number/,
    ],
    [
      "the name of the metadata",
      () => writeSafetensors({ __metadata__: W }),
      ValueError,
      /expected the option metadata/,
    ],
    [
      "metadata that are no texts",
      () => writeSafetensors({ W }, { metadata: { epoch: 3 as never } }),
      ValueError,
      /metadata epoch = 3, expected a text/,
    ],
  ])("%s", (_, write, error, message) => {
    expect(write).toThrow(error);
    expect(write).toThrow(message);
  });
});

test("a layer and its codes come back from a file", () => {
  const W = random.normal(random.key(4), [6, 10]);
  const file = openSafetensors(
    writeSafetensors({ W, low: { dtype: "F8_E4M3", codes: encode(float8_e4m3fn, W) } }, { metadata: { by: "é" } }),
  );
  expect(file.tensor("W").data).toEqual(W.data);
  expect(file.codes("low")).toEqual(encode(float8_e4m3fn, W));
  expect(file.metadata.get("by")).toBe("é");
});

test("5,000 damaged files give a typed error, or tensors as large as the file says", () => {
  const sources = cases.map(({ file }) => unpack(file));
  let opened = 0;
  const read = readDamaged(sources, { seed: 12, rounds: 5000 }, (bytes) => {
    const file = openSafetensors(bytes);
    opened++;
    for (const [name, { shape }] of file.tensors) {
      const { data } = file.tensor(name);
      expect(data.length).toBe(shape.reduce((product, side) => product * side, 1));
      expect(data.length).toBeLessThanOrEqual(2 * bytes.length);
    }
  });
  expect(opened).toBeLessThan(4500);
  expect(read).toBeGreaterThan(500);
});
