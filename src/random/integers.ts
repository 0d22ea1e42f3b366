import { ValueError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";
import { remember } from "./memory.js";
import { type Key, threefry2x32 } from "./threefry.js";

/** Options of {@link integers}. */
export interface IntegersOptions {
  /** The smallest value; default 0. */
  readonly low?: number;
  /** One more than the largest value. */
  readonly high: number;
}

/**
 * Returns independent draws from the integers low, low + 1, …, high - 1, all equally likely (each within 2^-32
 * relative: a 64-bit word is reduced modulo the range).
 * @throws ValueError unless low < high, both integers of the int32 range (high up to 2^31)
 * @example random.integers(random.key(3), [10], { high: 6 }) // ten dice, counted from 0
 */
export function integers(key: Key, shape: readonly number[], options: IntegersOptions): Tensor<"int32"> {
  const { low = 0, high } = options;
  const fits = Number.isInteger(low) && Number.isInteger(high) && low >= -(2 ** 31) && high <= 2 ** 31;
  if (!fits || low >= high) {
    throw new ValueError(`random.integers: low ${low}, high ${high}, expected integers -2^31 <= low < high <= 2^31`);
  }
  const data = new Int32Array(sizeOf(shape, "random.integers"));
  const words = new Uint32Array(2);
  for (let i = 0; i < data.length; i++) {
    threefry2x32(key, Math.floor(i / 2 ** 32), i >>> 0, words);
    data[i] = low + modulo(words[0] as number, words[1] as number, high - low);
  }
  const draws: Tensor<"int32"> = { data, shape: [...shape], dtype: "int32" };
  return remember(draws, { function: "integers", key: { ...key }, options: { low, high } });
}

/**
 * Returns a random order of 0, 1, …, count - 1; every order is equally likely (within 2^-32 relative per step).
 * @throws ValueError when `count` is not an integer 0 <= count <= 2^31
 * @see the Fisher-Yates shuffle
 * @example random.permutation(random.key(5), 8) // an order for the rows of a matrix
 */
export function permutation(key: Key, count: number): Tensor<"int32"> {
  if (!Number.isInteger(count) || count < 0 || count > 2 ** 31) {
    throw new ValueError(`random.permutation: count ${count}, expected an integer 0 <= count <= 2^31`);
  }
  const data = Int32Array.from({ length: count }, (_, i) => i);
  const words = new Uint32Array(2);
  for (let i = count - 1; i > 0; i--) {
    threefry2x32(key, 0, i, words);
    const j = modulo(words[0] as number, words[1] as number, i + 1);
    const moved = data[i] as number;
    data[i] = data[j] as number;
    data[j] = moved;
  }
  const order: Tensor<"int32"> = { data, shape: [count], dtype: "int32" };
  return remember(order, { function: "permutation", key: { ...key }, options: {} });
}

/** Returns (high 2^32 + low) mod range for range <= 2^32: 16 bits at a time, so every step is exact in float64. */
function modulo(high: number, low: number, range: number): number {
  let rest = high % range;
  rest = (rest * 65536 + (low >>> 16)) % range;
  return (rest * 65536 + (low & 0xffff)) % range;
}
