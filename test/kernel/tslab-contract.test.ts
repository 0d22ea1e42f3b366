/** Every part of tslab that the kernel uses. When tslab moves, this says what moved. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/kernel.js";

const require = createRequire(join(root, "package.json"));
const fork = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab");

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

  test("each deep import of tslab in the kernel is one that is checked here", () => {
    const checked = [
      "tslab/dist/converter.js",
      "tslab/dist/metadata.js",
      "tslab/dist/jupyter.js",
      "tslab/package.json",
    ];
    const files = readdirSync(join(root, "kernel"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const texts = files.map((file) => readFileSync(join(root, "kernel", file), "utf8"));
    const deep = texts.flatMap((text) =>
      [...text.matchAll(/["'](@?tslab\/[^"']+)["']/g)].map(([, name]) => name as string),
    );
    expect(deep).toContain("tslab/dist/converter.js");
    expect(deep.filter((name) => !checked.includes(name) && name !== "@tslab/typescript-for-tslab")).toEqual([]);
  });

  test("the TypeScript fork has what the converter calls and our delegate passes on", () => {
    const names = ["createWatchCompilerHost", "createWatchProgram", "visitEachChild", "transpileModule"];
    for (const name of [...names, "getQuickInfoAtPosition", "createAbstractBuilder"]) {
      expect(typeof fork[name], name).toBe("function");
    }
    expect(fork.ModuleResolutionKind.Bundler).toBe(100);
  });

  test("a file that is bound by itself has the names it declares, as the export list of a cell needs", () => {
    const file = fork.createSourceFile("cell.ts", "export {};\nlet a, __b; type T = 1", fork.ScriptTarget.Latest, true);
    fork.bindSourceFile(file, {});
    expect([...file.locals.keys()]).toEqual(["a", "___b", "T"]);
  });

  test("a program of the abstract builder has no dependencies of its own, and its files know what they import", () => {
    const texts = new Map([
      ["/a.ts", "import './b'; import './c'"],
      ["/b.ts", "export {}"],
      ["/c.d.ts", "export {}"],
    ]);
    const host = {
      ...fork.createCompilerHost({}),
      getSourceFile: (name: string) => {
        const text = texts.get(name);
        return text === undefined ? undefined : fork.createSourceFile(name, text, fork.ScriptTarget.Latest, true);
      },
      fileExists: (name: string) => texts.has(name),
      readFile: (name: string) => texts.get(name),
    };
    const builder = fork.createAbstractBuilder(["/a.ts"], { noLib: true, types: [] }, host);
    expect(() => builder.getAllDependencies(builder.getSourceFile("/a.ts"))).toThrow();
    const imported: (string | undefined)[] = [];
    builder
      .getSourceFile("/a.ts")
      .resolvedModules.forEach(({ resolvedModule }: { resolvedModule?: { resolvedFileName: string } }) => {
        imported.push(resolvedModule?.resolvedFileName);
      });
    expect(imported).toEqual(["/b.ts", "/c.d.ts"]);
    const checker = builder.getProgram().getTypeChecker();
    expect(typeof checker.getExportsAndPropertiesOfModule).toBe("function");
  });

  test("the converter warns when a changed text made no new program, and takes the list of names that it appends", () => {
    const source = readFileSync(require.resolve("tslab/dist/converter.js"), "utf8");
    expect(source).toContain('const suffix = "\\nexport {" + Array.from(keys).join(", ") + "}"');
    expect(source).toContain("if (builder === oldBuilder && changed)");
    expect(source).toContain("disableTopLevelAwait: true");
  });

  test("its tooltips have the parts that are shown", () => {
    const { createConverter } = require("tslab/dist/converter.js");
    const converter = createConverter({ isJS: false, isBrowser: false });
    const source = "/** About.\n * @returns it */\nfunction f() { return 1 }";
    const info = converter.inspect("", source, source.indexOf("f()"));
    converter.close();
    expect(info.displayParts.map(({ text }: { text: string }) => text).join("")).toBe("function f(): number");
    expect(info.documentation).toEqual([{ kind: "text", text: "About." }]);
    expect(info.tags).toEqual([{ name: "returns", text: [{ kind: "text", text: "it" }] }]);
  });

  test("isCompleteCode and getCodeMetadata answer as expected", () => {
    const { isCompleteCode } = require("tslab/dist/converter.js");
    expect(isCompleteCode("for (;;) {")).toEqual({ completed: false, indent: "  " });
    const { getCodeMetadata } = require("tslab/dist/metadata.js");
    expect(getCodeMetadata("/** @module shapes */ export {}")).toMatchObject({ module: "shapes" });
  });
});
