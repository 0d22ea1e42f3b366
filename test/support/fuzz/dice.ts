/** Random choices from a seed: the same seed makes the same choices on every machine. */

/** See {@link createDice}. */
export interface Dice {
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number;
  /** True once in `times`. */
  once(times: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  bytes(count: number): Uint8Array;
}

/**
 * Returns the dice of a seed.
 * @see Tommy Ettinger's mulberry32: 32 bits of state, passes gjrand; more than enough to choose what to break
 * @example createDice(1).below(6)
 */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (count: number): number => next() % count;
  return {
    below,
    once: (times) => below(times) === 0,
    pick: <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item,
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}
