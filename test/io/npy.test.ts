/** `.npy` files against NumPy's own, and files that lie. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  bfloat16,
  type FloatFormat,
  float6_e2m3fn,
  float8_e4m3fn,
  float8_e5m2,
  float8_e8m0fnu,
} from "../../src/dtypes/index.js";
import { DtypeError, FileFormatError, LowbitError } from "../../src/errors.js";
import { readNpy, writeNpy } from "../../src/io/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";
import { root } from "../support/kernel.js";
import { readDamaged } from "./damage.js";

interface Case {
  readonly name: string;
  readonly shape: readonly number[];
  readonly file: string;
  /** As float64, row-major. */
  readonly values: string;
  readonly format?: keyof typeof formats;
}

const unpack = (text: string): Uint8Array => new Uint8Array(inflateSync(Buffer.from(text, "base64")));
const cases = JSON.parse(readFileSync(join(root, "test/fixtures/npy-numpy.json"), "utf8")) as Case[];
const inFile = (name: string): Uint8Array => unpack(cases.find((one) => one.name === name)?.file as string);
const formats = { bfloat16, float8_e4m3fn, float8_e5m2, float8_e8m0fnu };
const read = ({ file, format }: Case): Tensor => readNpy(unpack(file), format ? { format: formats[format] } : {});

const kept = {
  "?": "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  f8: "float64",
};

describe("a file that NumPy wrote", () => {
  test.each(cases)("$name", (one) => {
    const { data, shape, dtype } = read(one);
    expect(shape).toEqual(one.shape);
    const bytes = unpack(one.values);
    const expected = new Float64Array(bytes.buffer, 0, bytes.length / 8);
    expect(Array.from(data)).toEqual(Array.from(expected));
    const kind = /^[<>]?([?a-z]\d?) /.exec(one.name)?.[1] ?? "";
    expect(dtype).toBe(kept[kind as keyof typeof kept] ?? (/8/.test(kind) ? "float64" : "float32"));
  });

  test("is written the same, byte for byte, where it is row-major and little-endian", () => {
    const same = cases.filter(({ name }) => /^(?:[?]|[iu]1|<[iuf][124]|<f8|empty)/.test(name) && !/columns/.test(name));
    expect(same.length).toBeGreaterThan(35);
    for (const one of same) {
      const written = writeNpy(read(one), one.name.startsWith("<f2") ? { as: "float16" } : {});
      expect(Buffer.from(written).equals(unpack(one.file)), one.name).toBe(true);
    }
  });

  test("may lie anywhere in memory", () => {
    const file = inFile("<f8 (2, 3, 4)");
    for (let shift = 1; shift < 8; shift++) {
      const moved = new Uint8Array(file.length + 16);
      moved.set(file, shift);
      expect(readNpy(moved.subarray(shift, shift + file.length))).toEqual(readNpy(file));
    }
  });
});

test("a file in a Buffer is read as another, and left as it is", () => {
  const file = Buffer.from(inFile(">f8 (2, 3, 4)"));
  expect(readNpy(file)).toEqual(readNpy(inFile(">f8 (2, 3, 4)")));
  expect(readNpy(file)).toEqual(readNpy(inFile(">f8 (2, 3, 4)")));
  expect(file.equals(inFile(">f8 (2, 3, 4)"))).toBe(true);
});

test("a long shape makes a longer header, from a multiple of 64 on", () => {
  const shape = new Array<number>(40).fill(1);
  const file = writeNpy(from(new Float32Array([3]), { shape }));
  expect(file.length % 64).toBe(4);
  expect(readNpy(file)).toEqual({ data: new Float32Array([3]), shape, dtype: "float32" });
});

/** A file with this header, and so many bytes behind it. */
function fileOf(header: string, behind: number, version = 1): Uint8Array {
  const text = `${header.padEnd(118)}\n`;
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  const start = [0x93, ...Buffer.from("NUMPY"), version, 0, ...length];
  return Uint8Array.from([...start, ...Buffer.from(text, "latin1"), ...new Uint8Array(behind)]);
}

const header = (descr: string, shape: string, order = "False"): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

/** The error of a read. */
function refused(bytes: Uint8Array, format?: FloatFormat): LowbitError {
  try {
    readNpy(bytes, format ? { format } : {});
  } catch (error) {
    if (error instanceof LowbitError) return error;
    throw error;
  }
  throw new Error("was read");
}

describe("a file that lies is refused, and the message says where", () => {
  const whole = fileOf(header("'<f4'", "(2, 3)"), 24);
  const edited = (at: number, byte: number): Uint8Array => {
    const bytes = whole.slice();
    bytes[at] = byte;
    return bytes;
  };
  test.each<[string, Uint8Array, number, RegExp]>([
    ["nothing", new Uint8Array(0), 0, /no \.npy file/],
    ["text", new Uint8Array(Buffer.from("hello, world")), 0, /no \.npy file/],
    ["another magic", edited(3, 0x4e), 3, /no \.npy file/],
    ["a later version", edited(6, 4), 6, /version 4\.0, expected 1\.0, 2\.0 or 3\.0/],
    ["another minor version", edited(7, 1), 6, /version 1\.1/],
    ["an end in the header's length", whole.slice(0, 9), 9, /ends within its header/],
    ["a header longer than the file", edited(9, 1), 8, /a header of 375 bytes, expected at most 143/],
    ["a header of 4 GiB", Uint8Array.of(0x93, 78, 85, 77, 80, 89, 2, 0, 255, 255, 255, 255), 8, /4294967295 bytes/],
    ["too few values", whole.slice(0, -1), 129, /23 bytes of values, expected 2 x 3 of 4 bytes/],
    ["too many values", Uint8Array.from([...whole, 0]), 129, /25 bytes of values/],
    ["a shape of 2^60", fileOf(header("'<f4'", "(1073741824, 1073741824)"), 24), 129, /24 bytes of values/],
    ["a shape beyond 2^53", fileOf(header("'<f4'", "(9007199254740992,)"), 24), 10, /shape .* 2\^53/],
    ["a shape of text", fileOf(header("'<f4'", "('2',)"), 24), 10, /shape \["2"\]/],
    ["a negative side", fileOf(header("'<f4'", "(-2, 3)"), 24), 61, /"-2, 3\)/],
    ["a side with a fraction", fileOf(header("'<f4'", "(2.5, 3)"), 24), 61, /"2\.5/],
    ["65 axes", fileOf(`{'descr':'<f4','fortran_order':False,'shape':(${"1,".repeat(65)})}`, 4), 10, /64 sides/],
    ["no shape", fileOf("{'descr': '<f4', 'fortran_order': False}", 24), 10, /the keys descr, fortran_order,/],
    ["a key twice", fileOf("{'shape': (6,), 'shape': (6,)}", 24), 25, /each key once/],
    ["another key", fileOf(`${header("'<f4'", "(6,)").slice(0, -1)} 'x': 1}`, 24), 10, /the keys .*, x/],
    ["no dictionary", fileOf("('<f4', False, (6,))", 24), 10, /no dictionary/],
    ["code", fileOf("__import__('os').system('true')", 24), 10, /"__import__/],
    ["brackets without end", fileOf("(".repeat(118), 24), 14, /at most 4 brackets/],
    ["a dictionary without end", fileOf("{'descr': '<f4'", 24), 25, /expected a text, a whole number/],
    ["an order that is a number", fileOf(header("'<f4'", "(6,)", "1"), 24), 10, /fortran_order 1/],
    ["more behind the dictionary", fileOf(`${header("'<f4'", "(6,)")} {}`, 24), 67, /nothing more/],
    ["objects", fileOf(header("'|O'", "(3,)"), 24), 6, /objects, which are pickled code/],
    ["objects with a width", fileOf(header("'|O8'", "(3,)"), 24), 6, /objects, which are pickled code/],
    ["texts", fileOf(header("'<U2'", "(3,)"), 24), 6, /dtype <U2, expected bool, integers or floats/],
    ["complex numbers", fileOf(header("'<c8'", "(3,)"), 24), 6, /dtype <c8/],
    ["dates", fileOf(header("'<M8[ns]'", "(3,)"), 24), 6, /dtype <M8\[ns\]/],
    ["floats of 16 bytes", fileOf(header("'<f16'", "(1,)"), 16), 6, /dtype <f16/],
    ["fields", fileOf(header("[('x', '<f4')]", "(6,)"), 24), 10, /a dtype of fields/],
    ["no order of bytes", fileOf(header("'|f4'", "(6,)"), 24), 6, /byte order < or >/],
    ["a bool of 2", Uint8Array.from([...fileOf(header("'|b1'", "(2,)"), 1), 2]), 130, /a bool of 2, expected 0 or 1/],
    [
      "an integer that a float64 would round",
      Uint8Array.from([...fileOf(header("'<i8'", "(2,)"), 8), 1, 0, 0, 0, 0, 0, 32, 0]),
      137,
      /an integer near 9007199254740992/,
    ],
  ])("%s", (_, bytes, offset, message) => {
    const error = refused(bytes);
    expect(error.message).toMatch(message);
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as FileFormatError).byteOffset).toBe(offset);
  });

  test("codes without a format, with a wrong one, or beyond it", () => {
    const bytes = fileOf(header("'<V1'", "(3,)"), 3);
    expect(refused(bytes)).toBeInstanceOf(DtypeError);
    expect(refused(bytes).message).toMatch(/dtype <V1 does not say what its values mean, expected the option format/);
    expect(refused(bytes, bfloat16).message).toMatch(/dtype <V1, expected V2 or u2 for codes of bfloat16/);
    const [last] = bytes.subarray(-1).fill(64);
    expect(last).toBe(64);
    expect(refused(bytes, float6_e2m3fn).message).toMatch(/code 64, expected 0\.\.63 for float6_e2m3fn/);
  });
});

test("what is no tensor, or no floats, is not written", () => {
  expect(() => writeNpy({ data: [1], shape: [1], dtype: "float32" } as never)).toThrow(DtypeError);
  expect(() => writeNpy(from([[true, false]]), { as: "float16" })).toThrow(/dtype bool as float16/);
  expect(() => readNpy("text" as never)).toThrow(DtypeError);
});

test("5,000 damaged files give a typed error, or a tensor as large as the file says", () => {
  const sources = cases.map(({ file }) => unpack(file));
  // Most changes in the header: of the values, any bytes are right.
  const place = (length: number, at: number, kind: number): number => at % (kind % 5 === 4 ? length : 90);
  const read = readDamaged(sources, { seed: 11, rounds: 5000, place, byte: (any) => 32 + (any % 95) }, (bytes) => {
    const { data, shape } = readNpy(bytes);
    expect(data.length).toBe(shape.reduce((product, side) => product * side, 1));
    expect(data.byteLength).toBeLessThanOrEqual(2 * bytes.length);
  });
  expect(read).toBeGreaterThan(100);
  expect(read).toBeLessThan(4900);
});
