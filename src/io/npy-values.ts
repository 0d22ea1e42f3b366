import { decode } from "../dtypes/decode.js";
import type { Format } from "../dtypes/format.js";
import { float16 } from "../dtypes/formats.js";
import { DtypeError, FileFormatError } from "../errors.js";
import { dataOver } from "../tensor/data.js";
import type { Dtype, TensorData } from "../tensor/types.js";

/** How the values of a NumPy dtype are read: what they become, and how wide each is in the file. */
export interface NpyLayout {
  readonly dtype: Dtype;
  /** Bytes of one value in the file. */
  readonly width: number;
  readonly bigEndian: boolean;
  /** `integers`: 64 bits, which become float64; a {@link Format}: codes, which become float32. */
  readonly coded?: "integers" | "unsigned integers" | Format;
}

const plain: Readonly<Record<string, Dtype>> = {
  b1: "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  f4: "float32",
  f8: "float64",
};

/**
 * Returns how a dtype is read.
 * @param format what the values of a dtype that NumPy does not know (`V1`, `V2`: bytes without a meaning) are codes of
 * @throws FileFormatError for a dtype that is no number, such as objects and texts; DtypeError when `format` is missing,
 *   or does not fit
 */
export function layoutOf(caller: string, descr: string, format: Format | undefined, offset: number): NpyLayout {
  if (/^[<>|=]?O/.test(descr)) {
    throw new FileFormatError(`${caller}: objects, which are pickled code, expected numbers`, offset);
  }
  const found = /^([<>|=]?)([a-zA-Z])(\d+)$/.exec(descr);
  const [order = "", letter = "", digits = ""] = found?.slice(1) ?? [];
  const width = Number(digits);
  const bigEndian = order === ">";
  if (order === "=" || (order === "|" && width > 1 && letter !== "V")) {
    throw new FileFormatError(`${caller}: dtype ${descr}, expected a byte order < or >`, offset);
  }
  if (format !== undefined) return { ...codesOf(caller, descr, letter, width, format), bigEndian };
  const name = `${letter}${width}`;
  const dtype = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (dtype !== undefined) return { dtype, width, bigEndian };
  if (name === "f2") return { dtype: "float32", width: 2, bigEndian, coded: float16 };
  if (name === "i8" || name === "u8") {
    return { dtype: "float64", width: 8, bigEndian, coded: name === "i8" ? "integers" : "unsigned integers" };
  }
  if (name === "V1" || name === "V2" || name === "f1") {
    throw new DtypeError(`${caller}: dtype ${descr} does not say what its values mean, expected the option format`);
  }
  throw new FileFormatError(`${caller}: dtype ${descr.slice(0, 20)}, expected bool, integers or floats`, offset);
}

function codesOf(
  caller: string,
  descr: string,
  letter: string,
  width: number,
  format: Format,
): Omit<NpyLayout, "bigEndian"> {
  const expected = format.bits <= 8 ? ["V1", "u1", "f1"] : ["V2", "u2"];
  if (!expected.includes(`${letter}${width}`)) {
    throw new DtypeError(`${caller}: dtype ${descr}, expected ${expected.join(" or ")} for codes of ${format.name}`);
  }
  return { dtype: "float32", width, coded: format };
}

/** Returns a copy of a part of the bytes, in memory of its own: `slice` of Node's Buffer would give a view. */
export function copyOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const part = new Uint8Array(to - from);
  part.set(bytes.subarray(from, to));
  return part;
}

/**
 * Returns the values that a part of a file holds.
 * @param part the bytes of all values, in memory of their own, which becomes the result's
 * @param offset where they begin in the file
 * @throws FileFormatError for what the result cannot hold exactly
 */
export function valuesOf(
  caller: string,
  part: Uint8Array,
  offset: number,
  { dtype, width, bigEndian, coded }: NpyLayout,
): TensorData {
  if (bigEndian && width > 1) reverse(part, width);
  if (coded === undefined) {
    if (dtype === "bool") checkBools(caller, part, offset);
    return dataOver(dtype, part.buffer);
  }
  if (typeof coded === "string") return wholeNumbers(caller, part, coded === "integers", offset);
  const dtypeOfCodes = coded.bits <= 8 ? "uint8" : "uint16";
  const codes = dataOver(dtypeOfCodes, part.buffer);
  checkCodes(caller, codes, coded, offset, width);
  return decode(coded, { data: codes, shape: [codes.length], dtype: dtypeOfCodes }).data;
}

/** Swaps the bytes of each value. */
function reverse(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const byte = bytes[low] as number;
      bytes[low] = bytes[high] as number;
      bytes[high] = byte;
    }
  }
}

function checkBools(caller: string, bytes: Uint8Array, offset: number): void {
  const wrong = bytes.findIndex((byte) => byte > 1);
  if (wrong >= 0) {
    throw new FileFormatError(`${caller}: a bool of ${bytes[wrong]}, expected 0 or 1`, offset + wrong);
  }
}

function checkCodes(caller: string, codes: TensorData, format: Format, offset: number, width: number): void {
  const wrong = codes.findIndex((code) => code >= 2 ** format.bits);
  if (wrong >= 0) {
    const most = 2 ** format.bits - 1;
    throw new FileFormatError(
      `${caller}: code ${codes[wrong]}, expected 0..${most} for ${format.name}`,
      offset + wrong * width,
    );
  }
}

function wholeNumbers(caller: string, bytes: Uint8Array, signed: boolean, offset: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float64Array(bytes.length / 8);
  for (let i = 0; i < data.length; i++) {
    const high = signed ? view.getInt32(8 * i + 4, true) : view.getUint32(8 * i + 4, true);
    const value = high * 4294967296 + view.getUint32(8 * i, true);
    if (!Number.isSafeInteger(value)) {
      throw new FileFormatError(`${caller}: an integer near ${value}, expected at most 2^53 - 1`, offset + 8 * i);
    }
    data[i] = value;
  }
  return data;
}
