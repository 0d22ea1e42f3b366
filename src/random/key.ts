import { ValueError } from "../errors.js";
import { type Key, threefry2x32 } from "./threefry.js";

/**
 * Returns the key for a seed. The same key gives the same numbers, bit by bit, on every engine; use a key for
 * one draw only, and {@link split} it when you need more.
 * @param seed an integer, 0 <= seed < 2^53
 * @throws ValueError for any other seed
 * @example const W = random.normal(random.key(2021), [8, 12])
 */
export function key(seed: number): Key {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ValueError(`random.key: seed ${seed}, expected an integer 0 <= seed < 2^53`);
  }
  return { high: Math.floor(seed / 2 ** 32), low: seed >>> 0 };
}

/**
 * Returns `count` new keys whose numbers are independent of each other. The old key is used up.
 * @throws ValueError when `count` is not an integer >= 1
 * @see the values equal `jax.random.split` (Threefry, partitionable, the default since JAX 0.5)
 * @example const [forWeights, forData] = random.split(random.key(2021))
 */
export function split(key: Key, count: 2): [Key, Key];
export function split(key: Key, count: 3): [Key, Key, Key];
export function split(key: Key, count: 4): [Key, Key, Key, Key];
export function split(key: Key): [Key, Key];
export function split(key: Key, count: number): Key[];
export function split(key: Key, count = 2): Key[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new ValueError(`random.split: count ${count}, expected an integer >= 1`);
  }
  const words = new Uint32Array(2);
  return Array.from({ length: count }, (_, i) => {
    threefry2x32(key, 0, i, words);
    return { high: words[0] as number, low: words[1] as number };
  });
}
