/** Lowbit's widgets in JupyterLab and Notebook 7 as PyPI has them: its notebooks, drags, saved state, no network. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { root } from "../support/kernel.js";
import { chromium, type Peer, pythonWith } from "../support/peers.js";
import { exploring, together, touring } from "./exploring.js";
import * as on from "./notebook-page.js";
import { openPypi, type PypiApp, type PypiPage } from "./pypi.js";
import { notebook } from "./support.js";

const tour = "00-tour.ipynb";
const paper = "hubara2021-transposable-mask.ipynb";
const read = (name: string): object => JSON.parse(readFileSync(join(root, "notebooks", name), "utf8"));
const lines = (...code: readonly string[]): string => code.join("\n");

/** A mask, one that is too large to be saved as it is, and a chart. */
const saved = notebook(
  lines(
    'import { plotly, random } from "lowbit";',
    'import { MaskViewer } from "lowbit/widgets";',
    "new MaskViewer({ weights: random.normal(random.key(1), [8, 12]), keep: 2, group: 4 })",
  ),
  "new MaskViewer({ weights: random.normal(random.key(2), [1024, 1024]), keep: 2, group: 4 })",
  'plotly({ data: [{ type: "bar", x: ["a", "b"], y: [1, 3] }], layout: { title: { text: "A chart" } } })',
);

const apps: readonly (readonly [string, PypiApp])[] = [
  ["JupyterLab", "jupyterlab"],
  ["Notebook 7", "notebook"],
];

describe.each(apps)("%s", (_name, app) => {
  const python = pythonWith(app, "jupyterlab_widgets");
  const browser = chromium();
  const missing = [python, browser].find((peer): peer is Peer & { reason: string } => "reason" in peer);
  let opened: PypiPage | undefined;
  const here = (): PypiPage => opened as PypiPage;
  const _inNotebook = (selector: string): Locator => on.inNotebook(here().page, selector);
  const inCell = (index: number, selector: string): Locator => on.inCell(here().page, index, selector);

  beforeAll(async () => {
    if (!("path" in python && "path" in browser)) return;
    const notebooks = { [tour]: read(tour), [paper]: read(paper), "saved.ipynb": saved, "together.ipynb": together };
    opened = await openPypi({ app, python: python.path, executablePath: browser.path, notebooks });
  }, 120_000);
  afterAll(() => opened?.close());
  beforeEach((context) => {
    if (missing === undefined) return;
    if (process.env.CI === "true") throw new Error(`a peer is missing: ${missing.reason}`);
    context.skip(missing.reason);
  });

  touring(here, tour, paper);

  test("a chart is drawn, and a worker counts the blocks of a large mask", async () => {
    const working = here().page.waitForEvent("worker");
    await on.runAll(here(), "saved.ipynb");
    await inCell(2, ".lowbit-plotly .gtitle").filter({ hasText: "A chart" }).waitFor();
    expect((await working).url()).toMatch(/^blob:/);
    await inCell(1, ".lowbit-mask-map canvas").first().waitFor();
  });

  test("what is saved opens with a new kernel, computes, and holds no large data", async () => {
    const weight = inCell(0, ".lowbit-mask-grid [role=gridcell]").nth(0);
    const after = await on.dragUntilChanged(weight, [0, -60]);
    await here().command("docmanager:save");
    const text = readFileSync(join(here().root, "saved.ipynb"), "utf8");
    expect(text.length).toBeLessThan(3 * 2 ** 20);
    const { metadata } = JSON.parse(text) as { metadata: { widgets: Record<string, { state: object }> } };
    const { state } = metadata.widgets["application/vnd.jupyter.widget-state+json"] as { state: object };
    const models = Object.values(state).map(({ model_name }: { readonly model_name: string }) => model_name);
    expect(models.filter((name) => name === "MaskModel")).toHaveLength(2);

    const kernel = await here().kernel();
    await here().command("kernelmenu:shutdown");
    await here().reload();
    expect(await here().kernel()).not.toBe(kernel);
    await inCell(0, ".lowbit-mask-grid").waitFor();
    expect(await weight.textContent()).toBe(after);
    await inCell(1, ".lowbit-mask-map canvas").first().waitFor();
    await on.dragUntilChanged(weight, [0, -60], inCell(0, ".lowbit-mask-table"));
  });

  exploring(here, "together.ipynb");

  test("the page had no error, and asked nobody else for anything", () => {
    expect(here().complaints).toEqual([]);
  });
});
