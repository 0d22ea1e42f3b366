/**
 * Tensors: plain records `{ data, shape, dtype }` over typed arrays, and functions over them.
 * @example import { tensor } from "lowbit"; tensor.format(tensor.arange(16, { start: 1, shape: [4, 4] }))
 */
export { type ArangeOptions, arange, type FromOptions, from, full, zeros } from "./create.js";
export { dtypes, isTensor } from "./data.js";
export { type EmptyOptions, empty, free } from "./empty.js";
export { equal } from "./equal.js";
export { type FormatOptions, format } from "./format.js";
export { map, multiply, zip } from "./map.js";
export { max, mean, min, type ReduceOptions, sum } from "./reduce.js";
export { reshape } from "./reshape.js";
export { sizeOf, stridesOf } from "./shape.js";
export { at, type SliceRange, slice } from "./slice.js";
export { transpose } from "./transpose.js";
export type { DataByDtype, Dtype, Mask, NestedArray, Tensor, TensorData } from "./types.js";
