import { ValueError } from "../errors.js";
import { checkCounts } from "./histogram.js";

/**
 * Returns frequencies in proportion to counts that add up to 2^precision exactly; every symbol that occurs keeps at least
 * 1. Integers alone decide, so encoder and decoder agree on every engine.
 *
 * Each count is scaled and rounded down, to 1 at least. What is then missing goes, one after another, to the symbol with
 * the largest count / (frequency + 1/2), the first of equals; what is too much is taken from the one with the smallest
 * count / (frequency - 1/2) among those above 1, the last of equals: Sainte-Laguë's rule, whose quotients stand for the
 * bits that the step saves or costs.
 * @param counts integers >= 0, at most 65,536 of them, with a total of at most 2^35
 * @param precision whole number 0..16
 * @returns frequencies, one per count; all 0 when nothing occurs
 * @throws ValueError when more than 2^precision symbols occur, or for counts or a precision out of range
 * @example normalizeCounts([3, 0, 1], 4) // Uint32Array [12, 0, 4]
 */
export function normalizeCounts(counts: ArrayLike<number>, precision: number): Uint32Array {
  const total = checkCounts("normalizeCounts", counts);
  if (!Number.isInteger(precision) || precision < 0 || precision > 16) {
    throw new ValueError(`normalizeCounts: precision = ${precision}, expected a whole number 0..16`);
  }
  const target = 2 ** precision;
  const frequencies = new Uint32Array(counts.length);
  if (total === 0) return frequencies;
  let used = 0;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (count === 0) continue;
    used++;
    sum += frequencies[i] = Math.max(1, Math.floor((count * target) / total));
  }
  if (used > target) {
    throw new ValueError(`normalizeCounts: ${used} symbols, expected at most 2^precision = ${target}`);
  }
  if (sum < target) raise(counts, frequencies, target - sum);
  if (sum > target) lower(counts, frequencies, sum - target);
  return frequencies;
}

/** Adds 1, `steps` times, each time where it gains most. */
function raise(counts: ArrayLike<number>, frequencies: Uint32Array, steps: number): void {
  // Compared by products of integers below 2^53.
  const before = (a: number, b: number): boolean => {
    const gain = (counts[a] as number) * (2 * (frequencies[b] as number) + 1);
    const other = (counts[b] as number) * (2 * (frequencies[a] as number) + 1);
    return gain > other || (gain === other && a < b);
  };
  const heap = heapOf(frequencies, 1, before);
  for (let step = 0; step < steps; step++) {
    (frequencies[heap[0] as number] as number)++;
    sink(heap, heap.length, 0, before);
  }
}

/** Takes 1 away, `steps` times, each time where it costs least. */
function lower(counts: ArrayLike<number>, frequencies: Uint32Array, steps: number): void {
  const before = (a: number, b: number): boolean => {
    const cost = (counts[a] as number) * (2 * (frequencies[b] as number) - 1);
    const other = (counts[b] as number) * (2 * (frequencies[a] as number) - 1);
    return cost < other || (cost === other && a > b);
  };
  const heap = heapOf(frequencies, 2, before);
  let size = heap.length;
  for (let step = 0; step < steps; step++) {
    const top = heap[0] as number;
    (frequencies[top] as number)--;
    // One that has come down to 1 leaves.
    if (frequencies[top] === 1) heap[0] = heap[--size] as number;
    sink(heap, size, 0, before);
  }
}

/** Returns the indices of frequencies of at least `least` as a heap whose first entry comes before all others. */
function heapOf(frequencies: Uint32Array, least: number, before: (a: number, b: number) => boolean): Uint32Array {
  let size = 0;
  const heap = new Uint32Array(frequencies.length);
  for (let i = 0; i < frequencies.length; i++) if ((frequencies[i] as number) >= least) heap[size++] = i;
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(heap, size, at, before);
  return heap.subarray(0, size);
}

/** Moves the entry at a place down until it comes before its children. */
function sink(heap: Uint32Array, size: number, place: number, before: (a: number, b: number) => boolean): void {
  for (let at = place; ; ) {
    let child = 2 * at + 1;
    if (child >= size) return;
    if (child + 1 < size && before(heap[child + 1] as number, heap[child] as number)) child++;
    const entry = heap[at] as number;
    if (!before(heap[child] as number, entry)) return;
    heap[at] = heap[child] as number;
    heap[child] = entry;
    at = child;
  }
}
