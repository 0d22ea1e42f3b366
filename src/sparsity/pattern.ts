import { ShapeError, ValueError } from "../errors.js";
import { checkMatrix } from "../tensor/shape.js";
import type { Tensor } from "../tensor/types.js";

/**
 * An N:M pattern, said without ambiguity: how many weights stay in each group of neighbours. Hubara et al.
 * count the zeros (N = group - keep), NVIDIA and later papers what is kept (N = keep).
 */
export interface NmPattern {
  /** Weights kept per group, an integer 0..group; default 2. */
  readonly keep?: number;
  /** Neighbours per group; default 4. */
  readonly group?: number;
}

/** The largest block that the transposable masks take. */
export const maxTransposableGroup: number = 64;

/** Returns the pattern with its defaults. @throws ValueError unless 0 <= keep <= group, integers, 1 <= group <= maxGroup */
export function checkPattern(caller: string, pattern: NmPattern, maxGroup: number = 2 ** 24): Required<NmPattern> {
  const { keep = 2, group = 4 } = pattern;
  if (!Number.isInteger(group) || group < 1 || group > maxGroup) {
    throw new ValueError(`${caller}: group = ${group}, expected an integer 1..${maxGroup}`);
  }
  if (!Number.isInteger(keep) || keep < 0 || keep > group) {
    throw new ValueError(`${caller}: keep = ${keep}, expected an integer 0..${group} (group = ${group})`);
  }
  return { keep, group };
}

/** Returns `[rows, columns]`. @throws ShapeError unless the tensor is a matrix whose sides are multiples of group */
export function checkBlocks(caller: string, weights: Tensor, group: number): [number, number] {
  const [rows, columns] = checkMatrix(caller, weights);
  if (rows % group !== 0 || columns % group !== 0) {
    throw new ShapeError(
      `${caller}: shape [${rows}, ${columns}], expected both sides to be multiples of group = ${group}`,
    );
  }
  return [rows, columns];
}

/** Throws the error for a weight that is not a number. */
export function refuseNaN(caller: string, position: number, columns: number): never {
  throw new ValueError(
    `${caller}: NaN at row ${Math.floor(position / columns)}, column ${position % columns}, expected numbers`,
  );
}
