/** `.npz` files, good ones and ones that lie. */
import { deflateSync } from "fflate";
import { crc32 } from "../../../src/coding/crc32.js";
import { readNpz } from "../../../src/io/index.js";
import { createDice, type Dice } from "../fuzz/dice.js";
import type { FuzzedFormat, Known, MadeFile } from "./campaign.js";
import { npy, npyFile } from "./npy.js";
import { awkward, damaged, joined } from "./values.js";

/** A file to be archived: packing it takes longer than all the rest, so there are 500 of them. */
interface Piece {
  readonly plain: Uint8Array;
  readonly deflated: Uint8Array;
  readonly crc: number;
  readonly known: Known | undefined;
}

const pieces: readonly Piece[] = Array.from({ length: 500 }, (_, i) => {
  if (i % 5 === 0) return pieceOf(zeros(i), { shape: [i], values: new Array<number>(i).fill(0) });
  const dice = createDice(i);
  let made = npy.make(dice);
  // One in ten lies within.
  while (made.owed !== "read" && i % 10 !== 1) made = npy.make(dice);
  return pieceOf(made.bytes, made.owed === "read" ? made.known.get("") : undefined);
});

function pieceOf(plain: Uint8Array, known: Known | undefined): Piece {
  return { plain, deflated: deflateSync(plain), crc: crc32(plain), known };
}

/** An array that becomes much shorter when it is packed. */
function zeros(count: number): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count},), }\n`;
  return npyFile({ version: 1, minor: 0, length: undefined, values: new Uint8Array(4 * count), header });
}

/** The numbers of an entry, of which each stands in the archive and may lie there. */
interface Entry {
  name: Uint8Array;
  localName: Uint8Array;
  data: Uint8Array;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
  extra: Uint8Array;
}

const two = (value: number): number[] => [value & 255, (value >>> 8) & 255];
const four = (value: number): number[] => [...two(value), ...two(value >>> 16)];
const eight = (value: number): number[] => [...four(value % 2 ** 32), ...four(Math.floor(value / 2 ** 32))];
const head = ({ flags, method, crc, packed, size }: Entry): number[] => [
  ...two(20),
  ...two(flags),
  ...two(method),
  ...[0, 0, 0x21, 0],
  ...four(crc),
  ...four(packed),
  ...four(size),
];

function localOf(entry: Entry): Uint8Array {
  return joined([
    [0x50, 0x4b, 3, 4, ...head(entry), ...two(entry.localName.length), 0, 0],
    entry.localName,
    entry.data,
  ]);
}

function centralOf(entry: Entry): Uint8Array {
  const lengths = [...two(entry.name.length), ...two(entry.extra.length), 0, 0];
  const rest = [0, 0, 0, 0, 0, 0, 0, 0, ...four(entry.offset)];
  return joined([[0x50, 0x4b, 1, 2, 20, 0, ...head(entry), ...lengths, ...rest], entry.name, entry.extra]);
}

/** Puts sizes and place into a zip64 field. */
function enlarge(entry: Entry): void {
  entry.extra = Uint8Array.from([1, 0, 24, 0, ...eight(entry.size), ...eight(entry.packed), ...eight(entry.offset)]);
  entry.size = entry.packed = entry.offset = 0xffffffff;
}

/** Lies about one entry. @returns whether no reader may believe it */
function lie(dice: Dice, entry: Entry): boolean {
  const kind = dice.below(8);
  const wrong = (right: number, most = 2 ** 32): number => {
    const value = dice.once(2) ? dice.pick(awkward) % most : Math.max(0, right + dice.below(9) - 4);
    return value === right ? right + 1 : value;
  };
  if (kind === 0) entry.crc = (entry.crc ^ (1 << dice.below(32))) >>> 0;
  else if (kind === 1) entry.size = wrong(entry.size);
  else if (kind === 2) entry.flags |= 1;
  else if (kind === 3) entry.method = dice.pick([1, 9, 12, 14, 93, 99]);
  else if (kind === 4) entry.packed = wrong(entry.packed);
  else if (kind === 5) entry.offset = wrong(entry.offset);
  else if (kind === 6)
    entry.extra = joined([two(dice.pick([0, 1, 5])), two(dice.pick(awkward) % 65536), dice.bytes(dice.below(30))]);
  else
    entry.name = Uint8Array.from(
      dice.pick(["../../a.npy", "/a.npy", "a.pkl", "a.npy\0", "", "\xff.npy", "..npy"]),
      (c) => c.charCodeAt(0),
    );
  // What is packed may end sooner than the entry says, and a place without a mark is refused only when it is looked at.
  return kind < 4 && !(kind === 3 && entry.data.length === 0);
}

function make(dice: Dice): MadeFile {
  const known = new Map<string, Known>();
  const what = dice.below(4);
  let owed: MadeFile["owed"] = what === 1 ? "either" : "read";
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  let at = dice.once(8) ? 7 : 0;
  const start = dice.bytes(at);
  for (let i = 1 + dice.below(3); i > 0; i--) {
    const piece = dice.pick(pieces);
    const method = dice.pick([0, 8]);
    const data = method === 0 ? piece.plain : piece.deflated;
    const name = Uint8Array.from(Buffer.from(`é ${i}.npy`));
    const size = piece.plain.length;
    const entry = {
      name,
      localName: name,
      data,
      flags: 0,
      method,
      crc: piece.crc,
      packed: data.length,
      size,
      offset: at,
      extra: start,
    };
    const local = localOf(entry);
    if (dice.once(6)) enlarge(entry);
    else if (what > 1 && i === 1) owed = lie(dice, entry) ? "error" : "either";
    if (piece.known) known.set(`é ${i}`, piece.known);
    else if (owed === "read") owed = "either";
    locals.push(local);
    centrals.push(centralOf(entry));
    at += local.length;
  }
  const directory = joined(centrals);
  const counts = what > 1 && dice.once(9) ? dice.pick(awkward) % 65536 : centrals.length;
  if (counts !== centrals.length) owed = "error";
  const comment = dice.once(6) ? dice.bytes(dice.below(40)) : new Uint8Array(0);
  const end = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...two(counts), ...two(counts), ...four(directory.length), ...four(at)];
  const bytes = joined([start, ...locals, directory, end, two(comment.length), comment]);
  if (what !== 1) return { bytes, owed, known };
  // Half of the damage is done to the directory.
  return {
    bytes: dice.once(2) ? damaged(dice, bytes) : joined([bytes.subarray(0, at), damaged(dice, bytes.subarray(at))]),
    owed,
    known,
  };
}

const maxBytes = 2 ** 16;

export const npz: FuzzedFormat = {
  make,
  read: (bytes) => readNpz(bytes, { maxBytes }),
  // What is unpacked is `maxBytes` at the most, and each array is a copy of a part of it; fflate's own tables.
  most: (length) => 9 * (length + Math.min(maxBytes, 1032 * length)),
};
