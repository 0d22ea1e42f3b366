import { type Displayable, displaySymbol } from "../display.js";
import { decode } from "../dtypes/decode.js";
import type { Format } from "../dtypes/format.js";
import {
  bfloat16,
  float4_e2m1fn,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e5m2fnuz,
  float8_e8m0fnu,
  float16,
  int2,
  int4,
  uint2,
  uint4,
} from "../dtypes/formats.js";
import { unpackCodes } from "../dtypes/pack-codes.js";
import type { CodeTensor } from "../dtypes/tensors.js";
import { DtypeError, FileFormatError, ValueError } from "../errors.js";
import { allocate } from "../tensor/data.js";
import type { Dtype, Tensor, TensorData } from "../tensor/types.js";
import { copyOf, type NpyLayout, valuesOf } from "./npy-values.js";
import { type OnnxInitializer, readInitializers } from "./onnx-model.js";
import { fixed, repeated, signed, unsigned, type WireReader } from "./protobuf.js";
import { tensorTable } from "./tensor-table.js";

/** One weight of a model, as the file describes it. */
export interface OnnxEntry {
  /** The name of its data type in onnx.proto, in lower case: `float`, `float16`, `int8`, `bfloat16` … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Whether the values are in another file. Such files are never opened. */
  readonly external: boolean;
  /** Bytes of its values in this file. */
  readonly bytes: number;
}

/** The weights of an `.onnx` model: nothing is read of one until it is asked for. Shows itself as a table. */
export interface OnnxFile extends Displayable {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, OnnxEntry>;
  /**
   * Returns a weight. bool, integers of up to 32 bits, float and double keep their dtype; narrower floats, int4, uint4,
   * int2 and uint2 become float32, exactly; integers of 64 bits become float64, if all are below 2^53.
   * @throws ValueError for a name that is not there; FileFormatError for values that do not fit the shape or the dtype,
   *   or are in another file; DtypeError for texts, complex numbers and floats of 6
   *   bits
   */
  tensor(name: string): Tensor;
  /** Returns the codes of a weight of a narrow format, one per element. @throws DtypeError for another dtype */
  codes(name: string): CodeTensor;
}

/** What is known of a data type: its name, and what its values become, or are codes of. */
interface OnnxType {
  readonly name: string;
  readonly dtype?: Dtype;
  readonly format?: Format;
  /** Bits of a value in `raw_data`. */
  readonly bits: number;
}

/** By the number of the data type in onnx.proto. */
const types: readonly (OnnxType | undefined)[] = [
  undefined,
  { name: "float", dtype: "float32", bits: 32 },
  { name: "uint8", dtype: "uint8", bits: 8 },
  { name: "int8", dtype: "int8", bits: 8 },
  { name: "uint16", dtype: "uint16", bits: 16 },
  { name: "int16", dtype: "int16", bits: 16 },
  { name: "int32", dtype: "int32", bits: 32 },
  { name: "int64", dtype: "float64", bits: 64 },
  { name: "string", bits: 0 },
  { name: "bool", dtype: "bool", bits: 8 },
  { name: "float16", format: float16, bits: 16 },
  { name: "double", dtype: "float64", bits: 64 },
  { name: "uint32", dtype: "uint32", bits: 32 },
  { name: "uint64", dtype: "float64", bits: 64 },
  { name: "complex64", bits: 64 },
  { name: "complex128", bits: 128 },
  { name: "bfloat16", format: bfloat16, bits: 16 },
  { name: "float8e4m3fn", format: float8_e4m3fn, bits: 8 },
  { name: "float8e4m3fnuz", format: float8_e4m3fnuz, bits: 8 },
  { name: "float8e5m2", format: float8_e5m2, bits: 8 },
  { name: "float8e5m2fnuz", format: float8_e5m2fnuz, bits: 8 },
  { name: "uint4", format: uint4, bits: 4 },
  { name: "int4", format: int4, bits: 4 },
  { name: "float4e2m1", format: float4_e2m1fn, bits: 4 },
  { name: "float8e8m0", format: float8_e8m0fnu, bits: 8 },
  { name: "uint2", format: uint2, bits: 2 },
  { name: "int2", format: int2, bits: 2 },
  { name: "float6e2m3", bits: 6 },
  { name: "float6e3m2", bits: 6 },
];

/** Numbers of the fields of TensorProto that hold values. */
const values = { float: 4, int32: 5, int64: 7, raw: 9, double: 10, uint64: 11 } as const;

/**
 * Opens an `.onnx` model for its weights: the initialisers of its graph. Nothing is executed, and no other file opened.
 * @throws FileFormatError for what is no model, or has two weights of one name; ValueError without bytes
 * @see onnx.proto, TensorProto
 * @example openOnnx(bytes).tensor("conv1.weight").shape
 */
export function openOnnx(bytes: Uint8Array): OnnxFile {
  const caller = "openOnnx";
  if (!(bytes instanceof Uint8Array)) throw new DtypeError(`${caller}: ${typeof bytes}, expected a Uint8Array`);
  const found = new Map<string, OnnxInitializer>();
  for (const one of readInitializers(caller, bytes)) {
    if (found.has(one.name)) {
      throw new FileFormatError(`${caller}: two weights ${JSON.stringify(one.name)}, expected one`, one.at);
    }
    found.set(one.name, one);
  }
  const entry = (name: string): OnnxInitializer => {
    const one = found.get(name);
    if (one) return one;
    const names = [...found.keys()].slice(0, 5).join(", ").slice(0, 300);
    throw new ValueError(`${caller}: no weight ${JSON.stringify(name)}, expected one of ${names} …`);
  };
  const tensors = new Map<string, OnnxEntry>();
  for (const [name, one] of found) {
    tensors.set(name, entryOf(caller, one));
  }
  const file: OnnxFile = {
    tensors,
    [displaySymbol]: () => tensorTable(file)[displaySymbol](),
    codes: (name) => codesOf(caller, bytes, entry(name)),
    tensor: (name) => {
      const one = entry(name);
      const { format } = typeOf(caller, one);
      return format ? (decode(format, codesOf(caller, bytes, one)) as Tensor) : plainOf(caller, bytes, one);
    },
  };
  return file;
}

function entryOf(caller: string, one: OnnxInitializer): OnnxEntry {
  const fields = Object.values(values).flatMap((number) => one.fields.get(number) ?? []);
  const bytes = fields.reduce((total, { from, to }) => total + to - from, 0);
  return { dtype: typeOf(caller, one).name, shape: one.shape, external: one.external, bytes };
}

function typeOf(caller: string, { name, type, at }: OnnxInitializer): OnnxType {
  const found = types[type];
  if (found) return found;
  throw new FileFormatError(`${caller}: ${name} of data type ${type}, expected 1..${types.length - 1}`, at);
}

/** Returns the bytes of `raw_data`, or undefined when the values are in a field of numbers. */
function rawOf(caller: string, bytes: Uint8Array, one: OnnxInitializer): Uint8Array | undefined {
  if (one.external) {
    throw new FileFormatError(`${caller}: ${one.name} is in another file, expected its values in this one`, one.at);
  }
  const raw = one.fields.get(values.raw)?.at(-1);
  if (raw === undefined) return undefined;
  if (raw.wire !== 2) throw new FileFormatError(`${caller}: ${one.name}: raw_data of wire type ${raw.wire}`, raw.from);
  return bytes.subarray(raw.from, raw.to);
}

/** The number of elements, after checking that `available` are there. */
function countOf(caller: string, { name, shape, at }: OnnxInitializer, available: number): number {
  const count = shape.includes(0) ? 0 : shape.reduce((size, side) => size * side, 1);
  if (count !== available) {
    throw new FileFormatError(
      `${caller}: ${name}: ${available} values, expected ${count} of [${shape.join(", ")}]`,
      at,
    );
  }
  return count;
}

function plainOf(caller: string, bytes: Uint8Array, one: OnnxInitializer): Tensor {
  const type = typeOf(caller, one);
  const { dtype, bits } = type;
  if (dtype === undefined) throw new DtypeError(`${caller}: ${one.name} of ${type.name}, which is not read`);
  const label = `${caller}: ${one.name}`;
  const raw = rawOf(caller, bytes, one) ?? rawOfFixed(label, bytes, one, type.name);
  if (raw === undefined) return { data: listed(caller, bytes, one, type), shape: [...one.shape], dtype } as Tensor;
  countOf(caller, one, (8 * raw.length) / bits);
  const coded = type.name === "int64" ? "integers" : type.name === "uint64" ? "unsigned integers" : undefined;
  const layout: NpyLayout = { dtype, width: bits / 8, bigEndian: false, coded };
  const offset = raw.buffer === bytes.buffer ? raw.byteOffset - bytes.byteOffset : one.at;
  const data = valuesOf(label, copyOf(raw, 0, raw.length), offset, layout);
  return { data, shape: [...one.shape], dtype } as Tensor;
}

/** `float_data` and `double_data` hold what `raw_data` would. */
function rawOfFixed(label: string, bytes: Uint8Array, one: OnnxInitializer, type: string): Uint8Array | undefined {
  if (type !== "float" && type !== "double") return undefined;
  return fixed(readerOf(label, bytes), one.fields.get(values[type]) ?? [], type === "float" ? 4 : 8);
}

const readerOf = (caller: string, bytes: Uint8Array): WireReader => ({ caller, bytes, at: 0, end: bytes.length });

/** Values that stand as varints. @throws FileFormatError for one that the dtype cannot hold */
function listed(caller: string, bytes: Uint8Array, one: OnnxInitializer, { name, dtype }: OnnxType): TensorData {
  const field = name === "int64" ? values.int64 : /^uint(?:32|64)$/.test(name) ? values.uint64 : values.int32;
  const read = field === values.uint64 ? unsigned : signed;
  const numbers = repeated(readerOf(`${caller}: ${one.name}`, bytes), one.fields.get(field) ?? [], read);
  const data = allocate(dtype as Dtype, countOf(caller, one, numbers.length));
  data.set(numbers);
  const wrong = numbers.findIndex((number, i) => data[i] !== number || (dtype === "bool" && number > 1));
  if (wrong >= 0) {
    throw new FileFormatError(
      `${caller}: ${one.name}: ${numbers[wrong]} at position ${wrong}, expected ${name}`,
      one.at,
    );
  }
  return data;
}

function codesOf(caller: string, bytes: Uint8Array, one: OnnxInitializer): CodeTensor {
  const { format, bits, name } = typeOf(caller, one);
  if (format === undefined) throw new DtypeError(`${caller}: ${one.name} of ${name}, expected a narrow format`);
  const raw = rawOf(caller, bytes, one) ?? listedCodes(`${caller}: ${one.name}`, bytes, one, bits);
  const shape = [...one.shape];
  if (bits < 8) {
    const perByte = 8 / bits;
    const count = shape.includes(0) ? 0 : shape.reduce((size, side) => size * side, 1);
    if (Math.ceil(count / perByte) !== raw.length) countOf(caller, one, raw.length * perByte);
    return unpackCodes(format, { data: raw, shape: [raw.length], dtype: "uint8" }, shape);
  }
  const dtype = bits === 8 ? "uint8" : "uint16";
  countOf(caller, one, (8 * raw.length) / bits);
  const data = allocate(dtype, (8 * raw.length) / bits);
  new Uint8Array(data.buffer).set(raw);
  return { data, shape, dtype };
}

/** Codes in `int32_data`: one to a number, or as many as a byte holds. */
function listedCodes(label: string, bytes: Uint8Array, one: OnnxInitializer, bits: number): Uint8Array {
  const numbers = repeated(readerOf(label, bytes), one.fields.get(values.int32) ?? [], signed);
  const width = bits === 16 ? 2 : 1;
  const most = 256 ** width - 1;
  const wrong = numbers.findIndex((number) => number < 0 || number > most);
  if (wrong >= 0) {
    throw new FileFormatError(`${label}: ${numbers[wrong]} at position ${wrong}, expected 0..${most}`, one.at);
  }
  return Uint8Array.from(numbers.flatMap((number) => (width === 1 ? [number] : [number & 255, number >> 8])));
}
