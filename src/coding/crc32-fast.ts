import { openDesk } from "../wasm/desk.js";
import { crc32Kernels as module } from "../wasm/modules/crc32.generated.js";

/** Fewer bytes are summed sooner than the tables of the kernel are copied. */
const fewest = 65536;
const pieceBytes = 2 ** 18;
let tables: Uint32Array | undefined;

/** Returns the remainder after leading bytes, by the kernel, or undefined. @param remainders of each single byte */
export function fastCrc32(bytes: Uint8Array, remainders: Uint32Array): number | undefined {
  const desk = bytes.length < fewest ? undefined : openDesk(module, bytes);
  const kernel = desk?.kernels.crc32;
  if (desk === undefined || kernel === undefined) return undefined;
  tables ??= slicedTables(remainders);
  const sliced = desk.table(tables);
  const state = desk.table(Uint32Array.of(0xffffffff));
  const piece = desk.place(Uint8Array, pieceBytes);
  for (let first = 0; first < bytes.length; first += pieceBytes) {
    const count = Math.min(pieceBytes, bytes.length - first);
    kernel(count, desk.bring(bytes, first, count, piece), sliced.byteOffset, state.byteOffset);
  }
  return state[0];
}

/** Returns, for 0..15 zeros behind a byte, the remainders of each byte. @see Kounavis and Berry 2008: slicing */
function slicedTables(remainders: Uint32Array): Uint32Array {
  const sliced = new Uint32Array(16 * 256);
  sliced.set(remainders);
  for (let i = 256; i < sliced.length; i++) {
    const before = sliced[i - 256] as number;
    sliced[i] = (before >>> 8) ^ (remainders[before & 255] as number);
  }
  return sliced;
}
