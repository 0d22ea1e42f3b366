/** Runs kernels that keep a state from piece to piece, as coders do: a piece of memory, and what lies where on it. */
import type { TensorData } from "../tensor/types.js";
import { arenaOf } from "./arena.js";
import { type Kernel, type KernelModule, kernelsOf, scratchMachine, scratchStart } from "./machine.js";
import { wasmEnabled } from "./settings.js";
import { settle } from "./threads.js";

/**
 * The kernels of a module with the scratch memory that they work on, until the next desk or sweep takes it. A kernel gets
 * addresses, which are the `byteOffset` of what was placed; its state is a small array that it finds and leaves there.
 */
export interface Desk {
  readonly kernels: Readonly<Record<string, Kernel>>;
  /** Returns a new array of this kind in the scratch memory; it holds anything. @throws RangeError when that is full */
  place<T extends TensorData>(View: ArrayOnBuffer<T>, length: number): T;
  /** Returns a copy of a table in the scratch memory. */
  table<T extends TensorData>(values: T): T;
  /** Returns where elements of `data` lie: in place where this desk can be, otherwise where `piece` begins, after a copy. */
  bring(data: TensorData, first: number, count: number, piece: TensorData): number;
}

/** A kind of typed array. */
export type ArrayOnBuffer<T> = new (buffer: ArrayBuffer, start: number, length: number) => T;

const alignment = 64;

/**
 * Returns a desk, in the memory of `data` where that is one of tensors; or undefined where there are no kernels: then the
 * caller computes in plain TypeScript.
 */
export function openDesk(module: KernelModule, data?: TensorData): Desk | undefined {
  if (!wasmEnabled()) return undefined;
  const machine = (data && arenaOf(data.buffer)) ?? scratchMachine();
  const kernels = machine && kernelsOf(machine, module);
  if (machine === undefined || kernels === undefined) return undefined;
  settle();
  const { buffer, scratchEnd } = machine;
  let end = scratchStart;
  const place = <T extends TensorData>(View: ArrayOnBuffer<T>, length: number): T => {
    const start = end;
    end += Math.ceil((length * (View as unknown as typeof Uint8Array).BYTES_PER_ELEMENT) / alignment) * alignment;
    if (end > scratchEnd) throw new RangeError(`openDesk: ${end - scratchStart} bytes, expected less scratch memory`);
    return new View(buffer, start, length);
  };
  return {
    kernels,
    place,
    table: (values) => {
      const copy = place(values.constructor as ArrayOnBuffer<typeof values>, values.length);
      copy.set(values);
      return copy;
    },
    bring: (source, first, count, piece) => {
      if (source.buffer === buffer) return source.byteOffset + first * source.BYTES_PER_ELEMENT;
      piece.set(source.subarray(first, first + count));
      return piece.byteOffset;
    },
  };
}
