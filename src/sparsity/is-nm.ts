import { DtypeError, ShapeError } from "../errors.js";
import { checkAxis } from "../tensor/shape.js";
import type { Mask } from "../tensor/types.js";
import { checkPattern, type NmPattern } from "./pattern.js";

/** Options of {@link isNm}. */
export interface IsNmOptions extends NmPattern {
  /** The axis along which neighbours form a group; default -1: within each row of a matrix. */
  readonly axis?: number;
  /** Whether every group must keep exactly `keep`; default false: at most `keep`, as greedy methods may under-fill. */
  readonly exact?: boolean;
}

/**
 * Returns whether every group of `group` neighbours along the axis keeps at most `keep` (with `exact`: exactly).
 * @throws ShapeError when group does not divide the axis; DtypeError when the mask is not of dtype bool
 * @throws ValueError for a keep outside 0..group
 * @example isNm(mask, { keep: 2, group: 4 }) && isNm(mask, { keep: 2, group: 4, axis: 0 }) // transposable
 */
export function isNm(mask: Mask, options: IsNmOptions = {}): boolean {
  const { keep, group } = checkPattern("isNm", options);
  if (mask.dtype !== "bool") throw new DtypeError(`isNm: mask of dtype ${mask.dtype}, expected bool`);
  const axis = checkAxis("isNm", options.axis ?? -1, mask.shape.length);
  if ((mask.shape[axis] as number) % group !== 0) {
    throw new ShapeError(
      `isNm: shape [${mask.shape.join(", ")}], expected a multiple of group = ${group} along axis ${axis}`,
    );
  }
  const stride = mask.shape.slice(axis + 1).reduce((product, side) => product * side, 1);
  for (let outer = 0; outer < mask.data.length; outer += group * stride) {
    for (let start = outer; start < outer + stride; start++) {
      let count = 0;
      for (let i = 0; i < group; i++) count += mask.data[start + i * stride] as number;
      if (count > keep || (options.exact === true && count < keep)) return false;
    }
  }
  return true;
}
