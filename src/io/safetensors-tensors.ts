import { decode } from "../dtypes/decode.js";
import type { FloatFormat } from "../dtypes/format.js";
import {
  bfloat16,
  float4_e2m1fn,
  float8_e4m3fn,
  float8_e4m3fnuz,
  float8_e5m2,
  float8_e5m2fnuz,
  float8_e8m0fnu,
  float16,
} from "../dtypes/formats.js";
import { unpackCodes } from "../dtypes/pack-codes.js";
import type { CodeTensor } from "../dtypes/tensors.js";
import { DtypeError, ValueError } from "../errors.js";
import { dataOver } from "../tensor/data.js";
import { sizeOf } from "../tensor/shape.js";
import type { Dtype, Tensor } from "../tensor/types.js";
import { type NpyLayout, valuesOf } from "./npy-values.js";
import { type SafetensorsDtype, type SafetensorsEntry, safetensorsBits } from "./safetensors-header.js";

/** Returns the bytes of a file from `begin` to `end`, in memory of their own. */
export type ReadBytes = (begin: number, end: number) => Uint8Array;

/** What gives the tensors of a file. */
export interface TensorReader {
  /**
   * Returns a tensor. BOOL, integers of up to 32 bits, F32 and F64 keep their dtype; F16, BF16, the F8 and F4 become
   * float32, exactly; I64 and U64 become float64, if all values are below 2^53.
   * @throws ValueError for a name that is not there; FileFormatError for a value that cannot be kept; DtypeError for C64
   *   and F6, which are not read
   */
  tensor(name: string): Tensor;
  /**
   * Returns the elements `from` .. `to` - 1 of a tensor, row-major, as `tensor` would: nothing else of it is read.
   * @returns shape [to - from]
   * @throws ValueError for places outside it, and as `tensor`
   */
  part(name: string, from: number, to: number): Tensor;
  /** Returns the codes of a tensor of F16, BF16, F8 or F4, one per element. @throws DtypeError for another dtype */
  codes(name: string): CodeTensor;
}

const plain: Readonly<Partial<Record<SafetensorsDtype, Dtype>>> = {
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

/** The number formats of the dtypes that hold codes. */
export const codedFormats: Readonly<Partial<Record<SafetensorsDtype, FloatFormat>>> = {
  F16: float16,
  BF16: bfloat16,
  F8_E4M3: float8_e4m3fn,
  F8_E5M2: float8_e5m2,
  F8_E8M0: float8_e8m0fnu,
  F8_E4M3FNUZ: float8_e4m3fnuz,
  F8_E5M2FNUZ: float8_e5m2fnuz,
  F4: float4_e2m1fn,
};

/** Returns the reader of the tensors that a header lists. */
export function tensorReader(
  caller: string,
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  read: ReadBytes,
): TensorReader {
  const entry = (name: string): SafetensorsEntry => tensors.get(name) ?? missing(caller, name, tensors);
  const codes = (name: string): CodeTensor => {
    const found = entry(name);
    const flat = codesOf(`${caller}: ${name}`, read, found, 0, sizeOf(found.shape));
    return { ...flat, shape: [...found.shape] } as CodeTensor;
  };
  const part = (name: string, from: number, to: number): Tensor => {
    const found = entry(name);
    const count = sizeOf(found.shape);
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > count) {
      throw new ValueError(`${caller}: ${name}: elements ${from} .. ${to}, expected places within 0..${count}`);
    }
    const format = codedFormats[found.dtype];
    const label = `${caller}: ${name}`;
    return format ? decode(format, codesOf(label, read, found, from, to)) : plainOf(label, read, found, from, to);
  };
  return {
    codes,
    part,
    tensor: (name) => {
      const { shape } = entry(name);
      return { ...part(name, 0, sizeOf(shape)), shape: [...shape] };
    },
  };
}

/** Throws the error for a name that is not there. */
export function missing(caller: string, name: string, tensors: ReadonlyMap<string, unknown>): never {
  const names = [...tensors.keys()].slice(0, 5).join(", ").slice(0, 300);
  throw new ValueError(`${caller}: no tensor ${JSON.stringify(name)}, expected one of ${names} …`);
}

function plainOf(
  caller: string,
  read: ReadBytes,
  { dtype, begin }: SafetensorsEntry,
  from: number,
  to: number,
): Tensor {
  const kept = dtype === "I64" || dtype === "U64" ? "float64" : plain[dtype];
  if (kept === undefined) throw new DtypeError(`${caller}: dtype ${dtype}, which is not read`);
  const coded = dtype === "I64" ? "integers" : dtype === "U64" ? "unsigned integers" : undefined;
  const width = safetensorsBits[dtype] / 8;
  const layout: NpyLayout = { dtype: kept, width, bigEndian: false, coded };
  const start = begin + from * width;
  const data = valuesOf(caller, read(start, begin + to * width), start, layout);
  return { data, shape: [to - from], dtype: kept } as Tensor;
}

function codesOf(
  caller: string,
  read: ReadBytes,
  { dtype, begin }: SafetensorsEntry,
  from: number,
  to: number,
): CodeTensor {
  const format = codedFormats[dtype];
  if (format === undefined) {
    const expected = Object.keys(codedFormats).join(", ");
    throw new DtypeError(`${caller}: dtype ${dtype}, expected one of ${expected}`);
  }
  const perByte = 8 / format.bits;
  const bytes = read(begin + Math.floor(from / perByte), begin + Math.ceil(to / perByte));
  if (format.bits === 4) {
    const odd = from % 2;
    const both = unpackCodes(format, { data: bytes, shape: [bytes.length], dtype: "uint8" }, [to - from + odd]);
    return odd === 0 ? both : { data: both.data.slice(1), shape: [to - from], dtype: "uint8" };
  }
  if (format.bits === 8) return { data: bytes, shape: [to - from], dtype: "uint8" };
  return { data: dataOver("uint16", bytes.buffer), shape: [to - from], dtype: "uint16" };
}
