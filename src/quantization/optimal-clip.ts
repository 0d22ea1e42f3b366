import { ValueError } from "../errors.js";
import { checkConvention, type QuantConvention } from "./convention.js";
import { type SymmetricLaw, type UnitLaw, unitOf } from "./law.js";
import { checkPower, powerOf } from "./lp-clip.js";
import { minimize } from "./minimize.js";
import { integrate } from "./quadrature.js";

/** Options of {@link optimalClip}. */
export interface OptimalClipOptions {
  /** A grid that is symmetric around 0, or a one-sided one for what passed a ReLU; at most 8 bits. */
  readonly convention: QuantConvention;
  /** The power of |error|, > 0; default 2. */
  readonly p?: number;
}

/**
 * Returns the clip α at which E|Q_α(X) - X|^p of a law is least, in the unit of the law: what {@link lpClip} finds for ever
 * more values. Nothing is approximated as {@link aciqClip} does. About 7 digits.
 * @throws ValueError for no law, a spread or p that is not > 0, or a convention that is not symmetric or one-sided
 * @see Nahshan et al. 2021, arXiv:1911.07190; the loss by Gauss–Legendre quadrature between thresholds and levels
 * @example optimalClip({ kind: "normal", std: 1 }, { convention: lapqWeights(2) }) // 1.4935
 */
export function optimalClip(law: SymmetricLaw, options: OptimalClipOptions): number {
  const [unit, spread] = unitOf("optimalClip", law);
  const convention = checkConvention("optimalClip", options?.convention);
  const { p = 2 } = options;
  checkPower("optimalClip", p);
  const steps = positiveSteps(convention);
  const perAlpha = convention.range === "symmetric" ? 2 / convention.steps : 1 / convention.steps;
  const places: number[] = [];
  for (let alpha = 0.05; alpha < 40; alpha *= 1.1) places.push(alpha);
  return spread * minimize((alpha) => expectedError(unit, steps, alpha * perAlpha, p), places);
}

/** The levels that are not negative, in steps. */
function positiveSteps({ low, high, range, zeroPoint, name, bits }: QuantConvention): readonly number[] {
  const centred = range === "symmetric" ? low + high === 2 * Number(zeroPoint) : range === "one-sided";
  if (!centred || typeof zeroPoint !== "number" || high - low > 512) {
    throw new ValueError(
      `optimalClip: convention ${name} of ${bits} bits, expected a symmetric or one-sided one of at most 8 bits`,
    );
  }
  const codes = Array.from({ length: high - low + 1 }, (_, i) => low + i - zeroPoint);
  return codes.filter((steps) => steps >= 0);
}

/** E|Q(X) - X|^p over x >= 0, of levels at some multiples of a step. */
function expectedError(law: UnitLaw, steps: readonly number[], step: number, p: number): number {
  const power = powerOf(p);
  // Beyond this a law of spread 1 has no mass that counts, however large p is.
  const end = Math.min(law.support, 60);
  let total = 0;
  for (let i = 0; i < steps.length; i++) {
    const level = (steps[i] as number) * step;
    const low = i === 0 ? 0 : level - step / 2;
    const high = i === steps.length - 1 ? end : Math.min(level + step / 2, end);
    if (low >= end) break;
    total += side(law, power, level, level - low, -1, end) + side(law, power, level, high - level, 1, end);
  }
  return total;
}

/**
 * The part of a cell on one side of its level. With x = level ± t² the power's kink at the level vanishes; pieces of
 * t are at most 1/2 long.
 */
function side(
  law: UnitLaw,
  power: (x: number) => number,
  level: number,
  width: number,
  sign: number,
  end: number,
): number {
  // A level may lie beyond the end.
  const from = sign < 0 ? Math.sqrt(Math.max(level - end, 0)) : 0;
  const to = Math.sqrt(Math.max(width, 0));
  const pieces = Math.ceil(2 * (to - from));
  let total = 0;
  for (let i = 0; i < pieces; i++) {
    const [low, high] = [from + ((to - from) * i) / pieces, from + ((to - from) * (i + 1)) / pieces];
    total += integrate((t) => 2 * t * power(t * t) * law.density(level + sign * t * t), low, high);
  }
  return total;
}
