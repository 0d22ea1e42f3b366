import { ShapeError, ValueError } from "../errors.js";
import { checkFloat, type Float } from "../tensor/floats.js";
import { slice } from "../tensor/slice.js";
import type { Tensor } from "../tensor/types.js";
import { checkImage } from "./dwt2.js";
import { checkLineAxis, type LineTransform, transformLines } from "./lines.js";

/**
 * What stands beyond the ends: `symmetric` mirrors (each end value twice) and is `periodic` of the signal followed by its
 * mirror image; `periodic` repeats.
 */
export type AtrousBorder = "symmetric" | "periodic";

/** Options of {@link atrous} and {@link atrous2}. */
export interface AtrousOptions {
  /** How many scales 2, 4, 8, …; an integer 1..20; default 3. */
  readonly levels?: number;
  /** Default `symmetric`. */
  readonly mode?: AtrousBorder;
}

/** A signal at dyadic scales. */
export interface AtrousBands {
  /** For each scale, finest first, the smoothed signal's slope; each of the shape of the signal. */
  readonly details: readonly Tensor<"float64">[];
  /** The signal smoothed at the coarsest scale. */
  readonly approximation: Tensor<"float64">;
}

/** Images at dyadic scales. */
export interface AtrousBands2 {
  /** For each scale, finest first, the slope along the rows: large at vertical edges. */
  readonly horizontal: readonly Tensor<"float64">[];
  /** For each scale, finest first, the slope from row to row: large at horizontal edges. */
  readonly vertical: readonly Tensor<"float64">[];
  /** The images smoothed at the coarsest scale. */
  readonly approximation: Tensor<"float64">;
}

/**
 * Returns the dyadic wavelet transform with the quadratic spline, by the algorithme à trous: no value is left out, so a
 * shifted signal has shifted bands. At scale 2^j the detail is a slope: (S[n + 2^(j-2)] - S[n - 2^(j-2)]) 2 / λ_j of the
 * signal S smoothed so far by (1, 3, 3, 1) / 8 with gaps; at the finest, where half a step is none, (S[n + 1] - S[n]) 2 /
 * λ_1. The value at n belongs to the place n + 1/2, at every scale. λ_j = 1 + 2^(1 - 2j) is the usual normalisation: a step
 * of height 1 has a maximum of 4/3 at every scale. NaN and infinities spread to the values that see them.
 * @param signal float32 or float64, at least one value along the last axis; other axes are stacks
 * @throws DtypeError for an integer dtype; ShapeError for a scalar or no values; ValueError for `levels` that is not an
 *   integer 1..20, or an unknown mode
 * @see Mallat and Zhong 1992, Characterization of signals from multiscale edges, IEEE PAMI 14
 * @example atrous(tensor.from([0, 0, 0, 3, 3, 3]), { levels: 1 }).details[0].data // 0, 0, 4, 0, 0, 0
 */
export function atrous(signal: Tensor<Float>, options: AtrousOptions = {}): AtrousBands {
  checkFloat("atrous", signal);
  const { levels, mode } = checkOptions("atrous", options);
  if (signal.shape.length === 0) throw new ShapeError("atrous: shape [], expected at least one axis");
  const axis = checkLineAxis("atrous", signal, -1);
  const details: Tensor<"float64">[] = [];
  let smooth = doubleOf(signal);
  if (mode === "symmetric") smooth = mirrored(smooth, axis);
  const cut = (band: Tensor<"float64">): Tensor<"float64"> => firstPart(band, signal.shape);
  for (let level = 0; level < levels; level++) {
    details.push(cut(slope(smooth, axis, level)));
    smooth = smoothed(smooth, axis, level);
  }
  return { details, approximation: cut(smooth) };
}

/**
 * Returns the dyadic wavelet transform of images over the last two axes with the quadratic spline: slopes along the rows
 * and from row to row of the image smoothed both ways. Scales, borders and λ_j as in {@link atrous}.
 * @param images shape [..., rows, columns], float32 or float64
 * @throws DtypeError for an integer dtype; ShapeError for fewer than two axes or an empty image; ValueError for `levels`
 *   that is not an integer 1..20, or an unknown mode
 * @see Mallat and Zhong 1992, Characterization of signals from multiscale edges, IEEE PAMI 14
 * @example modulusMaxima(atrous2(image).horizontal[1], atrous2(image).vertical[1]).maxima // edges at scale 4
 */
export function atrous2(images: Tensor<Float>, options: AtrousOptions = {}): AtrousBands2 {
  checkFloat("atrous2", images);
  const { levels, mode } = checkOptions("atrous2", options);
  const rowAxis = checkImage("atrous2", images);
  const horizontal: Tensor<"float64">[] = [];
  const vertical: Tensor<"float64">[] = [];
  let smooth = doubleOf(images);
  if (mode === "symmetric") smooth = mirrored(mirrored(smooth, rowAxis), rowAxis + 1);
  const cut = (band: Tensor<"float64">): Tensor<"float64"> => firstPart(band, images.shape);
  for (let level = 0; level < levels; level++) {
    horizontal.push(cut(slope(smooth, rowAxis + 1, level)));
    vertical.push(cut(slope(smooth, rowAxis, level)));
    smooth = smoothed(smoothed(smooth, rowAxis, level), rowAxis + 1, level);
  }
  return { horizontal, vertical, approximation: cut(smooth) };
}

function checkOptions(caller: string, { levels = 3, mode = "symmetric" }: AtrousOptions): Required<AtrousOptions> {
  if (!Number.isInteger(levels) || levels < 1 || levels > 20) {
    throw new ValueError(`${caller}: levels = ${levels}, expected an integer 1..20`);
  }
  if (mode !== "symmetric" && mode !== "periodic") {
    throw new ValueError(`${caller}: mode ${JSON.stringify(mode)}, expected "symmetric" or "periodic"`);
  }
  return { levels, mode };
}

function doubleOf({ data, shape }: Tensor): Tensor<"float64"> {
  return { data: Float64Array.from(data), shape: [...shape], dtype: "float64" };
}

/** Returns the tensor followed by its mirror image along `axis`. */
function mirrored(signal: Tensor, axis: number): Tensor<"float64"> {
  const length = signal.shape[axis] as number;
  return eachLine(signal, axis, 2 * length, ([line, result]) => {
    for (let n = 0; n < length; n++) {
      result[n] = line[n] as number;
      result[2 * length - 1 - n] = line[n] as number;
    }
  });
}

/** Returns the part of `shape` at the start of every axis. */
function firstPart(band: Tensor<"float64">, shape: readonly number[]): Tensor<"float64"> {
  return slice(band, ...shape.map((side): [number, number] => [0, side]));
}

/** Twice the difference of the values at the two sides of n (+ 1/2 at the finest level), over λ. */
function slope(signal: Tensor, axis: number, level: number): Tensor<"float64"> {
  const half = 2 ** (level - 1);
  const [before, after] = level === 0 ? [0, 1] : [-half, half];
  const lambda = 1 + 0.5 / 2 ** (2 * level);
  return eachLine(signal, axis, signal.shape[axis] as number, ([line, result]) => {
    for (let n = 0; n < line.length; n++) {
      result[n] = (2 * (around(line, n + after) - around(line, n + before))) / lambda;
    }
  });
}

/** The spline filter (1, 3, 3, 1) / 8 with gaps of 2^level, its taps added in pairs so that a mirrored line gives the same. */
function smoothed(signal: Tensor, axis: number, level: number): Tensor<"float64"> {
  const half = 2 ** (level - 1);
  const places = level === 0 ? [-1, 0, 1, 2] : [-3 * half, -half, half, 3 * half];
  const [a, b, c, d] = places as [number, number, number, number];
  return eachLine(signal, axis, signal.shape[axis] as number, ([line, result]) => {
    for (let n = 0; n < line.length; n++) {
      const outer = around(line, n + a) + around(line, n + d);
      const inner = around(line, n + b) + around(line, n + c);
      result[n] = (outer + 3 * inner) / 8;
    }
  });
}

function eachLine(
  signal: Tensor,
  axis: number,
  length: number,
  run: (lines: readonly [Float64Array, Float64Array]) => void,
): Tensor<"float64"> {
  const transform: LineTransform = ([line], [result]) => run([line as Float64Array, result as Float64Array]);
  return transformLines([signal], axis, [length], "float64", transform)[0] as Tensor<"float64">;
}

/** Returns the value at a place of a line that repeats. */
function around(line: Float64Array, place: number): number {
  const rest = place % line.length;
  return line[rest < 0 ? rest + line.length : rest] as number;
}
