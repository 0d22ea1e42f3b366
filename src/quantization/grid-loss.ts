/** How far values lie from the levels of a clipped grid: what clips are chosen by. */
import { rangeParams } from "./choose-qparams.js";
import type { QuantConvention } from "./convention.js";

/** At this size a float64 has no fraction: the sum is rounded to an integer, ties to the even one. */
const large = 1.5 * 2 ** 52;

/** Returns what a value becomes on the grid of a clip, when the values lie between these ends. */
export function gridAt(
  convention: QuantConvention,
  ends: readonly [number, number],
  alpha: number,
): (value: number) => number {
  const { scale, zeroPoint } = rangeParams(convention, ends[0], ends[1], alpha);
  const whole = Math.floor(zeroPoint);
  const rest = zeroPoint - whole;
  const [low, high] = [convention.low - whole, convention.high - whole];
  return (value) => {
    const place = value / scale + rest;
    const code = (place < low ? low : place > high ? high : place) + large - large;
    return scale * (code - rest);
  };
}

/** Neighbours in ascending order that are the smallest block. */
const leaf = 16;

/**
 * Returns the mean squared error as a function of the clip. Of each block of neighbours the mean c and the sums of
 * y = x - c and y² are kept: of 16, of twice as many, and so on. Where its first and its last value have the same level
 * l, so have all, and Σ(x - l)² = Σy² + 2 (c - l) Σy + n (c - l)²: terms of one sign but for the middle one, which is
 * next to nothing, so that the sum is right to some 10^-15 of itself. A block that a border between levels runs through
 * is halved, the smallest are looked at value by value: a clip takes as many steps as there are levels, times log n.
 * @param data in ascending order
 */
export function squaredLoss(data: Float64Array, convention: QuantConvention): (alpha: number) => number {
  const blocks = [leavesOf(data)];
  for (let last = blocks[0] as Blocks; last.mean.length > 1; blocks.push(last)) last = doubled(last);
  const ends = [data[0] as number, data[data.length - 1] as number] as const;
  return (alpha) => lossOf(data, blocks, gridAt(convention, ends, alpha)) / data.length;
}

/** Of each of blocks of one size: mean, sum and sum of squares of what is left of the values without it. */
interface Blocks {
  readonly size: number;
  readonly mean: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function emptyBlocks(size: number, count: number): Blocks {
  return { size, mean: new Float64Array(count), first: new Float64Array(count), second: new Float64Array(count) };
}

function leavesOf(sorted: Float64Array): Blocks {
  const blocks = emptyBlocks(leaf, Math.floor(sorted.length / leaf));
  for (let i = 0; i < blocks.mean.length; i++) {
    const end = (i + 1) * leaf;
    let total = 0;
    for (let at = i * leaf; at < end; at++) total += sorted[at] as number;
    const mean = total / leaf;
    let [first, second] = [0, 0];
    for (let at = i * leaf; at < end; at++) {
      const rest = (sorted[at] as number) - mean;
      first += rest;
      second += rest * rest;
    }
    blocks.mean[i] = mean;
    blocks.first[i] = first;
    blocks.second[i] = second;
  }
  return blocks;
}

/** Returns each two neighbouring blocks as one; the last of an odd number is left out. */
function doubled({ size, mean, first, second }: Blocks): Blocks {
  const blocks = emptyBlocks(2 * size, Math.floor(mean.length / 2));
  for (let i = 0; i < blocks.mean.length; i++) {
    const [a, b] = [2 * i, 2 * i + 1];
    const middle = (mean[a] as number) / 2 + (mean[b] as number) / 2;
    const [left, right] = [(mean[a] as number) - middle, (mean[b] as number) - middle];
    blocks.mean[i] = middle;
    blocks.first[i] = (first[a] as number) + size * left + ((first[b] as number) + size * right);
    const leftSquares = (second[a] as number) + 2 * left * (first[a] as number) + size * left * left;
    const rightSquares = (second[b] as number) + 2 * right * (first[b] as number) + size * right * right;
    blocks.second[i] = leftSquares + rightSquares;
  }
  return blocks;
}

/** @param blocks by size, each twice that before */
function lossOf(sorted: Float64Array, blocks: readonly Blocks[], levelOf: (value: number) => number): number {
  const visit = (depth: number, i: number): number => {
    const { size, mean, first, second } = blocks[depth] as Blocks;
    const level = levelOf(sorted[i * size] as number);
    if (levelOf(sorted[(i + 1) * size - 1] as number) === level) {
      const distance = (mean[i] as number) - level;
      return (second[i] as number) + 2 * distance * (first[i] as number) + size * distance * distance;
    }
    if (depth > 0) return visit(depth - 1, 2 * i) + visit(depth - 1, 2 * i + 1);
    return direct(sorted, i * leaf, (i + 1) * leaf, levelOf);
  };
  let total = 0;
  let start = 0;
  // The largest block first, then those that no larger one takes in.
  for (let depth = blocks.length - 1; depth >= 0; depth--) {
    const { size, mean } = blocks[depth] as Blocks;
    for (let i = start / size; i < mean.length; i++, start += size) total += visit(depth, i);
  }
  return total + direct(sorted, start, sorted.length, levelOf);
}

function direct(sorted: Float64Array, start: number, end: number, levelOf: (value: number) => number): number {
  let total = 0;
  for (let at = start; at < end; at++) {
    const value = sorted[at] as number;
    const error = levelOf(value) - value;
    total += error * error;
  }
  return total;
}
