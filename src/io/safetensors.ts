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
import { allocate } from "../tensor/data.js";
import { sizeOf } from "../tensor/shape.js";
import type { Dtype, Tensor } from "../tensor/types.js";
import { type NpyLayout, readValues } from "./npy-values.js";
import {
  readSafetensorsHeader,
  type SafetensorsDtype,
  type SafetensorsEntry,
  type SafetensorsHeader,
  safetensorsBits,
} from "./safetensors-header.js";

/** An opened `.safetensors` file: nothing is read of a tensor until it is asked for. */
export interface SafetensorsFile extends SafetensorsHeader {
  /**
   * Returns a tensor. BOOL, integers of up to 32 bits, F32 and F64 keep their dtype; F16, BF16, the F8 and F4 become
   * float32, exactly; I64 and U64 become float64, if all values are below 2^53.
   * @throws ValueError for a name that is not there; FileFormatError for a value that cannot be kept; DtypeError for C64
   *   and F6, which are not read
   */
  tensor(name: string): Tensor;
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

/**
 * Opens a `.safetensors` file: the header is read and checked, tensors when they are asked for.
 * @throws FileFormatError for a header that is none, or does not fit the file
 * @see https://github.com/huggingface/safetensors, Format
 * @example openSafetensors(bytes).tensor("wte.weight")
 */
export function openSafetensors(bytes: Uint8Array): SafetensorsFile {
  const header = readSafetensorsHeader(bytes);
  const entry = (name: string): SafetensorsEntry => {
    const found = header.tensors.get(name);
    if (found) return found;
    const names = [...header.tensors.keys()].slice(0, 5).join(", ");
    throw new ValueError(`openSafetensors: no tensor ${JSON.stringify(name)}, expected one of ${names} …`);
  };
  const codes = (name: string): CodeTensor => readCodes(bytes, name, entry(name));
  return {
    ...header,
    codes,
    tensor: (name) => {
      const found = entry(name);
      const format = codedFormats[found.dtype];
      return format ? decode(format, codes(name)) : readPlain(bytes, name, found);
    },
  };
}

function readPlain(bytes: Uint8Array, name: string, { dtype, shape, begin }: SafetensorsEntry): Tensor {
  const caller = `openSafetensors: ${name}`;
  const kept = dtype === "I64" || dtype === "U64" ? "float64" : plain[dtype];
  if (kept === undefined) throw new DtypeError(`${caller}: dtype ${dtype}, which is not read`);
  const coded = dtype === "I64" ? "integers" : dtype === "U64" ? "unsigned integers" : undefined;
  const layout: NpyLayout = { dtype: kept, width: safetensorsBits[dtype] / 8, bigEndian: false, coded };
  const data = readValues(caller, bytes, begin, sizeOf(shape), layout);
  return { data, shape: [...shape], dtype: kept } as Tensor;
}

function readCodes(bytes: Uint8Array, name: string, { dtype, shape, begin, end }: SafetensorsEntry): CodeTensor {
  const format = codedFormats[dtype];
  if (format === undefined) {
    const expected = Object.keys(codedFormats).join(", ");
    throw new DtypeError(`openSafetensors: ${name}: dtype ${dtype}, expected one of ${expected}`);
  }
  const part = bytes.slice(begin, end);
  if (format.bits === 4) return unpackCodes(format, { data: part, shape: [part.length], dtype: "uint8" }, shape);
  if (format.bits === 8) return { data: part, shape: [...shape], dtype: "uint8" };
  const data = allocate("uint16", part.length / 2);
  new Uint8Array(data.buffer).set(part);
  return { data, shape: [...shape], dtype: "uint16" };
}
