import { ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import { zeros } from "../tensor/create.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { checkImage } from "./dwt2.js";
import { checkAlike } from "./lines.js";

/** Options of {@link modulusMaxima}. */
export interface ModulusMaximaOptions {
  /** Maxima whose modulus is not above it are left out; default 0. In the unit of the slopes. */
  readonly threshold?: number;
}

/** The edges of images at one scale. */
export interface ModulusMaxima {
  /** √(horizontal² + vertical²), of the shape of the slopes. */
  readonly modulus: Tensor<"float64">;
  /** 1 where the modulus is a maximum along the direction of the slope. */
  readonly maxima: Mask;
}

/** tan(π / 8), the border between two of the eight directions. */
const eighth = Math.SQRT2 - 1;

/**
 * Returns where the slopes of images are steepest: the modulus, and a mask of the points at which it is above the
 * threshold and a maximum among the two neighbours along the direction of the slope, which is rounded to one of the
 * pixel's eight neighbours. A maximum is larger than the neighbour that the slope points to and not smaller than the one
 * behind, so a plateau of two equal values is counted once. Beyond the border there is nothing to be smaller than.
 * @param horizontal the slope along the rows, shape [..., rows, columns], float32 or float64
 * @param vertical the slope from row to row, of the same shape and dtype
 * @throws DtypeError for an integer dtype or two dtypes; ShapeError for shapes that differ, fewer than two axes or an empty
 *   image; ValueError for a value that is not finite, or a threshold that is not finite and >= 0
 * @see Mallat and Zhong 1992, Characterization of signals from multiscale edges, IEEE PAMI 14
 * @example modulusMaxima(bands.horizontal[0], bands.vertical[0], { threshold: 0.1 }).maxima
 */
export function modulusMaxima<D extends Float>(
  horizontal: Tensor<D>,
  vertical: Tensor<D>,
  options: ModulusMaximaOptions = {},
): ModulusMaxima {
  const slopes = [horizontal, vertical] as const;
  for (const tensor of slopes) checkFloat("modulusMaxima", tensor);
  checkAlike("modulusMaxima", slopes);
  checkImage("modulusMaxima", horizontal);
  for (const tensor of slopes) if (tensor.data.length > 0) checkFinite("modulusMaxima", tensor);
  const { threshold = 0 } = options;
  if (!(threshold >= 0 && Number.isFinite(threshold))) {
    throw new ValueError(`modulusMaxima: threshold = ${threshold}, expected a finite number >= 0`);
  }
  const modulus = zeros(horizontal.shape, "float64");
  const maxima = zeros(horizontal.shape, "bool");
  for (let i = 0; i < modulus.data.length; i++) {
    modulus.data[i] = hypotenuse(horizontal.data[i] as number, vertical.data[i] as number);
  }
  for (let i = 0; i < modulus.data.length; i++) {
    const size = modulus.data[i] as number;
    if (!(size > threshold)) continue;
    const [right, down] = directionOf(horizontal.data[i] as number, vertical.data[i] as number);
    const [ahead, behind] = [neighbour(modulus, i, right, down), neighbour(modulus, i, -right, -down)];
    if (size > ahead && size >= behind) maxima.data[i] = 1;
  }
  return { modulus, maxima };
}

/** Returns √(x² + y²) without overflow: `Math.hypot` may differ between engines. */
function hypotenuse(x: number, y: number): number {
  const large = Math.max(Math.abs(x), Math.abs(y));
  if (large === 0) return 0;
  const ratio = Math.min(Math.abs(x), Math.abs(y)) / large;
  return large * Math.sqrt(1 + ratio * ratio);
}

/** Returns the step, -1, 0 or 1 each, to the neighbour that lies nearest to the direction (x, y). */
function directionOf(x: number, y: number): [number, number] {
  const [width, height] = [Math.abs(x), Math.abs(y)];
  return [width > eighth * height ? Math.sign(x) : 0, height > eighth * width ? Math.sign(y) : 0];
}

/** Returns the modulus one step from position i within the same image, or -1 beyond its border. */
function neighbour({ data, shape }: Tensor, i: number, right: number, down: number): number {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const row = (Math.floor(i / columns) % rows) + down;
  const column = (i % columns) + right;
  if (row < 0 || row >= rows || column < 0 || column >= columns) return -1;
  return data[i + down * columns + right] as number;
}
