/** Recipes of random tensors: the same bits again, and never those of a tensor that was written to. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ValueError } from "../../src/errors.js";
import * as random from "../../src/random/index.js";
import { reshape, type Tensor } from "../../src/tensor/index.js";

const key = random.key(2 ** 40 + 77);
const draws: readonly (readonly [string, Tensor])[] = [
  ["normal", random.normal(key, [3, 5])],
  ["normal", random.normal(key, [7], { mean: -2, std: 0.25, dtype: "float64" })],
  ["uniform", random.uniform(key, [2, 3, 4])],
  ["uniform", random.uniform(key, [11], { low: -3, high: 9.5, dtype: "float64" })],
  ["integers", random.integers(key, [4, 3], { low: -5, high: 6 })],
  ["permutation", random.permutation(key, 9)],
];

const bytes = ({ data }: Tensor): number[] => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

describe("a recipe", () => {
  test.each(draws)("of %s is JSON and draws the same bits again", (name, tensor) => {
    const recipe = JSON.parse(JSON.stringify(random.recipeOf(tensor)));
    expect(recipe.function).toBe(name);
    const again = random.fromRecipe(recipe);
    expect([again.dtype, again.shape, bytes(again)]).toEqual([tensor.dtype, tensor.shape, bytes(tensor)]);
    expect(again.data).not.toBe(tensor.data);
    expect(random.recipeOf(again)).toEqual(recipe);
  });

  test("is lost when any one number is changed, and found again when it is put back", () => {
    fc.assert(
      fc.property(fc.nat(draws.length - 1), fc.nat(1000), fc.integer({ min: 1, max: 255 }), (which, where, flip) => {
        const [, { data }] = draws[which] as (typeof draws)[number];
        const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        const place = where % raw.length;
        raw[place] = (raw[place] as number) ^ flip;
        const changed = random.recipeOf(draws[which]?.[1] as Tensor);
        raw[place] = (raw[place] as number) ^ flip;
        return changed === undefined && random.recipeOf(draws[which]?.[1] as Tensor) !== undefined;
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test("is found through another shape of the same data, and not for other tensors or copies that were changed", () => {
    const W = random.normal(key, [4, 6]);
    const flat = reshape(W, [24]);
    const again = random.fromRecipe(random.recipeOf(flat));
    expect([again.shape, bytes(again)]).toEqual([[24], bytes(W)]);
    expect(random.recipeOf({ data: Float32Array.of(1), shape: [1], dtype: "float32" })).toBeUndefined();
    expect(random.recipeOf({ ...W, data: W.data.map((x) => x + 1) as Float32Array })).toBeUndefined();
  });

  test("from elsewhere is checked before anything is drawn", () => {
    const good = random.recipeOf(random.normal(key, [2])) as random.Recipe;
    const bad: unknown[] = [
      undefined,
      null,
      "normal",
      {},
      { ...good, function: "eval" },
      { ...good, function: "toString" },
      { ...good, key: { high: -1, low: 0 } },
      { ...good, key: { high: 2 ** 32, low: 0 } },
      { ...good, shape: [2 ** 27] },
      { ...good, shape: [-1] },
      { ...good, shape: [1.5] },
      { ...good, shape: Array(17).fill(1) },
      { ...good, options: { std: -1 } },
      { ...good, options: { mean: "x" } },
      { ...good, function: "integers", options: {} },
      { ...good, function: "permutation", shape: [2, 3] },
    ];
    for (const recipe of bad) expect(() => random.fromRecipe(recipe)).toThrow(ValueError);
  });
});
