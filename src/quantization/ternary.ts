import { ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { absmaxOf } from "./absmax-clip.js";
import type { Qparams } from "./choose-qparams.js";
import { intSymmetric } from "./convention.js";
import { blocksOf, type Granularity, gather } from "./granularity.js";

/** A tensor as -1, 0 and 1, times a scale per block: `dequantize(codes, qparams)`. */
export interface TernaryTensor {
  /** In the shape of the values. */
  readonly codes: Tensor<"int8">;
  /** Scales α in the convention `intSymmetric(2)`. */
  readonly qparams: Qparams;
}

/** Options of {@link ternaryOptimum}. */
export interface TernaryOptions {
  /** Which values share a scale; default `{ per: "tensor" }`. */
  readonly granularity?: Granularity;
}

/** Options of {@link twn}. */
export interface TwnOptions extends TernaryOptions {
  /** The threshold as a multiple of the mean magnitude, >= 0; default 0.7. */
  readonly factor?: number;
}

/**
 * Returns the α t with t of -1, 0 and 1 that is nearest to the values, the best of all 3^n: in each block the m largest
 * magnitudes are kept for which (sum of them)² / m is largest, and α is their mean. It is also the t with the largest
 * cosine. A block of zeros has the scale 1.
 * @param values any shape, finite
 * @throws ValueError for an empty tensor or a value that is not finite; ShapeError when groups do not divide the shape
 * @see Mellempudi et al. 2017, arXiv:1705.01462 (by group); Zhang et al. 2019, Target None-retraining Ternary (the
 *   cosine). The smallest magnitude kept is above α / 2, the largest dropped below
 * @example ternaryOptimum(tensor.from([3, -1, 0.2, -3])).codes.data // [1, 0, 0, -1], scale 3
 */
export function ternaryOptimum(values: Tensor, options: TernaryOptions = {}): TernaryTensor {
  return ternary("ternaryOptimum", values, options, (magnitudes) => {
    const sorted = magnitudes.slice().sort();
    let sum = 0;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = sorted.length - 1; i >= 0; i--) {
      sum += sorted[i] as number;
      const gain = (sum * sum) / (sorted.length - i);
      if (gain > best) [best, least] = [gain, sorted[i] as number];
    }
    return (size) => size >= least;
  });
}

/**
 * Returns the ternary weights of TWN: what exceeds 0.7 of the mean magnitude is kept, and α is the mean of that. An
 * approximation of {@link ternaryOptimum}. A block where nothing is kept has the scale 1.
 * @param values any shape, finite
 * @throws ValueError for an empty tensor, a value that is not finite, or a factor that is not >= 0; ShapeError when
 *   groups do not divide the shape
 * @see Li and Liu 2016, arXiv:1605.04711: Δ = 0.7 mean |w|
 * @example twn(tensor.from([3, -1, 0.2, -3])).codes.data // Δ = 1.26: [1, 0, 0, -1]
 */
export function twn(values: Tensor, options: TwnOptions = {}): TernaryTensor {
  const { factor = 0.7 } = options;
  if (!(factor >= 0 && Number.isFinite(factor))) {
    throw new ValueError(`twn: factor = ${factor}, expected a finite number >= 0`);
  }
  return ternary("twn", values, options, (magnitudes) => {
    const threshold = factor * (magnitudes.reduce((sum, size) => sum + size, 0) / magnitudes.length);
    return (size) => size > threshold;
  });
}

/** Which magnitudes of a block are kept; they come relative to the largest. */
type Rule = (magnitudes: Float64Array) => (size: number) => boolean;

function ternary(caller: string, values: Tensor, options: TernaryOptions, rule: Rule): TernaryTensor {
  const { granularity = { per: "tensor" } } = options;
  const blocks = blocksOf(caller, values.shape, granularity);
  checkFinite(caller, values);
  const found = gather(blocks, values.data).map((block) => ternaryBlock(block, rule));
  const codes = new Int8Array(values.data.length);
  blocks.forEachRun((first, length, block) => {
    const { keep, unit } = found[block] as TernaryBlock;
    for (let i = first; i < first + length; i++) {
      const value = values.data[i] as number;
      // A kept 0 stays 0.
      if (keep(Math.abs(value) / unit)) codes[i] = Math.sign(value);
    }
  });
  const perBlock = (data: Float64Array): Tensor<"float64"> => ({
    data,
    shape: [...blocks.scaleShape],
    dtype: "float64",
  });
  const qparams: Qparams = {
    kind: "qparams",
    convention: intSymmetric(2),
    granularity,
    scales: perBlock(Float64Array.from(found, ({ scale }) => scale)),
    zeroPoints: perBlock(new Float64Array(blocks.count)),
  };
  return { codes: { data: codes, shape: [...values.shape], dtype: "int8" }, qparams };
}

/** What one block becomes. */
interface TernaryBlock {
  /** Whether a magnitude, in units of the largest, is kept. */
  readonly keep: (size: number) => boolean;
  readonly unit: number;
  readonly scale: number;
}

function ternaryBlock(block: Float64Array, rule: Rule): TernaryBlock {
  const unit = absmaxOf(block);
  if (unit === 0) return { keep: () => false, unit, scale: 1 };
  // Relative to the largest, so that sums and squares do not overflow.
  const magnitudes = block.map((value) => Math.abs(value) / unit);
  const keep = rule(magnitudes);
  let [sum, count] = [0, 0];
  for (const size of magnitudes) if (keep(size)) [sum, count] = [sum + size, count + 1];
  return { keep, unit, scale: count > 0 ? (sum / count) * unit : 1 };
}
