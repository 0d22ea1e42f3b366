import { ValueError } from "../errors.js";

/** |g| is lognormal: ln|g| is normal with mean `mu` and standard deviation `sigma`, natural logarithm. */
export interface LognormalLaw {
  readonly kind: "lognormal";
  /** Mean of ln|g| over the values that are not zero. */
  readonly mu: number;
  /** Standard deviation of ln|g| over the values that are not zero, >= 0. */
  readonly sigma: number;
  /** Share of values that are exactly zero, 0..1. */
  readonly zeros: number;
}

/** g is normal with mean 0: |g| is half-normal. */
export interface NormalLaw {
  readonly kind: "normal";
  /** Standard deviation of g over the values that are not zero, in the unit of g, > 0. */
  readonly std: number;
  /** Share of values that are exactly zero, 0..1. */
  readonly zeros: number;
}

/** g follows Laplace's law with mean 0: |g| is exponential. */
export interface LaplaceLaw {
  readonly kind: "laplace";
  /** Mean of |g| over the values that are not zero, in the unit of g, > 0. */
  readonly scale: number;
  /** Share of values that are exactly zero, 0..1. */
  readonly zeros: number;
}

/** How the magnitudes |g| of the values that are not zero are distributed, and how many are zero. */
export type MagnitudeLaw = LognormalLaw | NormalLaw | LaplaceLaw;

/** Throws a ValueError unless the law's parameters can be. */
export function checkLaw(caller: string, law: MagnitudeLaw): void {
  const { kind, zeros } = law;
  if (!(zeros >= 0 && zeros <= 1)) throw new ValueError(`${caller}: zeros = ${zeros}, expected a share 0..1`);
  if (kind === "lognormal") {
    if (Number.isFinite(law.mu) && law.sigma >= 0 && Number.isFinite(law.sigma)) return;
    throw new ValueError(`${caller}: mu = ${law.mu}, sigma = ${law.sigma}, expected finite numbers with sigma >= 0`);
  }
  const spread = kind === "normal" ? law.std : kind === "laplace" ? law.scale : Number.NaN;
  const name = kind === "normal" ? "std" : "scale";
  if (!(spread > 0 && Number.isFinite(spread))) {
    throw new ValueError(`${caller}: ${kind} law with ${name} = ${spread}, expected a positive number`);
  }
}
