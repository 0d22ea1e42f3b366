import { allocate, checkDtype, checkStorable } from "./data.js";
import { checkSameShape } from "./shape.js";
import type { Dtype, Tensor } from "./types.js";

/**
 * Returns a tensor of the same shape with `transform` applied to every element.
 * @param dtype of the result; default: the dtype of `tensor`
 * @throws ValueError when an integer dtype cannot hold a result exactly
 * @example tensor.map(W, Math.abs)
 */
export function map<D extends Dtype, R extends Dtype = D>(
  tensor: Tensor<D>,
  transform: (value: number, index: number) => number,
  dtype?: R,
): Tensor<R> {
  const kind = checkDtype("tensor.map", dtype ?? tensor.dtype) as R;
  const values = new Float64Array(tensor.data.length);
  for (let i = 0; i < values.length; i++) values[i] = transform(tensor.data[i] as number, i);
  return store("tensor.map", values, tensor.shape, kind);
}

/**
 * Returns a tensor of the same shape with `combine` applied to every pair of elements.
 * @param dtype of the result; default: the dtype of `a`
 * @throws ShapeError when the shapes differ; ValueError when an integer dtype cannot hold a result exactly
 * @example tensor.zip(W, mask, (weight, kept) => weight * kept) // the pruned weights
 */
export function zip<D extends Dtype, R extends Dtype = D>(
  a: Tensor<D>,
  b: Tensor,
  combine: (a: number, b: number, index: number) => number,
  dtype?: R,
): Tensor<R> {
  checkSameShape("tensor.zip", a, b);
  const kind = checkDtype("tensor.zip", dtype ?? a.dtype) as R;
  const values = new Float64Array(a.data.length);
  for (let i = 0; i < values.length; i++) values[i] = combine(a.data[i] as number, b.data[i] as number, i);
  return store("tensor.zip", values, a.shape, kind);
}

/**
 * Returns the product of two tensors, element by element, in the dtype of `a`: `multiply(W, mask)` prunes W.
 * @throws ShapeError when the shapes differ
 * @example tensor.multiply(W, sparsity.nmMask(W))
 */
export function multiply<D extends Dtype>(a: Tensor<D>, b: Tensor): Tensor<D> {
  checkSameShape("tensor.multiply", a, b);
  return zip(a, b, (x, y) => x * y);
}

function store<D extends Dtype>(caller: string, values: Float64Array, shape: readonly number[], dtype: D): Tensor<D> {
  checkStorable(caller, values, dtype);
  const data = allocate(dtype, values.length);
  data.set(values);
  return { data, shape: [...shape], dtype };
}
