/** NVFP4: against NumPy and ml_dtypes, and against the definition written out over the values of the formats. */
import { describe, expect, test } from "vitest";
import { decode, float4_e2m1fn, float8_e4m3fn, nvfp4Decode, nvfp4Encode } from "../../src/dtypes/index.js";
import { DtypeError, ShapeError, ValueError } from "../../src/errors.js";
import { key, normal } from "../../src/random/index.js";
import { from, type Tensor, transpose } from "../../src/tensor/index.js";
import { oracle, tableOf, unpack } from "./oracle.js";

const [, columns] = oracle.blocks.shape;
const all = new Float32Array(unpack(oracle.blocks.values).buffer);

test.each(Object.keys(oracle.blocks.nvfp4))(
  "codes, scales and the tensor's scale are those of NumPy and ml_dtypes: %s",
  (name) => {
    const [chosen, tensorScale, codes, scales] = oracle.blocks.nvfp4[name] as [number[], number, string, string];
    const data = Float32Array.from(chosen.flatMap((row) => [...all.subarray(row * columns, (row + 1) * columns)]));
    const values: Tensor<"float32"> = { data, shape: [chosen.length, columns], dtype: "float32" };
    const found = nvfp4Encode(values);
    expect(found.tensorScale).toBe(tensorScale);
    expect(found.scales.shape).toEqual([chosen.length, 5]);
    expect([...found.scales.data]).toEqual([...unpack(scales)]);
    // NumPy gives a value of a block whose scale is 0 the sign of its zero; here such a block is zeros.
    const dead = (at: number): boolean =>
      found.scales.data[5 * Math.floor(at / columns) + Math.floor((at % columns) / 16)] === 0;
    expect([...found.codes.data]).toEqual(Array.from(unpack(codes), (code, at) => (dead(at) ? 0 : code)));
  },
);

/** The nearest of the values, the first of two in the order of even codes before odd ones. */
function nearest(x: number, values: readonly number[]): number {
  const order = [...values.keys()].sort((a, b) => (a % 2) - (b % 2));
  let best = order[0] as number;
  for (const code of order) {
    if (Math.abs((values[code] as number) - x) < Math.abs((values[best] as number) - x)) best = code;
  }
  return values[best] as number;
}

test("the definition, over the values of the two formats", () => {
  const fp4 = [...tableOf("float4_e2m1fn")].slice(0, 8);
  const fp8 = [...tableOf("float8_e4m3fn")].slice(0, 127);
  const values = normal(key(3), [7, 40]);
  const found = nvfp4Encode(values);
  const largest = Math.max(...values.data.map(Math.abs));
  expect(found.tensorScale).toBe(Math.fround(largest / 2688));
  const expected = new Float32Array(values.data.length);
  for (let row = 0; row < 7; row++) {
    for (let start = 0; start < 40; start += 16) {
      const places = Array.from({ length: Math.min(16, 40 - start) }, (_, i) => 40 * row + start + i);
      const a = Math.max(...places.map((at) => Math.abs(values.data[at] as number)));
      const scale = nearest(a / 6 / found.tensorScale, fp8) * found.tensorScale;
      for (const at of places) {
        const value = values.data[at] as number;
        expected[at] = Math.sign(value) * nearest(Math.abs(value) / scale, fp4) * scale;
      }
    }
  }
  expect([...nvfp4Decode(found).data].map((x) => x + 0)).toEqual([...expected].map((x) => x + 0));
});

test("the largest value of a tensor comes back within the rounding of its scale, and the signal is 20.4 dB above the noise", () => {
  const values = normal(key(11), [4096, 32]);
  const found = nvfp4Decode(nvfp4Encode(values)).data;
  let [signal, noise, at] = [0, 0, 0];
  values.data.forEach((value, i) => {
    signal += value * value;
    noise += (value - (found[i] as number)) ** 2;
    if (Math.abs(value) > Math.abs(values.data[at] as number)) at = i;
  });
  expect((found[at] as number) / (values.data[at] as number)).toBeCloseTo(1, 6);
  expect(Math.abs(10 * Math.log10(signal / noise) - 20.42)).toBeLessThan(0.12);
});

describe("special cases", () => {
  test("zeros have the tensor scale 1; a block that is far below the largest one becomes zeros", () => {
    const zeros = nvfp4Encode(from([0, -0]));
    expect([zeros.tensorScale, [...zeros.scales.data], [...nvfp4Decode(zeros).data]]).toEqual([1, [0], [0, 0]]);
    const values = new Float32Array(48);
    values.set([2688 * 6, 0, 1], 0); // T = 6: the scale of a block is a / 36
    values[16] = 36 * 2 ** -10; // half of the smallest scale, a tie, to the even 0
    values[32] = 37 * 2 ** -10;
    const found = nvfp4Encode({ data: values, shape: [48], dtype: "float32" });
    expect(found.tensorScale).toBe(6);
    expect([...found.scales.data]).toEqual([0x7e, 0, 1]);
    expect(found.codes.data[32]).toBe(5); // 37/2^10 / (6 · 2^-9) = 3.08
    expect(nvfp4Decode(found).data[16]).toBe(0);
  });

  test("a NaN or an infinity makes its block NaN and does not count in the tensor's scale", () => {
    const values = new Float32Array(40).fill(1);
    values[3] = Number.NaN;
    values[20] = -Infinity;
    values[39] = 5.25;
    const found = nvfp4Encode({ data: values, shape: [40], dtype: "float32" });
    expect(found.tensorScale).toBe(Math.fround(5.25 / 2688));
    expect([...found.scales.data]).toEqual([127, 127, 126]);
    expect([...nvfp4Decode(found).data].slice(0, 32).every(Number.isNaN)).toBe(true);
    expect(nvfp4Decode(found).data[39]).toBeCloseTo(5.25, 5);
    expect([...nvfp4Encode(from([Number.NaN])).scales.data]).toEqual([127]);
  });

  test("the tensor's scale stays a finite float32 above 0; a given one is taken", () => {
    const scaleOf = (x: number): number =>
      nvfp4Encode({ data: Float64Array.of(x, 0), shape: [2], dtype: "float64" }).tensorScale;
    expect([1e-45, 1e-300, 1e300].map(scaleOf)).toEqual([2 ** -149, 2 ** -149, (2 - 2 ** -23) * 2 ** 127]);
    const found = nvfp4Encode(from([3, 24, -400]), { tensorScale: 0.5 });
    expect([found.tensorScale, decode(float8_e4m3fn, found.scales.data[0] as number)]).toEqual([0.5, 128]);
    expect(Array.from(found.codes.data, (code) => decode(float4_e2m1fn, code))).toEqual([0, 0.5, -6]);
    expect([...nvfp4Decode(found).data]).toEqual([0, 32, -384]);
    // Too small a scale: the block's scale saturates at 448, its elements at 6.
    expect([...nvfp4Decode(nvfp4Encode(from([1e4]), { tensorScale: 1 })).data]).toEqual([2688]);
  });

  test("blocks along the other axis are those of the transpose; empty tensors stay empty; stochastic takes a key", () => {
    const values = normal(key(8), [5, 37]);
    const across = nvfp4Encode(transpose(values), { axis: 0 });
    expect(transpose(nvfp4Decode(across))).toEqual(nvfp4Decode(nvfp4Encode(values)));
    expect(across.scales.shape).toEqual([3, 5]);
    const empty: Tensor<"float32"> = { data: new Float32Array(0), shape: [0, 3], dtype: "float32" };
    expect(nvfp4Decode(nvfp4Encode(empty))).toEqual(empty);
    const random = { rounding: "stochastic", key: key(1) } as const;
    expect(nvfp4Encode(values, random)).toEqual(nvfp4Encode(values, random));
    expect(nvfp4Encode(values, random).codes).not.toEqual(nvfp4Encode(values).codes);
    expect(nvfp4Encode(values, random).scales).toEqual(nvfp4Encode(values).scales);
  });
});

test("bad input is named", () => {
  const W = from([1, 2]);
  const good = nvfp4Encode(W);
  for (const [run, kind, message] of [
    [() => nvfp4Encode(good.codes as never), DtypeError, "nvfp4Encode: dtype uint8, expected a tensor of float32"],
    [() => nvfp4Encode(W, { axis: 1 }), ShapeError, "nvfp4Encode: axis 1, expected"],
    [() => nvfp4Encode(W, { tensorScale: 0 }), ValueError, "nvfp4Encode: tensorScale 0, expected a finite float32 > 0"],
    [() => nvfp4Encode(W, { tensorScale: 1e39 }), ValueError, "nvfp4Encode: tensorScale 1e+39"],
    [() => nvfp4Encode(W, { rounding: "stochastic" }), ValueError, "nvfp4Encode: key undefined, expected a key"],
    [() => nvfp4Decode({ ...good, kind: "mx" } as never), ValueError, "nvfp4Decode: kind mx, expected"],
    [() => nvfp4Decode({ ...good, tensorScale: Number.NaN }), ValueError, "nvfp4Decode: tensorScale NaN"],
    [() => nvfp4Decode({ ...good, scales: good.codes }), ShapeError, "nvfp4Decode: scales of shape [2], expected [1]"],
  ] as const) {
    expect(run).toThrow(kind);
    expect(run).toThrow(message);
  }
});
