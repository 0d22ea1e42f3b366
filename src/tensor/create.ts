import { DtypeError, ShapeError, ValueError } from "../errors.js";
import { allocate, checkDtype, checkStorable, dtypeOf } from "./data.js";
import { sizeOf } from "./shape.js";
import type { Dtype, NestedArray, Tensor, TensorData } from "./types.js";

/** Options of {@link from}. */
export interface FromOptions<D extends Dtype = Dtype> {
  /** Default: what a typed array holds; `bool` for booleans; otherwise `float32`. */
  readonly dtype?: D;
  /** Default: the nesting of the arrays; one axis for a typed array. */
  readonly shape?: readonly number[];
}

/**
 * Returns a tensor with the given values. Nested arrays give the shape; a typed array is copied.
 * @throws ShapeError when rows differ in length or the values do not fill `shape`
 * @throws ValueError when an integer dtype cannot hold a value exactly
 * @example tensor.from([[1, -2, 3], [4, 5, -6]]) // float32, shape [2, 3]
 */
export function from<D extends Dtype>(
  values: NestedArray | TensorData,
  options: FromOptions<D> & { readonly dtype: D },
): Tensor<D>;
export function from(
  values: readonly number[] | readonly (readonly number[])[],
  options?: FromOptions,
): Tensor<"float32">;
export function from(
  values: readonly boolean[] | readonly (readonly boolean[])[],
  options?: FromOptions,
): Tensor<"bool">;
export function from(values: NestedArray | TensorData, options?: FromOptions): Tensor;
export function from(values: NestedArray | TensorData, options: FromOptions = {}): Tensor {
  const typed = dtypeOf(values);
  const nested = typed === undefined ? flatten(values as NestedArray) : undefined;
  const flat: ArrayLike<number> = nested?.flat ?? (values as TensorData);
  const dtype = checkDtype("tensor.from", options.dtype ?? typed ?? (nested?.boolean ? "bool" : "float32"));
  const shape = [...(options.shape ?? nested?.shape ?? [flat.length])];
  if (sizeOf(shape, "tensor.from") !== flat.length) {
    throw new ShapeError(
      `tensor.from: ${flat.length} values, expected ${sizeOf(shape)} for shape [${shape.join(", ")}]`,
    );
  }
  checkStorable("tensor.from", flat, dtype);
  const data = allocate(dtype, flat.length);
  data.set(flat);
  return { data, shape, dtype };
}

/**
 * Returns a tensor of zeros. @throws ShapeError when a side is not an integer >= 0
 * @example tensor.zeros([3, 5]) // float32
 */
export function zeros<D extends Dtype = "float32">(shape: readonly number[], dtype?: D): Tensor<D> {
  const kind = checkDtype("tensor.zeros", dtype ?? "float32") as D;
  return { data: allocate(kind, sizeOf(shape, "tensor.zeros")), shape: [...shape], dtype: kind };
}

/**
 * Returns a tensor with the same value everywhere.
 * @throws ShapeError when a side is not an integer >= 0; ValueError when the dtype cannot hold the value
 * @example tensor.full([2, 3], 1, "bool") // a mask that keeps everything
 */
export function full<D extends Dtype = "float32">(shape: readonly number[], value: number, dtype?: D): Tensor<D> {
  const kind = checkDtype("tensor.full", dtype ?? "float32") as D;
  checkStorable("tensor.full", [value], kind);
  const data = allocate(kind, sizeOf(shape, "tensor.full"));
  data.fill(value);
  return { data, shape: [...shape], dtype: kind };
}

/** Options of {@link arange}. */
export interface ArangeOptions<D extends Dtype = Dtype> {
  /** The first value; default 0. */
  readonly start?: number;
  /** The difference of neighbours; default 1. */
  readonly step?: number;
  /** Default `float32`. */
  readonly dtype?: D;
  /** Default `[count]`. */
  readonly shape?: readonly number[];
}

/**
 * Returns `count` equally spaced values: start, start + step, start + 2 step, …
 * @throws ValueError when `count` is not an integer >= 0; ShapeError when `shape` has another size
 * @example tensor.arange(16, { start: 1, shape: [4, 4] }) // 1..16 in four rows
 */
export function arange<D extends Dtype = "float32">(count: number, options: ArangeOptions<D> = {}): Tensor<D> {
  if (!Number.isInteger(count) || count < 0) {
    throw new ValueError(`tensor.arange: count ${count}, expected an integer >= 0`);
  }
  const { start = 0, step = 1, shape = [count] } = options;
  const values = Array.from({ length: count }, (_, i) => start + i * step);
  return from(values, { dtype: options.dtype ?? ("float32" as D), shape });
}

interface Flat {
  readonly flat: number[];
  readonly shape: number[];
  readonly boolean: boolean;
}

function flatten(values: NestedArray): Flat {
  const shape: number[] = [];
  for (let first: NestedArray | undefined = values; Array.isArray(first); first = first[0]) shape.push(first.length);
  const flat: number[] = [];
  let booleans = 0;
  const visit = (value: NestedArray | undefined, depth: number): void => {
    if (Array.isArray(value)) {
      if (value.length !== shape[depth]) {
        throw new ShapeError(
          `tensor.from: a row of ${value.length} at depth ${depth}, expected ${shape[depth] ?? "a number"}`,
        );
      }
      for (const item of value) visit(item, depth + 1);
    } else if ((typeof value === "number" || typeof value === "boolean") && depth === shape.length) {
      if (typeof value === "boolean") booleans++;
      flat.push(Number(value));
    } else if (typeof value === "number" || typeof value === "boolean") {
      throw new ShapeError(`tensor.from: ${value} at depth ${depth}, expected a row of ${shape[depth]}`);
    } else {
      throw new DtypeError(`tensor.from: ${value === null ? "null" : typeof value}, expected numbers or booleans`);
    }
  };
  visit(values, 0);
  return { flat, shape, boolean: flat.length > 0 && booleans === flat.length };
}
