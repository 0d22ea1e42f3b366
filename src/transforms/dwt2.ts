import { ShapeError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { outOf } from "../tensor/out.js";
import type { Tensor } from "../tensor/types.js";
import { joinAxis, joinedLength, splitAxis } from "./dwt.js";
import { fastSplit2 } from "./dwt-fast.js";
import { type BorderMode, checkMode, halfLength } from "./filter-bank.js";
import { haarJoin2, haarSplit2 } from "./haar2.js";
import { fastJoin2 } from "./idwt-fast.js";
import { checkAlike, checkLineAxis } from "./lines.js";
import { type WaveletName, wavelet } from "./wavelet.js";

/** Options of a level of wavelets of images. */
export interface ImageOptions {
  /** What stands beyond the borders; default `symmetric`. */
  readonly mode?: BorderMode;
}

/** Options of {@link dwt2}. */
export interface Dwt2Options<D extends Float = Float> extends ImageOptions {
  /** Where the quarters are written, for reuse: of their shapes and dtype, all apart; default new ones. */
  readonly out?: Dwt2Bands<D>;
}

/** Options of {@link idwt2}. */
export interface Idwt2Options<D extends Float = Float> extends ImageOptions {
  /** Where the images are written, for reuse: of their shape and dtype, apart from the quarters; default new ones. */
  readonly out?: Tensor<D>;
  /** `[rows, columns]` of the image, where one was odd; default: the even sides (or PyWavelets' sides). */
  readonly sides?: readonly [number, number];
}

/** The details of an image. */
export interface Dwt2Details<D extends Float = Float> {
  /** High-pass from row to row, low-pass along the rows: horizontal edges (PyWavelets' cH). */
  readonly horizontal: Tensor<D>;
  /** Low-pass from row to row, high-pass along the rows: vertical edges (cV). */
  readonly vertical: Tensor<D>;
  /** High-pass both ways (cD). */
  readonly diagonal: Tensor<D>;
}

/** The quarters, in the order of the kernels. */
const bandNames = ["approximation", "horizontal", "vertical", "diagonal"] as const;

/** The four quarters of an image, of equal shapes. */
export interface Dwt2Bands<D extends Float = Float> extends Dwt2Details<D> {
  /** Low-pass both ways (PyWavelets' cA). */
  readonly approximation: Tensor<D>;
}

/**
 * Returns the four quarters of every image over the last two axes: one wavelet level along the columns, then along the
 * rows. Papers name the quarters differently (LL, LH, HL, HH); here they are named by the edges they hold, as PyWavelets
 * does. Borders, sums and NaN as in `dwt`; between the two directions nothing is rounded to float32. Haar of float32 images
 * is the exception: halves of the four values are added and subtracted in float32, first from row to row, then along the
 * rows, so whole numbers stay exact and an error is at most 3 · 2^-24 of the sum of the four magnitudes, halved.
 * @param images shape [..., rows, columns], float32 or float64
 * @returns `options.out` when that is given
 * @throws DtypeError for an integer dtype; ShapeError for fewer than two axes or an empty image; ValueError for an unknown
 *   wavelet or mode, or an `out` that shares memory with another tensor
 * @see Mallat 1989, A theory for multiresolution signal decomposition
 * @example dwt2(tensor.from([[1, 2], [3, 4]]), "haar").approximation.data // 5
 */
export function dwt2<D extends Float>(
  images: Tensor<D>,
  name: WaveletName,
  options: Dwt2Options<D> = {},
): Dwt2Bands<D> {
  checkFloat("dwt2", images);
  const mode = checkMode("dwt2", options.mode ?? "symmetric");
  const filters = wavelet(name);
  const rowAxis = checkImage("dwt2", images);
  const sides = images.shape.slice(-2).map((side) => halfLength(side, filters, mode));
  const shape = [...images.shape.slice(0, -2), ...sides];
  const all: Tensor<D>[] = [];
  for (const band of bandNames) all.push(outOf("dwt2", options.out?.[band], images.dtype, shape, [images, ...all]));
  const [approximation, horizontal, vertical, diagonal] = all as [Tensor<D>, Tensor<D>, Tensor<D>, Tensor<D>];
  const quarters = [approximation, horizontal, vertical, diagonal] as const;
  if (filters.low.length === 2 && images.dtype === "float32") haarSplit2(images, mode, quarters);
  else if (!fastSplit2(images, filters, mode, quarters)) {
    const [low, high] = splitAxis(images, rowAxis, filters, mode, "float64");
    splitAxis(low, rowAxis + 1, filters, mode, images.dtype, [approximation, vertical]);
    splitAxis(high, rowAxis + 1, filters, mode, images.dtype, [horizontal, diagonal]);
  }
  return options.out ?? { approximation, horizontal, vertical, diagonal };
}

/**
 * Returns the images whose quarters these are: what {@link dwt2} was given, up to rounding. Haar of float32 as there: halves
 * are added and subtracted in float32, first along the rows, then from row to row; the others go first from row to row.
 * @param bands four tensors of equal shapes [..., rows, columns] and the same dtype
 * @throws DtypeError for an integer dtype; ShapeError for shapes that differ, too few coefficients for the filter, or
 *   `sides` that are neither all values nor one less; ValueError for an unknown wavelet or mode
 * @see the transpose of the orthonormal filter bank
 * @example idwt2(dwt2(images, "db2"), "db2", { sides: [5, 7] }) // images of 5 rows and 7 columns
 */
export function idwt2<D extends Float>(
  bands: Dwt2Bands<D>,
  name: WaveletName,
  options: Idwt2Options<D> = {},
): Tensor<D> {
  const { approximation, horizontal, vertical, diagonal } = bands;
  const all = [approximation, horizontal, vertical, diagonal] as const;
  for (const band of all) checkFloat("idwt2", band);
  checkAlike("idwt2", all);
  const mode = checkMode("idwt2", options.mode ?? "symmetric");
  const filters = wavelet(name);
  const rowAxis = checkImage("idwt2", approximation);
  const [rows, columns] = [0, 1].map((at) =>
    joinedLength("idwt2", approximation.shape[rowAxis + at] as number, filters, mode, options.sides?.[at]),
  ) as [number, number];
  const shape = [...approximation.shape.slice(0, -2), rows, columns];
  const out = outOf("idwt2", options.out, approximation.dtype, shape, all);
  if (filters.low.length === 2 && out.dtype === "float32") {
    haarJoin2(all, out);
    return out;
  }
  if (fastJoin2(all, filters, mode, out)) return out;
  const left = joinAxis([approximation, horizontal], rowAxis, filters, mode, rows, "float64");
  const right = joinAxis([vertical, diagonal], rowAxis, filters, mode, rows, "float64");
  return joinAxis([left, right], rowAxis + 1, filters, mode, columns, approximation.dtype, out);
}

/** Returns the axis of the rows. @throws ShapeError for fewer than two axes or an empty image */
export function checkImage(caller: string, images: Tensor): number {
  if (images.shape.length < 2) {
    throw new ShapeError(`${caller}: shape [${images.shape.join(", ")}], expected [..., rows, columns]`);
  }
  checkLineAxis(caller, images, -1);
  return checkLineAxis(caller, images, -2);
}
