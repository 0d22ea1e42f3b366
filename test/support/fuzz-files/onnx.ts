/** `.onnx` models, good ones and ones that lie. */
import { openOnnx, tensorTable } from "../../../src/io/index.js";
import type { Dice } from "../fuzz/dice.js";
import type { FuzzedFormat, Got, Known, MadeFile } from "./campaign.js";
import { awkward, bytesOf, damaged, joined, type KindName, shapeOf, sizeOf, valuesOf } from "./values.js";

/** The number of the data type, and the field in which values may stand as numbers. */
const types: Readonly<Record<KindName, readonly [type: number, field: number]>> = {
  float32: [1, 4],
  uint8: [2, 5],
  int8: [3, 5],
  uint16: [4, 5],
  int16: [5, 5],
  int32: [6, 5],
  int64: [7, 7],
  bool: [9, 5],
  float16: [10, 5],
  float64: [11, 10],
  uint32: [12, 11],
  uint64: [13, 11],
  bfloat16: [16, 5],
  float8_e5m2: [19, 5],
};
const names = Object.keys(types) as readonly KindName[];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

const tag = (field: number, wire: number): number[] => varint(8 * field + wire);
const number = (field: number, value: number): number[] => [...tag(field, 0), ...varint(value)];
/** A field of bytes; `says` is the length that is told. */
const piece = (field: number, bytes: Uint8Array | readonly number[], says: number = bytes.length): Uint8Array =>
  joined([tag(field, 2), varint(says), bytes]);

const repeatedNumbers = (dice: Dice, field: number, values: readonly number[]): Uint8Array =>
  dice.once(2) ? piece(field, values.flatMap(varint)) : joined(values.map((value) => number(field, value)));

/** The values of a tensor: raw, or in a field of numbers. */
function valuesField(dice: Dice, kind: KindName, bytes: Uint8Array, values: readonly number[]): Uint8Array {
  const [, field] = types[kind];
  if (dice.once(2)) return piece(9, bytes);
  if (field === 4 || field === 10) {
    const width = field === 4 ? 4 : 8;
    if (dice.once(2)) return piece(field, bytes);
    return joined(
      values.flatMap((_, i) => [tag(field, field === 4 ? 5 : 1), bytes.subarray(width * i, width * (i + 1))]),
    );
  }
  const codes = kind === "float16" || kind === "bfloat16" ? new Uint16Array(bytes.slice().buffer) : bytes;
  return repeatedNumbers(dice, field, /float/.test(kind) ? Array.from(codes) : values);
}

/** The fields of a tensor, each of which can be made to lie. */
interface Parts {
  dims: Uint8Array;
  type: Uint8Array;
  name: Uint8Array;
  values: Uint8Array;
  more: Uint8Array;
}

const none = new Uint8Array(0);

/** Lies about one tensor. @returns whether no reader may believe it */
function lie(dice: Dice, parts: Parts, shape: readonly number[], kind: KindName): boolean {
  const what = dice.below(8);
  if (what === 0) {
    const other = dice.once(2) ? [...shape, dice.pick(awkward)] : shape.map((side) => side + dice.pick(awkward));
    parts.dims = repeatedNumbers(dice, 1, other);
    return sizeOf(other) !== sizeOf(shape) || other.some((side) => !Number.isSafeInteger(side));
  }
  if (what === 1) {
    // Narrow formats, of which the values may happen to be right; and what is not read, or no type at all.
    const narrow = dice.once(2);
    const wrong = dice.pick(
      narrow ? [17, 18, 20, 21, 22, 23, 24, 25, 26] : [0, 8, 14, 15, 27, 28, 29, 99, -1, 2 ** 40],
    );
    parts.type = Uint8Array.from(number(2, wrong));
    return !narrow;
  }
  if (what === 2) {
    parts.more = joined([number(14, 1), piece(13, piece(1, Buffer.from("location")))]);
    return true;
  }
  if (what === 3) {
    parts.dims = joined([piece(1, none), number(1, dice.pick([-1, -(2 ** 40)])), parts.dims]);
    return true;
  }
  if (what === 4) {
    parts.values = none;
    return sizeOf(shape) > 0;
  }
  if (what === 5) {
    parts.more = joined([piece(3, none), parts.more]);
    return true;
  }
  if (what === 6) {
    parts.values = joined([tag(9, dice.below(8)), dice.bytes(dice.below(12))]);
    return false;
  }
  const more = kind === "bool" ? 2 : 2 ** 32;
  parts.values = /^(?:u?int(?:8|16|32)|bool)$/.test(kind) ? joined([parts.values, number(types[kind][1], more)]) : none;
  return false;
}

/** Fields that a reader passes over. */
const unknown = (dice: Dice): Uint8Array =>
  joined([
    number(1 + 76, dice.below(1000)),
    piece(300, dice.bytes(dice.below(9))),
    [...tag(20, 5), 1, 2, 3, 4],
    [...tag(21, 1), 1, 2, 3, 4, 5, 6, 7, 8],
  ]);

function make(dice: Dice): MadeFile {
  const known = new Map<string, Known>();
  const tensors: Uint8Array[] = [];
  const what = dice.below(4);
  let owed: MadeFile["owed"] = what === 1 ? "either" : "read";
  const count = what > 1 ? 1 + dice.below(3) : dice.below(4);
  for (let i = 0; i < count; i++) {
    const kind = dice.pick(names);
    const shape = shapeOf(dice);
    const bytes = bytesOf(dice, kind, sizeOf(shape));
    const values = valuesOf(kind, bytes);
    known.set(`w${i}`, { shape, values });
    const parts: Parts = {
      dims: repeatedNumbers(dice, 1, shape),
      type: Uint8Array.from(number(2, types[kind][0])),
      name: piece(8, Buffer.from(what > 1 && dice.once(20) ? "w" : `w${i}`)),
      values: valuesField(dice, kind, bytes, values),
      more: dice.once(3) ? unknown(dice) : none,
    };
    if (what > 1 && i === 0) owed = lie(dice, parts, shape, kind) ? "error" : "either";
    const all = Object.values(parts) as Uint8Array[];
    if (dice.once(3)) all.reverse();
    const body = joined(all);
    const says = what > 1 && dice.once(15) ? dice.pick(awkward) : body.length;
    if (says !== body.length && owed !== "error") owed = "either";
    // A tensor cut by its own length may be another one that is right.
    if (says < body.length) owed = "either";
    tensors.push(piece(5, body, says));
  }
  const graph = piece(7, joined([...tensors, dice.once(3) ? unknown(dice) : none]));
  const bytes = joined([number(1, 9), piece(2, Buffer.from("fuzz")), graph]);
  return { bytes: what === 1 ? damaged(dice, bytes) : bytes, owed, known };
}

export const onnx: FuzzedFormat = {
  make,
  read(bytes) {
    const file = openOnnx(bytes);
    if ((bytes.at(-1) as number) % 16 === 0) tensorTable(file);
    const all = new Map<string, Got>();
    for (const name of file.tensors.keys()) all.set(name, file.tensor(name));
    return all;
  },
  // Codes of 2 bits, four to a byte, become 4 bytes and then 16; a number takes a byte and becomes 8; twice for the table.
  most: (length) => 2 * 22 * length,
};
