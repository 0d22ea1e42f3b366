import { ShapeError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { slice } from "../tensor/slice.js";
import type { Tensor } from "../tensor/types.js";
import { checkImage, type Dwt2Details, dwt2, type ImageOptions, idwt2 } from "./dwt2.js";
import { checkLevels } from "./wavedec.js";
import { maxLevel, type WaveletName } from "./wavelet.js";

/** Options of {@link wavedec2}. */
export interface Wavedec2Options extends ImageOptions {
  /** How often the approximation is split again, 0..52; default: {@link maxLevel} of the shorter side. */
  readonly levels?: number;
}

/** Images in bands, three details a level. */
export interface WaveletBands2<D extends Float = Float> {
  /** What is left after the last split. */
  readonly approximation: Tensor<D>;
  /** The details, the coarsest first. */
  readonly details: readonly Dwt2Details<D>[];
  /** `[rows, columns]` of the images. */
  readonly sides: readonly [number, number];
}

/**
 * Returns the bands of every image over the last two axes: {@link dwt2}, applied to the approximation again and again.
 * @param images shape [..., rows, columns], float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError for fewer than two axes or an empty image; ValueError for an unknown
 *   wavelet or mode, or `levels` that is not an integer 0..52
 * @see Mallat 1989, A theory for multiresolution signal decomposition
 * @example wavedec2(images, "haar", { levels: 2 }).details[0].diagonal // of the coarser level
 */
export function wavedec2<D extends Float>(
  images: Tensor<D>,
  name: WaveletName,
  options: Wavedec2Options = {},
): WaveletBands2<D> {
  checkFloat("wavedec2", images);
  checkImage("wavedec2", images);
  const sides = images.shape.slice(-2) as [number, number];
  const levels = checkLevels("wavedec2", options.levels ?? maxLevel(Math.min(...sides), name));
  const details: Dwt2Details<D>[] = [];
  let approximation = slice(images);
  for (let level = 0; level < levels; level++) {
    const { approximation: rest, horizontal, vertical, diagonal } = dwt2(approximation, name, options);
    details.unshift({ horizontal, vertical, diagonal });
    approximation = rest;
  }
  return { approximation, details, sides };
}

/**
 * Returns the images of their bands: what {@link wavedec2} was given, up to rounding. The mode must be the same.
 * @throws DtypeError for an integer dtype or several dtypes; ShapeError for bands that do not fit together; ValueError for
 *   an unknown wavelet or mode
 * @example waverec2(wavedec2(images, "db2", { levels: 2 }), "db2") // images
 */
export function waverec2<D extends Float>(
  bands: WaveletBands2<D>,
  name: WaveletName,
  options: ImageOptions = {},
): Tensor<D> {
  const { details, sides } = bands;
  checkFloat("waverec2", bands.approximation);
  checkImage("waverec2", bands.approximation);
  let approximation = slice(bands.approximation);
  details.forEach((detail, level) => {
    const [rows, columns] = details[level + 1]?.diagonal.shape.slice(-2) ?? sides;
    const next = [rows as number, columns as number] as const;
    approximation = idwt2({ approximation, ...detail }, name, { ...options, sides: next });
  });
  const found = approximation.shape.slice(-2);
  if (found[0] !== sides[0] || found[1] !== sides[1]) {
    throw new ShapeError(`waverec2: sides [${found.join(", ")}], expected sides = [${sides.join(", ")}]`);
  }
  return approximation;
}
