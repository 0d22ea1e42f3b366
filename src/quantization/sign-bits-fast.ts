import type { Tensor } from "../tensor/types.js";
import { binaryKernels as module } from "../wasm/modules/binary.generated.js";
import { sweep } from "../wasm/sweep.js";
import type { SignBits } from "./sign-bits.js";

/** Packs the signs of float32 values with the kernel, and returns whether it did; it does not when one is not finite. */
export function fastSignBits({ data }: Tensor, { words, length }: SignBits): boolean {
  if (!(data instanceof Float32Array)) return false;
  return sweep({
    module,
    kernel: "signs",
    units: data.length / length,
    inputs: [{ data, per: length }],
    outputs: [{ data: words.data, per: words.shape.at(-1) as number }],
    params: [length],
    nanoseconds: length / 4,
  });
}

/** Multiplies matrices of signs with the kernel, and returns whether it did. */
export function fastXnorProduct(a: SignBits, b: SignBits, product: Tensor<"int32">): boolean {
  const [rows, columns] = product.shape as [number, number];
  const perRow = a.words.shape[1] as number;
  return sweep({
    module,
    kernel: "product",
    units: rows,
    inputs: [{ data: a.words.data, per: perRow }],
    outputs: [{ data: product.data, per: columns }],
    tables: [b.words.data],
    params: [perRow, columns, a.length],
    grain: 2,
    nanoseconds: columns * perRow * 0.3,
  });
}
