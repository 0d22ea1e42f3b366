/** The house's import directions: a wrong import fails the linter, a right one passes. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emptyFolder } from "./support/kernel.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const wrong: readonly (readonly [string, string])[] = [
  ["src/sparsity/x.ts", "node:fs"],
  ["src/io/x.ts", "node:fs"],
  ["src/io/x.ts", "./node.js"],
  ["src/gradients/x.ts", "../io/node.js"],
  ["src/papers/x.ts", "../io/node.js"],
  ["src/io/node.ts", "../../kernel/io/wire.js"],
  ["src/io/node.ts", "../papers/hubara2021-transposable-mask.js"],
  ["src/sparsity/x.ts", "../papers/hubara2021-transposable-mask.js"],
  ["src/sparsity/x.ts", "../../kernel/io/wire.js"],
  ["src/sparsity/x.ts", "../../widgets/index.js"],
  ["src/tensor/x.ts", "../sparsity/index.js"],
  ["src/claims.ts", "./tensor/index.js"],
  ["src/papers/x.ts", "./hubara2021-transposable-mask.js"],
  ["src/index.ts", "@jupyter-widgets/base"],
  ["kernel/session/x.ts", "../../src/sparsity/index.js"],
  ["kernel/io/x.ts", "../../widgets/index.js"],
  ["kernel/notebook/x.ts", "../../app/server/index.js"],
  ["widgets/lib/x.ts", "../../kernel/io/wire.js"],
  ["widgets/mask/model.ts", "node:fs"],
  ["widgets/mask/compute.ts", "../lib/model.js"],
  ["widgets/mask/compute-x.ts", "../lib/model.js"],
  ["widgets/mask/snapshot-x.ts", "../../kernel/io/wire.js"],
  ["widgets/mask/view.ts", "./model.js"],
  ["widgets/mask/view.ts", "node:path"],
  ["app/server/x.ts", "../../src/display.js"],
  ["app/server/x.ts", "../../kernel/session/kernel.js"],
  ["app/ui/x.ts", "../../widgets/index.js"],
  ["app/export/x.ts", "../../kernel/notebook/document.js"],
  ["widgets/page/x.ts", "node:fs"],
  ["widgets/page/x.ts", "../../app/export/index.js"],
];

const right: readonly (readonly [string, string])[] = [
  ["src/sparsity/x.ts", "../tensor/index.js"],
  ["src/papers/x.ts", "../sparsity/index.js"],
  ["src/io/node.ts", "node:fs"],
  ["src/io/node.ts", "./npy.js"],
  ["kernel/session/x.ts", "../../src/display.js"],
  ["kernel/main.ts", "../app/server/index.js"],
  ["widgets/mask/compute.ts", "../../src/sparsity/index.js"],
  ["widgets/mask/snapshot-x.ts", "../lib/svg-node.js"],
  ["widgets/mask/view.ts", "./compute.js"],
  ["app/server/x.ts", "../../kernel/io/wire.js"],
  ["kernel/cli/x.ts", "../../app/export/index.js"],
  ["widgets/page/x.ts", "../lib/buffers.js"],
];

/** Lints one file per import, in a copy of the tree's shape under our rules, and returns the refused imports. */
function refusedImports(imports: readonly (readonly [string, string])[]): Set<string> {
  const folder = emptyFolder("lowbit-imports-");
  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  const files = new Map<string, string>();
  imports.forEach(([file, specifier], index) => {
    // The rules go by path, so each probe stands at its own path, in a tree of its own.
    const path = join(`${index}`, file);
    files.set(path, `${file} ${specifier}`);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `import { x } from "${specifier}";\nx();\n`);
  });
  const refused = new Set<string>();
  for (const path of files.keys()) {
    const probe = join(folder, path.split("/")[0] as string);
    writeFileSync(join(probe, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const command = [join(root, "node_modules/@biomejs/biome/bin/biome"), "lint", "--reporter=github", "."];
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: probe, encoding: "utf8" });
    expect(stdout + stderr).not.toContain("configuration resulted in errors");
    if (`${stdout}${stderr}`.includes("noRestrictedImports")) refused.add(files.get(path) as string);
  }
  return refused;
}

test("every wrong import is refused", () => {
  expect([...refusedImports(wrong)].sort()).toEqual(wrong.map((pair) => pair.join(" ")).sort());
});

test("no right import is refused", () => {
  expect([...refusedImports(right)]).toEqual([]);
});
