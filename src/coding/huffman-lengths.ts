import { ValueError } from "../errors.js";
import { checkCounts } from "./histogram.js";

/** Options of {@link huffmanLengths} and `huffmanEncode`. */
export interface HuffmanOptions {
  /** The longest code in bits, 1..32; default 32, which limits only counts that add up to over 5 million. */
  readonly maxLength?: number;
}

/**
 * Returns the length in bits of each symbol's code: of all prefix codes without a code longer than `maxLength`, one of
 * least total length. A symbol that does not occur has length 0; a single symbol has length 1.
 * @param counts how often each symbol occurs: integers >= 0 with a total of at most 2^35; at most 65,536 entries
 * @returns one length per count
 * @throws ValueError when 2^maxLength codes are too few, or for counts or a maxLength out of range
 * @see package-merge: Larmore and Hirschberg 1990. Of equal weights the symbol of smaller index is the lighter one.
 * @example huffmanLengths([5, 0, 2, 1]) // Uint8Array [1, 0, 2, 2]
 */
export function huffmanLengths(counts: ArrayLike<number>, options: HuffmanOptions = {}): Uint8Array {
  const { maxLength = 32 } = options;
  checkCounts("huffmanLengths", counts);
  if (!Number.isInteger(maxLength) || maxLength < 1 || maxLength > 32) {
    throw new ValueError(`huffmanLengths: maxLength = ${maxLength}, expected a whole number 1..32`);
  }
  const lengths = new Uint8Array(counts.length);
  const order = lightestFirst(counts);
  if (order.length > 2 ** maxLength) {
    throw new ValueError(
      `huffmanLengths: ${order.length} symbols with maxLength = ${maxLength}, expected at most ${2 ** maxLength}`,
    );
  }
  if (order.length === 1) lengths[order[0] as number] = 1;
  if (order.length > 1) packageMerge(counts, order, maxLength, lengths);
  return lengths;
}

/** Returns the indices of the symbols that occur, by count, then by index. */
function lightestFirst(counts: ArrayLike<number>): Uint32Array {
  let used = 0;
  for (let i = 0; i < counts.length; i++) if ((counts[i] as number) > 0) used++;
  const order = new Uint32Array(used);
  for (let i = 0, at = 0; i < counts.length; i++) if ((counts[i] as number) > 0) order[at++] = i;
  return order.sort((a, b) => (counts[a] as number) - (counts[b] as number) || a - b);
}

/**
 * Every level of the code, from the longest up, offers each symbol as a coin of its count and pairs of the level below
 * as coins of their sum. The 2n - 2 cheapest coins of the first level are the code: a symbol's length is the number of
 * levels at which its coin is among them.
 */
function packageMerge(counts: ArrayLike<number>, order: Uint32Array, maxLength: number, lengths: Uint8Array): void {
  const leaves = Float64Array.from(order, (symbol) => counts[symbol] as number);
  const wanted = 2 * leaves.length - 2;
  const isPair: Uint8Array[] = [];
  let below = new Float64Array(0);
  for (let level = 0; level < maxLength; level++) {
    const pairs = below.length >> 1;
    const size = Math.min(wanted, leaves.length + pairs);
    const weights = new Float64Array(size);
    const flags = new Uint8Array(size);
    for (let at = 0, leaf = 0, pair = 0; at < size; at++) {
      const sum = pair < pairs ? (below[2 * pair] as number) + (below[2 * pair + 1] as number) : Infinity;
      if (leaf < leaves.length && (leaves[leaf] as number) <= sum) weights[at] = leaves[leaf++] as number;
      else {
        weights[at] = sum;
        flags[at] = 1;
        pair++;
      }
    }
    isPair.push(flags);
    below = weights;
  }
  let taken = wanted;
  for (let level = maxLength - 1; level >= 0; level--) {
    const flags = isPair[level] as Uint8Array;
    let pairs = 0;
    for (let at = 0; at < taken; at++) pairs += flags[at] as number;
    for (let leaf = 0; leaf < taken - pairs; leaf++) (lengths[order[leaf] as number] as number)++;
    taken = 2 * pairs;
  }
}
