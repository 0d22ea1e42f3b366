/** WebAssembly SIMD kernels behind the primitives' own signatures: how they are used, and the memory for tensors. */
export { reserve } from "./arena.js";
export { configure, status, type WasmSettings, type WasmStatus } from "./settings.js";
