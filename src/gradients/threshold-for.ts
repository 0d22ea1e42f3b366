import { ValueError } from "../errors.js";
import { exp } from "../math/exp.js";
import { log } from "../math/log.js";
import { sharesAt } from "./expected-sparsity.js";
import { checkLaw, type LognormalLaw, type MagnitudeLaw } from "./law.js";

/** A lognormal law by its numbers alone; `zeros` is 0 when left out. */
export interface LognormalParameters extends Pick<LognormalLaw, "mu" | "sigma"> {
  readonly kind?: "lognormal";
  readonly zeros?: number;
}

/**
 * Returns the threshold tau at which stochastic pruning is expected to give `sparsity` under a law, zeros included, in
 * the unit of g. 0 when the zeros alone are that many. With zeros, the others are pruned to
 * (sparsity - zeros) / (1 - zeros).
 * @param sparsity share of zeros after pruning, 0 <= sparsity < 1
 * @param law from a fit, or { mu, sigma } of ln|g|
 * @throws ValueError for a sparsity outside [0, 1), parameters that cannot be, or a threshold above the largest float64
 * @see the root of {@link expectedSparsity} in ln tau, by bisection down to neighbouring float64 numbers; near 1 the
 *   share that is kept is compared, so that no digits are lost
 * @example thresholdFor(0.9, { mu: 0, sigma: 1 }) // 16.3116
 */
export function thresholdFor(sparsity: number, law: MagnitudeLaw | LognormalParameters): number {
  if (!(sparsity >= 0 && sparsity < 1))
    throw new ValueError(`thresholdFor: sparsity = ${sparsity}, expected 0 <= it < 1`);
  const full = { kind: "lognormal", zeros: 0, ...law } as MagnitudeLaw;
  checkLaw("thresholdFor", full);
  if (sparsity <= full.zeros) return 0;
  const kept = (1 - sparsity) / (1 - full.zeros);
  const pruned = (sparsity - full.zeros) / (1 - full.zeros);
  const reaches = (y: number): boolean => {
    const shares = sharesAt(full, y);
    return kept < 0.5 ? shares.kept <= kept : shares.pruned >= pruned;
  };
  const threshold = exp(bisect(reaches, centreOf(full)));
  if (threshold < Number.POSITIVE_INFINITY) return threshold;
  throw new ValueError(`thresholdFor: sparsity = ${sparsity} needs a threshold above the largest float64`);
}

function centreOf(law: MagnitudeLaw): number {
  if (law.kind === "lognormal") return law.mu;
  return log(law.kind === "normal" ? law.std : law.scale);
}

/** The smallest y for which `reaches` holds, to the last bit; it holds for large y and fails for small ones. */
function bisect(reaches: (y: number) => boolean, centre: number): number {
  let low = centre - 1;
  let high = centre + 1;
  for (let step = 2; reaches(low) && step < 1e12; step *= 2) [low, high] = [centre - step, low];
  for (let step = 2; !reaches(high) && step < 1e12; step *= 2) [low, high] = [high, centre + step];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
}
