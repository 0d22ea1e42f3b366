import { ValueError } from "../errors.js";
import { scratchMachine } from "./machine.js";
import { setThreadCount, threadCount } from "./threads.js";

/** How the fast kernels are used. */
export interface WasmSettings {
  /** Whether primitives use WebAssembly kernels where they have them; default true. Results are the same without. */
  readonly enabled?: boolean;
  /** Threads that may work at a time, the caller's among them, 1..16; default as many as the machine runs. */
  readonly threads?: number;
}

/** What is in force. */
export interface WasmStatus {
  /** Whether primitives use kernels: asked for, and to be had in this engine. */
  readonly enabled: boolean;
  /** Threads that may work at a time; 1 outside Node. */
  readonly threads: number;
}

let enabled = true;

/**
 * Sets how the fast kernels are used, for the whole process; what is left out goes back to its default. Results do not
 * depend on it, only times do.
 * @returns what is now in force
 * @throws ValueError when `threads` is not an integer 1..16
 * @example wasm.configure({ enabled: false }) // plain TypeScript alone, to compare
 */
export function configure(settings: WasmSettings = {}): WasmStatus {
  const { threads } = settings;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 16)) {
    throw new ValueError(`wasm.configure: threads = ${threads}, expected an integer 1..16`);
  }
  enabled = settings.enabled ?? true;
  setThreadCount(threads);
  return status();
}

/** Returns whether primitives use kernels, and on how many threads. @example wasm.status() // { enabled: true, threads: 2 } */
export function status(): WasmStatus {
  return { enabled: wasmEnabled(), threads: threadCount() };
}

/** Whether kernels are asked for and to be had. */
export function wasmEnabled(): boolean {
  return enabled && scratchMachine() !== undefined;
}
