import { type SymmetricLaw, unitOf } from "./law.js";
import { checkLevels, type LevelsOptions, mirrored, type ScalarQuantizer } from "./scalar-quantizer.js";

/** The best equally spaced levels. */
export interface UniformQuantizer extends ScalarQuantizer {
  /** Between neighbours, in the unit of the law. */
  readonly step: number;
}

/**
 * Returns the equally spaced levels, symmetric around 0, with the least expected squared error for a law. An even number
 * of levels is mid-rise, ±step / 2, ±3 step / 2, …; an odd one mid-tread, with 0. Three levels are the scaled ternary
 * optimum: the threshold is half the step.
 * @throws ValueError for no law, a spread that is not > 0, or levels out of range
 * @see Max 1960, Quantizing for minimum distortion; the root of the error's derivative by the step, by bisection
 * @example uniformOptimum({ kind: "normal", std: 1 }, { levels: 4 }).step // 0.99569
 */
export function uniformOptimum(law: SymmetricLaw, options: LevelsOptions): UniformQuantizer {
  const [unit, spread] = unitOf("uniformOptimum", law);
  const count = checkLevels("uniformOptimum", options?.levels);
  const odd = count % 2 === 1;
  const half = Math.floor(count / 2);
  const multiple = (i: number): number => (odd ? i + 1 : i + 0.5);
  /** Minus half of the derivative: the thresholds contribute nothing, for they lie in the middle. */
  const wantsMore = (step: number): boolean => {
    let slope = 0;
    for (let i = 0; i < half; i++) {
      const k = multiple(i);
      const end = i === half - 1 ? Number.POSITIVE_INFINITY : (k + 0.5) * step;
      const [mass, first] = unit.moments((k - 0.5) * step, end);
      slope += k * (first - k * step * mass);
    }
    return slope > 0;
  };
  // No law here has its optimum beyond: two levels of Laplace's have step 2.
  let [low, high] = [0, 4];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (wantsMore(middle)) low = middle;
    else high = middle;
  }
  const positive = Array.from({ length: half }, (_, i) => multiple(i) * high);
  return { ...mirrored(unit, spread, positive, odd), step: high * spread };
}
