/** Runs a reader over seeded files, most of which lie, and holds it to what it owes. */
import { LowbitError } from "../../../src/errors.js";
import { createDice, type Dice } from "../fuzz/dice.js";
import type { Allocations } from "./allocations.js";

/** One array as the maker of a file knows it: values as float64, row-major. */
export interface Known {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** A file, and what has to become of it: `read` as these arrays, an `error`, or `either`. */
export interface MadeFile {
  readonly bytes: Uint8Array;
  readonly owed: "read" | "error" | "either";
  readonly known: ReadonlyMap<string, Known>;
}

/** What a reader returned of one array. */
export interface Got {
  readonly data: ArrayLike<number> & { readonly byteLength: number };
  readonly shape: readonly number[];
}

/** A format under test. */
export interface FuzzedFormat {
  make(dice: Dice): MadeFile;
  /** Reads all that is in a file. @throws what the library throws */
  read(bytes: Uint8Array): ReadonlyMap<string, Got>;
  /** The most that may be allocated for a file of so many bytes, in all and at once. */
  most(length: number): number;
}

/** What a campaign saw. */
export interface Campaign {
  readonly read: number;
  readonly refused: number;
  /** The longest read, in milliseconds. */
  readonly slowest: number;
  /** The most bytes allocated for one byte of a file of at least 64. */
  readonly ratio: number;
}

/**
 * Makes and reads `count` files. @throws an error that names the round and holds the file, so that it can be made again
 * with `make(createDice(roundSeed))`
 */
export function fuzzFiles(format: FuzzedFormat, count: number, seed: number, memory: Allocations): Campaign {
  const seen = { read: 0, refused: 0, slowest: 0, ratio: 0 };
  for (let round = 0; round < count; round++) {
    const roundSeed = (Math.imul(seed, 0x9e3779b1) + round) >>> 0;
    const made = format.make(createDice(roundSeed));
    const problem = problemOf(format, made, memory, seen);
    if (problem === undefined) continue;
    const file = Buffer.from(made.bytes).toString("base64");
    throw new Error(`round ${round} (dice ${roundSeed}): ${problem}, owed: ${made.owed}\n${file}`);
  }
  return seen;
}

type Seen = { -readonly [Key in keyof Campaign]: Campaign[Key] };

function problemOf(format: FuzzedFormat, made: MadeFile, memory: Allocations, seen: Seen): string | undefined {
  const { bytes, owed } = made;
  const before = sumOf(bytes);
  memory.reset();
  const start = performance.now();
  let problem: string | undefined;
  try {
    const got = format.read(bytes);
    seen.read++;
    if (owed === "error") problem = "a file that lies was read";
    else problem = owed === "read" ? difference(made.known, got) : misshapen(got);
  } catch (error) {
    seen.refused++;
    if (!(error instanceof LowbitError)) problem = `another error: ${(error as Error).stack ?? String(error)}`;
    else if (owed === "read") problem = `a good file was refused: ${error.message}`;
  }
  const used = memory.bytes;
  const time = performance.now() - start;
  seen.slowest = Math.max(seen.slowest, time);
  if (bytes.length >= 64) seen.ratio = Math.max(seen.ratio, used / bytes.length);
  if (used > format.most(bytes.length)) problem ??= `${used} bytes allocated for ${bytes.length}`;
  if (time > 5000) problem ??= `${time} ms`;
  if (sumOf(bytes) !== before) problem ??= "the file was changed";
  return problem;
}

/** Enough to see that bytes were changed or changed places. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum = (Math.imul(sum, 31) + (bytes[i] as number)) | 0;
  return sum;
}

function misshapen(got: ReadonlyMap<string, Got>): string | undefined {
  for (const [name, { data, shape }] of got) {
    const count = shape.includes(0) ? 0 : shape.reduce((product, side) => product * side, 1);
    if (count !== data.length) return `${name}: ${data.length} values of shape [${shape}]`;
  }
  return undefined;
}

function difference(known: ReadonlyMap<string, Known>, got: ReadonlyMap<string, Got>): string | undefined {
  if (got.size !== known.size) return `${got.size} arrays, expected ${known.size}`;
  for (const [name, { shape, values }] of known) {
    const one = got.get(name);
    if (one === undefined) return `${name} is missing`;
    if (one.shape.join() !== shape.join() || one.data.length !== values.length) return `${name}: shape [${one.shape}]`;
    const wrong = values.findIndex((value, i) => !Object.is(value, one.data[i]));
    if (wrong >= 0) return `${name}: ${one.data[wrong]} at position ${wrong}, expected ${values[wrong]}`;
  }
  return misshapen(got);
}
