/** A tensor put into a format, a part at a time, so that blocks stay whole. */
import {
  decode,
  type EncodeOptions,
  encode,
  float8_e4m3fn,
  float8_e8m0fnu,
  type MxScaleRule,
  mxEncode,
  nvfp4Encode,
  type Overflow,
  type Rounding,
} from "../../src/dtypes/index.js";
import { type Key, key, split } from "../../src/random/index.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type FormatChoice, overflowOf, rangeOf, type Target, targetOf, valuesOf } from "./compute-formats.js";

/** How values are rounded: the part of the state that decides numbers. */
export interface Settings {
  readonly format: FormatChoice;
  readonly rounding: Rounding;
  /** Of stochastic rounding, see {@link drawKey}. */
  readonly seed: number;
  readonly overflow: Overflow;
  /** `absmax` divides a single format's values by largest magnitude / largest value of the format first. */
  readonly scale: "none" | "absmax";
  readonly scale_rule: MxScaleRule;
  /** Values per scale of an MX block; NVFP4 has 16. */
  readonly block: number;
}

/** A part of a tensor in a format. With u the value in the unit of its scale, u = value / scales[i / run]. */
export interface Chunk {
  /** Place of its first value. */
  readonly start: number;
  readonly codes: ArrayLike<number>;
  /** Values of the codes, in the unit of their scale. */
  readonly table: Float32Array;
  /** The scale of each value. */
  readonly scales: Float64Array;
  /** Whether scale times element is rounded to float32, as the decoders of blocks do. */
  readonly single: boolean;
}

const chunkSize = 2 ** 15;

const largest = new WeakMap<Tensor, number>();

/** Returns the largest finite magnitude; 0 where there is none. */
export function absmaxOf(values: Tensor): number {
  const known = largest.get(values);
  if (known !== undefined) return known;
  const { data } = values;
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] as number);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  largest.set(values, most);
  return most;
}

/** Returns the format of the settings; they were checked. */
export function targetIn({ format }: Pick<Settings, "format">): Target {
  return targetOf(format) as Target;
}

/** Returns what all values of a single format are divided by. */
export function tensorScale(values: Tensor, settings: Settings): number {
  const target = targetIn(settings);
  const absmax = absmaxOf(values);
  if (target.kind === "nvfp4") return nvfp4Scale(absmax);
  if (target.kind === "mx" || settings.scale === "none" || absmax === 0) return 1;
  return Math.max(absmax / rangeOf(target).max, 2 ** -1022);
}

/** T of NVFP4 for a largest magnitude: what the encoder chooses for a tensor of that value alone. */
function nvfp4Scale(absmax: number): number {
  return nvfp4Encode({ data: Float64Array.of(absmax), shape: [1], dtype: "float64" }).tensorScale;
}

/**
 * Returns the key of stochastic rounding. Not `random.key(seed)` itself: of a tensor that was drawn with the same seed,
 * the words of one value would decide how others are rounded.
 */
export function drawKey(seed: number): Key {
  return split(key(seed), 8)[7] as Key;
}

/** Returns how a chunk's values are rounded; `start` is the place of the first. */
export function roundingOf(settings: Settings, start: number): EncodeOptions {
  const { rounding, seed } = settings;
  return rounding === "stochastic" ? { rounding, key: drawKey(seed), offset: start } : { rounding };
}

/** Returns values per block along the last axis: 1 for formats of single numbers. */
export function blockSize(settings: Settings): number {
  const { kind } = targetIn(settings);
  return kind === "single" ? 1 : kind === "nvfp4" ? 16 : settings.block;
}

/** Returns length of the last axis, along which blocks lie. */
export function lineLength({ shape, data }: Tensor): number {
  return shape.length === 0 ? 1 : data.length === 0 ? 0 : (shape[shape.length - 1] as number);
}

/** Puts a tensor into a format, a part at a time, so that blocks stay whole. */
export function* chunksOf(values: Tensor, settings: Settings): Generator<Chunk> {
  const line = lineLength(values);
  const block = blockSize(settings);
  const scale = tensorScale(values, settings);
  const { data } = values;
  const size =
    line > chunkSize ? chunkSize - (chunkSize % block) || block : line * Math.max(1, Math.floor(chunkSize / line));
  for (let start = 0; start < data.length; ) {
    const rest = line > chunkSize ? line - (start % line) : data.length - start;
    const count = Math.min(size, rest);
    const part = Float64Array.from(data.subarray(start, start + count));
    const width = Math.min(count, line);
    const tensor: Tensor<"float64"> = { data: part, shape: [count / width, width], dtype: "float64" };
    yield encodeChunk(tensor, settings, start, scale);
    start += count;
  }
}

/** Encodes rows of whole blocks that begin at place `start` of their tensor. */
export function encodeChunk(part: Tensor<"float64">, settings: Settings, start: number, scale: number): Chunk {
  const target = targetIn(settings);
  const table = valuesOf(target.format);
  const rounding = roundingOf(settings, start);
  const scales = new Float64Array(part.data.length);
  if (target.kind === "single") {
    scales.fill(scale);
    const data = scale === 1 ? part.data : part.data.map((value) => value / scale);
    const overflow = overflowOf(target, settings.overflow);
    const { data: codes } = encode(target.format, { ...part, data }, { ...rounding, overflow });
    return { start, codes, table, scales, single: false };
  }
  if (target.kind === "nvfp4") {
    const found = nvfp4Encode(part, { ...rounding, tensorScale: scale });
    spread(scales, found.scales, part.shape[1] as number, 16, (code) => decode(float8_e4m3fn, code) * scale);
    return { start, codes: found.codes.data, table, scales, single: true };
  }
  const { scale_rule: scaleRule, block } = settings;
  const found = mxEncode(part, { ...rounding, element: target.format, scaleRule, block });
  const { unit } = rangeOf(target);
  spread(scales, found.scales, part.shape[1] as number, block, (code) => decode(float8_e8m0fnu, code) * unit);
  return { start, codes: found.codes.data, table, scales, single: true };
}

/** Writes the scale of each block to all of its values. */
function spread(
  out: Float64Array,
  { data, shape }: Tensor<"uint8">,
  line: number,
  block: number,
  scaleOf: (code: number) => number,
): void {
  const perLine = shape[1] as number;
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / perLine);
    const first = row * line + (i % perLine) * block;
    out.fill(scaleOf(data[i] as number), first, Math.min(first + block, (row + 1) * line));
  }
}
