// A stranger's project that uses the built package (dist/, built before the tests) as tslab's checker sees it.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lowbit-types-"));

function run(compiler: string, ...args: string[]): { status: number | null; output: string } {
  const result = spawnSync(process.execPath, [join(root, "node_modules", compiler, "bin", "tsc"), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

beforeAll(() => {
  cpSync(join(root, "test", "types", "consumer"), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "lowbit"), "dir");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("with TypeScript 5.0.4 and Node10 resolution", () => {
  test("the compiler is that one", () => {
    expect(run("typescript-5.0", "--version").output.trim()).toBe("Version 5.0.4");
  });

  test("a notebook's imports resolve, its types are real, and every expected error is one", () => {
    expect(run("typescript-5.0", "-p", ".")).toEqual({ status: 0, output: "" });
  }, 60_000);

  test("a type that became any would be found", () => {
    const cell = readFileSync(join(folder, "cell.ts"), "utf8");
    // What an unreadable declaration does: the mask's type is lost.
    writeFileSync(join(folder, "cell.ts"), cell.replace("const mask: Mask =", "const mask: any ="));
    const { status, output } = run("typescript-5.0", "-p", ".");
    writeFileSync(join(folder, "cell.ts"), cell);
    expect(status).toBe(2);
    expect(output).toMatch(/^cell\.ts\(\d+,1\): error TS2578: Unused '@ts-expect-error' directive\.\n$/);
  }, 60_000);
});

test("no declaration uses what only newer compilers read", () => {
  const files = ["src", "widgets"].flatMap((part) =>
    readdirSync(join(root, "dist", part), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".d.ts"))
      .map((name) => join(root, "dist", part, name)),
  );
  const generic = /\b(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array<|\bDataView<|\bBuffer</;
  const bad = files.filter((file) => generic.test(readFileSync(file, "utf8")));
  expect(files.length).toBeGreaterThan(20);
  expect(bad).toEqual([]);
});
