import { DtypeError, ValueError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";
import { remember } from "./memory.js";
import { type Key, threefry2x32 } from "./threefry.js";

/** The floating-point dtypes a draw can have. */
export type FloatDtype = "float32" | "float64";

/** Options of {@link uniform}. */
export interface UniformOptions<D extends FloatDtype = FloatDtype> {
  /** The smallest possible value; default 0. */
  readonly low?: number;
  /** The upper end, itself not reached (except by rounding when the range is extreme); default 1. */
  readonly high?: number;
  /** Default `float32`, which has 2^23 distinct steps; `float64` has 2^52. */
  readonly dtype?: D;
}

/**
 * Returns independent draws from the uniform distribution on [low, high).
 * @throws ValueError unless low < high, both finite; DtypeError for an integer dtype
 * @see the values equal `jax.random.uniform` (Threefry, partitionable)
 * @example random.uniform(random.key(7), [3, 5], { low: -1 })
 */
export function uniform<D extends FloatDtype = "float32">(
  key: Key,
  shape: readonly number[],
  options: UniformOptions<D> = {},
): Tensor<D> {
  const { low = 0, high = 1 } = options;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new ValueError(`random.uniform: [${low}, ${high}), expected finite low < high`);
  }
  const draws = unitDraws("random.uniform", key, shape, options.dtype ?? ("float32" as D));
  const recipe = { function: "uniform", key: { ...key }, options: { low, high, dtype: draws.dtype } } as const;
  if (low === 0 && high === 1) return remember(draws, recipe);
  const { data } = draws;
  const round = data instanceof Float32Array ? Math.fround : (x: number): number => x;
  const start = round(low);
  const width = round(round(high) - start);
  for (let i = 0; i < data.length; i++) data[i] = Math.max(start, round((data[i] as number) * width) + start);
  return remember(draws, recipe);
}

/** Returns uniform draws on [0, 1): the leading bits of a counter's output become the mantissa. */
export function unitDraws<D extends FloatDtype>(
  caller: string,
  key: Key,
  shape: readonly number[],
  dtype: D,
): Tensor<D> {
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DtypeError(`${caller}: dtype ${JSON.stringify(dtype)}, expected float32 or float64`);
  }
  const size = sizeOf(shape, caller);
  const words = new Uint32Array(2);
  const data = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < size; i++) {
    threefry2x32(key, Math.floor(i / 2 ** 32), i >>> 0, words);
    const [high, low] = words as unknown as [number, number];
    data[i] = dtype === "float32" ? ((high ^ low) >>> 9) * 2 ** -23 : (high * 2 ** 20 + (low >>> 12)) * 2 ** -52;
  }
  return { data: data as Tensor<D>["data"], shape: [...shape], dtype };
}
