/** Files with a seeded damage, and what a reader makes of them. */
import { LowbitError } from "../../src/errors.js";
import * as random from "../../src/random/index.js";

/** How many files are damaged, and how. */
export interface Damage {
  readonly seed: number;
  readonly rounds: number;
  /** Where a byte is changed; `at` is any number. Default: anywhere. */
  readonly place?: (length: number, at: number, kind: number) => number;
  /** The new byte in two of five changes; others are any byte. Default: a digit. */
  readonly byte?: (any: number) => number;
}

/**
 * Cuts or changes files and gives each to `read`. Returns how many could be read.
 * @throws what `read` throws, unless it is one of the library's own errors
 */
export function readDamaged(sources: readonly Uint8Array[], damage: Damage, read: (bytes: Uint8Array) => void): number {
  const { seed, rounds, place = (length, at) => at % length, byte = (any) => 48 + (any % 10) } = damage;
  const draws = random.integers(random.key(seed), [rounds, 4], { low: 0, high: 2 ** 30 }).data;
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    const [which = 0, kind = 0, at = 0, any = 0] = draws.subarray(4 * round, 4 * round + 4);
    const source = sources[which % sources.length] as Uint8Array;
    const cut = kind % 5 === 0;
    const bytes = source.slice(0, cut ? at % (source.length + 1) : source.length);
    if (!cut) bytes[place(bytes.length, at, kind)] = kind % 5 < 3 ? any % 256 : byte(any);
    try {
      read(bytes);
      count++;
    } catch (error) {
      if (!(error instanceof LowbitError)) throw error;
    }
  }
  return count;
}
