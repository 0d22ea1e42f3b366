/** Which draw each random array came from, and whether its numbers are still those that were drawn. */
import type { Tensor, TensorData } from "../tensor/types.js";
import type { Key } from "./threefry.js";

/**
 * How to draw a tensor again, bit for bit: plain JSON, a few dozen bytes in place of all its numbers.
 * @example recipeOf(random.normal(random.key(1), [4096, 4096]))
 */
export interface Recipe {
  readonly function: "normal" | "uniform" | "integers" | "permutation";
  readonly key: Key;
  readonly shape: readonly number[];
  /** The other options of the function, dtype included. */
  readonly options: Readonly<Record<string, number | string>>;
}

interface Memory {
  readonly recipe: Recipe;
  readonly sum: number;
}

// Beside the data, so that a tensor stays a plain record; a tensor over the same data has the same recipe.
const memories = new WeakMap<TensorData, Memory>();

/** Remembers what `tensor` was drawn by, and returns it. */
export function remember<T extends Tensor>(tensor: T, recipe: Omit<Recipe, "shape">): T {
  memories.set(tensor.data, { recipe: { ...recipe, shape: [...tensor.shape] }, sum: checksum(tensor.data) });
  return tensor;
}

/**
 * Returns how to draw `tensor` again; undefined when it was not drawn by `random`, or was written to since: a checksum
 * of all its numbers is compared, which takes about a millisecond per million.
 * @example const W = random.normal(random.key(1), [512, 512]);
 * recipeOf(W) // { function: "normal", key: { high: 0, low: 1 }, shape: [512, 512], options: { mean: 0, std: 1, … } }
 */
export function recipeOf(tensor: Tensor): Recipe | undefined {
  const memory = memories.get(tensor.data);
  if (memory === undefined || memory.sum !== checksum(tensor.data)) return undefined;
  return { ...memory.recipe, shape: [...tensor.shape] };
}

/**
 * Returns 32 bits of the array's words; any change within one word changes them. Four lanes of FNV-1a over words, because
 * one lane waits for each of its products.
 */
function checksum(data: TensorData): number {
  // Draws are int32, float32 or float64: whole words.
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  let [a, b, c, d] = [0x811c9dc5, 0x811c9dc6, 0x811c9dc7, 0x811c9dc8];
  const end = words.length & ~3;
  for (let i = 0; i < end; i += 4) {
    a = Math.imul(a ^ (words[i] as number), 16777619);
    b = Math.imul(b ^ (words[i + 1] as number), 16777619);
    c = Math.imul(c ^ (words[i + 2] as number), 16777619);
    d = Math.imul(d ^ (words[i + 3] as number), 16777619);
  }
  for (let i = end; i < words.length; i++) a = Math.imul(a ^ (words[i] as number), 16777619);
  // Each step is a bijection, so that a change in one lane cannot go unseen.
  for (const lane of [b, c, d]) a = Math.imul(a ^ lane, 16777619) ^ (a >>> 15);
  return a >>> 0;
}
