import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";
import { environmentWithKernelspec } from "../support/kernelspec.js";
import { need, pythonWith } from "../support/peers.js";

const run = promisify(execFile);
const peers = join(root, "test", "kernel", "peers");

test("jupyter_kernel_test: nothing fails, and only the pager is skipped", async (context) => {
  const python = need(context, pythonWith("jupyter_kernel_test"));
  const env = await environmentWithKernelspec();
  const { stderr } = await run(python, [join(peers, "conformance.py")], { env, cwd: emptyFolder(), timeout: 120_000 });
  const lines = stderr.split("\n").filter((line) => / \.\.\. /.test(line));
  const bad = lines.filter((line) => !line.endsWith("... ok"));
  expect(bad).toEqual([expect.stringMatching(/^test_pager .* skipped 'No code page something'$/)]);
  expect(lines.length).toBeGreaterThanOrEqual(12);
}, 150_000);

test("nbclient runs a notebook: results, display, errors allowed, await, widget comms", async (context) => {
  const python = need(context, pythonWith("nbclient", "nbformat"));
  const env = await environmentWithKernelspec();
  const folder = emptyFolder();
  const cell = (id: string, source: string) => ({
    id,
    cell_type: "code",
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  });
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "lowbit", display_name: "TypeScript (Lowbit)", language: "typescript" } },
    cells: [
      cell("a", "console.log('printed'); await Promise.resolve(6 * 7)"),
      cell("b", "import { display, html } from 'lowbit'; display(html`<b>x</b>`)"),
      cell("c", "import { IntSlider } from 'lowbit/widgets'; new IntSlider({ value: 3 })"),
    ],
  };
  writeFileSync(join(folder, "n.ipynb"), JSON.stringify(notebook));
  const { stdout } = await run(python, [join(peers, "nbclient_run.py"), join(folder, "n.ipynb"), folder], {
    env,
    timeout: 120_000,
  });
  const { outputs, widgets } = JSON.parse(stdout) as { outputs: Record<string, unknown>[][]; widgets: number };
  expect(outputs[0]).toMatchObject([
    { output_type: "stream", name: "stdout", text: "printed\n" },
    { output_type: "execute_result", data: { "text/plain": "42" } },
  ]);
  expect(outputs[1]).toMatchObject([{ output_type: "display_data", data: { "text/html": "<b>x</b>" } }]);
  expect(outputs[2]?.[0]).toMatchObject({ data: { "application/vnd.jupyter.widget-view+json": { version_major: 2 } } });
  expect(widgets).toBeGreaterThanOrEqual(3);
}, 150_000);
