/** The fuzz of `npm run test:slow` in small, and that it finds what it is for. */
import { describe, expect, test, vi } from "vitest";
import type { FuzzedFormat } from "../support/fuzz-files/campaign.js";

const memory = await vi.hoisted(async () => (await import("../support/fuzz-files/allocations.js")).countAllocations());
const { fuzzFiles } = await import("../support/fuzz-files/campaign.js");
const { formats } = await import("../support/fuzz-files/formats.js");

describe.each(Object.entries(formats))("%s", (_, format) => {
  test("5,000 files: a typed error or the right values, and little memory", () => {
    const { read, refused } = fuzzFiles(format, 5000, 2, memory);
    expect(Math.min(read, refused)).toBeGreaterThan(1000);
  });

  test("the same seed makes the same files", () => {
    expect(fuzzFiles(format, 300, 3, memory)).toMatchObject({
      read: expect.any(Number),
      refused: fuzzFiles(format, 300, 3, memory).refused,
    });
  });

  const readThen = (bytes: Uint8Array, action: () => void): ReturnType<FuzzedFormat["read"]> => {
    const got = format.read(bytes);
    action();
    return got;
  };
  const believing = (bytes: Uint8Array): ReturnType<FuzzedFormat["read"]> => {
    try {
      return format.read(bytes);
    } catch {
      return new Map();
    }
  };
  test.each<[string, FuzzedFormat["read"], RegExp]>([
    ["another error", (bytes) => readThen(bytes, () => JSON.parse("null").x), /: another error: TypeError/],
    ["a value that is wrong", (bytes) => changed(format.read(bytes)), /at position \d+, expected/],
    ["a lie that is believed", believing, /: a file that lies was read/],
    ["memory that grows", (bytes) => readThen(bytes, () => new Uint8Array(1e7)), /: \d+ bytes allocated for/],
    ["a file that is changed", (bytes) => readThen(bytes, () => bytes.fill(7)), /: the file was changed/],
  ])("finds %s", (_name, read, message) => {
    expect(() => fuzzFiles({ ...format, read }, 300, 1, memory)).toThrow(message);
  });
});

/** Every value another. */
function changed(got: ReturnType<FuzzedFormat["read"]>): ReturnType<FuzzedFormat["read"]> {
  const other = (x: number): number => (x === 1 ? 2 : 1);
  return new Map([...got].map(([name, { data, shape }]) => [name, { data: Float64Array.from(data, other), shape }]));
}
