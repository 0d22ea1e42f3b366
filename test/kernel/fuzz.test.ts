/** A hundred thousand messages that no honest client sends; a million in `npm run test:slow`. */
import { test } from "vitest";
import { fuzzKernel } from "../support/fuzz/assertions.js";

const seed = 20_211;

test(`100,000 fuzzed messages, seed ${seed}: all that is owed is answered, and nothing else happens`, async () => {
  await fuzzKernel(100_000, seed);
}, 300_000);
