// Where kernels that keep a state find their memory.
import { afterEach, expect, test } from "vitest";
import * as tensor from "../../src/tensor/index.js";
import { openDesk } from "../../src/wasm/desk.js";
import * as wasm from "../../src/wasm/index.js";
import { crc32Kernels } from "../../src/wasm/modules/crc32.generated.js";

afterEach(() => {
  wasm.configure();
});

test("arrays are placed apart, aligned, and never beyond the scratch memory", () => {
  const desk = openDesk(crc32Kernels);
  const first = desk?.place(Uint8Array, 3);
  const second = desk?.place(Float64Array, 5);
  const third = desk?.table(Int16Array.of(1, -2, 3));
  expect([first?.length, second?.length]).toEqual([3, 5]);
  expect((second?.byteOffset ?? 0) - (first?.byteOffset ?? 0)).toBe(64);
  expect((third?.byteOffset ?? 0) - (second?.byteOffset ?? 0)).toBe(64);
  expect([...(third ?? [])]).toEqual([1, -2, 3]);
  expect(() => desk?.place(Uint8Array, 12 * 2 ** 20 - 192)).not.toThrow();
  expect(() => desk?.place(Uint8Array, 1)).toThrow(RangeError);
});

test("an ordinary array is brought piece by piece; a tensor in WebAssembly memory stays where it is", () => {
  const data = Uint16Array.from({ length: 100 }, (_, i) => 7 * i);
  const desk = openDesk(crc32Kernels, data);
  const piece = desk?.place(Uint16Array, 10) as Uint16Array;
  expect(desk?.bring(data, 90, 10, piece)).toBe(piece.byteOffset);
  expect([...piece]).toEqual([...data.subarray(90)]);
  const inside = tensor.empty([100], "uint16", { memory: "wasm" });
  const near = openDesk(crc32Kernels, inside.data);
  const unused = near?.place(Uint16Array, 10) as Uint16Array;
  expect(unused.buffer).toBe(inside.data.buffer);
  expect(near?.bring(inside.data, 90, 10, unused)).toBe(inside.data.byteOffset + 180);
  tensor.free(inside);
});

test("without kernels there is no desk", () => {
  wasm.configure({ enabled: false });
  expect(openDesk(crc32Kernels)).toBe(undefined);
});
