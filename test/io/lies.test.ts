/** What every format owes when a file lies: each rule by name, with the byte, before anything of that size is made. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, test, vi } from "vitest";
import { FileFormatError } from "../../src/errors.js";
import { openOnnx, openSafetensors, readNpy, readNpz, readSafetensorsIndex } from "../../src/io/index.js";
import { load } from "../../src/io/node.js";
import { emptyFolder } from "../support/kernel.js";

const memory = await vi.hoisted(async () => (await import("../support/fuzz-files/allocations.js")).countAllocations());

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const concat = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const npyOf = (descr: string, shape: string, values: number, length?: number): Uint8Array => {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const says = length ?? header.length + 1;
  return concat(
    [0x93],
    bytesOf("NUMPY\x01\0"),
    [says & 255, says >> 8],
    bytesOf(`${header}\n`),
    new Uint8Array(values),
  );
};
const npzOf = (array: Uint8Array, name = "a.npy"): Uint8Array => zipSync({ [name]: array }, { level: 0 });
/** An archive with a number of 4 bytes changed in its directory. */
const npzWith = (shift: number, ...bytes: number[]): Uint8Array => {
  const archive = npzOf(npyOf("'<f4'", "(6,)", 24));
  archive.set(bytes, Buffer.from(archive).lastIndexOf(Uint8Array.of(0x50, 0x4b, 1, 2)) + shift);
  return archive;
};
const tensorsOf = (fields: object, values: number): Uint8Array => {
  const header = bytesOf(JSON.stringify({ a: { dtype: "F32", shape: [6], data_offsets: [0, 24], ...fields } }));
  return concat([header.length, 0, 0, 0, 0, 0, 0, 0], header, new Uint8Array(values));
};
const field = (number: number, bytes: Uint8Array | readonly number[], says = bytes.length): Uint8Array =>
  concat([8 * number + 2, says], bytes);
const modelOf = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  field(7, field(5, concat(bytesOf("\x42\x01w"), ...parts)));
const dims = [8, 6];
const float = [16, 1];
/** 2^62, as a varint. */
const huge = [128, 128, 128, 128, 128, 128, 128, 128, 64];
/** What `torch.save` writes: an archive with pickled code. */
const pickled = zipSync({
  "archive/data.pkl": bytesOf("\x80\x02c__builtin__\nprint\n."),
  "archive/version": bytesOf("3\n"),
});

const readers = {
  npy: readNpy,
  npz: readNpz,
  safetensors: (bytes: Uint8Array) => openSafetensors(bytes).tensor("a"),
  onnx: (bytes: Uint8Array) => openOnnx(bytes).tensor("w"),
};

/** For each format and rule a file that breaks it; the rules that a format has nothing for are not there. */
const lies: Readonly<Record<keyof typeof readers, Readonly<Record<string, Uint8Array>>>> = {
  npy: {
    "size: a value too few": npyOf("'<f4'", "(6,)", 20),
    "size: a value too many": npyOf("'<f4'", "(6,)", 28),
    "shape: 2^60": npyOf("'<f4'", "(1073741824, 1073741824)", 24),
    "shape: a side of 2^64": npyOf("'<f4'", "(18446744073709551616,)", 24),
    "offsets: a header longer than the file": npyOf("'<f4'", "(6,)", 24, 65535),
    "dtype: unknown": npyOf("'<q4'", "(6,)", 24),
    "dtype: fields": npyOf("[('x', '<f4')]", "(6,)", 24),
    "pickle: objects": npyOf("'|O'", "(3,)", 24),
    "pickle: instead of a header": concat([0x93], bytesOf("NUMPY\x01\0\x16\0"), bytesOf("c__builtin__\nprint\n(.  ")),
    "pickle: the whole file": bytesOf("\x80\x04\x95\x10\0\0\0"),
  },
  npz: {
    "size: an archive cut short": npzOf(npyOf("'<f4'", "(6,)", 24)).slice(0, -1),
    "size: 4 GiB": npzWith(24, 254, 255, 255, 255),
    "shape: 2^60": npzOf(npyOf("'<f4'", "(1073741824, 1073741824)", 24)),
    "offsets: an entry behind the file": npzWith(42, 0, 0, 255, 127),
    "dtype: unknown": npzOf(npyOf("'<q4'", "(6,)", 24)),
    "pickle: objects": npzOf(npyOf("'|O'", "(3,)", 24)),
    "pickle: what torch.save writes": pickled,
  },
  safetensors: {
    "size: a value too few": tensorsOf({}, 20),
    "size: a value too many": tensorsOf({}, 28),
    "size: a header of 2^63": concat([255, 255, 255, 255, 255, 255, 255, 127], bytesOf("{}")),
    "shape: 2^60": tensorsOf({ shape: [2 ** 30, 2 ** 30] }, 24),
    "shape: of texts": tensorsOf({ shape: ["6"] }, 24),
    "offsets: behind the file": tensorsOf({ data_offsets: [2 ** 40, 2 ** 40 + 24] }, 24),
    "offsets: backwards": tensorsOf({ data_offsets: [24, 0] }, 24),
    "dtype: unknown": tensorsOf({ dtype: "F31" }, 24),
    "pickle: what torch.save writes": pickled,
  },
  onnx: {
    "size: a value too few": modelOf(dims, float, field(9, new Uint8Array(20))),
    "size: a value too many": modelOf(dims, float, field(9, new Uint8Array(28))),
    "shape: 2^60": modelOf([8, 128, 128, 128, 128, 4], [8, 128, 128, 128, 128, 4], float, field(9, new Uint8Array(24))),
    "shape: a side of 2^62": modelOf([8, ...huge], float, field(9, new Uint8Array(24))),
    "offsets: a field longer than the file": modelOf(dims, float, field(9, new Uint8Array(24), 99)),
    "offsets: a length of 2^62": modelOf(dims, float, [74, ...huge]),
    "dtype: unknown": modelOf(dims, [16, 99], field(9, new Uint8Array(24))),
    "external: values in another file": modelOf(
      dims,
      float,
      [112, 1],
      field(13, bytesOf("\x0a\x08location\x12\x0a/etc/passwd")),
    ),
    "pickle: what torch.save writes": pickled,
  },
};

describe.each(Object.entries(lies))("%s", (format, files) => {
  const read = readers[format as keyof typeof readers];
  test.each(Object.entries(files))("%s", (_, bytes) => {
    memory.reset();
    let error: unknown;
    try {
      read(bytes);
    } catch (thrown) {
      error = thrown;
    }
    const used = memory.bytes;
    expect(error).toBeInstanceOf(FileFormatError);
    const { byteOffset, message } = error as FileFormatError;
    expect(Number.isInteger(byteOffset) && byteOffset >= 0).toBe(true);
    expect(message).toContain(`(at byte ${byteOffset})`);
    expect(message).toMatch(/expected|which is pickled|no JSON|wire type/);
    // Nothing of the size that the file claims; the file itself is small.
    expect(used).toBeLessThan(1000);
  });
});

test("the memory that a good file takes is seen", () => {
  const file = npyOf("'<f4'", "(600,)", 2400);
  memory.reset();
  readNpy(file);
  expect(memory.bytes).toBe(2400);
});

test("a name in an archive that leads outside is only a name", () => {
  expect([...readNpz(npzOf(npyOf("'<f4'", "(6,)", 24), "../../a.npy")).keys()]).toEqual(["../../a"]);
});

test("an index of shards names no file outside its folder", () => {
  for (const name of ["../secret.safetensors", "/etc/passwd", "C:\\a"]) {
    const index = bytesOf(JSON.stringify({ weight_map: { a: name } }));
    expect(() => readSafetensorsIndex(index)).toThrow(FileFormatError);
  }
});

test("what a model says is in another file stays there", () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, "w.bin"), new Uint8Array(24));
  const outside = field(13, bytesOf("\x0a\x08location\x12\x05w.bin"));
  writeFileSync(join(folder, "m.onnx"), modelOf(dims, float, [112, 1], outside));
  const model = load(join(folder, "m.onnx") as "m.onnx");
  expect(model.tensors.get("w")).toMatchObject({ external: true, bytes: 0 });
  expect(() => model.tensor("w")).toThrow(/w is in another file, expected its values in this one/);
});

test("nothing that reads files can run what is in them", () => {
  const source = new URL("../../src/io/", import.meta.url);
  for (const name of readdirSync(source).filter((one) => one.endsWith(".ts"))) {
    expect(readFileSync(new URL(name, source), "utf8"), name).not.toMatch(/\beval\(|new Function\(|\bimport\(|node:vm/);
  }
});

describe("a header of megabytes", () => {
  const file = (header: string): Uint8Array => {
    const text = Buffer.from(header);
    const bytes = new Uint8Array(8 + text.length);
    new DataView(bytes.buffer).setUint32(0, text.length, true);
    bytes.set(text, 8);
    return bytes;
  };
  const empty = '{"dtype":"F32","shape":[0],"data_offsets":[0,0]}';

  test("with one long name is read", () => {
    const name = `${"a".repeat(12_000_000)}\\"`;
    expect([...openSafetensors(file(`{"${name}":${empty}}`)).tensors.keys()][0]).toHaveLength(12_000_001);
  });

  test("with a long name twice, a long shape or deep brackets is refused in few words", () => {
    const name = "a".repeat(3_000_000);
    for (const header of [
      `{"${name}":${empty},"${name}":${empty}}`,
      `{"a":{"dtype":"F32","shape":[${"1,".repeat(1_000_000)}1],"data_offsets":[0,0]}}`,
      `{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}}`,
      `{"a":${'{"a":'.repeat(300_000)}1${"}".repeat(300_000)}}`,
      `{"a":{"dtype":"${name}","shape":[],"data_offsets":[0,0]}}`,
      "{".repeat(2_000_000),
    ]) {
      let error: unknown;
      try {
        openSafetensors(file(header));
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(FileFormatError);
      expect((error as Error).message.length).toBeLessThan(1500);
    }
  });
});
