import { ShapeError, ValueError } from "../errors.js";
import { checkAxis } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";

/** How a tensor is cut into blocks along one axis; the last block of a line may be shorter. */
export interface Blocks {
  /** The axis, counted from the front. */
  readonly axis: number;
  /** Elements apart of two neighbours of a block. */
  readonly stride: number;
  /** Shape of one number per block. */
  readonly scaleShape: readonly number[];
  /** Calls `visit` for each block, in the order of the scales. */
  forEach(visit: (first: number, count: number, index: number) => void): void;
}

/** Returns the blocks of a shape. @throws ShapeError for a wrong axis or no axis; ValueError for a wrong block */
export function blocksOf(caller: string, shape: readonly number[], axis: number, block: number): Blocks {
  if (!Number.isInteger(block) || block < 1) {
    throw new ValueError(`${caller}: block ${block}, expected a whole number >= 1`);
  }
  const front = checkAxis(caller, axis, shape.length);
  const length = shape[front] as number;
  const perLine = Math.ceil(length / block);
  const stride = shape.slice(front + 1).reduce((product, side) => product * side, 1);
  const outer = shape.slice(0, front).reduce((product, side) => product * side, 1);
  const scaleShape = shape.map((side, i) => (i === front ? perLine : side));
  const forEach = (visit: (first: number, count: number, index: number) => void): void => {
    for (let line = 0, index = 0; line < outer; line++) {
      for (let at = 0; at < perLine; at++) {
        const count = Math.min(block, length - at * block);
        for (let inner = 0; inner < stride; inner++, index++) {
          visit((line * length + at * block) * stride + inner, count, index);
        }
      }
    }
  };
  return { axis: front, stride, scaleShape, forEach };
}

/** Returns the largest magnitude of a block; NaN when a value is NaN or infinite. */
export function largestMagnitude(data: ArrayLike<number>, first: number, count: number, stride: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const size = Math.abs(data[first + i * stride] as number);
    if (!(size < Number.POSITIVE_INFINITY)) return Number.NaN;
    if (size > largest) largest = size;
  }
  return largest;
}

/** Throws a ShapeError unless there is one scale per block. */
export function checkScales(caller: string, scales: Tensor, { scaleShape }: Blocks): void {
  const { shape } = scales;
  if (shape.length !== scaleShape.length || shape.some((side, i) => side !== scaleShape[i])) {
    throw new ShapeError(
      `${caller}: scales of shape [${shape.join(", ")}], expected [${scaleShape.join(", ")}], one per block`,
    );
  }
}

/** Returns (scale · factor) · element, multiplied in float64 and rounded once to float32, in the shape of the codes. */
export function decodeBlocks(
  blocks: Blocks,
  codes: Tensor<"uint8">,
  elementTable: Float32Array,
  scales: Tensor<"uint8">,
  scaleTable: Float32Array,
  factor: number,
): Tensor<"float32"> {
  const data = new Float32Array(codes.data.length);
  blocks.forEach((first, count, index) => {
    const scale = (scaleTable[scales.data[index] as number] as number) * factor;
    for (let i = 0, at = first; i < count; i++, at += blocks.stride) {
      data[at] = scale * (elementTable[codes.data[at] as number] as number);
    }
  });
  return { data, shape: [...codes.shape], dtype: "float32" };
}
