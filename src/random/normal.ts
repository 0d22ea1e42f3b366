import { ValueError } from "../errors.js";
import { inverseErf } from "../math/normal-quantile.js";
import type { Tensor } from "../tensor/types.js";
import { remember } from "./memory.js";
import type { Key } from "./threefry.js";
import { type FloatDtype, unitDraws } from "./uniform.js";

/** Options of {@link normal}. */
export interface NormalOptions<D extends FloatDtype = FloatDtype> {
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation, >= 0; default 1. */
  readonly std?: number;
  /** Default `float32`, whose draws reach about 5.4 standard deviations; `float64` reaches 8.2. */
  readonly dtype?: D;
}

/**
 * Returns independent draws from the normal distribution.
 * @throws ValueError when `mean` is not finite or `std` is not finite and >= 0; DtypeError for an integer dtype
 * @see sqrt(2) erfinv(u), u uniform on (-1, 1), as `jax.random.normal`: equal to it within float rounding
 * @example random.normal(random.key(2021), [8, 12])
 */
export function normal<D extends FloatDtype = "float32">(
  key: Key,
  shape: readonly number[],
  options: NormalOptions<D> = {},
): Tensor<D> {
  const { mean = 0, std = 1 } = options;
  if (!(Number.isFinite(mean) && Number.isFinite(std) && std >= 0)) {
    throw new ValueError(`random.normal: mean ${mean}, std ${std}, expected finite numbers with std >= 0`);
  }
  const draws = unitDraws("random.normal", key, shape, options.dtype ?? ("float32" as D));
  const { data } = draws;
  // The smallest number above -1: the end itself would be -Infinity.
  const lowest = data instanceof Float32Array ? -1 + 2 ** -24 : -1 + 2 ** -53;
  const round = data instanceof Float32Array ? Math.fround : (x: number): number => x;
  for (let i = 0; i < data.length; i++) {
    const u = round((data[i] as number) * 2 + lowest);
    data[i] = mean + std * Math.SQRT2 * inverseErf(u);
  }
  return remember(draws, { function: "normal", key: { ...key }, options: { mean, std, dtype: draws.dtype } });
}
