/** The two ways in which primitives compute: the same assertions go over both. */
import { afterAll, beforeAll, describe } from "vitest";
import * as wasm from "../../src/wasm/index.js";

const backends: readonly (readonly [string, wasm.WasmSettings])[] = [
  ["plain", { enabled: false }],
  ["wasm", { threads: 1 }],
  ["wasm, 3 threads", { threads: 3 }],
];

/** Runs a suite with plain TypeScript, with the kernels, and with the kernels on several threads. */
export function describeBackends(name: string, suite: () => void): void {
  describe.each(backends)(`${name} (%s)`, (_, settings) => {
    beforeAll(() => {
      wasm.configure(settings);
    });
    afterAll(() => {
      wasm.configure();
    });
    suite();
  });
}

/** Returns what `compute` gives in plain TypeScript. */
export function plainly<T>(compute: () => T): T {
  const { enabled, threads } = wasm.status();
  wasm.configure({ enabled: false });
  try {
    return compute();
  } finally {
    wasm.configure({ enabled, threads });
  }
}
