/** Weights of `.onnx` models against onnx's own, and models that lie. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encode, float8_e5m2 } from "../../src/dtypes/index.js";
import { DtypeError, FileFormatError, ValueError } from "../../src/errors.js";
import { openOnnx } from "../../src/io/index.js";
import { from } from "../../src/tensor/index.js";
import { root } from "../support/kernel.js";
import { readDamaged } from "./damage.js";

interface Fixture {
  readonly model: string;
  readonly contents: Readonly<
    Record<string, { readonly kind: string; readonly shape: number[]; readonly values: string }>
  >;
}

const unpack = (text: string): Uint8Array => new Uint8Array(inflateSync(Buffer.from(text, "base64")));
const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/onnx-reference.json"), "utf8")) as Fixture;
const model = unpack(fixture.model);
const opened = openOnnx(model);

const kept: Readonly<Record<string, string>> = {
  float: "float32",
  double: "float64",
  int64: "float64",
  uint64: "float64",
};

describe("a model of onnx", () => {
  test("has its weights in their order", () => {
    expect([...opened.tensors.keys()]).toEqual(Object.keys(fixture.contents));
  });

  test.each(Object.entries(fixture.contents))("%s", (name, { kind, shape, values }) => {
    expect(opened.tensors.get(name)).toMatchObject({ dtype: kind, shape, external: false });
    const bytes = unpack(values);
    const tensor = opened.tensor(name);
    expect(tensor.shape).toEqual(shape);
    expect(Array.from(tensor.data)).toEqual(Array.from(new Float64Array(bytes.buffer, 0, bytes.length / 8)));
    const plain = /^(?:u?int(?:8|16|32)|bool)$/.test(kind) ? kind : "float32";
    expect(tensor.dtype).toBe(kept[kind] ?? plain);
  });

  test("gives codes of narrow formats, and of no others", () => {
    const values = opened.tensor("FLOAT8E5M2 [3, 5] raw");
    const codes = opened.codes("FLOAT8E5M2 [3, 5] raw");
    expect(codes).toEqual(encode(float8_e5m2, from(values.data, { shape: [3, 5], dtype: "float32" })));
    expect(opened.codes("FLOAT8E5M2 [3, 5] listed").shape).toEqual([3, 5]);
    expect(() => opened.codes("FLOAT [4] raw")).toThrow(DtypeError);
    expect(() => opened.tensor("no such")).toThrow(ValueError);
  });
});

/** A varint. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
const field = (number: number, bytes: readonly number[]): number[] => [
  ...varint(8 * number + 2),
  ...varint(bytes.length),
  ...bytes,
];
const number = (at: number, value: number): number[] => [...varint(8 * at), ...varint(value)];
const text = (at: number, value: string): number[] => field(at, [...Buffer.from(value)]);
const modelOf = (...tensors: readonly number[][]): Uint8Array =>
  Uint8Array.from(
    field(
      7,
      tensors.flatMap((tensor) => field(5, tensor)),
    ),
  );
const dims = (...sides: readonly number[]): number[] => sides.flatMap((side) => number(1, side));
const weight = (type: number, ...parts: readonly number[][]): Uint8Array =>
  modelOf([...number(2, type), ...text(8, "w"), ...parts.flat()]);
const minusOne = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1];

test("fields may come in parts, packed or not, and unknown ones are passed over", () => {
  const parts = [dims(2, 3), field(5, [1, 2]), number(5, 3), field(5, [4, 5, ...minusOne]), text(12, "a note")];
  const unknown = [...number(77, 5), ...varint(8 * 78 + 5), 1, 2, 3, 4, ...varint(8 * 79 + 1), 1, 2, 3, 4, 5, 6, 7, 8];
  const { data, shape } = openOnnx(weight(6, ...parts, unknown)).tensor("w");
  expect([Array.from(data), shape]).toEqual([
    [1, 2, 3, 4, 5, -1],
    [2, 3],
  ]);
  // Two graphs are one, as protocol buffers merge messages.
  const two = Uint8Array.from([...weight(6, dims(0)), ...modelOf([...number(2, 6), ...text(8, "v"), ...dims(0)])]);
  expect([...openOnnx(two).tensors.keys()]).toEqual(["w", "v"]);
});

describe("a model that lies is refused", () => {
  const opening =
    (bytes: Uint8Array): (() => unknown) =>
    () =>
      openOnnx(bytes).tensor("w");
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /no graph, expected a model/],
    ["text", Uint8Array.from(Buffer.from("hello, world")), /expected|wire type/],
    ["a graph that is a number", Uint8Array.from(number(7, 5)), /a message of wire type 0/],
    ["a graph longer than the file", Uint8Array.from([58, 9, 1]), /9 bytes of a value, expected at most 1/],
    ["a length of 2^63", Uint8Array.from([58, ...minusOne]), /beyond 2\^53 - 1/],
    ["a number without end", Uint8Array.from([58, ...new Array<number>(11).fill(255)]), /more than 10 bytes/],
    ["an end within a number", Uint8Array.from([58, 128]), /an end within a number/],
    ["a group", Uint8Array.from([59]), /wire type 3/],
    ["field 0", Uint8Array.from([2, 0]), /a field of number 0/],
    ["no data type", modelOf([...text(8, "w"), ...dims(0)]), /of data type 0, expected 1\.\.28/],
    ["an unknown data type", weight(99, dims(0)), /w of data type 99/],
    ["two of one name", modelOf(text(8, "w"), text(8, "w")), /two weights "w"/],
    ["a name that is no UTF-8", modelOf(field(8, [255])), /no UTF-8/],
    ["segments", weight(1, field(3, [])), /segments/],
    ["a negative side", weight(1, [8, ...minusOne]), /dims \[-1\]/],
    ["65 axes", weight(1, dims(...new Array<number>(65).fill(1))), /at most 64 sides/],
    [
      "a shape of 2^80",
      weight(1, dims(2 ** 40, 2 ** 40), field(9, [0, 0, 0, 0])),
      /w: 1 values, expected 1\.2\d+e\+24/,
    ],
    ["too few raw bytes", weight(1, dims(2), field(9, [0, 0, 0, 0])), /w: 1 values, expected 2 of \[2\]/],
    ["half a value", weight(1, dims(1), field(9, [0, 0])), /w: 0\.5 values, expected 1/],
    ["half a listed float", weight(1, dims(1), field(4, [0, 0])), /2 bytes of wire type 2, expected numbers of 4/],
    ["no values", weight(6, dims(2)), /w: 0 values, expected 2/],
    ["raw data that are a number", weight(1, dims(1), number(9, 3)), /raw_data of wire type 0/],
    ["an int8 of 200", weight(3, dims(1), number(5, 200)), /w: 200 at position 0, expected int8/],
    ["a bool of 2", weight(9, dims(1), number(5, 2)), /w: 2 at position 0, expected bool/],
    ["a float16 of 17 bits", weight(10, dims(1), number(5, 65536)), /w: 65536 at position 0, expected 0\.\.65535/],
    ["a byte of int4 codes too many", weight(22, dims(2), field(9, [1, 2])), /w: 4 values, expected 2/],
    ["an int64 beyond 2^53", weight(7, dims(1), [8 * 7, ...varint(2 ** 53)]), /an integer near/],
    ["values in another file", weight(1, dims(1), number(14, 1)), /w is in another file/],
  ])("%s", (_, bytes, message) => {
    expect(opening(bytes)).toThrow(message);
    expect(opening(bytes)).toThrow(FileFormatError);
  });

  test("texts and complex numbers are listed, not read", () => {
    const file = openOnnx(weight(14, dims(1), field(9, [0, 0, 0, 0, 0, 0, 0, 0])));
    expect(file.tensors.get("w")).toEqual({ dtype: "complex64", shape: [1], external: false, bytes: 8 });
    expect(() => file.tensor("w")).toThrow(DtypeError);
    expect(openOnnx(weight(1, dims(1), number(14, 1))).tensors.get("w")?.external).toBe(true);
    expect(() => openOnnx("text" as never)).toThrow(DtypeError);
  });

  test("3,000 damaged models give a typed error, or tensors as large as the file says", () => {
    const read = readDamaged([model], { seed: 14, rounds: 3000 }, (bytes) => {
      const file = openOnnx(bytes);
      for (const name of file.tensors.keys()) {
        const { data, shape } = file.tensor(name);
        expect(data.length).toBe(shape.reduce((product, side) => product * side, 1));
        expect(data.length).toBeLessThanOrEqual(8 * bytes.length);
      }
    });
    expect(read).toBeGreaterThan(100);
    expect(read).toBeLessThan(2900);
  });
});
