/** `.safetensors` files, good ones and ones that lie. */
import { openSafetensors, tensorTable } from "../../../src/io/index.js";
import type { Dice } from "../fuzz/dice.js";
import type { FuzzedFormat, Got, Known, MadeFile } from "./campaign.js";
import { awkward, bytesOf, damaged, joined, type KindName, shapeOf, sizeOf, valuesOf } from "./values.js";

const dtypes: Readonly<Record<string, KindName>> = {
  BOOL: "bool",
  U8: "uint8",
  I8: "int8",
  U16: "uint16",
  I16: "int16",
  U32: "uint32",
  I32: "int32",
  U64: "uint64",
  I64: "int64",
  F16: "float16",
  BF16: "bfloat16",
  F8_E5M2: "float8_e5m2",
  F32: "float32",
  F64: "float64",
};
const names = Object.keys(dtypes);

/** An entry of the header as the texts of its fields. */
type Fields = Record<string, string>;

const others = ["null", "{}", "[]", '"1"', "-1", "1.5", "1e999", "1e3", "true", "[[1]]", "[null]", "{", '"', "NaN", ""];
const otherNames = ["__proto__", "constructor", "__metadata__", "a\\u0000b", "\\ud800", "a", "", "\\/"];

/** Lies about one entry. @returns whether no reader may believe it */
function lie(dice: Dice, entry: Fields, shape: readonly number[]): boolean {
  const kind = dice.below(7);
  if (kind === 0) {
    const other = shape.map((side) => side + dice.below(3));
    entry.shape = JSON.stringify(dice.once(2) ? other : [...shape, dice.pick(awkward)]);
    return sizeOf(JSON.parse(entry.shape) as number[]) !== sizeOf(shape);
  }
  if (kind === 1) {
    entry.dtype = JSON.stringify(
      dice.pick([
        "F31",
        "f32",
        "toString",
        "C64",
        "F6_E2M3",
        "F4",
        "F8_E4M3",
        "F8_E8M0",
        "F8_E4M3FNUZ",
        "__proto__",
        "",
      ]),
    );
    return /F31|f32|toString|proto|""/.test(entry.dtype);
  }
  if (kind === 2) {
    const [from = 0, to = 0] = JSON.parse(entry.data_offsets as string) as number[];
    const moved = dice.once(2) ? [from + 1, to + 1] : [dice.pick(awkward), dice.pick(awkward)];
    entry.data_offsets = JSON.stringify(moved);
    // One without values may lie wherever another ends.
    return from !== to && (moved[0] !== from || moved[1] !== to);
  }
  if (kind === 3) delete entry[dice.pick(Object.keys(entry))];
  else if (kind === 4) entry[dice.pick(["x", "__proto__", "data", "Dtype"])] = dice.pick(others);
  else if (kind === 5) entry[dice.pick(Object.keys(entry))] = dice.pick(others.filter((one) => one !== "[]"));
  else entry.dtype += `, ${JSON.stringify(dice.pick(Object.keys(entry)))}: 1`;
  return true;
}

function headerOf(dice: Dice, entries: readonly (readonly [string, Fields])[], metadata: string | undefined): string {
  const space = dice.once(4) ? dice.pick([" ", "\n\t", "  "]) : "";
  const texts = entries.map(([name, fields]) => {
    const inner = Object.entries(fields).map(([key, value]) => `"${key}":${space}${value}`);
    return `"${name}":{${inner.join(`,${space}`)}}`;
  });
  if (metadata !== undefined) texts.splice(dice.below(texts.length + 1), 0, `"__metadata__"${space}:${metadata}`);
  return `{${texts.join(`${space},`)}}${" ".repeat(dice.below(9))}`;
}

function make(dice: Dice): MadeFile {
  const known = new Map<string, Known>();
  const entries: [string, Fields][] = [];
  const values: Uint8Array[] = [];
  const what = dice.below(4);
  let owed: MadeFile["owed"] = what === 1 ? "either" : "read";
  let at = 0;
  const count = what > 1 ? 1 + dice.below(3) : dice.below(4);
  for (let i = 0; i < count; i++) {
    const dtype = dice.pick(names);
    const shape = shapeOf(dice);
    const bytes = bytesOf(dice, dtypes[dtype] as KindName, sizeOf(shape));
    const offsets = [at, at + bytes.length];
    const fields = Object.create(null) as Fields;
    fields.dtype = `"${dtype}"`;
    fields.shape = JSON.stringify(shape);
    fields.data_offsets = JSON.stringify(offsets);
    let name = `t${i}`;
    known.set(name, { shape, values: valuesOf(dtypes[dtype] as KindName, bytes) });
    if (what > 1 && i === 0) {
      if (dice.once(8)) [name, owed] = [dice.pick(otherNames), "either"];
      else owed = lie(dice, fields, shape) ? "error" : "either";
    }
    entries.push([name, fields]);
    values.push(bytes);
    at += bytes.length;
  }
  // The order in the header is free.
  if (dice.once(2)) entries.reverse();
  let metadata = dice.once(3) ? '{"format":"pt","é":"\\u00e9"}' : undefined;
  if (what > 1 && dice.once(12)) [metadata, owed] = [dice.pick(["[]", "3", '{"a":1}', '{"a":"b","a":"c"}']), "error"];
  const header = Buffer.from(headerOf(dice, entries, metadata));
  let length = header.length;
  if (what > 1 && dice.once(12)) {
    length = dice.pick(awkward);
    if (length > header.length + at) owed = "error";
    else if (owed === "read" && length !== header.length) owed = "either";
  }
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(length), true);
  const bytes = joined([size, header, ...values]);
  return { bytes: what === 1 ? damaged(dice, bytes, 8 + header.length) : bytes, owed, known };
}

export const safetensors: FuzzedFormat = {
  make,
  read(bytes) {
    const file = openSafetensors(bytes);
    // Never an error: what cannot be read says so.
    if ((bytes.at(-1) as number) % 16 === 0) tensorTable(file);
    const all = new Map<string, Got>();
    for (const name of file.tensors.keys()) all.set(name, file.tensor(name));
    return all;
  },
  // F4 to float32 by way of codes: half a byte becomes half, 1 and 4; and once more for the table.
  most: (length) => 2 * 11 * length,
};
