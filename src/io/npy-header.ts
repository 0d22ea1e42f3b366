import { FileFormatError } from "../errors.js";
import { LiteralError, type PythonLiteral, parseLiteral } from "./python-literal.js";

/** What the header of an `.npy` file says. */
export interface NpyHeader {
  /** NumPy's name of the dtype with its byte order, such as `<f4`. */
  readonly descr: string;
  /** Whether the first axis runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values begin, in bytes. */
  readonly dataOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** A header of a plain dtype has about a hundred bytes; version 2 is for the fields of others. */
const mostHeader = 65536;
/** As many axes as NumPy allows. */
const mostAxes = 64;

/**
 * Returns what the header of an `.npy` file says; the values are not looked at.
 * @throws FileFormatError for a wrong magic, version or header, naming the byte
 * @see NumPy, `numpy.lib.format`: versions 1.0, 2.0 and 3.0
 */
export function readNpyHeader(caller: string, bytes: Uint8Array): NpyHeader {
  const wrong = magic.findIndex((byte, i) => bytes[i] !== byte);
  if (wrong >= 0) throw new FileFormatError(`${caller}: no .npy file, expected \\x93NUMPY at its start`, wrong);
  const [major, minor] = [bytes[6], bytes[7]];
  if (minor !== 0 || (major !== 1 && major !== 2 && major !== 3)) {
    throw new FileFormatError(`${caller}: version ${major}.${minor}, expected 1.0, 2.0 or 3.0`, 6);
  }
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw new FileFormatError(`${caller}: the file ends within its header`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const most = Math.min(bytes.length - start, mostHeader);
  if (length > most) throw new FileFormatError(`${caller}: a header of ${length} bytes, expected at most ${most}`, 8);
  const text = String.fromCharCode(...bytes.subarray(start, start + length));
  return { ...fieldsOf(caller, parseAt(caller, text, start), start), dataOffset: start + length };
}

function parseAt(caller: string, text: string, start: number): PythonLiteral {
  try {
    return parseLiteral(text);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    throw new FileFormatError(`${caller}: header: ${error.message}`, start + error.at);
  }
}

function fieldsOf(caller: string, header: PythonLiteral, start: number): Omit<NpyHeader, "dataOffset"> {
  const fail = (arrived: string, expected: string): never => {
    throw new FileFormatError(`${caller}: header with ${arrived}, expected ${expected}`, start);
  };
  if (!(header instanceof Map)) return fail("no dictionary", "descr, fortran_order and shape");
  const keys = [...header.keys()].sort().join(", ");
  if (keys !== "descr, fortran_order, shape") fail(`the keys ${keys}`, "descr, fortran_order and shape");
  const [descr, fortranOrder, shape] = [header.get("descr"), header.get("fortran_order"), header.get("shape")];
  if (Array.isArray(descr)) return fail("a dtype of fields", "one of plain numbers");
  if (typeof descr !== "string") return fail(`descr ${String(descr)}`, "the name of a dtype");
  if (typeof fortranOrder !== "boolean") return fail(`fortran_order ${String(fortranOrder)}`, "True or False");
  if (!isShape(shape)) return fail(`shape ${JSON.stringify(shape)}`, `a tuple of at most ${mostAxes} sides below 2^53`);
  return { descr, fortranOrder, shape };
}

function isShape(shape: PythonLiteral | undefined): shape is readonly number[] {
  return Array.isArray(shape) && shape.length <= mostAxes && shape.every((side) => Number.isSafeInteger(side));
}
