/** jupyter-console in a terminal, as a person types in it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";
import { environmentWithKernelspec } from "../support/kernelspec.js";
import { need, pythonWith } from "../support/peers.js";

test("jupyter-console: results, errors, Ctrl+C in a loop, prompt(), Ctrl+D", async (context) => {
  const python = need(context, pythonWith("jupyter_console", "pexpect"));
  const env = await environmentWithKernelspec();
  const script = join(root, "test", "kernel", "peers", "console.py");
  const { stdout } = await promisify(execFile)(python, [script], { env, cwd: emptyFolder(), timeout: 110_000 });
  const shown = JSON.parse(stdout) as Record<string, string>;
  expect(shown.banner).toContain("Lowbit");
  expect(shown.declaration).not.toContain("Out[");
  expect(shown.result).toContain("Out[2]: 42");
  expect(shown.error).toContain("TS2322: Type 'string' is not assignable to type 'number'.");
  expect(shown.stopped).toContain("Interrupted: the cell was stopped; variables keep their values");
  expect(shown.afterwards).toContain("Out[5]: 7");
  expect(shown.asked).toContain("Out[6]: 'Ada'");
  expect(shown.exit).toBe(0);
}, 120_000);
