/** A million files of each format that lie, or not. */
import { expect, test, vi } from "vitest";
import { fuzzFiles } from "../support/fuzz-files/campaign.js";

const memory = await vi.hoisted(async () => (await import("../support/fuzz-files/allocations.js")).countAllocations());
const { formats } = await import("../support/fuzz-files/formats.js");

const seed = 1;
const count = Number(process.env.LOWBIT_FUZZ_FILES ?? 1_000_000);

test.each(Object.entries(formats))(
  `${count.toLocaleString("en")} files of %s, seed ${seed}: a typed error or the right values, and little memory`,
  (name, format) => {
    const start = performance.now();
    const seen = fuzzFiles(format, count, seed, memory);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    process.stdout.write(`${name}: ${JSON.stringify(seen)} in ${seconds} s\n`);
    expect(seen.read).toBeGreaterThan(count / 5);
    expect(seen.refused).toBeGreaterThan(count / 5);
  },
);
