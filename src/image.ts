/** Pictures from pixels: a matrix of numbers, a tensor with colours, or what a canvas calls ImageData. */
import { encode } from "fast-png";
import { base64 } from "./base64.js";
import { bundle, type Displayable } from "./display.js";
import { DtypeError, ShapeError, ValueError } from "./errors.js";

/** Numbers by rows: shape [rows, columns] for gray, [rows, columns, 1 | 3 | 4] for gray, RGB and RGBA. */
export interface PixelTensor {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** RGBA bytes by rows, as a canvas gives them. */
export interface PixelData {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Options of {@link image}. */
export interface ImageOptions {
  /** The number that is drawn black. Default: 0 for uint8, bool and colours; the smallest number otherwise. */
  readonly low?: number;
  /** The number that is drawn white. Default: 255 for uint8, 1 for bool and colours; the largest number otherwise. */
  readonly high?: number;
  /** How many pixels of the screen a pixel of the picture is wide and high: a whole number. Default 1. */
  readonly scale?: number;
  /** What the picture shows, for front ends without pictures. Default: its size. */
  readonly title?: string;
}

/** Bytes by rows with 1, 3 or 4 of them a pixel. */
interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** A picture larger than this would freeze the page that shows it. */
const maxPixels = 2 ** 26;

/**
 * Shows pixels as a PNG picture, one pixel per number (or per group of 3 or 4 colours), row 0 at the top.
 * Numbers map linearly to gray: `low` is black, `high` white, what lies beyond is clipped.
 * @param pixels a tensor of shape [rows, columns] or [rows, columns, 1 | 3 | 4]; or RGBA bytes with width and height
 * @throws ShapeError for another shape; DtypeError for data that are not numbers; ValueError for NaN, infinities, a
 *   scale that is no whole number, `low` not below `high`, or more than 2²⁶ pixels
 * @example image(tensor.from([[0, 0.5, 1], [1, 0.5, 0]]), { scale: 40 })
 */
export function image(pixels: PixelTensor | PixelData, options: ImageOptions = {}): Displayable {
  const { scale = 1 } = options;
  if (!(Number.isInteger(scale) && scale >= 1)) {
    throw new ValueError(`image: scale ${scale}, expected a whole number from 1 up`);
  }
  const { data, shape } = Object(pixels) as Partial<PixelTensor>;
  if (typeof data?.length !== "number" || (shape !== undefined && !Array.isArray(shape))) {
    throw new DtypeError(`image: ${nameOf(pixels)}, expected a tensor, or bytes with width and height`);
  }
  const raster = "shape" in pixels ? fromTensor(pixels, options) : fromBytes(pixels);
  if (raster.width * raster.height * scale ** 2 > maxPixels) {
    throw new ValueError(
      `image: ${raster.height} × ${raster.width} pixels at scale ${scale}, expected at most ${maxPixels} in all`,
    );
  }
  const png = base64(encode(enlarge(raster, scale)));
  const words = options.title ?? `picture, ${raster.height} × ${raster.width} pixels`;
  return bundle({ "image/png": png, "text/plain": words });
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value)
    ? "an array (tensor.from makes a tensor of it)"
    : `a value without pixels (${typeof value})`;
}

function fromBytes({ data, width, height }: PixelData): Raster {
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!bytes) throw new DtypeError("image: data with width and height, expected bytes (Uint8ClampedArray)");
  if (![width, height].every((size) => Number.isInteger(size) && size >= 1) || data.length !== width * height * 4) {
    throw new ShapeError(
      `image: ${data.length} bytes for ${width} × ${height} pixels, expected 4 bytes a pixel (red, green, blue, alpha)`,
    );
  }
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}

function fromTensor({ data, shape, dtype }: PixelTensor, options: ImageOptions): Raster {
  const [height = 0, width = 0, channels = 1] = shape;
  const fits =
    (shape.length === 2 || shape.length === 3) &&
    [1, 3, 4].includes(channels) &&
    [height, width].every((size) => Number.isInteger(size) && size >= 1);
  if (!fits || data.length !== height * width * channels) {
    throw new ShapeError(
      `image: shape [${shape.join(", ")}] with ${data.length} numbers, expected [rows, columns] or [rows, columns, 1, 3 or 4]`,
    );
  }
  const { low, high } = range(data, dtype, channels, options);
  return { data: toBytes(data, low, high), width, height, channels };
}

/** The numbers that are drawn black and white. */
function range(
  data: ArrayLike<number>,
  dtype: string,
  channels: number,
  options: ImageOptions,
): { low: number; high: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (typeof value !== "number") throw new DtypeError(`image: ${typeof value} at index ${i}, expected a number`);
    if (!Number.isFinite(value)) throw new ValueError(`image: ${value} at index ${i}, expected finite numbers`);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const [usualLow, usualHigh] =
    dtype === "uint8" ? [0, 255] : dtype === "bool" || channels > 1 ? [0, 1] : [least, most];
  const { low = usualLow, high = usualHigh } = options;
  // A picture of one value only is not an error: it is black.
  if (low === high && options.low === undefined && options.high === undefined) return { low, high: low + 1 };
  if (low < high) return { low, high };
  throw new ValueError(`image: low ${low} and high ${high}, expected low below high`);
}

function toBytes(data: ArrayLike<number>, low: number, high: number): Uint8Array {
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) {
    const level = ((data[i] as number) - low) / (high - low);
    bytes[i] = Math.round(Math.min(1, Math.max(0, level)) * 255);
  }
  return bytes;
}

/** Every pixel becomes a square of *scale* × *scale* equal ones. */
function enlarge(raster: Raster, scale: number): Raster {
  if (scale === 1) return raster;
  const { data, width, height, channels } = raster;
  const line = width * scale * channels;
  const large = new Uint8Array(line * height * scale);
  for (let row = 0; row < height; row++) {
    const start = row * scale * line;
    for (let at = 0; at < width * scale; at++) {
      const from = (row * width + Math.floor(at / scale)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        large[start + at * channels + channel] = data[from + channel] as number;
      }
    }
    for (let copy = 1; copy < scale; copy++) large.copyWithin(start + copy * line, start, start + line);
  }
  return { data: large, width: width * scale, height: height * scale, channels };
}
