/**
 * Files of arrays on the disk, by path: the one part of the library that touches the file system. Needs Node.
 * @example import { load, save } from "lowbit/io/node"; const W = load("model.safetensors").tensor("wte.weight")
 */
import { randomBytes } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Displayable, displaySymbol } from "../display.js";
import { DtypeError, FileFormatError, ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { type ReadNpyOptions, readNpy, type WriteNpyOptions, writeNpy } from "./npy.js";
import { type ReadNpzOptions, readNpz, type WriteNpzOptions, writeNpz } from "./npz.js";
import { type OnnxFile, openOnnx } from "./onnx.js";
import { type SafetensorsFile, safetensorsFile } from "./safetensors.js";
import { mostHeader, readSafetensorsHeader } from "./safetensors-header.js";
import { openShards, readSafetensorsIndex, type ShardedSafetensors } from "./safetensors-index.js";
import { type SafetensorsCodes, type WriteSafetensorsOptions, writeSafetensors } from "./safetensors-write.js";
import { tensorTable } from "./tensor-table.js";

/** The arrays of an `.npz` file by name, without a prototype. Shows itself as a table. */
export interface NpzRecord extends Displayable {
  readonly [name: string]: Tensor;
}

/** What {@link load} returns. */
export type Loaded = Tensor | NpzRecord | SafetensorsFile | ShardedSafetensors | OnnxFile;

/** Options of {@link load}: those of `readNpy` for `.npy`, of `readNpz` for `.npz`, of the index for `.index.json`. */
export interface LoadOptions extends ReadNpyOptions, ReadNpzOptions, SafetensorsIndexOptions {}

/** Options of {@link openSafetensorsIndex}. */
export interface SafetensorsIndexOptions {
  /**
   * Whether a file of the model may be a link out of the folder; default false. The cache of Hugging Face's tools keeps
   * its files so.
   */
  readonly links?: boolean;
}

/**
 * Returns what is in a file of arrays: a tensor for `.npy`, a record of tensors for `.npz`, and for `.safetensors`,
 * `.safetensors.index.json` and `.onnx` a file whose tensors are read when they are asked for. Another ending is decided
 * by how the file begins.
 * @param path relative to the working folder, or absolute
 * @throws ValueError for a file that cannot be opened, naming it; FileFormatError for one that lies, or has changed since
 * @example load("weights.npy").shape
 */
export function load(path: `${string}.npy`, options?: LoadOptions): Tensor;
export function load(path: `${string}.npz`, options?: LoadOptions): NpzRecord;
export function load(path: `${string}.safetensors`, options?: LoadOptions): SafetensorsFile;
export function load(path: `${string}.safetensors.index.json`, options?: LoadOptions): ShardedSafetensors;
export function load(path: `${string}.onnx`, options?: LoadOptions): OnnxFile;
export function load(path: string, options?: LoadOptions): Loaded;
export function load(path: string, options: LoadOptions = {}): Loaded {
  const kind = kindByName(path) ?? kindByContent(path);
  if (kind === "safetensors") return openSafetensorsFile(path);
  if (kind === "index") return openSafetensorsIndex(path, options);
  const bytes = readWhole("load", path);
  if (kind === "npy") return readNpy(bytes, options);
  return kind === "npz" ? recordOf(readNpz(bytes, options)) : openOnnx(bytes);
}

type Kind = "npy" | "npz" | "safetensors" | "index" | "onnx";

function kindByName(path: string): Kind | undefined {
  if (typeof path !== "string") throw new ValueError(`load: a path of ${typeof path}, expected a text`);
  const found = /\.(?:(npy|npz|safetensors|onnx)|safetensors\.index\.json)$/i.exec(path);
  return found ? ((found[1]?.toLowerCase() ?? "index") as Kind) : undefined;
}

function kindByContent(path: string): Kind {
  const start = withFile("load", path, (file, { size }) => readAt("load", path, file, 0, Math.min(9, Number(size))));
  const text = String.fromCharCode(...start);
  if (text.startsWith("\x93NUMPY")) return "npy";
  if (/^PK(?:\x03\x04|\x05\x06)/.test(text)) return "npz";
  if (text[8] === "{") return "safetensors";
  if (/^\s*\{/.test(text)) return "index";
  throw new ValueError(`load: ${path}, expected .npy, .npz, .safetensors, .safetensors.index.json or .onnx`);
}

function recordOf(arrays: ReadonlyMap<string, Tensor>): NpzRecord {
  const record = Object.create(null) as Record<string, Tensor>;
  for (const [name, tensor] of arrays) record[name] = tensor;
  const show = (): unknown => tensorTable(arrays)[displaySymbol]();
  return Object.defineProperty(record, displaySymbol, { value: show }) as unknown as NpzRecord;
}

/**
 * Opens a `.safetensors` file of any size: only its header is read, and of each tensor its own bytes when it is asked
 * for. The file is not held open; one that was changed, shortened or replaced in between is refused.
 * @throws ValueError for a file that cannot be opened; FileFormatError for a header that is none, or does not fit the file
 * @example openSafetensorsFile("model.safetensors").part("wte.weight", 0, 768) // its first row
 */
export function openSafetensorsFile(path: string): SafetensorsFile {
  const caller = "openSafetensorsFile";
  // Also when the working folder is another one by then.
  const place = resolve(path);
  const { header, opened } = withFile(caller, place, (file, opened) => {
    const size = Number(opened.size);
    const first = readAt(caller, place, file, 0, Math.min(8, size));
    const low = first.length < 8 ? 0 : new DataView(first.buffer).getUint32(0, true);
    const length = Math.min(8 + low, 8 + mostHeader, size);
    return { header: readSafetensorsHeader(readAt(caller, place, file, 0, length), size), opened };
  });
  return safetensorsFile(caller, header, (begin, end) =>
    withFile(caller, place, (file, now) => {
      checkSame(caller, place, opened, now, begin);
      const bytes = readAt(caller, place, file, begin, end - begin);
      checkSame(caller, place, opened, fstatSync(file, { bigint: true }), begin);
      return bytes;
    }),
  );
}

/**
 * Opens a model in several `.safetensors` files by its index; each file is opened when a tensor of it is asked for. The
 * files lie in the folder of the index: one whose name leads elsewhere is refused, and one that is a link, without `links`.
 * @throws ValueError for a file that cannot be opened; FileFormatError for an index or a file that lies
 * @example openSafetensorsIndex("model.safetensors.index.json").tensor("wte.weight")
 */
export function openSafetensorsIndex(
  path: string,
  { links = false }: SafetensorsIndexOptions = {},
): ShardedSafetensors {
  const caller = "openSafetensorsIndex";
  const { size } = attempt(caller, path, () => statSync(path));
  if (size > mostHeader) throw new FileFormatError(`${caller}: ${size} bytes, expected at most ${mostHeader}`, 0);
  const index = readSafetensorsIndex(readWhole(caller, path));
  const folder = dirname(resolve(path));
  return openShards(index, (name) => {
    const shard = join(folder, name);
    const [real, home] = attempt(caller, shard, () => [realpathSync(shard), realpathSync(folder)] as const);
    if (links || dirname(real) === home) return openSafetensorsFile(shard);
    const expected = `a file in the folder, or the option links: true`;
    throw new ValueError(`${caller}: ${shard} is a link to ${real}, expected ${expected}`);
  });
}

/** Options of {@link save}: those of `writeNpy`, `writeNpz` and `writeSafetensors`, by the ending of the path. */
export interface SaveOptions extends WriteNpyOptions, WriteNpzOptions, WriteSafetensorsOptions {}

/**
 * Writes a file of arrays: `.npy` from a tensor, `.npz` and `.safetensors` from tensors by name. It is written beside and
 * renamed when it is whole and on the disk, so that a save which does not come to its end leaves the old file.
 * @throws ValueError for another ending, or a file that cannot be written; DtypeError for what is no tensor
 * @example save("layer.safetensors", { W }, { metadata: { epoch: "3" } })
 */
export function save(
  path: string,
  value: Tensor | Readonly<Record<string, Tensor | SafetensorsCodes>> | ReadonlyMap<string, Tensor | SafetensorsCodes>,
  options: SaveOptions = {},
): void {
  const kind = kindByName(path);
  if (kind !== "npy" && kind !== "npz" && kind !== "safetensors") {
    throw new ValueError(`save: ${path}, expected a path that ends with .npy, .npz or .safetensors`);
  }
  if (typeof value !== "object" || value === null) throw new DtypeError(`save: ${value}, expected tensors`);
  if (kind === "npy") writeWhole(path, writeNpy(value as Tensor, options));
  else if (kind === "npz") writeWhole(path, writeNpz(value as Readonly<Record<string, Tensor>>, options));
  else writeWhole(path, writeSafetensors(value as Readonly<Record<string, Tensor>>, options));
}

/** Returns what `action` does, with an error of the file system made into one that names the path. */
function attempt<Result>(caller: string, path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message: string };
    if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) throw error;
    throw new ValueError(`${caller}: ${JSON.stringify(path)}: ${message}, expected a file that can be used`, {
      cause: error,
    });
  }
}

/** Opens an ordinary file for one action. */
function withFile<Result>(caller: string, path: string, action: (file: number, opened: BigIntStats) => Result): Result {
  return attempt(caller, path, () => {
    // Without O_NONBLOCK the opening of a pipe would wait for a writer.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const opened = fstatSync(file, { bigint: true });
      if (opened.isFile()) return action(file, opened);
      throw new ValueError(`${caller}: ${JSON.stringify(path)} is no ordinary file, expected one`);
    } finally {
      closeSync(file);
    }
  });
}

function readWhole(caller: string, path: string): Uint8Array {
  return withFile(caller, path, (file, { size }) => readAt(caller, path, file, 0, Number(size)));
}

/** Returns `length` bytes from `at` on. @throws FileFormatError when the file ends before */
function readAt(caller: string, path: string, file: number, at: number, length: number): Uint8Array {
  const bytes = bytesFor(caller, path, length);
  for (let done = 0; done < length; ) {
    // Some systems read at most 2^31 bytes at once.
    const count = readSync(file, bytes, done, Math.min(length - done, 2 ** 30), at + done);
    if (count === 0) {
      throw new FileFormatError(`${caller}: ${path} ends here, expected ${length - done} bytes more`, at + done);
    }
    done += count;
  }
  return bytes;
}

function bytesFor(caller: string, path: string, length: number): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new ValueError(`${caller}: ${length} bytes of ${path}, expected as many as fit into memory`, {
      cause: error,
    });
  }
}

function checkSame(caller: string, path: string, before: BigIntStats, now: BigIntStats, at: number): void {
  if (now.size === before.size && now.mtimeNs === before.mtimeNs && now.ino === before.ino && now.dev === before.dev) {
    return;
  }
  const what = now.size === before.size ? "has changed" : `has ${now.size} bytes`;
  throw new FileFormatError(`${caller}: ${path} ${what}, expected the ${before.size} bytes that were opened`, at);
}

/** Writes beside the file and renames. A link stays one: the file it leads to is replaced. */
function writeWhole(path: string, bytes: Uint8Array): void {
  attempt("save", path, () => {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old && !old.isFile()) throw new ValueError(`save: ${JSON.stringify(path)} is no ordinary file, expected one`);
    const target = old ? realpathSync(path) : path;
    const beside = join(dirname(target), `.lowbit-${randomBytes(8).toString("hex")}.tmp`);
    try {
      const file = openSync(beside, "wx", 0o666);
      try {
        if (old) fchmodSync(file, old.mode & 0o777);
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, Math.min(bytes.length - at, 2 ** 30));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(beside, target);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  });
}
