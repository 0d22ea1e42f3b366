/** The types as a notebook sees them: TypeScript 5.0.4, Node10 resolution, nothing skipped. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

test("controls, observers and custom widgets are typed in TypeScript 5.0.4", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "lowbit-types-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules", "lowbit"), "dir");
    copyFileSync("test/fixtures/widgets/consumer.ts", join(folder, "consumer.ts"));
    const compilerOptions = {
      module: "commonjs",
      moduleResolution: "node10",
      target: "es2022",
      lib: ["es2022"],
      strict: true,
      noEmit: true,
      types: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    const result = spawnSync(process.execPath, [resolve("node_modules/typescript-5.0/bin/tsc"), "-p", folder], {
      encoding: "utf8",
    });
    expect(result.stdout).toBe("");
    expect(result.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
