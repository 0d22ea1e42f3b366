import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";
import { dwtKernels as module } from "../wasm/modules/dwt.generated.js";
import { wasmEnabled } from "../wasm/settings.js";
import { type Operand, sweep } from "../wasm/sweep.js";
import { type BorderMode, extended, halfLength } from "./filter-bank.js";
import type { Wavelet } from "./wavelet.js";

/** The quarters of images: approximation, horizontal, vertical, diagonal. */
export type Quarters = readonly [Tensor, Tensor, Tensor, Tensor];

/** Bytes of the input of a strip of an image that is too large to be brought whole. */
const stripBytes = 2 ** 19;

/** Splits every image by the kernels and returns whether it did. */
export function fastSplit2(images: Tensor, filters: Wavelet, mode: BorderMode, quarters: Quarters): boolean {
  const { data } = images;
  if (!(data instanceof Float32Array) || data.length === 0 || !wasmEnabled()) return false;
  return splitImages(images, filters, mode, quarters) || splitStrips(images, filters, mode, quarters);
}

/** Each image in one go. */
function splitImages({ data, shape }: Tensor, filters: Wavelet, mode: BorderMode, quarters: Quarters): boolean {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const units = sizeOf(shape.slice(0, -2));
  const halfRows = halfLength(rows, filters, mode);
  const places = placesOf(rows, filters, mode).map((place) => 4 * columns * place);
  const image = { units, halfRows, data: data as Float32Array, places };
  const outputs = quarters.map((quarter) => ({ data: quarter.data, per: quarter.data.length / units }));
  return splitPart(image, columns, filters, mode, outputs);
}

/** Some rows of each quarter. */
interface Part {
  readonly units: number;
  readonly halfRows: number;
  readonly data: Float32Array;
  /** The byte offset of each row that is needed. */
  readonly places: Int32Array;
}

function splitPart(
  { units, halfRows, data, places }: Part,
  columns: number,
  filters: Wavelet,
  mode: BorderMode,
  outputs: readonly Operand[],
): boolean {
  const { beyond, line, before } = borderOf(columns, filters, mode);
  const taps = filters.low.length;
  const size = data.length / units;
  return sweep({
    module,
    kernel: "split2",
    units,
    inputs: [{ data, per: size }],
    outputs,
    tables: [interleaved(filters), places, beyond],
    work: 16 * line,
    params: [taps, size, columns, halfRows, halfLength(columns, filters, mode), line, before, beyond.length / 2],
    nanoseconds: size * taps * 0.4,
  });
}

/** Images that are too large, some rows at a time: with what these need from above, below, or the other side. */
function splitStrips({ data, shape }: Tensor, filters: Wavelet, mode: BorderMode, quarters: Quarters): boolean {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const taps = filters.low.length;
  const places = placesOf(rows, filters, mode);
  const halfRows = halfLength(rows, filters, mode);
  const halfColumns = halfLength(columns, filters, mode);
  const most = Math.max(1, Math.floor((stripBytes / (4 * columns) - taps) / 2) + 1);
  const strip = new Float32Array((2 * most - 2 + taps) * columns);
  for (let image = 0; image < data.length; image += rows * columns) {
    const above = (image / rows / columns) * halfRows;
    for (let first = 0; first < halfRows; first += most) {
      const count = Math.min(most, halfRows - first);
      const needed = 2 * count - 2 + taps;
      for (let i = 0; i < needed; i++) {
        const start = image + (places[2 * first + i] as number) * columns;
        strip.set((data as Float32Array).subarray(start, start + columns), i * columns);
      }
      const part = {
        units: 1,
        halfRows: count,
        data: strip.subarray(0, needed * columns),
        places: Int32Array.from({ length: needed }, (_, i) => 4 * columns * i),
      };
      const from = (above + first) * halfColumns;
      const outputs = quarters.map((quarter) => {
        const rest = quarter.data.subarray(from, from + count * halfColumns);
        return { data: rest, per: rest.length };
      });
      if (!splitPart(part, columns, filters, mode, outputs)) return false;
    }
  }
  return true;
}

/** Splits every line along an axis by the kernels and returns whether it did. */
export function fastSplit(
  { data, shape }: Tensor,
  axis: number,
  filters: Wavelet,
  mode: BorderMode,
  halves: readonly [Tensor, Tensor],
): boolean {
  if (!(data instanceof Float32Array) || data.length === 0) return false;
  const taps = filters.low.length;
  const length = shape[axis] as number;
  const half = halfLength(length, filters, mode);
  const inner = sizeOf(shape.slice(axis + 1));
  const task = {
    module,
    units: data.length / length / inner,
    inputs: [{ data, per: length * inner }],
    outputs: halves.map((each) => ({ data: each.data, per: half * inner })),
    nanoseconds: length * inner * taps * 0.2,
  };
  if (inner === 1) {
    const { beyond, line, before } = borderOf(length, filters, mode);
    const params = [taps, length, half, before, beyond.length / 2];
    return sweep({ ...task, kernel: "split1", tables: [interleaved(filters), beyond], work: 8 * line, params });
  }
  const places = placesOf(length, filters, mode).map((place) => 4 * inner * place);
  const params = [taps, length * inner, inner, half];
  return sweep({ ...task, kernel: "splitDown", tables: [interleaved(filters), places], work: 16 * inner + 16, params });
}

/** Returns the coefficients tap by tap, low and high. */
export function interleaved({ low, high }: Wavelet): Float64Array {
  return Float64Array.from({ length: 2 * low.length }, (_, i) => (i % 2 === 0 ? low : high)[i >> 1] as number);
}

/** Returns where each value is found that the halves of `length` values need, from beyond one end to beyond the other. */
function placesOf(length: number, filters: Wavelet, mode: BorderMode): Int32Array {
  const taps = filters.low.length;
  const first = (mode === "periodization" ? taps / 2 : 1) - (taps - 1);
  const needed = 2 * halfLength(length, filters, mode) - 2 + taps;
  return Int32Array.from({ length: needed }, (_, i) => extended(first + i, length, mode));
}

/** What stands beyond the ends of a line of float64. */
interface Border {
  /** Pairs of byte offsets: to, from. */
  readonly beyond: Int32Array;
  /** Values of the line with its borders, and how many of them come before it. */
  readonly line: number;
  readonly before: number;
}

function borderOf(length: number, filters: Wavelet, mode: BorderMode): Border {
  const places = placesOf(length, filters, mode);
  const taps = filters.low.length;
  const before = taps - 1 - (mode === "periodization" ? taps / 2 : 1);
  const pairs: number[] = [];
  places.forEach((place, i) => {
    if (i < before || i >= before + length) pairs.push(8 * i, 8 * (before + place));
  });
  return { beyond: Int32Array.from(pairs), line: Math.max(places.length, before + length), before };
}
