import { expect, test } from "vitest";
import * as tensor from "../../src/tensor/index.js";
import * as wasm from "../../src/wasm/index.js";

const inWasm = { memory: "wasm" } as const;

test("a tensor in WebAssembly memory is an ordinary tensor of zeros", () => {
  const a = tensor.empty([3, 5], "float32", inWasm);
  const b = tensor.empty([7], "uint8", inWasm);
  expect(a.data.buffer).toBe(b.data.buffer);
  expect(tensor.equal(a, tensor.zeros([3, 5]))).toBe(true);
  a.data.fill(2);
  expect(tensor.sum(a)).toBe(30);
  expect(tensor.sum(b)).toBe(0);
  tensor.free(a);
  tensor.free(b);
});

test("without the option, empty gives an ordinary tensor", () => {
  expect(tensor.empty([2, 3], "int8").data.buffer.byteLength).toBe(6);
});

test("freed bytes are used again, as zeros, and neighbours grow together", () => {
  const shape = [1000, 1001];
  const [a, b, c] = [0, 1, 2].map(() => tensor.empty(shape, "float64", inWasm));
  const places = [a, b].map((each) => each?.data.byteOffset);
  a?.data.fill(1);
  for (const each of [b, a]) tensor.free(each as tensor.Tensor);
  const wide = tensor.empty([2, ...shape], "float64", inWasm);
  expect(wide.data.byteOffset).toBe(Math.min(...(places as number[])));
  expect(tensor.max(wide)).toBe(0);
  tensor.free(wide);
  tensor.free(c as tensor.Tensor);
});

test("no room: the error says how much there is and what to do", () => {
  const half = tensor.empty([2 ** 27], "float32", inWasm);
  expect(() => tensor.empty([2 ** 28], "float32", inWasm)).toThrow(
    /tensor.empty: 1073741824 bytes, expected at most \d+: 1 tensors take 536870912 bytes .* tensor.free/,
  );
  tensor.free(half);
});

test("free refuses what it did not give", () => {
  const a = tensor.empty([4, 2], "float32", inWasm);
  const part = { ...a, data: a.data.subarray(2), shape: [6] };
  for (const wrong of [tensor.zeros([2, 3]), part]) {
    expect(() => tensor.free(wrong)).toThrow("tensor.free: a tensor of ordinary memory, or freed before");
  }
  tensor.free(a);
  expect(() => tensor.free(a)).toThrow("freed before");
});

test("reserve comes before the first tensor, and has bounds", () => {
  tensor.free(tensor.empty([1], "float32", inWasm));
  expect(() => wasm.reserve(2 ** 27)).toThrow("wasm.reserve: the memory is in use with");
  for (const bytes of [0, 2.5, 2 ** 32, Number.NaN]) expect(() => wasm.reserve(bytes)).toThrow("wasm.reserve:");
});

test("empty refuses what it does not know", () => {
  expect(() => tensor.empty([2], "float32", { memory: "gpu" as "wasm" })).toThrow(
    'memory "gpu", expected ordinary or wasm',
  );
  expect(() => tensor.empty([2, -1])).toThrow("tensor.empty");
  expect(() => tensor.empty([2], "float16" as "float32")).toThrow("tensor.empty");
});

test("configure says what is in force, and refuses a number of threads that is none", () => {
  expect(wasm.configure({ enabled: false }).enabled).toBe(false);
  expect(wasm.configure({ threads: 3 })).toEqual({ enabled: true, threads: 3 });
  expect(wasm.configure().enabled).toBe(true);
  for (const threads of [0, 1.5, 17, Number.NaN])
    expect(() => wasm.configure({ threads })).toThrow("wasm.configure: threads");
});
