import { ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { checkConvention, type QuantConvention } from "./convention.js";
import { blocksOf, type Granularity, gather } from "./granularity.js";
import { fastRanges } from "./grid-fast.js";
import { nearestEven } from "./rounder.js";

/** What a quantizer needs beside the values. */
export interface Qparams {
  readonly kind: "qparams";
  readonly convention: QuantConvention;
  readonly granularity: Granularity;
  /** The step of each block, > 0, in the unit of the values. */
  readonly scales: Tensor<"float64">;
  /** The code of 0 in each block; no integer in a grid where 0 is no level. */
  readonly zeroPoints: Tensor<"float64">;
}

/**
 * Where values are cut off: at ±α (an asymmetric range at those of its ends that lie beyond), or below and above.
 */
export type Clip = number | readonly [number, number];

/** Options of {@link chooseQparams}. */
export interface ChooseQparamsOptions {
  /** Always to be named: `intSymmetric(8)`, `lapqWeights(4)`, … A bare bit-width says too little. */
  readonly convention: QuantConvention;
  /** Default `{ per: "tensor" }`. */
  readonly granularity?: Granularity;
  /**
   * One clip for all blocks, or what gives it from the values of a block (shape [count]), as
   * `(block) => mseClip(block, { convention })`. Default: nothing is cut off. A pair is for asymmetric conventions.
   */
  readonly clip?: Clip | ((block: Tensor<"float64">) => Clip);
}

/**
 * Returns scale and zero point of each block of values under a convention.
 *
 * A range of width 0 (a block of zeros, or a constant one where the convention does not reach for 0) has scale 1 where
 * that decodes it exactly, and 2^-126 in a grid without 0. A scale below 2^-1022 becomes that.
 * @param values any shape, finite
 * @returns scales and zero points in the shape that the granularity says
 * @throws ValueError for an empty tensor, a value that is not finite, no convention, or a clip that is none; ShapeError
 *   when groups or blocks do not divide the shape
 * @see papers' conventions: {@link QuantConvention}; scale = width of the range / steps
 * @example chooseQparams(W, { convention: intSymmetric(4), granularity: { per: "group", group: 32 } }).scales
 */
export function chooseQparams(values: Tensor, options: ChooseQparamsOptions): Qparams {
  const convention = checkConvention("chooseQparams", options?.convention);
  const { granularity = { per: "tensor" }, clip } = options;
  const blocks = blocksOf("chooseQparams", values.shape, granularity);
  const scales = new Float64Array(blocks.count);
  const zeroPoints = new Float64Array(blocks.count);
  const take = (block: number, low: number, high: number, cut: Clip | undefined): void => {
    const found = rangeParams(convention, low, high, cut);
    scales[block] = found.scale;
    zeroPoints[block] = found.zeroPoint;
  };
  const ranges = typeof clip === "function" ? undefined : fastRanges(values, granularity, blocks);
  if (ranges !== undefined) {
    for (let i = 0; i < blocks.count; i++) take(i, ranges.lows[i] as number, ranges.highs[i] as number, clip as Clip);
  } else {
    checkFinite("chooseQparams", values);
    gather(blocks, values.data).forEach((data, i) => {
      const given = typeof clip === "function" ? clip({ data, shape: [data.length], dtype: "float64" }) : clip;
      take(i, ...endsOf(data), given);
    });
  }
  const shape = blocks.scaleShape;
  return {
    kind: "qparams",
    convention,
    granularity,
    scales: { data: scales, shape: [...shape], dtype: "float64" },
    zeroPoints: { data: zeroPoints, shape: [...shape], dtype: "float64" },
  };
}

/** Returns scale and zero point of values of this range. @throws ValueError for a clip that is none */
export function rangeParams(
  convention: QuantConvention,
  least: number,
  most: number,
  clip: Clip | undefined,
): { readonly scale: number; readonly zeroPoint: number } {
  const [low, high] = rangeOf(convention, least, most, clip);
  const scale = scaleOf(convention, low, high);
  return { scale, zeroPoint: zeroPointOf(convention, low, scale) };
}

/** Returns the smallest and the largest value. */
export function endsOf(data: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Returns the ends of what is cut into steps. */
function rangeOf(
  { range, name }: QuantConvention,
  least: number,
  most: number,
  clip: Clip | undefined,
): [number, number] {
  let [low, high] = [least, most];
  checkClip(clip);
  if (range === "symmetric" || range === "one-sided") {
    if (typeof clip === "object") {
      throw new ValueError(`chooseQparams: clip [${clip.join(", ")}], expected one number for ${name}`);
    }
    const alpha = clip ?? Math.max(high, range === "symmetric" ? -low : 0);
    return [range === "symmetric" ? -alpha : 0, alpha];
  }
  if (typeof clip === "object") [low, high] = clip;
  // A range that lies outside ±α as a whole shrinks to the nearer end.
  else if (clip !== undefined)
    [low, high] = [Math.min(Math.max(low, -clip), clip), Math.max(Math.min(high, clip), -clip)];
  return range === "asymmetric" ? [low, high] : [Math.min(low, 0), Math.max(high, 0)];
}

function checkClip(clip: Clip | undefined): void {
  if (clip === undefined) return;
  if (typeof clip === "number" && clip >= 0 && Number.isFinite(clip)) return;
  if (Array.isArray(clip) && clip.length === 2 && clip.every(Number.isFinite) && clip[0] <= clip[1]) return;
  throw new ValueError(`chooseQparams: clip ${JSON.stringify(clip)}, expected a number >= 0 or [low, high]`);
}

function scaleOf({ steps, zeroPoint }: QuantConvention, low: number, high: number): number {
  if (low === high) return typeof zeroPoint === "number" && !Number.isInteger(zeroPoint) ? 2 ** -126 : 1;
  // Divided first: the width of -1e308..1e308 is no number.
  return Math.max(high / steps - low / steps, 2 ** -1022);
}

function zeroPointOf({ zeroPoint, low: lowCode, high }: QuantConvention, low: number, scale: number): number {
  if (typeof zeroPoint === "number") return zeroPoint;
  const exact = lowCode - low / scale;
  if (zeroPoint === "exact") return exact;
  return Math.min(Math.max(nearestEven(exact), lowCode), high);
}
