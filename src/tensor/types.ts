/** The number formats that a {@link Tensor} stores directly in a typed array. `bool` is a Uint8Array of 0 and 1. */
export type Dtype = "bool" | "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "float32" | "float64";

/** Which typed array holds which dtype. */
export interface DataByDtype {
  readonly bool: Uint8Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly int16: Int16Array;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** Any of the typed arrays that hold a tensor's values. */
export type TensorData = DataByDtype[Dtype];

/**
 * An n-dimensional array: a plain record over a typed array, row-major, without gaps.
 * The last axis runs fastest; `data.length` is the product of `shape`. A scalar has shape `[]`.
 * @example const W: Tensor<"float32"> = tensor.from([[1, -2], [3, 4]]); W.shape // [2, 2]
 */
export interface Tensor<D extends Dtype = Dtype> {
  readonly data: DataByDtype[D];
  readonly shape: readonly number[];
  readonly dtype: D;
}

/** A mask: 1 where a weight is kept, 0 where it is pruned. */
export type Mask = Tensor<"bool">;

/** Numbers or booleans, nested as deep as the tensor has axes. */
export type NestedArray = number | boolean | readonly NestedArray[];
