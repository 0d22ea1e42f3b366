import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { base64 } from "../src/base64.js";
import { displaySymbol, type MimeBundle } from "../src/display.js";
import { DtypeError, ShapeError, ValueError } from "../src/errors.js";
import { type ImageOptions, image, type PixelData, type PixelTensor } from "../src/image.js";
import { integers, key, uniform } from "../src/random/index.js";

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: number[];
}

const bundleOf = (pixels: PixelTensor | PixelData, options?: ImageOptions): MimeBundle =>
  image(pixels, options)[displaySymbol]() as MimeBundle;
const show = (pixels: PixelTensor | PixelData, options?: ImageOptions): Decoded =>
  decode(Buffer.from(String(bundleOf(pixels, options)["image/png"]), "base64"));
const matrix = (shape: readonly number[], data: ArrayLike<number>, dtype = "float32"): PixelTensor => ({
  data,
  shape,
  dtype,
});

/** Reads an 8-bit PNG by the letter of its specification (ISO/IEC 15948), with zlib of Node. */
function decode(file: Buffer): Decoded {
  expect([...file.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = new Map<string, Buffer[]>();
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    chunks.set(name, [...(chunks.get(name) ?? []), file.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  const head = chunks.get("IHDR")?.[0] as Buffer;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const channels = { 0: 1, 2: 3, 6: 4 }[head[9] as 0 | 2 | 6];
  expect([head[8], head[12]]).toEqual([8, 0]);
  const raw = inflateSync(Buffer.concat(chunks.get("IDAT") as Buffer[]));
  return { width, height, channels, pixels: unfilter(raw, width * channels, channels) };
}

function unfilter(raw: Buffer, line: number, step: number): number[] {
  const pixels: number[] = [];
  const rows = raw.length / (line + 1);
  for (let row = 0; row < rows; row++) {
    const filter = raw[row * (line + 1)] as number;
    for (let at = 0; at < line; at++) {
      const left = at >= step ? (pixels[row * line + at - step] as number) : 0;
      const up = row > 0 ? (pixels[(row - 1) * line + at] as number) : 0;
      const corner = row > 0 && at >= step ? (pixels[(row - 1) * line + at - step] as number) : 0;
      const guess = [0, left, up, Math.floor((left + up) / 2), paeth(left, up, corner)][filter] as number;
      pixels.push(((raw[row * (line + 1) + 1 + at] as number) + guess) & 255);
    }
  }
  return pixels;
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

test("base64 is that of Node, for every length to 300", () => {
  const bytes = Uint8Array.from(integers(key(64), [300], { low: 0, high: 256 }).data);
  for (let length = 0; length <= 300; length++) {
    const part = bytes.subarray(0, length);
    expect(base64(part)).toBe(Buffer.from(part).toString("base64"));
  }
});

describe("image", () => {
  test("maps the smallest number to black, the largest to white, linearly between", () => {
    expect(show(matrix([2, 3], [-1, 0, 1, 3, 2, -1]))).toEqual({
      width: 3,
      height: 2,
      channels: 1,
      pixels: [0, 64, 128, 255, 191, 0],
    });
  });

  test("low and high fix the range, and what lies beyond is clipped", () => {
    expect(show(matrix([1, 4], [-9, 0, 0.5, 9]), { low: 0, high: 1 }).pixels).toEqual([0, 0, 128, 255]);
  });

  test("uint8, bool and colours keep their own range", () => {
    expect(show(matrix([1, 3], [10, 20, 30], "uint8")).pixels).toEqual([10, 20, 30]);
    expect(show(matrix([1, 2], [1, 1], "bool")).pixels).toEqual([255, 255]);
    expect(show(matrix([1, 2, 3], [0, 0.2, 0.4, 1, 0.6, 0.8]))).toMatchObject({
      channels: 3,
      pixels: [0, 51, 102, 255, 153, 204],
    });
    expect(show(matrix([1, 1, 4], [1, 0, 0, 0.2]))).toMatchObject({ channels: 4, pixels: [255, 0, 0, 51] });
  });

  test("one value everywhere is black", () => {
    expect(show(matrix([2, 1], [5, 5])).pixels).toEqual([0, 0]);
  });

  test("ImageData keeps its bytes, also as a view into a larger buffer", () => {
    const all = new Uint8ClampedArray(40).map((_, i) => i * 6);
    expect(show({ data: all.subarray(8, 32), width: 3, height: 2 })).toEqual({
      width: 3,
      height: 2,
      channels: 4,
      pixels: [...all.subarray(8, 32)],
    });
  });

  test("scale makes squares of equal pixels", () => {
    const { data } = uniform(key(3), [5, 7, 3]);
    const small = show(matrix([5, 7, 3], data));
    const large = show(matrix([5, 7, 3], data), { scale: 4 });
    expect([large.width, large.height]).toEqual([28, 20]);
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 28 * 3; x++) {
        const from = (Math.floor(y / 4) * 7 + Math.floor(x / 12)) * 3 + (x % 3);
        expect(large.pixels[y * 84 + x]).toBe(small.pixels[from]);
      }
    }
  });

  test("says its size, or its title, where pictures cannot be shown", () => {
    expect(bundleOf(matrix([2, 3], [0, 0, 0, 0, 0, 1]))["text/plain"]).toBe("picture, 2 × 3 pixels");
    expect(bundleOf(matrix([1, 1], [0]), { title: "a dot" })["text/plain"]).toBe("a dot");
  });

  test.each<[string, PixelTensor | PixelData, ImageOptions, new (...args: never[]) => Error, RegExp]>([
    ["a vector", matrix([3], [1, 2, 3]), {}, ShapeError, /image: shape \[3\] with 3 numbers, expected \[rows/],
    ["two channels", matrix([1, 1, 2], [1, 2]), {}, ShapeError, /shape \[1, 1, 2\]/],
    ["an empty matrix", matrix([0, 3], []), {}, ShapeError, /shape \[0, 3\]/],
    ["too few numbers", matrix([2, 2], [1, 2, 3]), {}, ShapeError, /with 3 numbers/],
    ["NaN", matrix([1, 2], [1, Number.NaN]), {}, ValueError, /image: NaN at index 1/],
    ["text", matrix([1, 1], ["x"] as never), {}, DtypeError, /image: string at index 0/],
    ["few bytes", { data: new Uint8ClampedArray(7), width: 1, height: 2 }, {}, ShapeError, /7 bytes for 1 × 2/],
    ["no bytes", { data: [1, 2, 3, 4] as never, width: 1, height: 1 }, {}, DtypeError, /expected bytes/],
    ["half a scale", matrix([1, 1], [0]), { scale: 1.5 }, ValueError, /scale 1.5, expected a whole number/],
    ["a huge scale", matrix([1, 1], [0]), { scale: 10_000 }, ValueError, /expected at most 67108864/],
    ["low above high", matrix([1, 1], [0]), { low: 2, high: 1 }, ValueError, /low 2 and high 1/],
  ])("refuses %s", (_, pixels, options, type, message) => {
    expect(() => image(pixels, options)).toThrow(type);
    expect(() => image(pixels, options)).toThrow(message);
  });
});

test.each<[string, unknown, RegExp]>([
  ["null", null, /^image: null, expected a tensor/],
  ["nothing", undefined, /^image: undefined, expected a tensor/],
  ["a number", 5, /^image: a value without pixels \(number\)/],
  ["rows of numbers", [[1, 2]], /^image: an array \(tensor.from/],
  ["a shape alone", { shape: [2, 2] }, /^image: a value without pixels \(object\)/],
  ["a shape below zero", { data: [1, 2, 3, 4], shape: [-2, -2], dtype: "uint8" }, /^image: shape \[-2, -2\]/],
  ["half a row", { data: [1, 2, 3], shape: [1.5, 2], dtype: "uint8" }, /^image: shape \[1.5, 2\]/],
])("%s is no picture, and said so", (_, pixels, message) => {
  expect(() => image(pixels as PixelTensor)).toThrow(message);
});
