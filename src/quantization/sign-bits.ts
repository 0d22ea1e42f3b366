import { ShapeError } from "../errors.js";
import { checkFinite } from "../stats/checked.js";
import type { Tensor } from "../tensor/types.js";
import { fastSignBits, fastXnorProduct } from "./sign-bits-fast.js";

/** The signs of a tensor's values, 32 to a word along the last axis. */
export interface SignBits {
  readonly kind: "sign-bits";
  /** Shape of the values with ceil(length / 32) along the last axis; the first value is the lowest bit; 1 is +1. */
  readonly words: Tensor<"uint32">;
  /** Values along the last axis; the bits beyond are 0. */
  readonly length: number;
}

/**
 * Returns the signs of values: +1 for x >= 0 and for -0, -1 otherwise, packed. Times the mean magnitude they are the
 * nearest ±α (XNOR-Net's scale): `tensor.mean(tensor.map(W, Math.abs))`.
 * @param values at least one axis, finite
 * @throws ShapeError for a scalar; ValueError for an empty tensor or a value that is not finite
 * @see Courbariaux et al. 2016, arXiv:1602.02830: sign(0) = +1; Rastegari et al. 2016, arXiv:1603.05279: α = mean |w|
 * @example signBits(tensor.from([1, -2, 0, -4])).words.data // [0b0101]
 */
export function signBits(values: Tensor): SignBits {
  const length = values.shape.at(-1);
  if (length === undefined) throw new ShapeError("signBits: a scalar, expected at least one axis");
  const perRow = Math.ceil(length / 32);
  const rows = values.data.length / length;
  const words = new Uint32Array(rows * perRow);
  const packed: SignBits = {
    kind: "sign-bits",
    words: { data: words, shape: [...values.shape.slice(0, -1), perRow], dtype: "uint32" },
    length,
  };
  if (values.data.length > 0 && fastSignBits(values, packed)) return packed;
  checkFinite("signBits", values);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; i++) {
      if ((values.data[row * length + i] as number) < 0) continue;
      const word = row * perRow + (i >>> 5);
      words[word] = (words[word] as number) | (1 << (i & 31));
    }
  }
  return packed;
}

/**
 * Returns the products of the rows of two matrices of signs, without a multiplication: agreeing signs minus differing
 * ones.
 * @param a signs of shape [rows, length]
 * @param b signs of shape [columns, length]
 * @returns int32, shape [rows, columns]: sign(A) sign(B)ᵀ
 * @throws ShapeError unless both are matrices of the same length
 * @see Courbariaux et al. 2016, arXiv:1602.02830: 2 popcount(xnor(a, b)) - length = length - 2 popcount(xor(a, b))
 * @example xnorProduct(signBits(X), signBits(W)) // X of shape [batch, inputs], W of [outputs, inputs]
 */
export function xnorProduct(a: SignBits, b: SignBits): Tensor<"int32"> {
  const [rows, perRow] = a.words.shape as [number, number];
  const [columns] = b.words.shape as [number, number];
  if (a.words.shape.length !== 2 || b.words.shape.length !== 2 || a.length !== b.length) {
    const arrived = [a, b].map(({ words, length }) => `[${[...words.shape.slice(0, -1), length].join(", ")}]`);
    throw new ShapeError(`xnorProduct: signs of shapes ${arrived.join(" and ")}, expected matrices of the same length`);
  }
  const data = new Int32Array(rows * columns);
  const product: Tensor<"int32"> = { data, shape: [rows, columns], dtype: "int32" };
  if (fastXnorProduct(a, b, product)) return product;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let differing = 0;
      for (let i = 0; i < perRow; i++) {
        differing += popcount(
          (a.words.data[row * perRow + i] as number) ^ (b.words.data[column * perRow + i] as number),
        );
      }
      data[row * columns + column] = a.length - 2 * differing;
    }
  }
  return product;
}

/**
 * Returns how many of the 32 low bits of an integer are 1.
 * @see Warren, Hacker's Delight: sums of 2, 4 and 8 bits side by side
 * @example popcount(0b1011) // 3
 */
export function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
