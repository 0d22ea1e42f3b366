/** `.npy` files, good ones and ones that lie. */
import { readNpy } from "../../../src/io/index.js";
import type { Dice } from "../fuzz/dice.js";
import type { FuzzedFormat, MadeFile } from "./campaign.js";
import { awkward, bytesOf, damaged, joined, type KindName, kinds, shapeOf, sizeOf, valuesOf } from "./values.js";

const descrs: Readonly<Partial<Record<KindName, string>>> = {
  bool: "b1",
  int8: "i1",
  uint8: "u1",
  int16: "i2",
  uint16: "u2",
  int32: "i4",
  uint32: "u4",
  int64: "i8",
  uint64: "u8",
  float16: "f2",
  float32: "f4",
  float64: "f8",
};
const names = Object.keys(descrs) as readonly KindName[];

/** The fields of a file, each of which can be made to lie. */
interface Parts {
  version: number;
  minor: number;
  header: string;
  /** What the file says is the length of its header; undefined: the truth. */
  length: number | undefined;
  values: Uint8Array;
}

export function npyFile({ version, minor, header, length, values }: Parts): Uint8Array {
  const says = length ?? header.length;
  const size = version === 1 ? [says & 255, (says >> 8) & 255] : [0, 8, 16, 24].map((shift) => (says >>> shift) & 255);
  const text = Uint8Array.from(header, (character) => character.charCodeAt(0));
  return joined([[0x93, 78, 85, 77, 80, 89, version, minor, ...size], text, values]);
}

/** Row-major values in the order of a file whose first axis runs fastest. */
function columns(bytes: Uint8Array, width: number, shape: readonly number[]): Uint8Array {
  const moved = new Uint8Array(bytes.length);
  const index = shape.map(() => 0);
  for (let from = 0; from < bytes.length; from += width) {
    let [to, step] = [0, width];
    for (let axis = 0; axis < shape.length; axis++) {
      to += step * (index[axis] as number);
      step *= shape[axis] as number;
    }
    moved.set(bytes.subarray(from, from + width), to);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = ((index[axis] as number) + 1) % (shape[axis] as number);
      if (index[axis] !== 0) break;
    }
  }
  return moved;
}

const tupleOf = (shape: readonly number[]): string => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
const wrongDescrs = [
  "|O",
  "|O8",
  "<U4",
  "|S3",
  "<c8",
  "<f16",
  "=f4",
  "|f4",
  ">M8[ns]",
  "|V8",
  "f4f4",
  "",
  "<f0",
  "<i3",
];

/** Lies about one thing. @returns whether no reader may believe it */
function lie(dice: Dice, parts: Parts, shape: readonly number[], fields: Record<string, string>): boolean {
  const rewrite = (): void => {
    parts.header = `{${Object.entries(fields)
      .map(([key, value]) => `'${key}': ${value}`)
      .join(", ")}}\n`;
  };
  const kind = dice.below(9);
  if (kind === 0) {
    const other = dice.once(2) ? [...shape, dice.pick(awkward)] : shape.map((side) => side + dice.pick(awkward));
    fields.shape = tupleOf(other);
    rewrite();
    return sizeOf(other) !== sizeOf(shape) || other.some((side) => !Number.isSafeInteger(side));
  }
  if (kind === 1) {
    fields.descr = `'${dice.pick(wrongDescrs)}'`;
    rewrite();
    return true;
  }
  if (kind === 2) {
    delete fields[dice.pick(Object.keys(fields))];
    rewrite();
    return true;
  }
  if (kind === 3) {
    const key = dice.pick(["x", "__proto__", "shape ", "descr"]);
    parts.header = parts.header.replace("}", `, '${key}': 1}`);
    return true;
  }
  if (kind === 4) {
    parts.values =
      dice.once(2) && parts.values.length > 0
        ? parts.values.slice(1)
        : joined([parts.values, dice.bytes(1 + dice.below(20))]);
    return true;
  }
  if (kind === 5) {
    parts.length = dice.pick(awkward) % 2 ** (parts.version === 1 ? 16 : 32);
    return parts.length > parts.header.length + parts.values.length;
  }
  if (kind === 6) {
    [parts.version, parts.minor] = [dice.below(6), dice.below(3)];
    return parts.minor > 0 || parts.version === 0 || parts.version > 3;
  }
  if (kind === 7) {
    const nested = dice.pick(["(", "[", "{", "{'a':", "(1,", "((((((("]).repeat(1 + dice.below(2000));
    parts.header = dice.once(2) ? nested : parts.header.replace("(", `(${nested}`);
    return true;
  }
  const at = dice.below(parts.header.length);
  const odd = dice.pick([
    "'",
    '"',
    "\\",
    "0",
    "9",
    "-",
    ".",
    "e",
    "L",
    " ",
    "\n",
    "\0",
    "\xff",
    "(",
    ")",
    "{",
    "}",
    ",",
  ]);
  parts.header = parts.header.slice(0, at) + odd + parts.header.slice(at + dice.below(2));
  return false;
}

function make(dice: Dice): MadeFile {
  const kind = dice.pick(names);
  const shape = shapeOf(dice);
  const bytes = bytesOf(dice, kind, sizeOf(shape));
  const { width } = kinds[kind];
  const [big, fortran] = [dice.once(3) && width > 1, dice.once(3)];
  let values = fortran ? columns(bytes, width, shape) : bytes;
  if (big) values = Uint8Array.from(values, (_, i) => values[i - (i % width) + width - 1 - (i % width)] as number);
  const order = width === 1 ? "|" : big ? ">" : "<";
  const fields: Record<string, string> = {
    descr: `'${order}${descrs[kind]}'`,
    fortran_order: fortran ? "True" : "False",
    shape: tupleOf(shape),
  };
  const header = `{'descr': ${fields.descr}, 'fortran_order': ${fields.fortran_order}, 'shape': ${fields.shape}, }`;
  const parts: Parts = { version: 1 + dice.below(3), minor: 0, header: `${header}   \n`, length: undefined, values };
  const known = new Map([["", { shape, values: valuesOf(kind, bytes) }]]);
  const what = dice.below(4);
  if (what === 0) return { bytes: npyFile(parts), owed: "read", known };
  if (what === 1) return { bytes: damaged(dice, npyFile(parts), 12 + header.length), owed: "either", known };
  const certain = lie(dice, parts, shape, fields);
  return { bytes: npyFile(parts), owed: certain ? "error" : "either", known };
}

export const npy: FuzzedFormat = {
  make,
  read: (bytes) => new Map([["", readNpy(bytes)]]),
  // The copy of the values, float16 as float32, and once more with its axes turned.
  most: (length) => 5 * length,
};
