/** The notebooks of the house: clean in git, and every claim as expected when run, by our own runner and by nbclient. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { root } from "../support/kernel.js";
import { environmentWithKernelspec } from "../support/kernelspec.js";
import { need, pythonWith } from "../support/peers.js";

const run = promisify(execFile);
const folder = join(root, "notebooks");
const notebooks = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

interface Cell {
  readonly id?: string;
  readonly cell_type: string;
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

describe.each(notebooks)("%s", (name) => {
  const file = join(folder, name);

  test("has no outputs, and an id for each cell", () => {
    const { cells, metadata } = JSON.parse(readFileSync(file, "utf8")) as {
      cells: readonly Cell[];
      metadata: Record<string, Record<string, unknown>>;
    };
    expect(metadata.kernelspec).toMatchObject({ name: "lowbit", language: "typescript" });
    expect(metadata.widgets).toBeUndefined();
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    const code = cells.filter(({ cell_type }) => cell_type === "code");
    expect(code.filter(({ outputs, execution_count }) => outputs?.length !== 0 || execution_count !== null)).toEqual(
      [],
    );
  });

  test("lowbit run --check passes", async () => {
    const command = [join(root, "bin", "lowbit.js"), "run", file, "--check", "--timeout", "300"];
    const { stdout } = await run(process.execPath, command, { timeout: 600_000 });
    expect(stdout).toMatch(/^(\d+) of \1 as expected\n$/);
  }, 600_000);

  test("runs under nbclient, with the same cards", async (context) => {
    const python = need(context, pythonWith("nbclient", "nbformat"));
    const script = join(root, "test", "kernel", "peers", "nbclient_run.py");
    const env = await environmentWithKernelspec();
    const { stdout } = await run(python, [script, file, folder], { env, timeout: 600_000, maxBuffer: 1 << 28 });
    const { outputs } = JSON.parse(stdout) as { outputs: { data?: Record<string, { ok?: boolean }> }[][] };
    const cards = outputs.flat().flatMap(({ data }) => data?.["application/vnd.lowbit.check+json"] ?? []);
    expect(cards.length).toBeGreaterThan(0);
    expect(cards.filter(({ ok }) => ok !== true)).toEqual([]);
  }, 600_000);
});
