import { log } from "../math/log.js";
import { normalQuantile } from "../math/normal-quantile.js";
import { type SymmetricLaw, type UnitLaw, unitOf } from "./law.js";
import { checkLevels, type LevelsOptions, mirrored, positiveEnds, type ScalarQuantizer } from "./scalar-quantizer.js";

/**
 * Returns the levels with the least expected squared error for a law: each is the mean of its cell, and the ends of the
 * cells are the middles between levels. Symmetric around 0; an odd number of levels has 0. The laws here have one such
 * set of levels, because the logarithm of their density is concave.
 * @throws ValueError for no law, a spread that is not > 0, or levels out of range
 * @see Max 1960, Quantizing for minimum distortion; Lloyd 1982, Least squares quantization in PCM. Solved by Newton's
 *   method on the levels, which a tridiagonal system makes as cheap as Lloyd's iteration
 * @example lloydMax({ kind: "normal", std: 1 }, { levels: 4 }).levels.data // ±0.45278, ±1.51042
 */
export function lloydMax(law: SymmetricLaw, options: LevelsOptions): ScalarQuantizer {
  const [unit, spread] = unitOf("lloydMax", law);
  const count = checkLevels("lloydMax", options?.levels);
  const odd = count % 2 === 1;
  let levels = start(law.kind, Math.floor(count / 2), odd);
  let error = residual(unit, levels, odd);
  for (let round = 0; round < 200; round++) {
    const step = newtonStep(error);
    let length = 1;
    let next = moved(levels, step, length);
    let nextError = residual(unit, next, odd);
    // Shorter where a full step leaves the order or leads away.
    while (!(nextError.size < error.size) && length > 2 ** -30) {
      length /= 2;
      next = moved(levels, step, length);
      nextError = residual(unit, next, odd);
    }
    if (!(nextError.size < error.size)) break;
    [levels, error] = [next, nextError];
  }
  return mirrored(unit, spread, levels, odd);
}

/** The positive levels of many: their density goes with the cube root of the law's (Panter and Dite 1951). */
function start(kind: SymmetricLaw["kind"], half: number, odd: boolean): Float64Array {
  return Float64Array.from({ length: half }, (_, i) => {
    const share = odd ? (i + 1) / (half + 0.5) : (i + 0.5) / half;
    if (kind === "uniform") return share;
    return kind === "normal" ? Math.sqrt(3) * normalQuantile((1 + share) / 2) : -3 * log(1 - share);
  });
}

/** How far each level is from the mean of its cell, and the tridiagonal matrix of derivatives. */
interface Residual {
  readonly value: Float64Array;
  readonly below: Float64Array;
  readonly diagonal: Float64Array;
  readonly above: Float64Array;
  /** The largest |value|; NaN for levels that are no ascending positive numbers. */
  readonly size: number;
}

function residual(law: UnitLaw, levels: Float64Array, odd: boolean): Residual {
  const count = levels.length;
  const [value, below, diagonal, above] = [0, 1, 2, 3].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const ends = positiveEnds(levels, odd);
  let size = 0;
  for (let i = 0; i < count; i++) {
    const [from, to] = [ends[i] as number, ends[i + 1] as number];
    const [mass, first] = law.moments(from, to);
    const centre = first / mass;
    // Half of how the mean moves with either end; the ends are middles of levels.
    const left = i === 0 && !odd ? 0 : (law.density(from) * (centre - from)) / mass / 2;
    const right = i === count - 1 ? 0 : (law.density(to) * (to - centre)) / mass / 2;
    value[i] = (levels[i] as number) - centre;
    diagonal[i] = 1 - left - right;
    below[i] = i === 0 ? 0 : -left;
    above[i] = -right;
    const ascends = (levels[i] as number) > (i === 0 ? 0 : (levels[i - 1] as number));
    size = ascends ? Math.max(size, Math.abs(value[i] as number)) : Number.NaN;
  }
  return { value, below, diagonal, above, size };
}

/** Solves the tridiagonal system (Thomas's algorithm). */
function newtonStep({ value, below, diagonal, above }: Residual): Float64Array {
  const count = value.length;
  const factor = new Float64Array(count);
  const step = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const pivot = (diagonal[i] as number) - (i === 0 ? 0 : (below[i] as number) * (factor[i - 1] as number));
    factor[i] = (above[i] as number) / pivot;
    step[i] = ((value[i] as number) - (i === 0 ? 0 : (below[i] as number) * (step[i - 1] as number))) / pivot;
  }
  for (let i = count - 2; i >= 0; i--) step[i] = (step[i] as number) - (factor[i] as number) * (step[i + 1] as number);
  return step;
}

function moved(levels: Float64Array, step: Float64Array, length: number): Float64Array {
  return levels.map((level, i) => level - length * (step[i] as number));
}
