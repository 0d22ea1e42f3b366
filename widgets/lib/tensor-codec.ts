/** Tensors on the wire: `{ dtype, shape, data }` with `data` binary, row-major, little-endian. Both halves use it. */
import { type Recipe, recipeOf, remember } from "../../src/random/memory.js";
import { fromRecipe } from "../../src/random/recipe.js";
import type { DataByDtype, Dtype, Tensor } from "../../src/tensor/index.js";
import { bytesOf, isBinary, isRecord } from "./equal.js";
import { savedBytes } from "./saved.js";

/** A tensor as it travels. */
export interface TensorWire {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Exactly the tensor's bytes: the view covers its whole buffer. */
  readonly data: Uint8Array;
  /** How to draw it again, where it is too large to be saved and nobody has written to it. */
  readonly recipe?: Recipe;
}

const constructors: { readonly [D in Dtype]: new (buffer: ArrayBuffer) => DataByDtype[D] } = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/**
 * Returns the tensor as it travels. A tensor over a part of a larger buffer is copied, because the front end's
 * `@jupyter-widgets/base` sends `view.buffer` whole.
 * @example encodeTensor(tensor.from([[1, 2, 3]])) // { dtype: "float32", shape: [1, 3], data: Uint8Array(12) }
 */
export function encodeTensor(value: Tensor): TensorWire {
  const bytes = bytesOf(value.data);
  const data = bytes.byteLength === value.data.buffer.byteLength ? bytes : bytes.slice();
  const recipe = data.byteLength > savedBytes ? recipeOf(value) : undefined;
  return { dtype: value.dtype, shape: [...value.shape], data, ...(recipe !== undefined && { recipe }) };
}

/**
 * Returns the tensor that `wire` describes, over memory of its own; undefined when dtype, shape and bytes do not
 * agree or a bool is neither 0 nor 1. Nothing is allocated before the size is known to fit. Without bytes, as a notebook
 * saves large tensors, it is drawn again from its recipe.
 * @example decodeTensor({ dtype: "int8", shape: [2, 3], data: new DataView(new ArrayBuffer(6)) })
 */
export function decodeTensor(wire: unknown): Tensor | undefined {
  if (!isRecord(wire) || !Array.isArray(wire.shape)) return undefined;
  if (!isBinary(wire.data)) return drawn(wire);
  const { dtype, shape, data } = wire as { dtype: unknown; shape: unknown[]; data: ArrayBuffer | ArrayBufferView };
  if (typeof dtype !== "string" || !Object.hasOwn(constructors, dtype)) return undefined;
  if (!shape.every((side) => Number.isSafeInteger(side) && (side as number) >= 0)) return undefined;
  const make = constructors[dtype as Dtype];
  const size = (shape as number[]).reduce((product, side) => product * side, 1);
  if (size * elementBytes(dtype as Dtype) !== data.byteLength) return undefined;
  // A copy, for alignment and so that the message's memory is not kept.
  const values = new make(bytesOf(data).slice().buffer as ArrayBuffer);
  if (dtype === "bool" && (values as Uint8Array).some((bit) => bit > 1)) return undefined;
  const tensor: Tensor = { data: values, shape: [...(shape as number[])], dtype: dtype as Dtype };
  return isRecord(wire.recipe) ? remember(tensor, wire.recipe as unknown as Recipe) : tensor;
}

/** The tensor of a wire that has a recipe and no bytes; undefined when the recipe makes another tensor, or none. */
function drawn({ recipe, dtype, shape }: Record<string, unknown>): Tensor | undefined {
  if (!isRecord(recipe)) return undefined;
  try {
    const tensor = fromRecipe(recipe);
    return tensor.dtype === dtype && String(tensor.shape) === String(shape) ? tensor : undefined;
  } catch {
    return undefined;
  }
}

function elementBytes(dtype: Dtype): number {
  return dtype === "bool" ? 1 : Number(/\d+$/.exec(dtype)?.[0]) / 8;
}
