import { inflateSync } from "fflate";
import { crc32 } from "../coding/crc32.js";
import { FileFormatError } from "../errors.js";
import { fromUtf8 } from "./utf8.js";

/** One file of an archive, as its directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes of the file itself. */
  readonly size: number;
  /** Where the entry's own header begins. */
  readonly offset: number;
  /** Where the directory describes it. */
  readonly at: number;
}

/** Deflate makes 258 bytes of 2 bits at the best. */
const bestRatio = 1032;
const large = 0xffffffff;

/** A view that reads little-endian numbers, and throws beyond the end. */
interface Reader {
  readonly caller: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Returns the files of a zip archive, not yet unpacked.
 * @throws FileFormatError for what is no archive, for encrypted files, parts of several disks and unknown methods, for a
 *   name twice, and for files that would be larger than deflate can make them
 * @see PKWARE, APPNOTE 6.3.10: 4.3.6, 4.3.12 .. 4.3.16, 4.5.3
 */
export function readZipDirectory(caller: string, bytes: Uint8Array): ZipEntry[] {
  const reader = { caller, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const { count, start, end } = findDirectory(reader);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = start;
  for (let i = 0; i < count; i++) {
    const { entry, next } = readEntry(reader, at, end);
    if (names.has(entry.name)) fail(reader, `the name ${JSON.stringify(entry.name)} twice`, "each name once", at);
    names.add(entry.name);
    entries.push(entry);
    at = next;
  }
  if (at !== end) fail(reader, `${end - at} bytes behind the ${count} entries of the directory`, "none", at);
  return entries;
}

function fail({ caller }: Reader, arrived: string, expected: string, at: number): never {
  throw new FileFormatError(`${caller}: ${arrived}, expected ${expected}`, at);
}

/** Returns a number of 2, 4 or 8 bytes. */
function number(reader: Reader, at: number, width: 2 | 4 | 8): number {
  const { view, bytes } = reader;
  if (at < 0 || at + width > bytes.length) fail(reader, "an end of the file", "more of the archive", bytes.length);
  if (width === 2) return view.getUint16(at, true);
  const low = view.getUint32(at, true);
  return width === 4 ? low : low + 4294967296 * view.getUint32(at + 4, true);
}

function findDirectory(reader: Reader): { readonly count: number; readonly start: number; readonly end: number } {
  const { bytes } = reader;
  // The comment behind the end record has 65,535 bytes at most.
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 65535); at--) {
    if (number(reader, at, 4) !== 0x06054b50 || at + 22 + number(reader, at + 20, 2) !== bytes.length) continue;
    const [count, size, start] = [number(reader, at + 10, 2), number(reader, at + 12, 4), number(reader, at + 16, 4)];
    if (count === 0xffff || size === large || start === large) return findLargeDirectory(reader, at);
    return checkDirectory(reader, { count, start, end: start + size }, at);
  }
  return fail(reader, "no zip archive", "the record at its end", Math.max(0, bytes.length - 22));
}

function findLargeDirectory(reader: Reader, end: number): ReturnType<typeof findDirectory> {
  if (number(reader, end - 20, 4) !== 0x07064b50) fail(reader, "no zip64 locator", "one before the end record", end);
  const at = number(reader, end - 12, 8);
  if (at > end - 76 || number(reader, at, 4) !== 0x06064b50)
    fail(reader, "no zip64 record", "one where it is said", at);
  const [count, size, start] = [number(reader, at + 32, 8), number(reader, at + 40, 8), number(reader, at + 48, 8)];
  return checkDirectory(reader, { count, start, end: start + size }, at);
}

function checkDirectory<T extends ReturnType<typeof findDirectory>>(reader: Reader, directory: T, at: number): T {
  const { count, start, end } = directory;
  if (end > at || count * 46 > end - start) {
    fail(
      reader,
      `a directory of ${count} entries at ${start} .. ${end}`,
      `it before ${at}, with 46 bytes an entry`,
      at,
    );
  }
  return directory;
}

function readEntry(reader: Reader, at: number, end: number): { readonly entry: ZipEntry; readonly next: number } {
  const { bytes } = reader;
  if (at + 46 > end || number(reader, at, 4) !== 0x02014b50) fail(reader, "no entry", "the next of the directory", at);
  const [flags, method] = [number(reader, at + 8, 2), number(reader, at + 10, 2)];
  const lengths = [28, 30, 32].map((place) => number(reader, at + place, 2)) as [number, number, number];
  const next = at + 46 + lengths[0] + lengths[1] + lengths[2];
  if (next > end) fail(reader, "an entry that is longer than the directory", "its end before", at);
  const name = fromUtf8(bytes.subarray(at + 46, at + 46 + lengths[0]));
  if (name === undefined) return fail(reader, "a name that is no UTF-8", "one that is", at + 46);
  if (flags & 1) fail(reader, `${name}, which is encrypted`, "an open file", at + 8);
  if (method !== 0 && method !== 8)
    fail(reader, `${name} with method ${method}`, "0 (stored) or 8 (deflated)", at + 10);
  const [size, packed, offset] = largeNumbers(
    reader,
    [number(reader, at + 24, 4), number(reader, at + 20, 4), number(reader, at + 42, 4)],
    at + 46 + lengths[0],
    at + 46 + lengths[0] + lengths[1],
  );
  const most = method === 0 ? packed : bestRatio * packed;
  if (packed > bytes.length - 30 || size > most || (method === 0 && size !== packed)) {
    fail(
      reader,
      `${name} of ${size} bytes in ${packed}`,
      `at most ${Math.min(most, bytes.length * bestRatio)}`,
      at + 20,
    );
  }
  const entry = { name, method, crc: number(reader, at + 16, 4), packed, size, offset, at };
  return { entry, next };
}

/** Numbers that do not fit in 4 bytes stand, in this order, in the extra field 1. */
function largeNumbers(
  reader: Reader,
  numbers: readonly [number, number, number],
  from: number,
  to: number,
): [number, number, number] {
  if (!numbers.includes(large)) return [...numbers];
  for (let at = from; at + 4 <= to; at += 4 + number(reader, at + 2, 2)) {
    if (number(reader, at, 2) !== 1) continue;
    const end = at + 4 + number(reader, at + 2, 2);
    let place = at + 4;
    const found = numbers.map((one) => {
      if (one !== large) return one;
      place += 8;
      if (place > Math.min(end, to)) fail(reader, "a zip64 field that is too short", "8 bytes a number", at);
      return number(reader, place - 8, 8);
    });
    return found as [number, number, number];
  }
  return fail(reader, "a number of 4 bytes that says it is larger", "a zip64 field", from);
}

/** Returns a file of an archive. @throws FileFormatError when it is damaged, or another than the directory says */
export function unzip(caller: string, bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const reader = { caller, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  const { name, method, packed, size, offset, crc, at } = entry;
  if (offset > at || number(reader, offset, 4) !== 0x04034b50) fail(reader, `no file ${name}`, "it here", offset);
  const start = offset + 30 + number(reader, offset + 26, 2) + number(reader, offset + 28, 2);
  if (start + packed > at) fail(reader, `${name} of ${packed} bytes`, "its end before the directory", offset);
  const part = bytes.subarray(start, start + packed);
  const data = method === 0 ? part : inflated(reader, name, part, size, start);
  if (data.length !== size) fail(reader, `${data.length} bytes of ${name}`, `${size}`, start);
  if (crc32(data) !== crc) fail(reader, `${name} with another checksum than the directory's`, "the same", start);
  return data;
}

function inflated(reader: Reader, name: string, part: Uint8Array, size: number, start: number): Uint8Array {
  try {
    return inflateSync(part, { out: new Uint8Array(size) });
  } catch (error) {
    return fail(reader, `${name}, which cannot be inflated (${(error as Error).message})`, "deflated bytes", start);
  }
}
