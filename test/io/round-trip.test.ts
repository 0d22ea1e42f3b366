/** Files of NumPy, safetensors and onnx read here, and ours read there: every dtype, bit for bit. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type TestContext, test } from "vitest";
import {
  bfloat16,
  decode,
  type FloatFormat,
  float4_e2m1fn,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e5m2fnuz,
  float8_e8m0fnu,
  float16,
} from "../../src/dtypes/index.js";
import { FileFormatError } from "../../src/errors.js";
import {
  openOnnx,
  openSafetensors,
  readNpy,
  readNpz,
  type SafetensorsCodes,
  writeNpy,
  writeNpz,
  writeSafetensors,
} from "../../src/io/index.js";
import { load, save } from "../../src/io/node.js";
import * as random from "../../src/random/index.js";
import { type Dtype, dtypes, sizeOf, type Tensor } from "../../src/tensor/index.js";
import { emptyFolder } from "../support/kernel.js";
import { need, pythonWith } from "../support/peers.js";

/** What Python says of one array, or of a file's metadata. */
interface Said {
  readonly file: string;
  readonly name?: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: string;
  readonly values: string;
  readonly format?: string;
  readonly by?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const script = new URL("./round-trip.py", import.meta.url).pathname;
const bytesOf = (text: string): Buffer => Buffer.from(text, "base64");
const rawOf = ({ data }: Tensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

function python(context: TestContext, mode: "write" | "read", folder: string): Said[] {
  const path = need(context, pythonWith("numpy", "ml_dtypes", "safetensors", "onnx"));
  execFileSync(path, ["-X", "utf8", script, mode, folder], { stdio: ["ignore", "inherit", "inherit"] });
  return JSON.parse(readFileSync(join(folder, "contents.json"), "utf8")) as Said[];
}

/** Expects the values that Python says; in the dtypes that both sides have, every bit. */
function expectSame(tensor: Tensor, said: Said): void {
  const label = `${said.file} ${said.name ?? ""} ${said.dtype}`;
  expect(tensor.shape, label).toEqual(said.shape);
  if (tensor.dtype === said.dtype) {
    expect(rawOf(tensor).equals(bytesOf(said.bytes)), label).toBe(true);
    return;
  }
  expect(tensor.dtype, label).toBe(/int64/.test(said.dtype) ? "float64" : "float32");
  const values = Uint8Array.from(bytesOf(said.values));
  expect(Array.from(tensor.data), label).toEqual(Array.from(new Float64Array(values.buffer)));
}

const formats: Readonly<Record<string, FloatFormat>> = { bfloat16, float8_e4m3fn, float8_e5m2 };
const narrow = /^(?:b?float16|float8|float4)/;

test("files of NumPy, safetensors and onnx, read here", (context) => {
  const folder = emptyFolder();
  const all = python(context, "write", folder);
  const fileOf = (name: string): Uint8Array => readFileSync(join(folder, name));
  const archives = new Map(["stored.npz", "deflated.npz"].map((name) => [name, readNpz(fileOf(name))]));
  const opened = {
    "all.safetensors": openSafetensors(fileOf("all.safetensors")),
    "all.onnx": openOnnx(fileOf("all.onnx")),
  };
  const lazy = load(join(folder, "all.safetensors") as "x.safetensors");
  for (const said of all) {
    const { file, name = "", format, metadata, dtype } = said;
    if (metadata) expect(Object.fromEntries(opened["all.safetensors"].metadata)).toEqual(metadata);
    else if (file.endsWith(".npy")) {
      expectSame(readNpy(fileOf(file), format ? { format: formats[format] as FloatFormat } : {}), said);
    } else if (file.endsWith(".npz")) expectSame(archives.get(file)?.get(name) as Tensor, said);
    else {
      const source = opened[file as keyof typeof opened];
      expectSame(source.tensor(name), said);
      if (file === "all.safetensors") expectSame(lazy.tensor(name), said);
      if (narrow.test(dtype)) {
        expect(rawOf(source.codes(name)).equals(bytesOf(said.bytes)), `codes of ${name}`).toBe(true);
      }
    }
  }
  // 21 dtypes with a byte order, 2 layouts and 6 shapes, and 6 more; 73 arrays in each archive; 111 and 196 tensors.
  const count = (ending: string): number => all.filter(({ file }) => file.endsWith(ending)).length;
  expect([".npy", ".npz", ".safetensors", ".onnx"].map(count)).toEqual([258, 146, 112, 196]);
  const outside = load(join(folder, "outside.onnx") as "x.onnx");
  expect(outside.tensors.get("outside")).toMatchObject({ external: true, shape: [40, 40] });
  expect(() => outside.tensor("outside")).toThrow(FileFormatError);
});

const shapes = [[], [0], [0, 3], [5], [3, 4], [2, 3, 4]];

/** A tensor of random bits. */
function tensorOf(dtype: Dtype, shape: readonly number[], seed: number): Tensor {
  const count = sizeOf(shape);
  const highest = dtype === "bool" ? 2 : 256;
  const bytes = random.integers(random.key(seed), [8 * count], { low: 0, high: highest }).data;
  const { buffer } = Uint8Array.from(bytes);
  const Kind = { bool: Uint8Array, int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array };
  const Wide = { int32: Int32Array, uint32: Uint32Array, float32: Float32Array, float64: Float64Array };
  return { data: new { ...Kind, ...Wide }[dtype](buffer, 0, count), shape, dtype } as Tensor;
}

const coded = {
  F16: float16,
  BF16: bfloat16,
  F8_E4M3: float8_e4m3fn,
  F8_E5M2: float8_e5m2,
  F8_E8M0: float8_e8m0fnu,
  F8_E4M3FNUZ: float8_e4m3fnuz,
  F8_E5M2FNUZ: float8_e5m2fnuz,
  F4: float4_e2m1fn,
} as const;
const named: Readonly<Record<string, Dtype>> = {
  BOOL: "bool",
  U8: "uint8",
  I8: "int8",
  U16: "uint16",
  I16: "int16",
  U32: "uint32",
  I32: "int32",
  F32: "float32",
  F64: "float64",
};

/** Every code of a format, or as many as fit into `shape`. */
function codesOf(dtype: keyof typeof coded, shape: readonly number[]): SafetensorsCodes {
  const { bits } = coded[dtype];
  const Codes = bits > 8 ? Uint16Array : Uint8Array;
  const data = Codes.from(Array.from({ length: sizeOf(shape) }, (_, i) => (i * 2654435761) % 2 ** bits));
  return { dtype, codes: { data, shape, dtype: bits > 8 ? "uint16" : "uint8" } as Tensor<"uint8"> };
}

test("our files, read by NumPy and safetensors", (context) => {
  const folder = emptyFolder();
  const tensors = new Map<string, Tensor>();
  for (const dtype of dtypes) {
    for (const shape of shapes) tensors.set(`${dtype} [${shape}] é`, tensorOf(dtype, shape, tensors.size));
  }
  const files = new Map<string, Tensor>();
  for (const tensor of tensors.values()) files.set(`${files.size}.npy`, tensor);
  for (const [name, tensor] of files) save(join(folder, name), tensor);
  const half = random.normal(random.key(5), [3, 4]);
  writeFileSync(join(folder, "half.npy"), writeNpy(half, { as: "float16" }));
  writeFileSync(join(folder, "stored.npz"), writeNpz(tensors));
  writeFileSync(join(folder, "deflated.npz"), writeNpz(tensors, { compressed: true }));
  const codes = new Map<string, SafetensorsCodes>();
  for (const dtype of Object.keys(coded) as (keyof typeof coded)[]) {
    for (const shape of [...shapes, [16, 16, 256]]) {
      if (dtype !== "F4" || sizeOf(shape) % 2 === 0) codes.set(`${dtype} [${shape}]`, codesOf(dtype, shape));
    }
  }
  const metadata = { format: "np", é: '"quoted"\n😀' };
  writeFileSync(
    join(folder, "all.safetensors"),
    writeSafetensors(new Map<string, Tensor | SafetensorsCodes>([...tensors, ...codes]), { metadata }),
  );
  const all = python(context, "read", folder);
  for (const said of all) {
    const { file, name = "", shape, bytes } = said;
    if (said.metadata) {
      expect(said.metadata).toEqual(metadata);
      continue;
    }
    const label = `${file} ${name}`;
    const ours = file.endsWith(".npy") ? files.get(file) : tensors.get(name);
    if (file === "half.npy") expectSame(readNpy(writeNpy(half, { as: "float16" })), said);
    else if (ours) {
      expect(shape, label).toEqual(ours.shape);
      expect(named[said.dtype] ?? said.dtype, label).toBe(ours.dtype);
      expect(rawOf(ours).equals(bytesOf(bytes)), label).toBe(true);
    } else if (said.by === undefined) {
      const { dtype, codes: one } = codes.get(name) as SafetensorsCodes;
      expect([said.dtype, shape], label).toEqual([dtype, one.shape]);
      const stored = dtype === "F4" ? packed(one.data) : rawOf(one);
      expect(stored.equals(bytesOf(bytes)), label).toBe(true);
    } else {
      // float16, which NumPy knows: its values are ours.
      const decoded = decode(float16, (codes.get(name) as SafetensorsCodes).codes);
      expectSame(decoded, said);
    }
  }
  expect(all.filter(({ by }) => by === "safe_open")).toHaveLength(61);
  expect(all).toHaveLength(55 + 2 * 54 + 54 + codes.size + 1 + 61);
});

/** Two codes of 4 bits to a byte, the first in the low bits. */
function packed(codes: ArrayLike<number>): Buffer {
  return Buffer.from(
    Array.from({ length: codes.length / 2 }, (_, i) => (codes[2 * i] as number) | ((codes[2 * i + 1] as number) << 4)),
  );
}
