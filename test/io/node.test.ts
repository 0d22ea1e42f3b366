/** Files on the disk: what is read of them, what is left when a save fails, and folders that lead elsewhere. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { displaySymbol, type MimeBundle } from "../../src/display.js";
import { bfloat16, encode } from "../../src/dtypes/index.js";
import { FileFormatError, ValueError } from "../../src/errors.js";
import { writeNpy, writeNpz, writeSafetensors } from "../../src/io/index.js";
import { load, openSafetensorsFile, openSafetensorsIndex, save } from "../../src/io/node.js";
import * as random from "../../src/random/index.js";
import { from, type Tensor } from "../../src/tensor/index.js";
import { emptyFolder } from "../support/kernel.js";
import { smallDisk } from "../support/small-disk.js";

const W = random.normal(random.key(8), [5, 7]);
const mask = from([[true, false, true]]);
const low = { dtype: "BF16", codes: encode(bfloat16, W) } as const;
const text = (shown: { [displaySymbol]: () => unknown }): string =>
  (shown[displaySymbol]() as MimeBundle)["text/plain"] as string;

/** The error of an action. */
function errorOf(action: () => unknown): Error & { readonly byteOffset?: number } {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("load and save", () => {
  const folder = emptyFolder();
  const at = <Name extends string>(name: Name): `${string}/${Name}` => `${folder}/${name}`;

  test("a tensor as .npy, the bytes of writeNpy", () => {
    save(at("w.npy"), W);
    expect(load(at("w.npy"))).toEqual(W);
    expect(readFileSync(at("w.npy")).equals(writeNpy(W))).toBe(true);
    save(at("half.npy"), W, { as: "float16" });
    expect(load(at("half.npy")).data[0]).toBeCloseTo(W.data[0] as number, 2);
  });

  test("tensors by name as .npz, which show themselves", () => {
    save(at("a.npz"), { W, mask, __proto__: undefined } as never, { compressed: true });
    const arrays = load(at("a.npz"));
    expect(Object.keys(arrays)).toEqual(["W", "mask"]);
    expect(arrays.W).toEqual(W);
    expect(text(arrays)).toMatch(/^2 tensors\n/);
    save(at("b.npz"), arrays);
    expect(readFileSync(at("b.npz")).equals(writeNpz({ W, mask }))).toBe(true);
    // A name that every object has is a name like others.
    save(at("c.npz"), new Map([["__proto__", W]]));
    expect(Object.keys(load(at("c.npz")))).toEqual(["__proto__"]);
  });

  test("tensors and codes as .safetensors", () => {
    save(at("m.safetensors"), { W, low }, { metadata: { by: "é" } });
    const file = load(at("m.safetensors"));
    expect(file.tensor("W")).toEqual({ ...W, shape: [5, 7] });
    expect(file.codes("low")).toEqual(low.codes);
    expect(file.metadata.get("by")).toBe("é");
    expect(text(file)).toMatch(/BF16 +\[5, 7\]/);
  });

  test("what the name does not say, the content does", () => {
    for (const name of ["w.npy", "a.npz", "m.safetensors"]) {
      writeFileSync(at(`${name}.bin`), readFileSync(at(name)));
      const loaded = load(at(`${name}.bin`)) as { readonly tensors?: ReadonlyMap<string, unknown> };
      expect(loaded.tensors ? [...loaded.tensors.keys()] : Object.keys(loaded)).toEqual(
        name === "w.npy" ? ["data", "shape", "dtype"] : name === "a.npz" ? ["W", "mask"] : ["W", "low"],
      );
    }
    writeFileSync(at("notes.txt"), "hello, world");
    expect(() => load(at("notes.txt"))).toThrow(/notes\.txt, expected \.npy, \.npz/);
    writeFileSync(at("nothing"), "");
    expect(() => load(at("nothing"))).toThrow(ValueError);
    expect(() => load(3 as never)).toThrow(/a path of number/);
  });

  test("a file that is not there, a folder, a pipe: the path is named, and nobody waits", () => {
    for (const name of ["no.npy", "no.npz", "no.onnx", "no.safetensors", "no.safetensors.index.json", "no"]) {
      expect(() => load(at(name))).toThrow(ValueError);
      expect(() => load(at(name))).toThrow(new RegExp(`${name}": ENOENT`));
    }
    mkdirSync(at("folder.npy"));
    expect(() => load(at("folder.npy"))).toThrow(/folder\.npy" is no ordinary file|EISDIR/);
    execFileSync("mkfifo", [at("pipe.npy")]);
    expect(() => load(at("pipe.npy"))).toThrow(/pipe\.npy" is no ordinary file/);
    expect(() => save(at("pipe.npy"), W)).toThrow(/pipe\.npy" is no ordinary file/);
    expect(() => save(at("no/w.npy"), W)).toThrow(/no\/w\.npy": ENOENT/);
    expect(() => save(at("w.onnx"), { W })).toThrow(/expected a path that ends with/);
    expect(() => save(at("w.npz"), 3 as never)).toThrow(/save: 3, expected tensors/);
  });

  test("a file that lies is told about with its byte", () => {
    writeFileSync(at("lie.npy"), writeNpy(W).slice(0, -1));
    expect(errorOf(() => load(at("lie.npy"))).byteOffset).toBe(128);
    writeFileSync(at("lie.onnx"), "hello");
    expect(() => load(at("lie.onnx"))).toThrow(FileFormatError);
    for (const size of [0, 7, 8, 20]) {
      writeFileSync(at("lie.safetensors"), writeSafetensors({ W }).slice(0, size));
      expect(() => load(at("lie.safetensors"))).toThrow(FileFormatError);
    }
    const long = new Uint8Array(16).fill(255);
    writeFileSync(at("long.safetensors"), long);
    expect(() => load(at("long.safetensors"))).toThrow(/expected at most 8/);
  });
});

describe("a save that does not come to its end", () => {
  test("leaves the old file when the disk is full", (context) => {
    const disk = smallDisk(context);
    try {
      const path = join(disk.folder, "w.npy");
      save(path, W);
      disk.fill();
      const before = readdirSync(disk.folder);
      const big = random.normal(random.key(1), [300, 300]);
      expect(() => save(path, big)).toThrow(ValueError);
      expect(() => save(path, big)).toThrow(/w\.npy": ENOSPC/);
      expect(load(path)).toEqual(W);
      expect(readdirSync(disk.folder)).toEqual(before);
      disk.seal();
      expect(() => save(path, W)).toThrow(/EROFS/);
      expect(load(path)).toEqual(W);
    } finally {
      disk.remove();
    }
  });

  test("leaves the old file when there is nothing to write", () => {
    const path: `${string}.safetensors` = `${emptyFolder()}/w.safetensors`;
    save(path, { W });
    expect(() => save(path, { W: [1] as never })).toThrow(/expected a tensor/);
    expect(load(path).tensor("W")).toEqual(W);
  });

  test("keeps the permissions, and a link a link", () => {
    const folder = emptyFolder();
    const [path, link] = [join(folder, "w.npy"), join(folder, "link.npy")];
    save(path, W);
    chmodSync(path, 0o640);
    symlinkSync("w.npy", link);
    save(link, mask);
    expect(load(path)).toEqual(mask);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["link.npy", "w.npy"]);
  });
});

describe("a .safetensors file of the disk", () => {
  const folder = emptyFolder();
  const path = join(folder, "m.safetensors");
  const fresh = (): ReturnType<typeof openSafetensorsFile> => {
    save(path, { W, low, mask });
    return openSafetensorsFile(path);
  };

  test("has the tensors of one in memory, also in parts", () => {
    const file = fresh();
    expect([...file.tensors.keys()]).toEqual(["W", "low", "mask"]);
    expect(file.tensor("W")).toEqual(W);
    expect(file.part("W", 7, 14)).toEqual({ data: W.data.slice(7, 14), shape: [7], dtype: "float32" });
    expect(file.part("low", 3, 5).data).toEqual(file.tensor("low").data.slice(3, 5));
    expect(file.part("W", 35, 35).data.length).toBe(0);
    expect(() => file.part("W", 30, 36)).toThrow(/W: elements 30 \.\. 36, expected places within 0\.\.35/);
    expect(() => file.part("V", 0, 1)).toThrow(/no tensor "V", expected one of W, low, mask/);
  });

  test("is read only where it is asked for: 4 TiB of holes are no matter", (context) => {
    const side = 2 ** 20;
    const length = 4 * side * side;
    const header = Buffer.from(
      JSON.stringify({
        a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
        b: { dtype: "F32", shape: [side, side], data_offsets: [8, 8 + length] },
      }),
    );
    const large = join(folder, "large.safetensors");
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(large, Buffer.concat([start, header, Buffer.from(new Float32Array([1, 2]).buffer)]));
    try {
      truncateSync(large, 8 + header.length + 8 + length);
    } catch {
      context.skip("this file system has no files with holes");
    }
    const file = openSafetensorsFile(large);
    expect(Array.from(file.tensor("a").data)).toEqual([1, 2]);
    expect(file.part("b", side * side - 3, side * side).data).toEqual(new Float32Array(3));
    expect(() => file.tensor("b")).toThrow(/expected as many as fit into memory/);
    expect(text(file)).toMatch(
      /4,398,046,511,104 bytes were not read: io\.tensorTable\(file, \{ maxBytes: Infinity \}\)/,
    );
  });

  test.each<[string, () => void, RegExp]>([
    ["shortened", () => truncateSync(path, 300), /has 300 bytes, expected the \d+ bytes that were opened/],
    ["longer", () => appendFileSync(path, "x"), /has \d+ bytes, expected/],
    ["touched", () => utimesSync(path, 1, 1), /has changed/],
    ["replaced", () => save(path, { W: mask }), /has (?:changed|\d+ bytes)/],
  ])("that was %s is refused", (_, change, message) => {
    const file = fresh();
    change();
    const error = errorOf(() => file.tensor("W"));
    expect(error).toBeInstanceOf(FileFormatError);
    expect(error.message).toMatch(message);
    expect(text(file)).toMatch(/not read: .*m\.safetensors/);
  });

  test("is the same one from another working folder", () => {
    const home = process.cwd();
    save(path, { W });
    try {
      process.chdir(folder);
      const file = openSafetensorsFile("m.safetensors");
      process.chdir(home);
      expect(file.tensor("W")).toEqual(W);
    } finally {
      process.chdir(home);
    }
  });

  test("that is gone is told about", () => {
    const file = fresh();
    renameSync(path, `${path}.away`);
    expect(() => file.tensor("W")).toThrow(/ENOENT/);
  });
});

describe("a sharded model", () => {
  const name = "model.safetensors.index.json";
  /** A folder with two files and an index over them. */
  function modelIn(weights: Readonly<Record<string, string>>, metadata: object = { total_size: 143 }): string {
    const folder = emptyFolder();
    save(join(folder, "one.safetensors"), { W, extra: mask });
    save(join(folder, "two.safetensors"), { mask });
    writeFileSync(join(folder, name), JSON.stringify({ metadata, weight_map: weights }));
    return join(folder, name);
  }
  const good = { W: "one.safetensors", mask: "two.safetensors" };

  test("gives the tensors of its files", () => {
    const model = load(modelIn(good) as `${string}.safetensors.index.json`);
    expect(model.tensor("W")).toEqual(W);
    expect(model.part("W", 1, 3).data).toEqual(W.data.slice(1, 3));
    expect(model.tensors.get("mask")).toMatchObject({ dtype: "BOOL", shape: [1, 3], shard: "two.safetensors" });
    expect(text(model)).toMatch(/^2 tensors\n/);
    expect(() => model.tensor("V")).toThrow(ValueError);
  });

  test("opens a file when it is needed, and once", () => {
    const path = modelIn(good);
    const model = openSafetensorsIndex(path);
    writeFileSync(join(path, "..", "two.safetensors"), "");
    expect(model.tensor("W")).toEqual(W);
    expect(() => model.tensor("mask")).toThrow(FileFormatError);
    expect(() => model.tensors).toThrow(FileFormatError);
  });

  test.each<[string, Readonly<Record<string, string>>, object, RegExp]>([
    ["a tensor that its file lacks", { ...good, V: "two.safetensors" }, {}, /two\.safetensors has no tensor "V"/],
    ["another size than it says", good, { total_size: 144 }, /143 bytes of tensors, expected 144/],
    ["a size that is none", good, { total_size: -1 }, /total_size -1/],
  ])("with %s is refused", (_, weights, metadata, message) => {
    const path = modelIn(weights, metadata);
    expect(() => openSafetensorsIndex(path).tensors).toThrow(FileFormatError);
    expect(() => openSafetensorsIndex(path).tensors).toThrow(message);
  });

  test.each(["../one.safetensors", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "C:a", "a\0b"])(
    "with the file %j is refused, and names no other path",
    (shard) => {
      expect(() => openSafetensorsIndex(modelIn({ W: shard }))).toThrow(FileFormatError);
      expect(() => openSafetensorsIndex(modelIn({ W: shard }))).toThrow(
        /expected the name of a file in the same folder/,
      );
    },
  );

  test.each([
    "[]",
    "{}",
    '{"weight_map": []}',
    '{"weight_map": {"a": 1}}',
    '{"weight_map": {}, "metadata": 3}',
    "{",
    "",
  ])("of %j is none", (json) => {
    const path = join(emptyFolder(), name);
    writeFileSync(path, json);
    expect(() => openSafetensorsIndex(path)).toThrow(FileFormatError);
  });

  test("with a link out of its folder is refused, unless links are wanted", () => {
    const path = modelIn({ W: "link.safetensors", mask: "inside.safetensors" });
    const outside = join(emptyFolder(), "blob");
    writeFileSync(outside, writeSafetensors({ W }));
    symlinkSync(outside, join(path, "..", "link.safetensors"));
    symlinkSync("two.safetensors", join(path, "..", "inside.safetensors"));
    const model = openSafetensorsIndex(path);
    expect(model.tensor("mask")).toEqual(mask);
    expect(() => model.tensor("W")).toThrow(
      /is a link to .*, expected a file in the folder, or the option links: true/,
    );
    expect((openSafetensorsIndex(path, { links: true }).tensor("W") as Tensor).data).toEqual(W.data);
    expect(existsSync(outside)).toBe(true);
  });
});
