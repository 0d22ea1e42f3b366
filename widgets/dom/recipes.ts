/** Tensors that a notebook saved as a recipe are drawn again in the background. */
import { fromRecipe } from "../../src/random/recipe.js";
import type { Tensor } from "../../src/tensor/index.js";
import { isBinary, isRecord } from "../lib/equal.js";
import { runInBackground } from "./background.js";
import { defineTask } from "./tasks.js";

/** Makes the page, or its worker, able to draw from recipes. */
export function defineRecipeTask(): void {
  defineTask("random.recipe", (recipe: unknown): Tensor => fromRecipe(recipe));
}

/**
 * Returns undefined when nothing in an encoded value has to be drawn; else a promise of the value with the bytes of
 * what its recipes make. A recipe that makes nothing is left as it is.
 */
export function drawRecipes(wire: unknown): Promise<unknown> | undefined {
  if (Array.isArray(wire)) {
    const items = wire.map((item) => drawRecipes(item));
    if (items.every((item) => item === undefined)) return undefined;
    return Promise.all(items.map((item, i) => item ?? wire[i]));
  }
  if (!isRecord(wire)) return undefined;
  if (isRecord(wire.recipe) && !isBinary(wire.data)) return draw(wire, wire.recipe);
  const members = Object.entries(wire).map(([key, value]) => [key, drawRecipes(value)] as const);
  if (members.every(([, value]) => value === undefined)) return undefined;
  return Promise.all(members.map(async ([key, value]) => [key, value === undefined ? wire[key] : await value])).then(
    (entries) => Object.fromEntries(entries),
  );
}

async function draw(wire: Record<string, unknown>, recipe: Record<string, unknown>): Promise<unknown> {
  defineRecipeTask();
  try {
    const { data, dtype, shape } = await runInBackground<Tensor>("random.recipe", recipe, new AbortController().signal);
    const same = dtype === wire.dtype && String(shape) === String(wire.shape);
    return same ? { ...wire, data } : wire;
  } catch {
    return wire;
  }
}
