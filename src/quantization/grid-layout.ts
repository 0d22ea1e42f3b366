import type { Blocks, Granularity } from "./granularity.js";

/**
 * How kernels go over the blocks of a tensor. `flat`: all values are one block. `runs`: stretches of `length`
 * neighbours, each in one block. `columns`: slabs of `rows` rows of `length` values, each column in one block.
 */
export interface GridLayout {
  readonly form: "flat" | "runs" | "columns";
  readonly length: number;
  readonly rows: number;
  readonly units: number;
  /** The block of each run; or of each column, the same in all slabs; undefined: runs, columns are the blocks, in order. */
  readonly blockOf: Int32Array | undefined;
}

/** Shorter runs are not worth a kernel's way around them. */
const shortestRun = 8;
/** Values of one slab, at most, where rows can be chosen. */
const slabSize = 2 ** 16;

/** Returns how kernels go over a tensor, or undefined where they do not. */
export function gridLayout(shape: readonly number[], granularity: Granularity, blocks: Blocks): GridLayout | undefined {
  const size = sizeOf(shape);
  if (size === 0) return undefined;
  if (granularity.per === "tensor") return { form: "flat", length: 1, rows: 1, units: size, blockOf: undefined };
  if (granularity.per === "block") return expandedRuns(granularity.block.at(-1) ?? 1, size, blocks);
  const axis = (granularity.axis ?? -1) < 0 ? (granularity.axis ?? -1) + shape.length : (granularity.axis as number);
  const inner = sizeOf(shape.slice(axis + 1));
  if (granularity.per === "group") {
    const { group } = granularity;
    if (inner === 1) return group < shortestRun / 2 ? undefined : runsOf(group, size);
    return inner < 4 ? undefined : columnsOf(inner, group, size);
  }
  const side = shape[axis] as number;
  const outer = size / (side * inner);
  if (outer === 1) return inner < shortestRun ? undefined : runsOf(inner, size);
  if (inner >= shortestRun) return expandedRuns(inner, size, blocks);
  return axisColumns(side, inner, outer);
}

function runsOf(length: number, size: number): GridLayout {
  return { form: "runs", length, rows: 1, units: size / length, blockOf: undefined };
}

function columnsOf(length: number, rows: number, size: number): GridLayout {
  return { form: "columns", length, rows, units: size / (length * rows), blockOf: undefined };
}

function expandedRuns(length: number, size: number, blocks: Blocks): GridLayout | undefined {
  if (length < shortestRun) return undefined;
  const blockOf = new Int32Array(size / length);
  blocks.forEachRun((first, _, block) => {
    blockOf[first / length] = block;
  });
  return { ...runsOf(length, size), blockOf };
}

/** An axis of `side` near the end: `outer` rows, in which every value has the block of its place. */
function axisColumns(side: number, inner: number, outer: number): GridLayout | undefined {
  const length = side * inner;
  if (length < 4) return undefined;
  let rows = 1;
  for (let each = 2; each <= 64 && each * length <= slabSize; each++) if (outer % each === 0) rows = each;
  const units = outer / rows;
  const blockOf = Int32Array.from({ length }, (_, i) => Math.floor(i / inner));
  return { form: "columns", length, rows, units, blockOf };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
