/** Counts and sums over the values of a tensor in a format. */
import { exponentOf } from "../../src/dtypes/bits.js";
import { decibel } from "../../src/quantization/error-report.js";
import type { Tensor } from "../../src/tensor/index.js";
import { absmaxOf, blockSize, type Chunk, lineLength, type Settings, targetIn } from "./compute-chunks.js";
import { rangeOf } from "./compute-formats.js";

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

const pointCount = 1500;

/** Counts and sums over the values of a tensor. */
export class Tally {
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
