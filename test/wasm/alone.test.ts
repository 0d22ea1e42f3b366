// Kernels in a memory of their own do what they do in the scratch memory.
import { afterEach, expect, test } from "vitest";
import * as random from "../../src/random/index.js";
import { sweepAlone } from "../../src/wasm/alone.js";
import * as wasm from "../../src/wasm/index.js";
import { channelsKernels } from "../../src/wasm/modules/channels.generated.js";
import { nmMaskKernels } from "../../src/wasm/modules/nm-mask.generated.js";
import { type Sweep, sweep } from "../../src/wasm/sweep.js";

afterEach(() => {
  wasm.configure();
});

function mixture(out: Float32Array): Sweep {
  const data = random.normal(random.key(3), [5, 3, 70]).data;
  return {
    module: channelsKernels,
    kernel: "mix",
    units: 5,
    inputs: [{ data, per: 210 }],
    outputs: [{ data: out, per: 140 }],
    tables: [Float64Array.from({ length: 12 }, (_, i) => i - 5), Float64Array.of(1, 2, 3), Float64Array.of(0, 7, 0, 0)],
    work: 8 * (64 * 3 + 16),
    params: [3, 2, 70, 0, 0],
  };
}

test("inputs, outputs, tables, working memory and parameters arrive as in the scratch memory", () => {
  const [alone, usual] = [new Float32Array(700), new Float32Array(700)];
  expect([sweepAlone(mixture(alone)), sweep(mixture(usual))]).toEqual([true, true]);
  expect(alone).toEqual(usual);
  expect(alone.some((value) => value !== 0)).toBe(true);
});

test("gives up where there is no kernel, or it gives up, or memory is too large, or kernels are not asked for", () => {
  const out = new Float32Array(700);
  expect(sweepAlone({ ...mixture(out), kernel: "blend" })).toBe(false);
  expect(sweepAlone({ ...mixture(out), work: 2 ** 32 })).toBe(false);
  const nan = { data: Float32Array.of(1, Number.NaN, 2, 3), per: 4 };
  const mask = { data: new Uint8Array(4), per: 4 };
  const nm = { module: nmMaskKernels, kernel: "nm4", units: 1, inputs: [nan], outputs: [mask], params: [2] };
  expect(sweepAlone(nm)).toBe(false);
  nan.data[1] = 0;
  expect(sweepAlone(nm)).toBe(true);
  expect([...mask.data]).toEqual([0, 0, 1, 1]);
  wasm.configure({ enabled: false });
  expect(sweepAlone(mixture(out))).toBe(false);
  expect(out.every((value) => value === 0)).toBe(true);
});
