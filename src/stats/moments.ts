import { mean as meanOf, sum } from "../tensor/reduce.js";
import type { Tensor } from "../tensor/types.js";
import { checkFinite } from "./checked.js";

/** Mean and spread of a set of values, in their unit. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** The standard deviation of the values as they are: divided by `count`, not by `count` - 1. */
  readonly std: number;
}

/**
 * Returns count, mean and standard deviation of all values. Two passes in a fixed order: no loss of digits when the
 * mean is far from zero.
 * @throws ValueError for an empty tensor, or a value that is not finite
 * @see mean = Σx / n, std² = Σ(x - mean)² / n
 * @example moments(tensor.from([1, 2, 6])) // { count: 3, mean: 3, std: 2.160246899469287 }
 */
export function moments(values: Tensor): Moments {
  checkFinite("stats.moments", values);
  const { data, shape } = values;
  const mean = meanOf(values);
  const squares = new Float64Array(data.length);
  for (let i = 0; i < squares.length; i++) squares[i] = ((data[i] as number) - mean) ** 2;
  return { count: data.length, mean, std: Math.sqrt(sum({ data: squares, shape, dtype: "float64" }) / data.length) };
}
