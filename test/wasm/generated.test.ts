// The committed bytes are what the compiler makes of the committed sources.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Builder {
  kernelNames(): string[];
  compile(name: string): Promise<string>;
}

const { compile, kernelNames } = (await import("../../scripts/build-wasm.mjs" as string)) as Builder;

test.each(kernelNames())("%s.generated.ts is what its source gives", async (name) => {
  const file = new URL(`../../src/wasm/modules/${name}.generated.ts`, import.meta.url);
  expect(await compile(name)).toBe(readFileSync(file, "utf8"));
});
