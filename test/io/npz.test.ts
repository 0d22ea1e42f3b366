/** `.npz` files against NumPy's own, and archives that lie. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { bfloat16 } from "../../src/dtypes/index.js";
import { FileFormatError, ValueError } from "../../src/errors.js";
import { readNpz, writeNpy, writeNpz } from "../../src/io/index.js";
import * as random from "../../src/random/index.js";
import { from } from "../../src/tensor/index.js";
import { emptyFolder, root } from "../support/kernel.js";
import { need, pythonWith } from "../support/peers.js";
import { readDamaged } from "./damage.js";

interface Fixture {
  readonly stored: string;
  readonly deflated: string;
  readonly contents: Readonly<Record<string, { readonly shape: number[]; readonly values: string }>>;
}

const unpack = (text: string): Uint8Array => new Uint8Array(inflateSync(Buffer.from(text, "base64")));
const fixture = JSON.parse(readFileSync(join(root, "test/fixtures/npz-numpy.json"), "utf8")) as Fixture;
const archives = { stored: unpack(fixture.stored), deflated: unpack(fixture.deflated) };

describe.each(["stored", "deflated"] as const)("an archive of NumPy, %s", (kind) => {
  test("has every array", () => {
    const arrays = readNpz(archives[kind]);
    expect([...arrays.keys()]).toEqual(Object.keys(fixture.contents));
    for (const [name, { shape, values }] of Object.entries(fixture.contents)) {
      const bytes = unpack(values);
      expect(arrays.get(name)?.shape).toEqual(shape);
      const expected = Array.from(new Float64Array(bytes.buffer, 0, bytes.length / 8));
      expect(Array.from(arrays.get(name)?.data ?? [])).toEqual(expected);
    }
  });
});

const W = random.normal(random.key(8), [5, 7]);
const mask = from([[true, false, true]]);

describe("an archive of ours", () => {
  test.each([false, true])("comes back, compressed: %s", (compressed) => {
    const bytes = writeNpz({ W, mask }, { compressed });
    expect(readNpz(bytes)).toEqual(
      new Map<string, unknown>([
        ["W", W],
        ["mask", mask],
      ]),
    );
    expect(writeNpz(new Map([["W", W]]), { compressed })).toEqual(writeNpz({ W }, { compressed }));
  });

  test("is whole for Python's zipfile", (context) => {
    const python = need(context, pythonWith());
    const path = join(emptyFolder(), "a.npz");
    writeFileSync(path, writeNpz({ W, "a name é": mask }, { compressed: true }));
    const code = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())";
    const said = execFileSync(python, ["-X", "utf8", "-c", code, path], { encoding: "utf8" });
    expect(said.trim()).toBe("None ['W.npy', 'a name é.npy']");
  });

  test("has a place for codes", () => {
    const codes = from([16256, 16384], { dtype: "uint16" });
    const { data, dtype } = readNpz(writeNpz({ low: codes }), { formats: { low: bfloat16 } }).get("low") ?? {};
    expect([Array.from(data ?? []), dtype]).toEqual([[1, 2], "float32"]);
  });
});

/** The archive of one array, with a byte or a number of 4 bytes changed at a place that `marks` names. */
function changed(mark: readonly number[], shift: number, ...bytes: number[]): Uint8Array {
  const archive = writeNpz({ W });
  const at = Buffer.from(archive).lastIndexOf(Uint8Array.from(mark));
  archive.set(bytes, at + shift);
  return archive;
}

const local = [0x50, 0x4b, 3, 4];
const directory = [0x50, 0x4b, 1, 2];
const end = [0x50, 0x4b, 5, 6];

describe("an archive that lies is refused", () => {
  const bomb = zipSync({ "a.npy": writeNpy(from(new Float32Array(2 ** 20))) });
  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /no zip archive/],
    ["an array without an archive", writeNpy(W), /no zip archive/],
    ["a part of one", writeNpz({ W }).slice(0, -1), /no zip archive/],
    ["a directory beyond its end", changed(end, 16, 255, 255, 0, 0), /a directory of 1 entries at 65535/],
    ["more entries than the directory holds", changed(end, 8, 9, 0, 9, 0), /a directory of 9 entries/],
    ["no entries, with a directory", changed(end, 8, 0, 0, 0, 0), /bytes behind the 0 entries/],
    ["zip64 without a record", changed(end, 16, 255, 255, 255, 255), /no zip64 locator/],
    ["no mark of an entry", changed(directory, 0, 0x51), /no entry/],
    ["an encrypted file", changed(directory, 8, 1), /W\.npy, which is encrypted/],
    ["an unknown method", changed(directory, 10, 12), /W\.npy with method 12/],
    ["a name that is longer than the directory", changed(directory, 28, 255, 255), /longer than the directory/],
    ["a name that is no UTF-8", changed(directory, 46, 255), /no UTF-8/],
    ["another kind of file", changed(directory, 50, 0x78), /the file "W\.npx", expected arrays/],
    ["a stored file of another size", changed(directory, 24, 1, 2, 3), /W\.npy of .* bytes in/],
    ["a size of 4 GiB", changed(directory, 24, 254, 255, 255, 255), /W\.npy of 4294967294 bytes/],
    ["a size that is said to be larger still", changed(directory, 24, 255, 255, 255, 255), /a zip64 field/],
    ["another checksum", changed(directory, 16, 1, 2, 3, 4), /another checksum/],
    ["a damaged value", changed(local, 200, 77), /another checksum/],
    ["a place without a file", changed(directory, 42, 3), /no file W\.npy/],
    ["a place behind the directory", changed(directory, 42, 0, 0, 1), /no file W\.npy/],
    ["a file that is longer than the archive", changed(local, 28, 255, 255), /expected its end before the directory/],
  ])("%s", (_, bytes, message) => {
    expect(() => readNpz(bytes)).toThrow(message);
    expect(() => readNpz(bytes)).toThrow(FileFormatError);
  });

  test("two arrays of one name", () => {
    const two = writeNpz({ aa: W, ab: W });
    const at = Buffer.from(two).lastIndexOf("ab.npy");
    two[at + 1] = 0x61;
    expect(() => readNpz(two)).toThrow(/the name "aa\.npy" twice/);
  });

  test("more than is wanted, before it is unpacked", () => {
    expect(bomb.length).toBeLessThan(2 ** 16);
    expect(() => readNpz(bomb, { maxBytes: 2 ** 22 })).toThrow(ValueError);
    expect(() => readNpz(bomb, { maxBytes: 2 ** 22 })).toThrow(/4194432 bytes of arrays, expected at most maxBytes/);
    expect(readNpz(bomb).get("a")?.shape).toEqual([2 ** 20]);
  });

  test("5,000 damaged archives give a typed error, or arrays", () => {
    const sources = [archives.stored, archives.deflated, writeNpz({ W }, { compressed: true })];
    // Directories are at the end: half of the changes are made there.
    const place = (length: number, at: number, kind: number): number =>
      length - 1 - (at % (kind % 2 === 0 ? Math.min(length, 600) : length));
    const read = readDamaged(sources, { seed: 13, rounds: 5000, place }, (bytes) => {
      readNpz(bytes, { maxBytes: 2 ** 20 });
    });
    expect(read).toBeGreaterThan(100);
    expect(read).toBeLessThan(4900);
  });
});
