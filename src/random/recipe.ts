import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/types.js";
import { integers, permutation } from "./integers.js";
import { normal } from "./normal.js";
import type { Key } from "./threefry.js";
import { type FloatDtype, uniform } from "./uniform.js";

/** More numbers than this are not drawn from a recipe, which may come from someone else's notebook. */
const maxSize = 2 ** 26;

/**
 * Draws a tensor again: the same bits as the one that the recipe is of.
 * @param recipe what `recipeOf` returned, or its JSON, checked before anything is allocated
 * @throws ValueError for anything else, or for more than 2^26 numbers
 * @example fromRecipe(recipeOf(W) as Recipe) // the same numbers as W, in memory of its own
 */
export function fromRecipe(recipe: unknown): Tensor {
  const { function: name, key, shape, options } = (recipe ?? {}) as Readonly<Record<string, unknown>>;
  if (!isShape(shape)) {
    throw new ValueError(`random.fromRecipe: shape ${JSON.stringify(shape)}, expected at most 2^26 numbers`);
  }
  if (!isKey(key)) {
    throw new ValueError(`random.fromRecipe: key ${JSON.stringify(key)}, expected two 32-bit words`);
  }
  const given = optionsOf(options);
  const dtype = given.dtype === "float64" ? "float64" : "float32";
  const number = (field: string, otherwise: number): number => Number(given[field] ?? otherwise);
  if (name === "normal") {
    return normal<FloatDtype>(key, shape, { mean: number("mean", 0), std: number("std", 1), dtype });
  }
  if (name === "uniform") {
    return uniform<FloatDtype>(key, shape, { low: number("low", 0), high: number("high", 1), dtype });
  }
  if (name === "integers") return integers(key, shape, { low: number("low", 0), high: number("high", Number.NaN) });
  if (name === "permutation" && shape.length === 1) return permutation(key, shape[0] as number);
  throw new ValueError(
    `random.fromRecipe: function ${JSON.stringify(name)} with shape [${shape.join(", ")}], ` +
      "expected normal, uniform, integers, or permutation of one axis",
  );
}

function optionsOf(options: unknown): Readonly<Record<string, unknown>> {
  return typeof options === "object" && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
}

function isShape(shape: unknown): shape is number[] {
  if (!Array.isArray(shape) || shape.length > 16) return false;
  if (!shape.every((side) => Number.isInteger(side) && side >= 0)) return false;
  return (shape as number[]).reduce((size, side) => size * side, 1) <= maxSize;
}

function isKey(key: unknown): key is Key {
  const { high, low } = (key ?? {}) as Partial<Key>;
  return [high, low].every((word) => typeof word === "number" && word >>> 0 === word);
}
