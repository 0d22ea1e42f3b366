import { ShapeError } from "../errors.js";
import { outOf } from "../tensor/out.js";
import { checkAxis } from "../tensor/shape.js";
import type { Mask, Tensor } from "../tensor/types.js";
import { fastNmMask, type Groups } from "./nm-mask-fast.js";
import { createSorter } from "./order.js";
import { checkPattern, type NmPattern, refuseNaN } from "./pattern.js";

/** Options of {@link nmMask}. */
export interface NmMaskOptions extends NmPattern {
  /** The axis along which neighbours form a group; default -1: within each row of a matrix. */
  readonly axis?: number;
  /** Where the mask is written, for reuse: a mask of the shape of the weights, apart from them; default a new one. */
  readonly out?: Mask;
}

/**
 * Returns the mask that keeps the `keep` largest magnitudes of every group of `group` neighbours along one axis:
 * the N:M pattern that sparse matrix units speed up. Of equal magnitudes the one with the lower index stays.
 * @param weights any shape whose side along `axis` is a multiple of group; Infinity is the largest magnitude
 * @returns a mask of the same shape with exactly `keep` ones per group: `out` when that is given
 * @throws ShapeError when group does not divide the axis; ValueError for NaN or a keep outside 0..group, or when `out`
 *   shares memory with the weights. On NaN `out` is left half written
 * @see Mishra et al. 2021, arXiv:2104.08378 (2:4); Hubara et al. 2021, arXiv:2102.08124
 * @example nmMask(tensor.from([[3, -1, 0.5, -7]]), { keep: 2, group: 4 }).data // [1, 0, 0, 1]
 */
export function nmMask(weights: Tensor, options: NmMaskOptions = {}): Mask {
  const { keep, group } = checkPattern("nmMask", options);
  const axis = checkAxis("nmMask", options.axis ?? -1, weights.shape.length);
  const side = weights.shape[axis] as number;
  if (side % group !== 0) {
    throw new ShapeError(
      `nmMask: shape [${weights.shape.join(", ")}], expected a multiple of group = ${group} along axis ${axis}`,
    );
  }
  const stride = weights.shape.slice(axis + 1).reduce((product, length) => product * length, 1);
  const out = outOf("nmMask", options.out, "bool", weights.shape, [weights]);
  const groups = { keep, group, stride };
  if (!fastNmMask(weights, groups, out.data)) plainNmMask(weights, groups, out.data);
  return out;
}

function plainNmMask({ data, shape }: Tensor, { keep, group, stride }: Groups, mask: Uint8Array): void {
  mask.fill(0);
  const magnitudes = new Float64Array(group);
  const order = new Uint32Array(group);
  const sort = createSorter(group);
  for (let outer = 0; outer < data.length; outer += group * stride) {
    for (let start = outer; start < outer + stride; start++) {
      for (let i = 0; i < group; i++) {
        const magnitude = Math.abs(data[start + i * stride] as number);
        if (Number.isNaN(magnitude)) refuseNaN("nmMask", start + i * stride, shape.at(-1) as number);
        magnitudes[i] = magnitude;
      }
      sort(magnitudes, order);
      for (let i = 0; i < keep; i++) mask[start + (order[i] as number) * stride] = 1;
    }
  }
}
