/** A million messages that no honest client sends. */
import { test } from "vitest";
import { fuzzKernel } from "../support/fuzz/assertions.js";

test.each([1, 2, 3, 4])("250,000 fuzzed messages, seed %i", async (seed) => {
  await fuzzKernel(250_000, seed);
});
