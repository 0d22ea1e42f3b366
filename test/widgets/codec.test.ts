/** Buffers and tensors on the wire. Oracles: bytes written with DataView, JSON text, and a plain recursive walk. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { key, normal } from "../../src/random/index.js";
import { dtypes, type Tensor } from "../../src/tensor/index.js";
import { putBuffers, removeBuffers } from "../../widgets/lib/buffers.js";
import { equal } from "../../widgets/lib/equal.js";
import { decodeTensor, encodeTensor } from "../../widgets/lib/tensor-codec.js";

describe("removeBuffers and putBuffers", () => {
  test("take binary parts out at any depth and put them back", () => {
    const x = new Uint8Array([1]);
    const y = new Float32Array([2, 3]);
    const state = { x, n: 1, deep: { list: [0, y, { z: new DataView(x.buffer) }], text: "t" } };
    const split = removeBuffers(state);
    expect(split.state).toEqual({ n: 1, deep: { list: [0, null, {}], text: "t" } });
    expect(split.bufferPaths).toEqual([["x"], ["deep", "list", 1], ["deep", "list", 2, "z"]]);
    expect(split.buffers).toEqual([x, y, state.deep.list[2] && (state.deep.list[2] as { z: DataView }).z]);
    expect(state.x).toBe(x);
    const received = JSON.parse(JSON.stringify(split.state));
    const views = split.buffers.map((part) => {
      const view = part as ArrayBufferView;
      return new DataView(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
    });
    putBuffers(received, split.bufferPaths, views);
    expect(equal(received, state)).toBe(true);
  });

  test("round trip for any JSON with binary parts, __proto__ keys included", () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.integer(),
        fc.string(),
        fc.uint8Array({ maxLength: 3 }),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.string({ maxLength: 3 }), fc.constant("__proto__")), tie("tree"), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 3 }), tree, { maxKeys: 4 }), (state) => {
        const { state: stripped, bufferPaths, buffers } = removeBuffers(state as Record<string, unknown>);
        const received = JSON.parse(JSON.stringify(stripped));
        putBuffers(
          received,
          JSON.parse(JSON.stringify(bufferPaths)),
          buffers.map((b) => new DataView((b as Uint8Array).slice().buffer)),
        );
        return equal(received, state);
      }),
      { seed: 2021, numRuns: 300 },
    );
  });
});

describe("tensors", () => {
  test("3 x 5 float32: little-endian bytes, row by row", () => {
    const weights = normal(key(1), [3, 5]);
    const wire = encodeTensor(weights);
    expect([wire.dtype, wire.shape, wire.data.byteLength]).toEqual(["float32", [3, 5], 60]);
    const view = new DataView(wire.data.buffer, wire.data.byteOffset);
    for (let i = 0; i < 15; i++) expect(view.getFloat32(4 * i, true)).toBe(weights.data[i]);
  });

  test("a part of a larger array travels alone, and its buffer is no larger than it", () => {
    const data = Float64Array.from([9, 9, 1, 2, 3, 4, 5, 6, 9]).subarray(2, 8);
    const wire = encodeTensor({ data, shape: [2, 3], dtype: "float64" });
    expect(wire.data.buffer.byteLength).toBe(48);
    expect([...new Float64Array(wire.data.buffer)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each(dtypes)("%s survives a trip over an unaligned buffer and owns its memory", (dtype) => {
    const width = { bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, float32: 4, float64: 8 }[
      dtype
    ];
    const bytes = Uint8Array.from({ length: 3 + 6 * width }, (_, i) => (dtype === "bool" ? i % 2 : (i * 37) % 60));
    const decoded = decodeTensor({ dtype, shape: [2, 3], data: new DataView(bytes.buffer, 3) }) as Tensor;
    expect([decoded.dtype, decoded.shape, decoded.data.length]).toEqual([dtype, [2, 3], 6]);
    const sent = bytes.slice(3);
    bytes.fill(255);
    expect([...encodeTensor(decoded).data]).toEqual([...sent]);
  });

  test("an empty tensor and a scalar travel too", () => {
    for (const shape of [[0, 4], []]) {
      const size = shape.reduce((a, b) => a * b, 1);
      const wire = { dtype: "int16", shape, data: new DataView(new ArrayBuffer(2 * size)) };
      expect(decodeTensor(wire)?.shape).toEqual(shape);
    }
  });

  test.each([
    ["no record", null],
    ["no data", { dtype: "int8", shape: [1] }],
    ["data that is no bytes", { dtype: "int8", shape: [1], data: "AA==" }],
    ["a bool that is 2", { dtype: "bool", shape: [1], data: new Uint8Array([2]) }],
    ["one byte too many", { dtype: "int16", shape: [1], data: new Uint8Array(3) }],
    ["a shape that is a string", { dtype: "int8", shape: "1", data: new Uint8Array(1) }],
  ])("%s is no tensor", (_, wire) => {
    expect(decodeTensor(wire)).toBeUndefined();
  });
});

test("equal compares values, not identities, and tells dtypes apart", () => {
  expect(equal([1, { a: new Int8Array([1]) }], [1, { a: new Int8Array([1]) }])).toBe(true);
  expect(equal(new Int8Array([1]), new Uint8Array([1]))).toBe(false);
  expect(equal(new Int8Array([1]), new DataView(new Uint8Array([1]).buffer))).toBe(true);
  expect(equal({ a: undefined }, {})).toBe(false);
  expect(equal(Number.NaN, Number.NaN)).toBe(true);
  expect(equal(0, -0)).toBe(false);
  expect(equal(new Date(5), new Date(5))).toBe(true);
  expect(equal([1], { 0: 1, length: 1 })).toBe(false);
});
