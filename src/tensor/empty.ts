import { ValueError } from "../errors.js";
import { giveBack, take } from "../wasm/arena.js";
import { allocate, checkDtype, dataOver } from "./data.js";
import { sizeOf } from "./shape.js";
import type { Dtype, Tensor } from "./types.js";

/** Options of {@link empty}. */
export interface EmptyOptions {
  /**
   * `ordinary`: a typed array of its own (the default). `wasm`: a typed array inside the one WebAssembly memory, where
   * kernels work on it in place, without copying. It stays until {@link free}: nothing collects it.
   */
  readonly memory?: "ordinary" | "wasm";
}

/**
 * Returns a tensor to be written to; its values are zeros.
 * @throws ShapeError when a side is not an integer >= 0; DtypeError for an unknown dtype
 * @throws ValueError for another memory, or when the WebAssembly memory has no room (1 GiB; `wasm.reserve` sets it)
 * @example const W = tensor.empty([4096, 4096], "float32", { memory: "wasm" })
 */
export function empty<D extends Dtype = "float32">(
  shape: readonly number[],
  dtype?: D,
  options: EmptyOptions = {},
): Tensor<D> {
  const kind = checkDtype("tensor.empty", dtype ?? "float32") as D;
  const size = sizeOf(shape, "tensor.empty");
  const { memory = "ordinary" } = options;
  if (memory === "ordinary") return { data: allocate(kind, size), shape: [...shape], dtype: kind };
  if (memory !== "wasm") {
    throw new ValueError(`tensor.empty: memory ${JSON.stringify(memory)}, expected ordinary or wasm`);
  }
  const { buffer, start } = take("tensor.empty", size * bytesPer(kind));
  return { data: dataOver(kind, buffer, start, size), shape: [...shape], dtype: kind };
}

/**
 * Gives the bytes of a tensor from `empty(…, { memory: "wasm" })` back, for the next one. The tensor, and whatever else
 * looks at its data, must not be used any more: it would see another's values.
 * @throws ValueError for any other tensor, or one whose bytes were given back already
 * @example tensor.free(W)
 */
export function free(tensor: Tensor): void {
  if (!giveBack(tensor.data)) {
    throw new ValueError('tensor.free: a tensor of ordinary memory, or freed before, expected one of memory "wasm"');
  }
}

function bytesPer(dtype: Dtype): number {
  return allocate(dtype, 0).BYTES_PER_ELEMENT;
}
