/** Every part of tslab that the kernel uses. When tslab moves, this says what moved. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/kernel.js";

const require = createRequire(join(root, "package.json"));

describe("tslab is what the bridge was written for", () => {
  test("version, and the TypeScript inside", () => {
    expect(require("tslab/package.json").version).toBe("1.0.22");
    expect(require("./package.json").dependencies.tslab).toBe("1.0.22");
    const inner = createRequire(require.resolve("tslab/package.json"));
    expect(inner("@tslab/typescript-for-tslab").version).toBe("5.0.4");
  });

  test.each([
    ["tslab/dist/converter.js", ["createConverter", "isCompleteCode"]],
    ["tslab/dist/metadata.js", ["getCodeMetadata"]],
  ])("%s", (file, names) => {
    const module = require(file);
    for (const name of names) expect(typeof module[name], name).toBe("function");
  });

  test("jupyter.js lets the display function be set, and public.js uses it", () => {
    const jupyter = require("tslab/dist/jupyter.js");
    const seen: unknown[] = [];
    jupyter.lastWriteDisplayData = (content: unknown, update: unknown) => seen.push([content, update]);
    require("tslab").display.html("<b>x</b>");
    expect(seen).toEqual([[{ data: { "text/html": "<b>x</b>" }, metadata: {}, transient: {} }, undefined]]);
  });

  test("the TypeScript fork has what the converter calls and our delegate passes on", () => {
    const ts = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab");
    for (const name of [
      "createWatchCompilerHost",
      "createWatchProgram",
      "visitEachChild",
      "transpileModule",
      "getQuickInfoAtPosition",
    ]) {
      expect(typeof ts[name], name).toBe("function");
    }
    expect(ts.ModuleResolutionKind.Bundler).toBe(100);
  });

  test("isCompleteCode and getCodeMetadata answer as expected", () => {
    const { isCompleteCode } = require("tslab/dist/converter.js");
    expect(isCompleteCode("for (;;) {")).toEqual({ completed: false, indent: "  " });
    const { getCodeMetadata } = require("tslab/dist/metadata.js");
    expect(getCodeMetadata("/** @module shapes */ export {}")).toMatchObject({ module: "shapes" });
  });
});
