import { ShapeError, ValueError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { slice } from "../tensor/slice.js";
import type { Tensor } from "../tensor/types.js";
import { type AxisOptions, dwt, idwt } from "./dwt.js";
import { checkLineAxis } from "./lines.js";
import { maxLevel, type WaveletName } from "./wavelet.js";

/** Options of {@link wavedec}. */
export interface WavedecOptions extends AxisOptions {
  /** How often the approximation is split again, 0..52; default: {@link maxLevel} of the length. */
  readonly levels?: number;
}

/** A signal in bands, one detail a level. */
export interface WaveletBands<D extends Float = Float> {
  /** What is left after the last split. */
  readonly approximation: Tensor<D>;
  /** The details, the coarsest first. */
  readonly details: readonly Tensor<D>[];
  /** How many values the signal had along the axis. */
  readonly length: number;
}

/**
 * Returns the bands of a signal: {@link dwt}, applied to the approximation again and again.
 * @param signal float32 or float64, at least one value along the axis
 * @throws DtypeError for an integer dtype; ShapeError for an axis outside the rank or without elements; ValueError for an
 *   unknown wavelet or mode, or `levels` that is not an integer 0..52
 * @see Mallat 1989, A theory for multiresolution signal decomposition
 * @example wavedec(tensor.arange(8), "haar").details.length // 3
 */
export function wavedec<D extends Float>(
  signal: Tensor<D>,
  name: WaveletName,
  options: WavedecOptions = {},
): WaveletBands<D> {
  checkFloat("wavedec", signal);
  const axis = checkLineAxis("wavedec", signal, options.axis ?? -1);
  const length = signal.shape[axis] as number;
  const levels = checkLevels("wavedec", options.levels ?? maxLevel(length, name));
  const details: Tensor<D>[] = [];
  let approximation = slice(signal);
  for (let level = 0; level < levels; level++) {
    const bands = dwt(approximation, name, options);
    details.unshift(bands.detail);
    approximation = bands.approximation;
  }
  return { approximation, details, length };
}

/**
 * Returns the signal of its bands: what {@link wavedec} was given, up to rounding. The options must be the same.
 * @throws DtypeError for an integer dtype or several dtypes; ShapeError for bands that do not fit together; ValueError for
 *   an unknown wavelet or mode
 * @example waverec(wavedec(x, "db4", { levels: 3 }), "db4") // x
 */
export function waverec<D extends Float>(
  bands: WaveletBands<D>,
  name: WaveletName,
  options: AxisOptions = {},
): Tensor<D> {
  const { details, length } = bands;
  checkFloat("waverec", bands.approximation);
  const axis = checkLineAxis("waverec", bands.approximation, options.axis ?? -1);
  let approximation = slice(bands.approximation);
  details.forEach((detail, level) => {
    const next = details[level + 1]?.shape[axis] ?? length;
    approximation = idwt({ approximation, detail }, name, { ...options, length: next });
  });
  if (approximation.shape[axis] !== length) {
    throw new ShapeError(`waverec: ${approximation.shape[axis]} values, expected length = ${length}`);
  }
  return approximation;
}

/** Returns `levels` itself. @throws ValueError unless it is an integer 0..52 */
export function checkLevels(caller: string, levels: number): number {
  if (!Number.isInteger(levels) || levels < 0 || levels > 52) {
    throw new ValueError(`${caller}: levels = ${levels}, expected an integer 0..52`);
  }
  return levels;
}
