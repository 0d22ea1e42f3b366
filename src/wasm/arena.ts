/** Typed arrays inside one WebAssembly memory, on which kernels work in place. */
import { ValueError } from "../errors.js";
import { createMachine, guardBytes, type Machine } from "./machine.js";

/** A piece of the memory: where it begins and how long it is. */
interface Span {
  start: number;
  bytes: number;
}

const alignment = 64;
const defaultBytes = 2 ** 30;
const leastBytes = 2 ** 26;
const mostBytes = 2 ** 32 - 2 * guardBytes;

let machine: Machine | undefined;
let free: Span[] = [];
let taken = new Map<number, number>();
let size = defaultBytes;

/** Returns the machine whose memory holds `buffer`, or undefined for an ordinary buffer. */
export function arenaOf(buffer: ArrayBufferLike): Machine | undefined {
  return machine !== undefined && buffer === machine.buffer ? machine : undefined;
}

/**
 * Sets how large the memory for tensors is, before the first of them: it never grows.
 * @throws ValueError when it is in use already, or for a size outside 64 MiB..4 GiB less 128 KiB
 * @example wasm.reserve(2 ** 31) // 2 GiB; the default is 1 GiB
 */
export function reserve(bytes: number): void {
  if (!Number.isInteger(bytes) || bytes < leastBytes || bytes > mostBytes) {
    throw new ValueError(`wasm.reserve: ${bytes} bytes, expected an integer ${leastBytes}..${mostBytes}`);
  }
  if (machine !== undefined) {
    throw new ValueError(
      `wasm.reserve: the memory is in use with ${machine.buffer.byteLength} bytes, expected a call before the first tensor`,
    );
  }
  size = bytes;
}

/** Returns where `bytes` bytes of zeros begin, and the buffer they are in. @throws ValueError when there is no room */
export function take(caller: string, bytes: number): { readonly buffer: ArrayBuffer; readonly start: number } {
  const { buffer } = startArena(caller);
  const length = Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
  const span = free.find((candidate) => candidate.bytes >= length);
  if (span === undefined) {
    const used = [...taken.values()].reduce((sum, each) => sum + each, 0);
    throw new ValueError(
      `${caller}: ${bytes} bytes, expected at most ${free.reduce((most, each) => Math.max(most, each.bytes), 0)}: ` +
        `${taken.size} tensors take ${used} bytes of the WebAssembly memory; tensor.free gives a tensor's back`,
    );
  }
  const { start } = span;
  span.start += length;
  span.bytes -= length;
  free = free.filter((each) => each.bytes > 0);
  taken.set(start, length);
  new Uint8Array(buffer, start, length).fill(0);
  return { buffer, start };
}

/** Gives the bytes of an array back. Returns false when it is not the start of one that was taken. */
export function giveBack(data: { readonly buffer: ArrayBufferLike; readonly byteOffset: number }): boolean {
  if (arenaOf(data.buffer) === undefined) return false;
  const bytes = taken.get(data.byteOffset);
  if (bytes === undefined) return false;
  taken.delete(data.byteOffset);
  const spans = [...free, { start: data.byteOffset, bytes }].sort((a, b) => a.start - b.start);
  free = [];
  for (const span of spans) {
    const last = free.at(-1);
    if (last !== undefined && last.start + last.bytes === span.start) last.bytes += span.bytes;
    else free.push({ ...span });
  }
  return true;
}

/** Starts the memory at the first need. Where the engine has not that much to give, it takes half as often as needed. */
function startArena(caller: string): Machine {
  for (let bytes = size; machine === undefined && bytes >= leastBytes; bytes = Math.floor(bytes / 2)) {
    machine = createMachine(1, bytes);
    if (machine !== undefined) {
      free = [{ start: machine.scratchEnd, bytes: machine.buffer.byteLength - guardBytes - machine.scratchEnd }];
      taken = new Map();
    }
  }
  if (machine === undefined)
    throw new ValueError(`${caller}: memory "wasm", expected an engine with WebAssembly and 64 MiB for it`);
  return machine;
}
