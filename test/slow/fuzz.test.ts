/** A million messages that no honest client sends. */
import { test } from "vitest";
import { fuzzKernel } from "../support/fuzz/assertions.js";

const seed = 1;

test(`1,000,000 fuzzed messages, seed ${seed}: all that is owed is answered, and nothing else happens`, async () => {
  await fuzzKernel(1_000_000, seed);
});
