/** The compute kernels beside NumPy, PyTorch, numba and others: `npm run bench:setup` installs these. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { coding } from "./core/coding.js";
import { masks } from "./core/masks.js";
import { matrix } from "./core/matrix.js";
import { quantization } from "./core/quantization.js";
import { statistics } from "./core/statistics.js";
import { wavelets } from "./core/wavelets.js";
import { type CoreGroup, type CoreRow, measureGroup } from "./lib/core.js";
import type { CoreReport } from "./lib/core-report.js";
import { describeMachine } from "./lib/report.js";

const groups: readonly CoreGroup[] = [masks, quantization, statistics, coding, wavelets, matrix];

/**
 * Runs the benchmark.
 * @param args `--rounds=N` (default 9), `--threads=1,2` (default 1), `--only=part of a kernel's name` (again and again)
 */
export async function run(args: readonly string[] = []): Promise<CoreReport> {
  const given = (name: string): string[] =>
    args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const rounds = Number(given("rounds")[0] ?? 9);
  const threads = (given("threads")[0] ?? "1").split(",").map(Number);
  if (![rounds, ...threads].every((value) => Number.isInteger(value) && value >= 1)) {
    throw new Error("core: --rounds and --threads, expected whole numbers from 1");
  }
  const scripts = new URL("./core/", import.meta.url);
  const options = { rounds, threads, only: given("only"), python: findPython(), scripts };
  const rows: CoreRow[] = [];
  const versions: Record<string, string> = { node: process.versions.node };
  for (const group of groups) {
    const measured = await measureGroup(group, options);
    rows.push(...measured.rows);
    Object.assign(versions, measured.versions);
  }
  return {
    title: "Compute kernels",
    machine: describeMachine(),
    versions,
    method:
      `Medians over ${rounds} rounds in which all take turns, after 2 for warm-up; the same inputs, results that are ` +
      "used again on both sides, and results checked equal.",
    rows,
  };
}

function findPython(): string {
  const own = join(fileURLToPath(new URL("..", import.meta.url)), ".cache", "bench", "venv", "bin", "python");
  return process.env.LOWBIT_PYTHON ?? (existsSync(own) ? own : "python3");
}
