import { type Displayable, displaySymbol } from "../display.js";
import { DtypeError, FileFormatError } from "../errors.js";
import { type Json, parseJson } from "./json.js";
import type { SafetensorsFile } from "./safetensors.js";
import type { SafetensorsEntry } from "./safetensors-header.js";
import { missing, type TensorReader } from "./safetensors-tensors.js";
import { tensorTable } from "./tensor-table.js";

/** What a `model.safetensors.index.json` says. */
export interface SafetensorsIndex {
  /** Its metadata; what is no text stands as JSON. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The name of the file that holds each tensor. */
  readonly shards: ReadonlyMap<string, string>;
  /** Bytes of all tensors together, if it says so. */
  readonly totalSize: number | undefined;
}

/** Where a tensor lies: in which file, and where there. */
export interface ShardEntry extends SafetensorsEntry {
  readonly shard: string;
}

/** A model in several `.safetensors` files, each opened when a tensor of it is asked for. Shows itself as a table. */
export interface ShardedSafetensors extends SafetensorsIndex, TensorReader, Displayable {
  /**
   * The tensors by name, in the order of the index. Opens the headers of all files.
   * @throws FileFormatError when a file lacks a tensor, or all are not as long as the index says
   */
  readonly tensors: ReadonlyMap<string, ShardEntry>;
}

/**
 * Returns what the index of a sharded model says. Files are plain names, so that they lie in the folder of the index.
 * @throws FileFormatError for what is no index, or a file that is no plain name; DtypeError without bytes
 * @see https://huggingface.co/docs/transformers, Sharded checkpoints
 * @example readSafetensorsIndex(bytes).shards.get("wte.weight") // "model-00001-of-00002.safetensors"
 */
export function readSafetensorsIndex(bytes: Uint8Array): SafetensorsIndex {
  const caller = "readSafetensorsIndex";
  if (!(bytes instanceof Uint8Array)) throw new DtypeError(`${caller}: ${typeof bytes}, expected a Uint8Array`);
  const json = recordOf(caller, "the index", parseJson(caller, bytes, 0));
  const shards = new Map<string, string>();
  for (const [name, shard] of Object.entries(recordOf(caller, "weight_map", json.weight_map))) {
    if (!isPlainName(shard)) {
      const label = `${caller}: weight_map[${JSON.stringify(name)}] = ${JSON.stringify(shard)}`;
      throw new FileFormatError(`${label}, expected the name of a file in the same folder`, 0);
    }
    shards.set(name, shard);
  }
  const given = recordOf(caller, "metadata", Object.hasOwn(json, "metadata") ? json.metadata : {});
  const metadata = new Map(
    Object.entries(given).map(([key, one]) => [key, typeof one === "string" ? one : JSON.stringify(one)]),
  );
  const totalSize = Object.hasOwn(given, "total_size") ? given.total_size : undefined;
  if (totalSize !== undefined && !(Number.isSafeInteger(totalSize) && (totalSize as number) >= 0)) {
    throw new FileFormatError(`${caller}: total_size ${JSON.stringify(totalSize)}, expected a number of bytes`, 0);
  }
  return { metadata, shards, totalSize: totalSize as number | undefined };
}

function recordOf(caller: string, what: string, value: Json | undefined): Readonly<Record<string, Json>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  throw new FileFormatError(`${caller}: ${what} that is no object, expected one`, 0);
}

/** No separator of any system, no drive, nothing that is not seen, and neither `.` nor `..`. */
function isPlainName(name: Json): name is string {
  return typeof name === "string" && /^[^/\\:\u0000-\u001f\u007f]{1,255}$/.test(name) && !/^\.{1,2}$/.test(name);
}

/**
 * Returns the sharded model of an index.
 * @param open opens a file by its name; called once for each that is needed
 * @example openShards(readSafetensorsIndex(index), (name) => openSafetensors(files[name]))
 */
export function openShards(index: SafetensorsIndex, open: (name: string) => SafetensorsFile): ShardedSafetensors {
  const caller = "openShards";
  const opened = new Map<string, SafetensorsFile>();
  let tensors: ReadonlyMap<string, ShardEntry> | undefined;
  const fileOf = (name: string): SafetensorsFile => {
    const shard = index.shards.get(name) ?? missing(caller, name, index.shards);
    const file = opened.get(shard) ?? open(shard);
    opened.set(shard, file);
    if (file.tensors.has(name)) return file;
    throw new FileFormatError(`${caller}: ${shard} has no tensor ${JSON.stringify(name)}, expected it there`, 8);
  };
  const model: ShardedSafetensors = {
    ...index,
    get tensors() {
      tensors ??= listed(caller, index, (name) => fileOf(name).tensors.get(name) as SafetensorsEntry);
      return tensors;
    },
    tensor: (name) => fileOf(name).tensor(name),
    part: (name, from, to) => fileOf(name).part(name, from, to),
    codes: (name) => fileOf(name).codes(name),
    [displaySymbol]: () => tensorTable(model)[displaySymbol](),
  };
  return model;
}

function listed(
  caller: string,
  { shards, totalSize }: SafetensorsIndex,
  entryOf: (name: string) => SafetensorsEntry,
): ReadonlyMap<string, ShardEntry> {
  const tensors = new Map<string, ShardEntry>();
  let total = 0;
  for (const [name, shard] of shards) {
    const entry = entryOf(name);
    total += entry.end - entry.begin;
    tensors.set(name, { ...entry, shard });
  }
  if (totalSize === undefined || totalSize === total) return tensors;
  throw new FileFormatError(`${caller}: ${total} bytes of tensors, expected ${totalSize}: the index's total_size`, 0);
}
