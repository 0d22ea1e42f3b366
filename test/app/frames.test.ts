/** Our codec of the websocket subprotocol against the one of Jupyter's own client. */

import { createRequire } from "node:module";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packMessage, subprotocol, unpackMessage } from "../../app/server/kernels/frames.js";

interface JupyterMessage {
  channel: string;
  header: object;
  parent_header: object;
  metadata: object;
  content: object;
  buffers: (ArrayBuffer | DataView)[];
}
const { serialize, deserialize } = createRequire(import.meta.url)("@jupyterlab/services/lib/kernel/serialize.js") as {
  serialize(message: JupyterMessage, protocol: string): ArrayBuffer;
  deserialize(data: ArrayBuffer, protocol: string): Omit<JupyterMessage, "buffers"> & { buffers: DataView[] };
};

const json = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null)));
const message = fc.record({
  channel: fc.constantFrom("shell" as const, "control" as const, "stdin" as const),
  parts: fc.tuple(json, json, json, json),
  buffers: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
});
const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const exact = (data: Uint8Array): ArrayBuffer => new Uint8Array(data).buffer;

test("what Jupyter's client writes is read", () => {
  fc.assert(
    fc.property(message, ({ channel, parts: [header, parent_header, metadata, content], buffers }) => {
      const written = serialize(
        { channel, header, parent_header, metadata, content, buffers: buffers.map(exact) },
        subprotocol,
      );
      const read = unpackMessage(Buffer.from(written));
      expect(read.channel).toBe(channel);
      expect(read.parts.map((part) => JSON.parse(Buffer.from(part).toString()) as unknown)).toEqual(
        JSON.parse(JSON.stringify([header, parent_header, metadata, content])),
      );
      expect(read.buffers.map((buffer) => [...buffer])).toEqual(buffers.map((buffer) => [...buffer]));
    }),
    { seed: 4, numRuns: 200 },
  );
});

test("what we write is read by Jupyter's client, whatever the sizes of the buffers", () => {
  for (const sizes of [[], [0], [1, 0, 3], [65_536, 65_537, 5], [200_000, 7, 200_001, 0]]) {
    const buffers = sizes.map((size, index) => new Uint8Array(size).map((_, i) => (i * 31 + index) & 255));
    const parts = [{ msg_type: "x" }, { a: "ü" }, {}, { text: "z".repeat(sizes.length * 1000) }];
    const fragments = packMessage({ channel: "iopub", parts: parts.map(bytes), buffers });
    const read = deserialize(exact(Buffer.concat(fragments)), subprotocol);
    expect([read.channel, read.header, read.parent_header, read.metadata, read.content]).toEqual(["iopub", ...parts]);
    expect(read.buffers.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength))).toEqual(
      buffers.map((buffer) => Buffer.from(buffer)),
    );
  }
});

test("large buffers are passed on, not copied; small messages are one fragment", () => {
  const large = new Uint8Array(1_000_000);
  const parts = [{}, {}, {}, {}].map(bytes);
  expect(packMessage({ channel: "iopub", parts, buffers: [large] })).toContain(large);
  expect(packMessage({ channel: "iopub", parts, buffers: [new Uint8Array(10)] })).toHaveLength(1);
  const data = Buffer.concat(packMessage({ channel: "shell", parts, buffers: [large] }));
  expect(unpackMessage(data).buffers[0]?.buffer).toBe(data.buffer);
});

describe("a table that lies is refused", () => {
  const good = (): Buffer =>
    Buffer.concat(packMessage({ channel: "shell", parts: [{}, {}, {}, {}].map(bytes), buffers: [new Uint8Array(3)] }));
  const withNumber = (at: number, value: bigint): Buffer => {
    const data = good();
    data.writeBigUInt64LE(value, at);
    return data;
  };
  test.each([
    ["nothing", () => Buffer.alloc(0)],
    ["seven bytes", () => Buffer.alloc(7)],
    ["no offsets", () => withNumber(0, 0n)],
    ["more offsets than bytes", () => withNumber(0, 1000n)],
    ["an absurd count", () => withNumber(0, 2n ** 63n)],
    ["an offset into the table", () => withNumber(8, 8n)],
    ["offsets that run backwards", () => withNumber(24, 60n)],
    ["an offset beyond the end", () => withNumber(8 * 7, 10_000n)],
    ["an offset of 2^64 - 1", () => withNumber(16, 2n ** 64n - 1n)],
    [
      "a channel that only kernels use",
      () => Buffer.from(good().toString("latin1").replace("shell", "iopub"), "latin1"),
    ],
  ])("%s", (_, data) => {
    expect(() => unpackMessage(data())).toThrow(RangeError);
  });

  test("no bytes at all make it fail in another way", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 9 }), (noise, count) => {
        const data = Buffer.from(noise);
        if (data.length >= 8) data.writeBigUInt64LE(BigInt(count), 0);
        try {
          expect(unpackMessage(data).parts).toHaveLength(4);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
});
