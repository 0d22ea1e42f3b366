import { packCodes } from "../dtypes/pack-codes.js";
import type { CodeTensor } from "../dtypes/tensors.js";
import { DtypeError, ShapeError, ValueError } from "../errors.js";
import { isTensor } from "../tensor/data.js";
import type { Dtype, Tensor } from "../tensor/types.js";
import type { SafetensorsDtype } from "./safetensors-header.js";
import { codedFormats } from "./safetensors-tensors.js";
import { toUtf8 } from "./utf8.js";

/** Codes to be written under their own dtype: F16, BF16, F8 or F4. */
export interface SafetensorsCodes {
  readonly dtype: SafetensorsDtype;
  /** One per element, as `encode` of `lowbit/dtypes` returns them. */
  readonly codes: CodeTensor;
}

/** Options of {@link writeSafetensors}. */
export interface WriteSafetensorsOptions {
  /** Texts by name, kept in the header. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const plain: Readonly<Record<Dtype, SafetensorsDtype>> = {
  bool: "BOOL",
  int8: "I8",
  uint8: "U8",
  int16: "I16",
  uint16: "U16",
  int32: "I32",
  uint32: "U32",
  float32: "F32",
  float64: "F64",
};

/** In which order the reference implementation lays tensors down: from the last to the first, then by name. */
const order: readonly SafetensorsDtype[] = (
  "BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 BF16 I32 U32 F32 C64 F64 " +
  "I64 U64"
).split(" ") as SafetensorsDtype[];

interface Piece {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * Returns a `.safetensors` file, byte for byte what the reference implementation writes: wide dtypes first, then by
 * name, the header filled with spaces to a multiple of 8 bytes.
 * @param tensors by name; codes of narrow formats as {@link SafetensorsCodes}
 * @throws DtypeError for what is no tensor, or codes of another dtype; ShapeError for an odd number of F4 codes;
 *   ValueError for the name `__metadata__`, or metadata that are no texts
 * @see https://github.com/huggingface/safetensors, Format
 * @example writeSafetensors({ W, low: { dtype: "F8_E4M3", codes: dtypes.encode(dtypes.float8_e4m3fn, W) } })
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor | SafetensorsCodes>> | ReadonlyMap<string, Tensor | SafetensorsCodes>,
  { metadata }: WriteSafetensorsOptions = {},
): Uint8Array {
  const given = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const pieces = given.map(([name, one]) => pieceOf(name, one));
  pieces.sort((a, b) => order.indexOf(b.dtype) - order.indexOf(a.dtype) || compareBytes(a.name, b.name));
  let at = 0;
  const entries: (readonly [string, object])[] = pieces.map(({ name, dtype, shape, bytes }) => {
    const from = at;
    at += bytes.length;
    return [name, { dtype, shape, data_offsets: [from, at] }];
  });
  if (metadata !== undefined) entries.unshift(["__metadata__", checkedMetadata(metadata)]);
  const json = entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(",");
  const header = toUtf8(`{${json}}`);
  const length = 8 * Math.ceil(header.length / 8);
  const file = new Uint8Array(8 + length + at);
  new DataView(file.buffer).setUint32(0, length, true);
  file.fill(0x20, 8, 8 + length);
  file.set(header, 8);
  at = 8 + length;
  for (const { bytes } of pieces) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

function pieceOf(name: string, one: Tensor | SafetensorsCodes): Piece {
  const caller = `writeSafetensors: ${name}`;
  if (name === "__metadata__") throw new ValueError(`${caller}: a tensor of this name, expected the option metadata`);
  if (isTensor(one)) return { name, dtype: plain[one.dtype], shape: one.shape, bytes: bytesOf(one) };
  const { dtype, codes } = (one ?? {}) as Partial<SafetensorsCodes>;
  const format = dtype === undefined ? undefined : codedFormats[dtype];
  if (dtype === undefined || format === undefined || !isTensor(codes)) {
    throw new DtypeError(
      `${caller}: dtype ${dtype}, expected a tensor, or codes of ${Object.keys(codedFormats).join(", ")}`,
    );
  }
  const expected = format.bits <= 8 ? "uint8" : "uint16";
  if (codes.dtype !== expected)
    throw new DtypeError(`${caller}: codes of ${codes.dtype}, expected ${expected} for ${dtype}`);
  if (format.bits === 4 && codes.data.length % 2 === 1) {
    throw new ShapeError(`${caller}: ${codes.data.length} codes of 4 bits, expected an even number`);
  }
  return { name, dtype, shape: codes.shape, bytes: bytesOf(format.bits === 4 ? packCodes(format, codes) : codes) };
}

function bytesOf({ data }: Tensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Names are ordered by their UTF-8 bytes, which is the order of code points. */
function compareBytes(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function checkedMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text !== "string") throw new ValueError(`writeSafetensors: metadata ${key} = ${text}, expected a text`);
  }
  return metadata;
}
