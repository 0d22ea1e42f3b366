import type { TensorData } from "../tensor/types.js";

/**
 * Moves values so that each place of `ranks` holds what it would hold if all were sorted. Takes time in proportion to
 * the number of values, and to the logarithm of that of ranks; parts that do not get shorter fast enough are sorted.
 * @param values without NaN; changed
 * @param ranks places 0 .. values.length - 1, in ascending order
 * @see Hoare 1961, Algorithm 65: Find; three parts, so that equal values cost nothing; the guard of Musser 1997
 * @example selectRanks(new Float64Array([3, 1, 2]), [1]) // 2 is in its place
 */
export function selectRanks(values: TensorData, ranks: readonly number[]): void {
  const rounds = 2 * (32 - Math.clz32(values.length)) + 8;
  select(values, { from: 0, to: values.length, ranks, first: 0, last: ranks.length, rounds });
}

/** A part of the values, the ranks that lie in it, and how often it may still be divided. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly ranks: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly rounds: number;
}

function select(values: TensorData, part: Part): void {
  const { ranks } = part;
  let { from, to, first, last, rounds } = part;
  for (; first < last && to - from > 1; rounds--) {
    if (rounds <= 0) {
      values.subarray(from, to).sort();
      return;
    }
    const [less, more] = partition(values, from, to);
    let middle = first;
    while (middle < last && (ranks[middle] as number) < less) middle++;
    let rest = middle;
    while (rest < last && (ranks[rest] as number) < more) rest++;
    // The shorter part by a call, the longer by the loop: the calls do not get deep.
    if (less - from < to - more) {
      select(values, { from, to: less, ranks, first, last: middle, rounds: rounds - 1 });
      [from, first] = [more, rest];
    } else {
      select(values, { from: more, to, ranks, first: rest, last, rounds: rounds - 1 });
      [to, last] = [less, middle];
    }
  }
}

/** Puts what is less than a pivot first, what is more last; returns where what equals it begins and ends. */
function partition(values: TensorData, from: number, to: number): readonly [less: number, more: number] {
  const pivot = pivotOf(values, from, to);
  let [less, at, more] = [from, from, to];
  while (at < more) {
    const x = values[at] as number;
    if (x < pivot) {
      values[at++] = values[less] as number;
      values[less++] = x;
    } else if (x > pivot) {
      values[at] = values[--more] as number;
      values[more] = x;
    } else at++;
  }
  return [less, more];
}

/** The median of three medians of three; of fewer values, of three. */
function pivotOf(values: TensorData, from: number, to: number): number {
  const place = (share: number): number => values[from + Math.floor((to - from - 1) * share)] as number;
  if (to - from < 40) return median(place(0), place(0.5), place(1));
  return median(
    median(place(0), place(0.125), place(0.25)),
    median(place(0.375), place(0.5), place(0.625)),
    median(place(0.75), place(0.875), place(1)),
  );
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
