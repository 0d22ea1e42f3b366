import { FileFormatError } from "../errors.js";
import { type Json, parseJson } from "./json.js";

/** The dtypes of the format, and the bits of one value. */
export const safetensorsBits = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  U16: 16,
  I16: 16,
  U32: 32,
  I32: 32,
  U64: 64,
  I64: 64,
  F16: 16,
  BF16: 16,
  F32: 32,
  F64: 64,
  C64: 64,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
} as const;

/** A dtype as the file names it. */
export type SafetensorsDtype = keyof typeof safetensorsBits;

/** One tensor, as the header describes it. */
export interface SafetensorsEntry {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** The first byte of its values in the file, and the one behind the last. */
  readonly begin: number;
  readonly end: number;
}

/** What the header of a `.safetensors` file says. */
export interface SafetensorsHeader {
  /** The texts of `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
}

/** The longest header, as in the reference implementation. */
export const mostHeader = 100_000_000;

/**
 * Returns what the header of a `.safetensors` file says, after checking it: tensors lie one behind the other without a
 * gap, from the end of the header to the end of the file, each as long as its dtype and shape make it.
 * @param bytes the file, or as much of its start as holds the header
 * @param fileSize of the whole file, in bytes; default `bytes.length`
 * @throws FileFormatError for a header that is none, or does not fit the file
 * @see https://github.com/huggingface/safetensors, Format
 * @example readSafetensorsHeader(bytes).tensors.get("wte.weight")?.shape
 */
export function readSafetensorsHeader(bytes: Uint8Array, fileSize: number = bytes.length): SafetensorsHeader {
  const caller = "readSafetensorsHeader";
  if (bytes.length < 8) throw new FileFormatError(`${caller}: ${bytes.length} bytes, expected 8 or more`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + 4294967296 * view.getUint32(4, true);
  const most = Math.min(fileSize - 8, mostHeader);
  if (length > most) throw new FileFormatError(`${caller}: a header of ${length} bytes, expected at most ${most}`, 0);
  if (length > bytes.length - 8) {
    throw new FileFormatError(`${caller}: ${bytes.length} bytes of the file, expected ${8 + length}: the header`, 0);
  }
  if (bytes[8] !== 0x7b) throw new FileFormatError(`${caller}: a header that begins with ${bytes[8]}, expected {`, 8);
  const json = parseJson(caller, bytes.subarray(8, 8 + length), 8);
  const metadata = new Map<string, string>();
  const found: [string, SafetensorsEntry][] = [];
  for (const [name, value] of Object.entries(json as Readonly<Record<string, Json>>)) {
    if (name === "__metadata__") readMetadata(caller, value, metadata);
    else found.push([name, entryOf(caller, name, value, 8 + length)]);
  }
  found.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  checkPlaces(caller, found, 8 + length, fileSize);
  return { metadata, tensors: new Map(found) };
}

function readMetadata(caller: string, value: Json, into: Map<string, string>): void {
  if (!isRecord(value)) throw new FileFormatError(`${caller}: __metadata__ that is no object`, 8);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw new FileFormatError(`${caller}: __metadata__.${key} that is no text`, 8);
    into.set(key, text);
  }
}

function entryOf(caller: string, name: string, value: Json, dataStart: number): SafetensorsEntry {
  const fail = (arrived: string, expected: string): never => {
    throw new FileFormatError(`${caller}: tensor ${JSON.stringify(name)} with ${arrived}, expected ${expected}`, 8);
  };
  if (!isRecord(value)) return fail("no description", "dtype, shape and data_offsets");
  const keys = Object.keys(value).sort().join(", ");
  if (keys !== "data_offsets, dtype, shape") return fail(`the keys ${keys}`, "dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(safetensorsBits, dtype)) {
    return fail(`dtype ${JSON.stringify(dtype)}`, `one of ${Object.keys(safetensorsBits).join(", ")}`);
  }
  if (!isCounts(shape)) return fail(`shape ${JSON.stringify(shape)}`, "a list of whole numbers below 2^53");
  if (!isCounts(offsets) || offsets.length !== 2) {
    return fail(`data_offsets ${JSON.stringify(offsets)}`, "two whole numbers below 2^53");
  }
  const [first, last] = offsets as readonly [number, number];
  const bits = shape.includes(0)
    ? 0
    : shape.reduce((size, side) => size * side, safetensorsBits[dtype as SafetensorsDtype]);
  if (8 * (last - first) !== bits) {
    return fail(`${last - first} bytes`, `${bits / 8} for ${dtype} of shape [${shape.join(", ")}]`);
  }
  return { dtype: dtype as SafetensorsDtype, shape, begin: dataStart + first, end: dataStart + last };
}

function checkPlaces(
  caller: string,
  found: readonly (readonly [string, SafetensorsEntry])[],
  dataStart: number,
  fileSize: number,
): void {
  let at = dataStart;
  for (const [name, { begin, end }] of found) {
    if (begin !== at) {
      const place = `${begin} .. ${end}`;
      throw new FileFormatError(
        `${caller}: tensor ${JSON.stringify(name)} at ${place}, expected it from ${at} on`,
        begin,
      );
    }
    at = end;
  }
  if (at !== fileSize) throw new FileFormatError(`${caller}: a file of ${fileSize} bytes, expected ${at}`, at);
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);
}
