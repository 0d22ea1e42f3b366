import { openDesk } from "../wasm/desk.js";
import { universalKernels as module } from "../wasm/modules/universal.generated.js";
import { type BitWriter, maxBytes } from "./bit-writer.js";
import type { SymbolTensor } from "./symbols.js";

/** A code that the kernels know, by its number there. */
export const fastCodes = { expGolomb: 0, eliasDelta: 1, zeroRuns: 2 } as const;

/** One of them, with the order of its Exp-Golomb part. */
export interface FastCode {
  readonly kind: keyof typeof fastCodes;
  readonly order: number;
}

/** What was written, and how many zeros at the end have no code yet: only runs of zeros leave any. */
export interface FastCodes {
  readonly writer: BitWriter;
  readonly run: number;
}

/** Fewer symbols are coded sooner than a kernel is called. */
const fewest = 512;
/** Symbols of one piece. */
const pieceLength = 16384;
/** A code of a symbol, and that of the run before it, have at most 66 bits. */
const bytesPerSymbol = 9;

/** Returns the codes of symbols, written by the kernels, or undefined. */
export function fastIntegerCodes({ data, dtype }: SymbolTensor, { kind, order }: FastCode): FastCodes | undefined {
  const desk = data.length < fewest ? undefined : openDesk(module, data);
  const name = dtype === "bool" ? "uint8" : dtype;
  const kernel = desk?.kernels[`encode${name[0]?.toUpperCase()}${name.slice(1)}`];
  if (desk === undefined || kernel === undefined) return undefined;
  const state = desk.table(new Int32Array(6));
  const input = desk.place(data.constructor as Uint8ArrayConstructor, pieceLength);
  const output = desk.place(Uint8Array, bytesPerSymbol * pieceLength + 16);
  const writer: BitWriter = { bytes: new Uint8Array(output.length), bits: 0 };
  for (let first = 0; first < data.length; first += pieceLength) {
    const count = Math.min(pieceLength, data.length - first);
    const from = desk.bring(data, first, count, input);
    kernel(count, from, output.byteOffset, state.byteOffset, fastCodes[kind], order);
    const at = Math.floor(writer.bits / 8);
    const length = state[3] as number;
    if (!makeRoom(writer, at + length + 8)) return undefined;
    // Behind the whole bytes stands the one that is begun; behind that, zeros.
    writer.bytes.set(output.subarray(0, length), at);
    writer.bytes[at + length] = (state[1] as number) >>> 24;
    writer.bits = 8 * (at + length) + (state[2] as number);
  }
  return { writer, run: state[4] as number };
}

/** Makes room for so many bytes, and returns whether there is: streams stay below 2 GiB. */
function makeRoom(writer: BitWriter, bytes: number): boolean {
  if (bytes > maxBytes) return false;
  if (bytes <= writer.bytes.length) return true;
  const larger = new Uint8Array(Math.min(maxBytes, 2 * bytes));
  larger.set(writer.bytes);
  writer.bytes = larger;
  return true;
}
