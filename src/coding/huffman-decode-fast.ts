import { type Desk, openDesk } from "../wasm/desk.js";
import { huffmanKernels as module } from "../wasm/modules/huffman.generated.js";
import type { Coded } from "./coded.js";
import type { SymbolTensor } from "./symbols.js";

/** What a decoder knows of a prefix code. */
export interface DecodingTables {
  readonly min: number;
  /** Offsets of the symbols from min, by length, then by value. */
  readonly sorted: Uint16Array;
  /** By length: the place in `sorted` of its first symbol, less its first code. */
  readonly shift: Float64Array;
  /** By length: what the next 32 bits stay below when a code of that length or a shorter one comes. */
  readonly limits: Float64Array;
}

/** How far a decoder came. */
export interface Progress {
  readonly symbols: number;
  readonly bits: number;
}

/** Fewer symbols are decoded sooner than the table of a kernel is filled. */
const fewest = 4096;
/** Symbols, and bytes, of one piece. */
const pieceLength = 65536;
/** Bits that are looked up at once, as the kernel does. */
const lookupBits = 12;

/**
 * Decodes by the kernels and returns how far they came: not to the very end, nor beyond bits that begin no code. The
 * rest is left to plain code.
 */
export function fastHuffmanDecode(code: DecodingTables, coded: Coded, data: SymbolTensor["data"]): Progress {
  const desk = data.length < fewest ? undefined : openDesk(module);
  const kernel = desk?.kernels[`decode${8 * data.BYTES_PER_ELEMENT}`];
  if (desk === undefined || kernel === undefined) return { symbols: 0, bits: 0 };
  const tables = placeTables(desk, code, data.BYTES_PER_ELEMENT);
  const state = desk.place(Int32Array, 2);
  const input = desk.place(Uint8Array, pieceLength);
  const output = desk.place(data.constructor as Uint8ArrayConstructor, pieceLength);
  const whole = Math.floor(coded.bits / 8);
  let symbols = 0;
  let bits = 0;
  while (symbols < data.length) {
    const at = Math.floor(bits / 8);
    const bytes = Math.min(pieceLength, whole - at);
    const count = Math.min(pieceLength, data.length - symbols);
    input.set(coded.bytes.subarray(at, at + bytes));
    kernel(
      ...[count, input.byteOffset, bytes, bits % 8, output.byteOffset],
      ...[...tables, state.byteOffset, code.min],
    );
    const [done = 0, read = 0] = state;
    if (done === 0) break;
    data.set(output.subarray(0, done), symbols);
    symbols += done;
    bits += read;
  }
  return { symbols, bits };
}

/** Places what the kernel reads, and returns the addresses in its order. */
function placeTables(desk: Desk, code: DecodingTables, width: number): readonly number[] {
  const lookup = desk.place(Uint32Array, 2 * 2 ** lookupBits);
  fillLookup(lookup, code, width);
  const longer = desk.place(Uint32Array, 2 * 66);
  for (let length = 0; length <= 32; length++) {
    setInteger(longer, length, code.limits[length] as number);
    setInteger(longer, 33 + length, code.shift[length] as number);
  }
  return [lookup.byteOffset, longer.byteOffset, desk.table(code.sorted).byteOffset];
}

/** Writes an integer as 64 bits. */
function setInteger(words: Uint32Array, at: number, value: number): void {
  words[2 * at] = value;
  words[2 * at + 1] = Math.floor(value / 2 ** 32);
}

/** Fills, for each 12 bits, the entry of as many whole codes as they begin with and the entry has room for. */
function fillLookup(lookup: Uint32Array, { min, sorted, shift, limits }: DecodingTables, width: number): void {
  const size = 2 ** lookupBits;
  const most = width === 1 ? 4 : 2;
  const symbolBits = width === 1 ? 8 : 16;
  const base = width === 4 ? 0 : min;
  const lengths = new Uint8Array(size);
  const symbols = new Uint16Array(size);
  for (let start = 0, length = 1; start < size; start++) {
    while (length <= lookupBits && start * 2 ** (32 - lookupBits) >= (limits[length] as number)) length++;
    if (length > lookupBits) break;
    lengths[start] = length;
    symbols[start] = base + (sorted[(start >>> (lookupBits - length)) + (shift[length] as number)] as number);
  }
  for (let start = 0; start < size; start++) {
    let [entry, bits, count] = [0, 0, 0];
    for (; count < most; count++) {
      const rest = (start << bits) & (size - 1);
      const length = lengths[rest] as number;
      if (length === 0 || bits + length > lookupBits) break;
      entry |= ((symbols[rest] as number) & (2 ** symbolBits - 1)) << (symbolBits * count);
      bits += length;
    }
    lookup[2 * start] = bits | ((count * width) << 8);
    lookup[2 * start + 1] = entry;
  }
}
