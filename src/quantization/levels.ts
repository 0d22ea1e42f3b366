import { ShapeError, ValueError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import { allocate } from "../tensor/data.js";
import type { Tensor } from "../tensor/types.js";

/**
 * Returns for each value the index of the nearest level; a value in the middle of two takes the lower.
 * @param values any shape, finite
 * @param levels ascending, shape [count], 1 <= count <= 65536: of `lloydMax`, `kMeansCodebook`, or any table
 * @returns uint8 up to 256 levels, uint16 above, in the shape of the values
 * @throws ShapeError unless levels have one axis; ValueError for levels that do not ascend or values that are not finite
 * @example nearestLevels(tensor.from([0.1, -2]), lloydMax({ kind: "normal", std: 1 }, { levels: 4 }).levels)
 */
export function nearestLevels(values: Tensor, levels: Tensor): Tensor<"uint8" | "uint16"> {
  checkAscending("nearestLevels", levels);
  if (values.data.length > 0) checkFinite("nearestLevels", values);
  const table = levels.data;
  const dtype = table.length <= 256 ? "uint8" : "uint16";
  const codes = allocate(dtype, values.data.length);
  for (let i = 0; i < codes.length; i++) {
    const value = values.data[i] as number;
    let [low, high] = [0, table.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      // Halved first: the sum of two large levels is no number.
      if (value <= (table[middle] as number) / 2 + (table[middle + 1] as number) / 2) high = middle;
      else low = middle + 1;
    }
    codes[i] = low;
  }
  return { data: codes, shape: [...values.shape], dtype };
}

/**
 * Returns the levels that codes stand for.
 * @param codes integers, any shape, each 0..count - 1
 * @param levels shape [count]
 * @returns the levels' dtype, in the shape of the codes
 * @throws ShapeError unless levels have one axis; ValueError for a code without a level
 * @example fromLevels(nearestLevels(W, levels), levels)
 */
export function fromLevels<D extends "float32" | "float64">(codes: Tensor, levels: Tensor<D>): Tensor<D> {
  checkAscending("fromLevels", levels);
  const data = allocate(levels.dtype, codes.data.length);
  for (let i = 0; i < data.length; i++) {
    const level = levels.data[codes.data[i] as number];
    if (level === undefined) {
      throw new ValueError(`fromLevels: code ${codes.data[i]} at position ${i}, expected 0..${levels.data.length - 1}`);
    }
    data[i] = level;
  }
  return { data: data as Tensor<D>["data"], shape: [...codes.shape], dtype: levels.dtype };
}

function checkAscending(caller: string, levels: Tensor): void {
  const { data, shape } = levels;
  if (shape.length !== 1) throw new ShapeError(`${caller}: levels of shape [${shape.join(", ")}], expected [count]`);
  if (data.length > 65536) throw new ValueError(`${caller}: ${data.length} levels, expected at most 65536`);
  checkFinite(`${caller}: levels`, levels);
  for (let i = 1; i < data.length; i++) {
    if ((data[i] as number) > (data[i - 1] as number)) continue;
    throw new ValueError(
      `${caller}: level ${data[i]} at position ${i} after ${data[i - 1]}, expected ascending levels`,
    );
  }
}
