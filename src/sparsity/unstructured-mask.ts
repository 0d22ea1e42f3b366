import { ValueError } from "../errors.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { refuseNaN } from "./pattern.js";
import { select } from "./select.js";

/** Options of {@link unstructuredMask}. */
export interface UnstructuredMaskOptions {
  /** The share of weights that stays, 0..1; default 0.5. round(density * size) weights are kept. */
  readonly density?: number;
}

/**
 * Returns the mask that keeps the largest magnitudes wherever they are: the most magnitude that any mask of this
 * density can keep. Of equal magnitudes the one with the lower index stays.
 * @param weights any shape
 * @returns a mask of the same shape
 * @throws ValueError for NaN or a density outside 0..1
 * @example unstructuredMask(tensor.from([[3, -1], [0.5, -7]]), { density: 0.5 }).data // [1, 0, 0, 1]
 */
export function unstructuredMask(weights: Tensor, options: UnstructuredMaskOptions = {}): Mask {
  const { density = 0.5 } = options;
  if (!(density >= 0 && density <= 1)) {
    throw new ValueError(`unstructuredMask: density = ${density}, expected 0..1`);
  }
  const size = weights.data.length;
  const magnitudes = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const magnitude = Math.abs(weights.data[i] as number);
    if (Number.isNaN(magnitude)) refuseNaN("unstructuredMask", i, weights.shape.at(-1) ?? 1);
    magnitudes[i] = magnitude;
  }
  const keep = Math.round(density * size);
  const mask = new Uint8Array(size);
  if (keep > 0) {
    const threshold = select(magnitudes.slice(), size - keep);
    let room = keep;
    for (let i = 0; i < size; i++) if ((magnitudes[i] as number) > threshold) room -= mask[i] = 1;
    for (let i = 0; i < size && room > 0; i++) if (magnitudes[i] === threshold) room -= mask[i] = 1;
  }
  return { data: mask, shape: [...weights.shape], dtype: "bool" };
}
