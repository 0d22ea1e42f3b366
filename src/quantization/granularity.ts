import { ShapeError, ValueError } from "../errors.js";
import { checkAxis } from "../tensor/shape.js";

/** Which values share a scale and a zero point. */
export type Granularity =
  /** All of them. Scales of shape []. */
  | { readonly per: "tensor" }
  /** Those with the same index along `axis`, as the weights of one output channel. Scales of shape [length of axis]. */
  | { readonly per: "axis"; readonly axis: number }
  /** Every `group` neighbours along `axis`, default the last. Scales: the shape, divided by group along the axis. */
  | { readonly per: "group"; readonly group: number; readonly axis?: number }
  /** Those of one block of these sides, one per axis. Scales: the shape, divided by the sides. */
  | { readonly per: "block"; readonly block: readonly number[] };

/** How a tensor is cut up. */
export interface Blocks {
  /** Shape of one number per block. */
  readonly scaleShape: readonly number[];
  readonly count: number;
  /** Calls `visit` for runs of neighbours that lie in the same block, in row-major order. */
  forEachRun(visit: (first: number, length: number, block: number) => void): void;
}

/** Returns how a shape is cut up. @throws ShapeError for a wrong axis, or sides that do not divide; ValueError otherwise */
export function blocksOf(caller: string, shape: readonly number[], granularity: Granularity): Blocks {
  if (granularity?.per === "tensor") {
    const size = shape.reduce((product, side) => product * side, 1);
    return { scaleShape: [], count: 1, forEachRun: (visit) => size > 0 && visit(0, size, 0) };
  }
  const sides = sidesOf(caller, shape, granularity);
  sides.forEach((side, axis) => {
    if ((shape[axis] as number) % side === 0) return;
    throw new ShapeError(
      `${caller}: shape [${shape.join(", ")}], expected a multiple of ${granularity.per} = ${side} along axis ${axis}`,
    );
  });
  const counts = shape.map((length, axis) => length / (sides[axis] as number));
  const count = counts.reduce((product, side) => product * side, 1);
  const scaleShape = granularity.per === "axis" ? [count] : counts;
  return { scaleShape, count, forEachRun: (visit) => visitRuns(shape, sides, counts, visit) };
}

/** The sides of a block, at least 1. */
function sidesOf(caller: string, shape: readonly number[], granularity: Granularity): readonly number[] {
  switch (granularity?.per) {
    case "axis": {
      const axis = checkAxis(caller, granularity.axis, shape.length);
      return shape.map((length, i) => (i === axis ? 1 : Math.max(length, 1)));
    }
    case "group": {
      const axis = checkAxis(caller, granularity.axis ?? -1, shape.length);
      return shape.map((_, i) => (i === axis ? checkSide(caller, "group", granularity.group) : 1));
    }
    case "block": {
      const { block } = granularity;
      if (block.length === shape.length) return block.map((side) => checkSide(caller, "block", side));
      throw new ShapeError(
        `${caller}: block [${block.join(", ")}], expected ${shape.length} sides for shape [${shape.join(", ")}]`,
      );
    }
    default:
      throw new ValueError(
        `${caller}: granularity ${JSON.stringify(granularity)}, expected per tensor, axis, group or block`,
      );
  }
}

function checkSide(caller: string, name: string, side: number): number {
  if (Number.isSafeInteger(side) && side >= 1) return side;
  throw new ValueError(`${caller}: ${name} = ${side}, expected a whole number >= 1`);
}

function visitRuns(
  shape: readonly number[],
  sides: readonly number[],
  counts: readonly number[],
  visit: (first: number, length: number, block: number) => void,
): void {
  const length = shape.at(-1) ?? 1;
  const side = sides.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, axis) => product * axis, 1);
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let block = 0;
    for (let axis = shape.length - 2, stride = counts.at(-1) ?? 1; axis >= 0; axis--) {
      const along = shape[axis] as number;
      block += Math.floor((rest % along) / (sides[axis] as number)) * stride;
      rest = Math.floor(rest / along);
      stride *= counts[axis] as number;
    }
    for (let start = 0; start < length; start += side) visit(row * length + start, side, block++);
  }
}

/** Returns the values of each block, in row-major order. */
export function gather(blocks: Blocks, data: ArrayLike<number>): readonly Float64Array[] {
  const size = blocks.count === 0 ? 0 : data.length / blocks.count;
  const gathered = Array.from({ length: blocks.count }, () => new Float64Array(size));
  const filled = new Uint32Array(blocks.count);
  blocks.forEachRun((first, length, block) => {
    const into = gathered[block] as Float64Array;
    let at = filled[block] as number;
    for (let i = first; i < first + length; i++) into[at++] = data[i] as number;
    filled[block] = at;
  });
  return gathered;
}
