// How kernels are fed: whatever the pieces, the memory and the threads, the result is the plain one.
import { spawnSync } from "node:child_process";
import { build } from "esbuild";
import { afterEach, expect, test } from "vitest";
import * as random from "../../src/random/index.js";
import { nmMask } from "../../src/sparsity/index.js";
import * as tensor from "../../src/tensor/index.js";
import * as wasm from "../../src/wasm/index.js";
import { nmMaskKernels } from "../../src/wasm/modules/nm-mask.generated.js";
import { sweep } from "../../src/wasm/sweep.js";
import { plainly } from "../support/backends.js";

afterEach(() => {
  wasm.configure();
});

// Over several pieces, none of them full at the end.
const weights = random.normal(random.key(5), [1237, 1004]);
const expected = plainly(() => nmMask(weights, { keep: 3, group: 4 }));

test.each([1, 2, 3, 7])("on %d threads, streamed and in place", (threads) => {
  wasm.configure({ threads });
  expect(tensor.equal(nmMask(weights, { keep: 3, group: 4 }), expected)).toBe(true);
  const inside = tensor.empty(weights.shape, "float32", { memory: "wasm" });
  inside.data.set(weights.data);
  const out = tensor.empty(weights.shape, "bool", { memory: "wasm" });
  expect(nmMask(inside, { keep: 3, group: 4, out })).toBe(out);
  expect(tensor.equal(out, expected)).toBe(true);
  // One of the two in place, the other streamed.
  expect(tensor.equal(nmMask(inside, { keep: 3, group: 4 }), expected)).toBe(true);
  out.data.fill(0);
  expect(tensor.equal(nmMask(weights, { keep: 3, group: 4, out }), expected)).toBe(true);
  tensor.free(inside);
  tensor.free(out);
});

test("a unit that is too long for the scratch memory is left to plain code", () => {
  const data = new Float32Array(2 ** 22);
  const mask = new Uint8Array(data.length);
  const plan = { module: nmMaskKernels, kernel: "nm4", units: 1, params: [2] };
  const operands = { inputs: [{ data, per: data.length }], outputs: [{ data: mask, per: data.length }] };
  expect(sweep({ ...plan, ...operands })).toBe(false);
});

test("no units is nothing to do; an unknown kernel is left to plain code", () => {
  const none = { module: nmMaskKernels, units: 0, inputs: [], outputs: [] };
  expect(sweep({ ...none, kernel: "nm4" })).toBe(true);
  expect(sweep({ ...none, kernel: "nm5" })).toBe(false);
  wasm.configure({ enabled: false });
  expect(sweep({ ...none, kernel: "nm4" })).toBe(false);
});

test("without WebAssembly, and without threads, a program computes the same", async () => {
  const source = `
    import { nmMask } from "./src/sparsity/index.js";
    import { crc32 } from "./src/coding/crc32.js";
    import * as random from "./src/random/index.js";
    import * as wasm from "./src/wasm/index.js";
    const mask = nmMask(random.normal(random.key(9), [503, 1000]), { keep: 1, group: 4 });
    console.log(JSON.stringify([crc32(mask.data), wasm.status()]));`;
  const root = new URL("../../", import.meta.url).pathname;
  const bundled = await build({
    stdin: { contents: source, resolveDir: root },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
  });
  const code = bundled.outputFiles[0]?.text ?? "";
  const run = (before: string): [number, wasm.WasmStatus] => {
    const { stdout, stderr } = spawnSync(process.execPath, ["-"], { input: before + code, encoding: "utf8" });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  };
  const [sum, whole] = run("");
  expect(whole.enabled).toBe(true);
  expect(run("delete globalThis.WebAssembly;")).toEqual([sum, { ...whole, enabled: false }]);
  expect(run("delete globalThis.SharedArrayBuffer;")).toEqual([sum, { enabled: true, threads: 1 }]);
  expect(run("process.getBuiltinModule = undefined;")).toEqual([sum, { enabled: true, threads: 1 }]);
  expect(run("WebAssembly.Module = function () { throw new Error('refused'); };")[0]).toBe(sum);
}, 60_000);
