/** What this room uses of engines: the library's types know neither WebAssembly nor threads, which not all have. */

/** A compiled module. */
export interface WebAssemblyModule {
  readonly compiled?: never;
}

/** A linear memory. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

/** The part of the engine's WebAssembly that is used. */
export interface WebAssemblyEngine {
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Instance: new (
    module: WebAssemblyModule,
    imports: { readonly env: { readonly memory: WebAssemblyMemory } },
  ) => { readonly exports: unknown };
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => WebAssemblyMemory;
}

/** A thread of Node. */
export interface Thread {
  postMessage(message: unknown): void;
  unref(): void;
}

/** The part of Node's worker_threads that is used. */
export interface ThreadEngine {
  readonly Worker: new (
    code: string,
    options: { readonly eval: true; readonly workerData: unknown; readonly stdin: boolean },
  ) => Thread;
}

interface Host {
  readonly WebAssembly?: WebAssemblyEngine;
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly getBuiltinModule?: (name: string) => unknown;
  };
}

const host = globalThis as unknown as Host;

/** Returns the engine's WebAssembly, or undefined where it has none. */
export function webAssembly(): WebAssemblyEngine | undefined {
  return host.WebAssembly;
}

/** Returns Node's threads, or undefined elsewhere: a page may not block, which waiting for threads does. */
export function threadEngine(): ThreadEngine | undefined {
  if (host.process?.versions?.node === undefined || typeof SharedArrayBuffer === "undefined") return undefined;
  return host.process.getBuiltinModule?.("node:worker_threads") as ThreadEngine | undefined;
}

/** Returns how many threads run at the same time on this machine; 1 where that is not known. */
export function processors(): number {
  const os = host.process?.getBuiltinModule?.("node:os") as { availableParallelism?: () => number } | undefined;
  return os?.availableParallelism?.() ?? 1;
}
