import type { Tensor } from "../tensor/types.js";
import { checkImage } from "./dwt2.js";
import { type Integer, type LiftingScheme, lift, unlift } from "./lift.js";

/** Options of {@link lift2} and {@link unlift2}. */
export interface Lift2Options {
  /** Default `haar`. */
  readonly scheme?: LiftingScheme;
}

/** The four quarters of images of integers; odd sides give the approximation one row or column more. */
export interface Lift2Bands {
  /** Low-pass both ways. */
  readonly approximation: Tensor<"int32">;
  /** High-pass from row to row, low-pass along the rows: horizontal edges. */
  readonly horizontal: Tensor<"int32">;
  /** Low-pass from row to row, high-pass along the rows: vertical edges. */
  readonly vertical: Tensor<"int32">;
  /** High-pass both ways. */
  readonly diagonal: Tensor<"int32">;
}

/**
 * Returns the four quarters of every image of integers over the last two axes, from which {@link unlift2} makes the images
 * again, bit for bit: {@link lift} from row to row, then along the rows. Bands are named as those of `dwt2`.
 * @param images shape [..., rows, columns], an integer dtype; magnitudes below 2^29 always fit
 * @throws DtypeError for a float dtype; ValueError where a value reaches 2^30 before either step, or for an unknown scheme;
 *   ShapeError for fewer than two axes or an empty image
 * @see Calderbank et al. 1998, Wavelet transforms that map integers to integers
 * @example lift2(tensor.from([[1, 2], [3, 4]], { dtype: "uint8" })).approximation.data // 2
 */
export function lift2(images: Tensor<Integer>, options: Lift2Options = {}): Lift2Bands {
  const { scheme } = options;
  checkImage("lift2", images);
  const { approximation: low, detail: high } = lift(images, { scheme, axis: -2 });
  const { approximation, detail: vertical } = lift(low, { scheme });
  const { approximation: horizontal, detail: diagonal } = lift(high, { scheme });
  return { approximation, horizontal, vertical, diagonal };
}

/**
 * Returns the images whose quarters these are, exactly, as int32.
 * @throws DtypeError for a float dtype; ShapeError for shapes that are no four quarters; ValueError for an unknown scheme,
 *   or quarters whose images do not fit int32 (none that {@link lift2} made)
 * @example unlift2(lift2(images, { scheme: "5/3" }), { scheme: "5/3" }) // images
 */
export function unlift2(bands: Lift2Bands, options: Lift2Options = {}): Tensor<"int32"> {
  const { scheme } = options;
  const { approximation, horizontal, vertical, diagonal } = bands;
  checkImage("unlift2", approximation);
  const low = unlift({ approximation, detail: vertical }, { scheme });
  const high = unlift({ approximation: horizontal, detail: diagonal }, { scheme });
  return unlift({ approximation: low, detail: high }, { scheme, axis: -2 });
}
