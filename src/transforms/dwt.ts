import { ShapeError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { outOf } from "../tensor/out.js";
import type { Tensor } from "../tensor/types.js";
import { fastSplit } from "./dwt-fast.js";
import { type BorderMode, checkMode, fullLength, halfLength, join, split } from "./filter-bank.js";
import { fastJoin } from "./idwt-fast.js";
import { checkAlike, checkLineAxis, type LineTransform, transformLines } from "./lines.js";
import { type Wavelet, type WaveletName, wavelet } from "./wavelet.js";

/** Options of a level of wavelets along an axis. */
export interface AxisOptions {
  /** What stands beyond the ends; default `symmetric`. */
  readonly mode?: BorderMode;
  /** Which axis is split; negative ones count from the back; default -1. */
  readonly axis?: number;
}

/** Options of {@link dwt}. */
export interface DwtOptions<D extends Float = Float> extends AxisOptions {
  /** Where the halves are written, for reuse: of their shapes and dtype, apart from the signal; default new ones. */
  readonly out?: DwtBands<D>;
}

/** Options of {@link idwt}. */
export interface IdwtOptions<D extends Float = Float> extends AxisOptions {
  /** Where the signal is written, for reuse: of its shape and dtype, apart from the halves; default a new one. */
  readonly out?: Tensor<D>;
  /** The length of the signal, where it was odd; default: the even length (or PyWavelets' length). */
  readonly length?: number;
}

/** The two halves of a signal. */
export interface DwtBands<D extends Float = Float> {
  /** The low-pass half. */
  readonly approximation: Tensor<D>;
  /** The high-pass half, of the same shape. */
  readonly detail: Tensor<D>;
}

/**
 * Returns the two halves of a signal of n values along an axis: approximation and detail of one wavelet level.
 * `symmetric` (the ends mirrored, each end value twice) and `periodic` give ⌊(n + filter length - 1) / 2⌋ coefficients a
 * half; `periodization` gives ⌈n / 2⌉ and is orthonormal for even n, with the last value of an odd signal repeated.
 * Sums are float64 in a fixed order, rounded once to the dtype. NaN and infinities spread to the coefficients that see
 * them.
 * @param signal float32 or float64, n >= 1 along the axis
 * @returns `options.out` when that is given
 * @throws DtypeError for an integer dtype; ShapeError for an axis outside the rank or without elements; ValueError for an
 *   unknown wavelet or mode, or an `out` that shares memory with another tensor
 * @see Mallat 1989, A theory for multiresolution signal decomposition; borders and alignment as in PyWavelets
 * @example dwt(tensor.from([1, 1, 5, 3]), "haar").detail.data // 0, 1.4142135381698608
 */
export function dwt<D extends Float>(signal: Tensor<D>, name: WaveletName, options: DwtOptions<D> = {}): DwtBands<D> {
  checkFloat("dwt", signal);
  const mode = checkMode("dwt", options.mode ?? "symmetric");
  const axis = checkLineAxis("dwt", signal, options.axis ?? -1);
  const filters = wavelet(name);
  const half = halfLength(signal.shape[axis] as number, filters, mode);
  const shape = signal.shape.map((side, at) => (at === axis ? half : side));
  const approximation = outOf("dwt", options.out?.approximation, signal.dtype, shape, [signal]);
  const detail = outOf("dwt", options.out?.detail, signal.dtype, shape, [signal, approximation]);
  if (!fastSplit(signal, axis, filters, mode, [approximation, detail])) {
    splitAxis(signal, axis, filters, mode, signal.dtype, [approximation, detail]);
  }
  return options.out ?? { approximation, detail };
}

/**
 * Returns the signal whose halves these are: what {@link dwt} was given, up to rounding.
 * @param bands of equal shapes and the same dtype
 * @returns 2 m - filter length + 2 values along the axis for m coefficients, 2 m for `periodization`; one less for a
 *   `length` that is odd
 * @throws DtypeError for an integer dtype or two dtypes; ShapeError for shapes that differ, too few coefficients for the
 *   filter, or a `length` that is neither all values nor one less; ValueError for an unknown wavelet or mode
 * @see the transpose of the orthonormal filter bank
 * @example idwt(dwt(x, "db2"), "db2", { length: x.data.length }) // x
 */
export function idwt<D extends Float>(bands: DwtBands<D>, name: WaveletName, options: IdwtOptions<D> = {}): Tensor<D> {
  const { approximation, detail } = bands;
  checkFloat("idwt", approximation);
  checkFloat("idwt", detail);
  checkAlike("idwt", [approximation, detail]);
  const mode = checkMode("idwt", options.mode ?? "symmetric");
  const axis = checkLineAxis("idwt", approximation, options.axis ?? -1);
  const filters = wavelet(name);
  const length = joinedLength("idwt", approximation.shape[axis] as number, filters, mode, options.length);
  const shape = approximation.shape.map((side, at) => (at === axis ? length : side));
  const out = outOf("idwt", options.out, approximation.dtype, shape, [approximation, detail]);
  const halves = [approximation, detail] as const;
  if (fastJoin(halves, axis, filters, mode, out)) return out;
  return joinAxis(halves, axis, filters, mode, length, approximation.dtype, out);
}

/** Returns `wanted` where the halves can make that many values, all they make without it. */
export function joinedLength(
  caller: string,
  half: number,
  filters: Wavelet,
  mode: BorderMode,
  wanted: number | undefined,
): number {
  const full = fullLength(half, filters, mode);
  const length = wanted ?? full;
  if (full < 1 || length < 1 || (length !== full && length !== full - 1)) {
    const expected = full < 1 ? `at least ${filters.low.length / 2} coefficients` : `length ${full} or ${full - 1}`;
    throw new ShapeError(
      `${caller}: ${half} coefficients of ${filters.name} and length ${length}, expected ${expected}`,
    );
  }
  return length;
}

/** Splits every line along `axis`. */
export function splitAxis<D extends Float>(
  signal: Tensor,
  axis: number,
  filters: Wavelet,
  mode: BorderMode,
  dtype: D,
  outputs?: readonly [Tensor<D>, Tensor<D>],
): readonly [Tensor<D>, Tensor<D>] {
  const half = halfLength(signal.shape[axis] as number, filters, mode);
  const transform: LineTransform = ([line], results) =>
    split(line as Float64Array, results as readonly [Float64Array, Float64Array], filters, mode);
  return transformLines([signal], axis, [half, half], dtype, transform, outputs) as readonly [Tensor<D>, Tensor<D>];
}

/** Joins the lines of two halves along `axis`. */
export function joinAxis<D extends Float>(
  halves: readonly [Tensor, Tensor],
  axis: number,
  filters: Wavelet,
  mode: BorderMode,
  length: number,
  dtype: D,
  output?: Tensor<D>,
): Tensor<D> {
  const transform: LineTransform = (lines, [result]) =>
    join(lines as readonly [Float64Array, Float64Array], result as Float64Array, filters, mode);
  return transformLines(halves, axis, [length], dtype, transform, output && [output])[0] as Tensor<D>;
}
