import { openDesk } from "../wasm/desk.js";
import { huffmanKernels as module } from "../wasm/modules/huffman.generated.js";
import { type BitWriter, maxBytes } from "./bit-writer.js";
import type { Histogram } from "./histogram.js";
import type { SymbolTensor } from "./symbols.js";

/** The canonical code of an alphabet. */
export interface HuffmanCode extends Histogram {
  readonly codes: Uint32Array;
  readonly lengths: Uint8Array;
}

/** Fewer symbols are coded sooner than a kernel is called. */
const fewest = 512;
/** Symbols of one piece. */
const pieceLength = 65536;
/** Two codes of up to this many bits are written together. */
const longestOfPairs = 28;

/** Returns the codes of symbols, written by the kernels, or undefined. */
export function fastHuffmanEncode(data: SymbolTensor["data"], code: HuffmanCode): BitWriter | undefined {
  const { min, counts, codes, lengths } = code;
  const desk = data.length < fewest ? undefined : openDesk(module, data);
  const bits = counts.reduce((sum, count, i) => sum + count * (lengths[i] as number), 0);
  // The last write may reach over the end by seven bytes.
  const bytes = Math.ceil(bits / 8);
  if (desk === undefined || bytes >= maxBytes) return undefined;
  const kernel = desk.kernels[`encode${8 * data.BYTES_PER_ELEMENT}`];
  const table = desk.place(Uint32Array, 2 * codes.length);
  for (let i = 0; i < codes.length; i++) {
    table[2 * i] = ((codes[i] as number) << 8) | (lengths[i] as number);
    table[2 * i + 1] = (codes[i] as number) >>> 24;
  }
  const state = desk.table(new Int32Array(4));
  const input = desk.place(data.constructor as Uint8ArrayConstructor, pieceLength);
  const output = desk.place(Uint8Array, 4 * pieceLength + 16);
  const pairs = Number(lengths.every((length) => length <= longestOfPairs));
  const written = new Uint8Array(bytes);
  let at = 0;
  for (let first = 0; first < data.length; first += pieceLength) {
    const count = Math.min(pieceLength, data.length - first);
    const from = desk.bring(data, first, count, input);
    kernel?.(count, from, output.byteOffset, table.byteOffset, state.byteOffset, min, pairs);
    const length = state[3] as number;
    // Behind the whole bytes stands the one that is begun.
    written.set(output.subarray(0, Math.min(length + 1, bytes - at)), at);
    at += length;
  }
  return { bytes: written, bits };
}
