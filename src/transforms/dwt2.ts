import { ShapeError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import type { Tensor } from "../tensor/types.js";
import { joinAxis, joinedLength, splitAxis } from "./dwt.js";
import { type BorderMode, checkMode } from "./filter-bank.js";
import { checkAlike, checkLineAxis } from "./lines.js";
import { type WaveletName, wavelet } from "./wavelet.js";

/** Options of {@link dwt2}. */
export interface Dwt2Options {
  /** What stands beyond the borders; default `symmetric`. */
  readonly mode?: BorderMode;
}

/** Options of {@link idwt2}. */
export interface Idwt2Options extends Dwt2Options {
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

/** The four quarters of an image, of equal shapes. */
export interface Dwt2Bands<D extends Float = Float> extends Dwt2Details<D> {
  /** Low-pass both ways (PyWavelets' cA). */
  readonly approximation: Tensor<D>;
}

/**
 * Returns the four quarters of every image over the last two axes: one wavelet level along the columns, then along the
 * rows. Papers name the quarters differently (LL, LH, HL, HH); here they are named by the edges they hold, as PyWavelets
 * does. Borders, sums and NaN as in `dwt`; between the two directions nothing is rounded to float32.
 * @param images shape [..., rows, columns], float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError for fewer than two axes or an empty image; ValueError for an unknown
 *   wavelet or mode
 * @see Mallat 1989, A theory for multiresolution signal decomposition
 * @example dwt2(tensor.from([[1, 2], [3, 4]]), "haar").approximation.data // 5
 */
export function dwt2<D extends Float>(images: Tensor<D>, name: WaveletName, options: Dwt2Options = {}): Dwt2Bands<D> {
  checkFloat("dwt2", images);
  const mode = checkMode("dwt2", options.mode ?? "symmetric");
  const filters = wavelet(name);
  const rowAxis = checkImage("dwt2", images);
  const [low, high] = splitAxis(images, rowAxis, filters, mode, "float64");
  const [approximation, vertical] = splitAxis(low, rowAxis + 1, filters, mode, images.dtype);
  const [horizontal, diagonal] = splitAxis(high, rowAxis + 1, filters, mode, images.dtype);
  return { approximation, horizontal, vertical, diagonal };
}

/**
 * Returns the images whose quarters these are: what {@link dwt2} was given, up to rounding.
 * @param bands four tensors of equal shapes [..., rows, columns] and the same dtype
 * @throws DtypeError for an integer dtype; ShapeError for shapes that differ, too few coefficients for the filter, or
 *   `sides` that are neither all values nor one less; ValueError for an unknown wavelet or mode
 * @see the transpose of the orthonormal filter bank
 * @example idwt2(dwt2(images, "db2"), "db2", { sides: [5, 7] }) // images of 5 rows and 7 columns
 */
export function idwt2<D extends Float>(bands: Dwt2Bands<D>, name: WaveletName, options: Idwt2Options = {}): Tensor<D> {
  const { approximation, horizontal, vertical, diagonal } = bands;
  const all = [approximation, horizontal, vertical, diagonal];
  for (const band of all) checkFloat("idwt2", band);
  checkAlike("idwt2", all);
  const mode = checkMode("idwt2", options.mode ?? "symmetric");
  const filters = wavelet(name);
  const rowAxis = checkImage("idwt2", approximation);
  const [rows, columns] = [0, 1].map((at) =>
    joinedLength("idwt2", approximation.shape[rowAxis + at] as number, filters, mode, options.sides?.[at]),
  ) as [number, number];
  const low = joinAxis([approximation, vertical], rowAxis + 1, filters, mode, columns, "float64");
  const high = joinAxis([horizontal, diagonal], rowAxis + 1, filters, mode, columns, "float64");
  return joinAxis([low, high], rowAxis, filters, mode, rows, approximation.dtype);
}

/** Returns the axis of the rows. @throws ShapeError for fewer than two axes or an empty image */
export function checkImage(caller: string, images: Tensor): number {
  if (images.shape.length < 2) {
    throw new ShapeError(`${caller}: shape [${images.shape.join(", ")}], expected [..., rows, columns]`);
  }
  checkLineAxis(caller, images, -1);
  return checkLineAxis(caller, images, -2);
}
