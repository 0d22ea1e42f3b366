/** Compiled code that is kept from one start to the next. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { built, emptyFolder, root } from "../support/kernel.js";

const { loadCached } = await built<typeof import("../../kernel/session/compiler/load.js")>(
  "kernel/session/compiler/load.js",
);
const require = createRequire(import.meta.url);

/** A script in a folder of its own, and the folder for its code. */
function script(text = "// → ’\nexports.value = [__filename, __dirname, require('node:path').sep, '→'].length;\n") {
  const file = join(emptyFolder(), "script.js");
  writeFileSync(file, text);
  const folder = join(emptyFolder(), "cache");
  const load = () => loadCached(require, file, folder);
  const kept = () => readdirSync(folder).map((name) => join(folder, name));
  return { file, folder, load, kept };
}

test("the second start takes the code of the first, and both give the same", () => {
  const { file, load, kept } = script();
  const first = load();
  expect(first).toMatchObject({ exports: { value: 4 }, isCached: false });
  first.keep();
  expect(kept()).toHaveLength(1);
  expect(load()).toMatchObject({ exports: { value: 4 }, isCached: true });
  expect(require.cache[file]?.exports).toEqual({ value: 4 });
});

test("a thread that collects its garbage when idle leaves code that the next process takes", () => {
  const { file, folder } = script();
  const module = (name: string) => JSON.stringify(pathToFileURL(join(root, "dist/kernel/session/compiler", name)).href);
  const code = `
    import { createRequire } from "node:module";
    import { loadCached } from ${module("load.js")};
    import { createIdleCollector } from ${module("idle-gc.js")};
    const loaded = loadCached(createRequire(import.meta.url), ${JSON.stringify(file)}, ${JSON.stringify(folder)});
    createIdleCollector(() => undefined);
    loaded.keep();
    process.stdout.write(String(loaded.isCached));`;
  const start = () => execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  expect([start(), start(), start()]).toEqual(["false", "true", "true"]);
});

test("damaged code is not run, and replaced", () => {
  const { load, kept } = script();
  load().keep();
  const [path = ""] = kept();
  const bytes = readFileSync(path);
  for (const damage of [
    bytes.subarray(0, 100),
    Buffer.alloc(0),
    bytes.map((byte, at) => (at === 200 ? ~byte : byte)),
  ]) {
    writeFileSync(path, damage);
    const loaded = load();
    expect(loaded).toMatchObject({ exports: { value: 4 }, isCached: false });
    loaded.keep();
    expect(readFileSync(path).length).toBeGreaterThan(100);
    expect(load().isCached).toBe(true);
  }
});

test("code of an older script is not run, and removed", () => {
  const { file, load, kept } = script("exports.value = 1;\n");
  load().keep();
  writeFileSync(file, "exports.value = 2;\n");
  utimesSync(file, 1, 1);
  const loaded = load();
  expect(loaded).toMatchObject({ exports: { value: 2 }, isCached: false });
  loaded.keep();
  expect(kept()).toHaveLength(1);
});

test("without a place to write, the script loads all the same", () => {
  const { folder, load } = script();
  writeFileSync(folder, "a file where the folder should be");
  const loaded = load();
  loaded.keep();
  expect(loaded.exports).toEqual({ value: 4 });
  expect(readFileSync(folder, "utf8")).toBe("a file where the folder should be");
});

test("only the user may read it", () => {
  const { folder, load, kept } = script();
  mkdirSync(folder);
  load().keep();
  expect(kept().map((path) => statSync(path).mode & 0o777)).toEqual([0o600]);
});
