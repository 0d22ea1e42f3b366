/** Memories and the kernels' instances in them. */
import { bytesOfBase64 } from "../base64.js";
import {
  threadEngine,
  type WebAssemblyEngine,
  type WebAssemblyMemory,
  type WebAssemblyModule,
  webAssembly,
} from "./engine.js";

/** A compiled kernel file, as `scripts/build-wasm.mjs` writes it. */
export interface KernelModule {
  readonly name: string;
  readonly base64: string;
  /** Where the flags of the imported memory stand among the bytes: 1, or 3 for a memory that threads share. */
  readonly limitsAt: number;
}

/** What a kernel is: numbers in, a status out; 0 says that all went well. */
export type Kernel = (...args: number[]) => number;

/** A memory with the kernels that work in it. */
export interface Machine {
  /** 0 for the scratch memory, 1 for that of tensors. */
  readonly id: number;
  readonly memory: WebAssemblyMemory;
  readonly buffer: ArrayBuffer;
  /** The first byte behind the part for pieces and tables: there tensors begin. */
  readonly scratchEnd: number;
}

/** The kernels' constant tables lie below, each module's from its own 64 KiB page on (`scripts/build-wasm.mjs`). */
export const scratchStart = 0x210000;
/** Pieces of ordinary arrays pass through this much memory. */
const scratchBytes = 12 * 2 ** 20;
const pageBytes = 65536;
/** Kernels read ahead of what they work on, never further than this. */
export const guardBytes: number = pageBytes;

const instances = new Map<string, Readonly<Record<string, Kernel>>>();
const compiled = new Map<string, WebAssemblyModule>();
let scratch: Machine | undefined;
let broken = false;

/** Returns the machine of the scratch memory, or undefined where WebAssembly is not to be had. */
export function scratchMachine(): Machine | undefined {
  if (scratch !== undefined || broken) return scratch;
  scratch = createMachine(0, scratchStart + scratchBytes);
  broken = scratch === undefined;
  return scratch;
}

/** Returns a machine with a memory of its own, or undefined when the engine has no such memory to give. */
export function createMachine(id: number, bytes: number): Machine | undefined {
  const engine = webAssembly();
  if (engine === undefined) return undefined;
  const pages = Math.ceil((bytes + guardBytes) / pageBytes);
  try {
    const memory = new engine.Memory({ initial: pages, maximum: pages, shared: shared() });
    return { id, memory, buffer: memory.buffer, scratchEnd: scratchStart + scratchBytes };
  } catch {
    return undefined;
  }
}

/** Whether memories are shared with threads. */
function shared(): boolean {
  return threadEngine() !== undefined;
}

/**
 * Returns the kernels of a module in a machine, or undefined when the engine does not take the module: no SIMD, or a
 * page that forbids WebAssembly.
 */
export function kernelsOf(machine: Machine, module: KernelModule): Readonly<Record<string, Kernel>> | undefined {
  const key = `${machine.id} ${module.name}`;
  const known = instances.get(key);
  if (known !== undefined) return known;
  const engine = webAssembly() as WebAssemblyEngine;
  try {
    const instance = new engine.Instance(compiledModule(module), { env: { memory: machine.memory } });
    const kernels = instance.exports as Readonly<Record<string, Kernel>>;
    instances.set(key, kernels);
    return kernels;
  } catch {
    broken = true;
    scratch = undefined;
    return undefined;
  }
}

/** Returns a module compiled. @throws what the engine throws for a module that it does not take */
export function compiledModule(module: KernelModule): WebAssemblyModule {
  const known = compiled.get(module.name);
  if (known !== undefined) return known;
  const bytes = bytesOfBase64(module.base64);
  if (shared()) bytes[module.limitsAt] = 3;
  const made = new (webAssembly() as WebAssemblyEngine).Module(bytes);
  compiled.set(module.name, made);
  return made;
}
