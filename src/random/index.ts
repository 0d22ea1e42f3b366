/**
 * Random tensors from an explicit key: the same key gives the same bits on every engine.
 * @example import { random } from "lowbit"; random.normal(random.key(2021), [8, 12])
 */
export { type IntegersOptions, integers, permutation } from "./integers.js";
export { key, split } from "./key.js";
export { type Recipe, recipeOf } from "./memory.js";
export { type NormalOptions, normal } from "./normal.js";
export { fromRecipe } from "./recipe.js";
export { type Key, threefry2x32 } from "./threefry.js";
export { type FloatDtype, type UniformOptions, uniform } from "./uniform.js";
