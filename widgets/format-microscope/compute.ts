/** What the format microscope shows, computed from its state; the same functions in the kernel, the view and tests. */
import { exponentOf } from "../../src/dtypes/bits.js";
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
import { exp } from "../../src/math/index.js";
import { decibel } from "../../src/quantization/error-report.js";
import { type Key, key, normal, split } from "../../src/random/index.js";
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

/** What a format did to a tensor, in few numbers. */
export interface Report {
  readonly count: number;
  /** NaN and infinities among the values: they are in no other number here. */
  readonly notFinite: number;
  /** Finite values beyond the largest or smallest of the format, in the unit of their scale. */
  readonly beyond: number;
  /** Finite values that became infinite or NaN: no error can be told for them. */
  readonly lost: number;
  /** Values other than 0 that became 0. */
  readonly underflowed: number;
  /** Values that stayed exactly what they were. */
  readonly exact: number;
  /** Mean squared error over the finite values that stayed finite. */
  readonly mse: number;
  /** Largest error, and where it is. */
  readonly maxError: number;
  readonly maxErrorAt: number;
  /** Signal to quantization noise, dB: Infinity without an error, null where a value was lost or all are 0. */
  readonly sqnr: number | null;
}

/** Values by the power of two below their magnitude, see {@link exponents}: negative ones first, then the others. */
export interface Binades {
  /** Became 0 though they were not. */
  readonly under: Float64Array;
  readonly inside: Float64Array;
  /** Lie beyond the largest or smallest value of the format. */
  readonly beyond: Float64Array;
}

/** What is drawn of a tensor in a format, all in the unit of the scales. */
export interface Analysis extends Report {
  /** How often each code arose, of values that neither under- nor overflow; empty above 8 bits. */
  readonly cells: Float64Array;
  readonly binades: Binades;
  /** A few values for the plot of errors: their places, what they are, and value after minus value before. */
  readonly places: Uint32Array;
  readonly points: Float64Array;
  readonly errors: Float64Array;
  readonly absmax: number;
  /** The scale of each block, row by row; a single one in formats without blocks. */
  readonly scales: Float64Array;
}

/** The exponents that are told apart; what lies outside counts at the ends. */
export const exponents: { readonly low: number; readonly high: number; readonly count: number } = {
  low: -160,
  high: 143,
  count: 304,
};

const chunkSize = 2 ** 15;
const pointCount = 1500;

/** Returns 2,048 values of widely different magnitudes, the first block being the one whose largest is 957. */
export function sampleValues(seed: number): Tensor<"float32"> {
  const draws = normal(key(seed), [64, 32], { dtype: "float64" }).data;
  const data = Float32Array.from(draws, (z, i) => (i % 2 === 0 ? 1 : -1) * exp(2.4 * z));
  for (let i = 0; i < 32; i++) data[i] = Math.max(-900, Math.min(900, 250 * (draws[i] as number)));
  data[0] = 957;
  return { data, shape: [64, 32], dtype: "float32" };
}

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
 * Returns the key of stochastic rounding. Not `random.key(seed)` itself: a tensor that was drawn with the same seed would
 * decide its own rounding, and small values would never go down.
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

/** Describes a tensor in a format; yields now and then how far it is, 0..1. */
export function* analyze(values: Tensor, settings: Settings): Generator<number, Analysis> {
  const tally = new Tally(values, settings);
  for (const chunk of chunksOf(values, settings)) {
    tally.add(chunk);
    yield chunk.start / values.data.length;
  }
  return tally.finish();
}

/** Counts and sums over the values of a tensor. */
class Tally {
  readonly #data: ArrayLike<number>;
  readonly #absmax: number;
  readonly #range: { readonly min: number; readonly max: number };
  readonly #sums = { notFinite: 0, beyond: 0, lost: 0, underflowed: 0, exact: 0, signal: 0, noise: 0 };
  readonly #cells: Float64Array;
  readonly #binades: Binades = { under: emptyBins(), inside: emptyBins(), beyond: emptyBins() };
  readonly #places: Uint32Array;
  readonly #points: Float64Array;
  readonly #errors: Float64Array;
  readonly #line: number;
  readonly #block: number;
  readonly #scales: Float64Array;
  #nextScale = 0;
  #next = 0;
  #maxError = 0;
  #maxErrorAt = 0;

  constructor(values: Tensor, settings: Settings) {
    const target = targetIn(settings);
    this.#line = lineLength(values);
    this.#block = blockSize(settings);
    const blocks = (values.data.length / this.#line) * Math.ceil(this.#line / this.#block);
    this.#scales = new Float64Array(target.kind === "single" ? 1 : blocks);
    this.#data = values.data;
    this.#absmax = absmaxOf(values);
    this.#range = rangeOf(target);
    this.#cells = new Float64Array(target.format.bits <= 8 ? 2 ** target.format.bits : 0);
    this.#places = placesOf(values.data.length);
    this.#points = new Float64Array(this.#places.length);
    this.#errors = new Float64Array(this.#places.length);
  }

  add({ start, codes, table, scales, single }: Chunk): void {
    if (!single) this.#scales[0] = scales[0] as number;
    else this.#keepScales(start, scales);
    for (let i = 0; i < codes.length; i++) {
      const value = this.#data[start + i] as number;
      const code = codes[i] as number;
      const scale = scales[i] as number;
      const element = table[code] as number;
      while (start + i === this.#places[this.#next]) this.#mark(value, scale, element);
      const result = single ? Math.fround(element * scale) : element * scale;
      if (value - value !== 0) this.#sums.notFinite++;
      else if (this.#isKept(value, code, scale, result)) this.#addError(start + i, value, result);
    }
  }

  /** One of each block. */
  #keepScales(start: number, scales: Float64Array): void {
    for (let i = 0; i < scales.length; i++) {
      if (((start + i) % this.#line) % this.#block === 0) this.#scales[this.#nextScale++] = scales[i] as number;
    }
  }

  #mark(value: number, scale: number, element: number): void {
    const u = value / scale;
    this.#points[this.#next] = u;
    this.#errors[this.#next] = element - u;
    this.#next++;
  }

  /** Counts a value where it lies; returns whether it stayed finite. */
  #isKept(value: number, code: number, scale: number, result: number): boolean {
    const { under, inside, beyond } = this.#binades;
    // A scale that is 0 made zeros of the whole block; one that is NaN, NaN.
    const u = scale > 0 ? value / scale : 0;
    const bin = binadeOf(scale > 0 ? u : value);
    const outside = u > this.#range.max || u < this.#range.min;
    const finite = result - result === 0;
    if (outside) {
      this.#sums.beyond++;
      (beyond[bin] as number)++;
    } else if (result === 0 && value !== 0) {
      this.#sums.underflowed++;
      (under[bin] as number)++;
    } else if (finite) {
      if (this.#cells.length > 0) (this.#cells[code] as number)++;
      if (value !== 0) (inside[bin] as number)++;
    }
    if (!finite) this.#sums.lost++;
    return finite;
  }

  #addError(place: number, value: number, result: number): void {
    const sums = this.#sums;
    const error = Math.abs(result - value);
    if (error === 0) sums.exact++;
    if (error > this.#maxError) {
      this.#maxError = error;
      this.#maxErrorAt = place;
    }
    const unit = this.#absmax || 1;
    sums.signal += (value / unit) * (value / unit);
    sums.noise += (error / unit) * (error / unit);
  }

  finish(): Analysis {
    const { signal, noise, ...counts } = this.#sums;
    const count = this.#data.length;
    const measured = count - counts.notFinite - counts.lost;
    const unit = this.#absmax || 1;
    return {
      count,
      ...counts,
      mse: measured === 0 ? 0 : (noise / measured) * unit * unit,
      maxError: this.#maxError,
      maxErrorAt: this.#maxErrorAt,
      sqnr: counts.lost > 0 || signal === 0 ? null : noise === 0 ? Number.POSITIVE_INFINITY : decibel(signal / noise),
      cells: this.#cells,
      binades: this.#binades,
      places: this.#places,
      points: this.#points,
      errors: this.#errors,
      absmax: this.#absmax,
      scales: this.#scales,
    };
  }
}

function emptyBins(): Float64Array {
  return new Float64Array(2 * exponents.count);
}

/** Returns where a value is counted: by its sign and the power of two below its magnitude. */
function binadeOf(u: number): number {
  const { low, high, count } = exponents;
  return Math.min(high, Math.max(low, exponentOf(Math.abs(u)))) - low + (u < 0 ? 0 : count);
}

/** Places all over a tensor that do not fall into step with its blocks. */
function placesOf(count: number): Uint32Array {
  if (count <= pointCount) return Uint32Array.from({ length: count }, (_, i) => i);
  const golden = 0.6180339887498949;
  return Uint32Array.from({ length: pointCount }, (_, i) => ((i + ((i * golden) % 1)) * count) / pointCount);
}

/** One format of the comparison. */
export interface ComparedRow extends Report {
  readonly name: string;
}

/** Returns a format's row of the comparison: the same tensor under the same settings. */
export function* compareOne(values: Tensor, settings: Settings): Generator<number, ComparedRow> {
  const { cells, binades, places, points, errors, absmax, scales, ...report } = yield* analyze(values, settings);
  return { ...report, name: targetIn(settings).name };
}

/** Runs a stepped computation to its end. */
export function finish<Result>(steps: Generator<number, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
