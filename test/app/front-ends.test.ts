/** Lowbit's widgets in JupyterLab and Notebook 7 as PyPI has them: its notebooks, drags, saved state, no network. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { root } from "../support/kernel.js";
import { chromium, type Peer, pythonWith } from "../support/peers.js";
import { openPypi, type PypiApp, type PypiPage } from "./pypi.js";
import { notebook } from "./support.js";

const tour = "00-tour.ipynb";
const paper = "hubara2021-transposable-mask.ipynb";
const read = (name: string): object => JSON.parse(readFileSync(join(root, "notebooks", name), "utf8"));

/** A mask, one that is too large to be saved, and a chart. */
const mine = notebook(
  [
    'import { plotly, random } from "lowbit";',
    'import { MaskViewer } from "lowbit/widgets";',
    "const weights = random.normal(random.key(1), [8, 12]);",
    "const small = new MaskViewer({ weights, keep: 2, group: 4 });",
    "small",
  ].join("\n"),
  "new MaskViewer({ weights: random.normal(random.key(2), [1024, 1024]), keep: 2, group: 4 })",
  'plotly({ data: [{ type: "bar", x: ["a", "b"], y: [1, 3] }], layout: { title: { text: "A chart" } } })',
  "small.weights.data[0]",
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

  beforeAll(async () => {
    if (!("path" in python && "path" in browser)) return;
    const notebooks = { [tour]: read(tour), [paper]: read(paper), "mine.ipynb": mine };
    opened = await openPypi({ app, python: python.path, executablePath: browser.path, notebooks });
  }, 120_000);
  afterAll(() => opened?.close());
  beforeEach((context) => {
    if (missing === undefined) return;
    if (process.env.CI === "true") throw new Error(`a peer is missing: ${missing.reason}`);
    context.skip(missing.reason);
  });

  const inNotebook = (selector: string): Locator =>
    here().page.locator(`.jp-NotebookPanel:not(.lm-mod-hidden) ${selector}`);
  const inCell = (index: number, selector: string): Locator => inNotebook(".jp-Cell").nth(index).locator(selector);

  /** Runs all cells; fails with the text of an error output, if there is one. */
  async function runAll(name: string): Promise<void> {
    await here().open(name);
    await here().command("notebook:run-all-cells");
    const prompts = inNotebook(".jp-CodeCell .jp-InputPrompt");
    await expect
      .poll(async () => (await prompts.allTextContents()).filter((text) => !/\[\d+\]/.test(text)), { timeout: 90_000 })
      .toEqual([]);
    await here().idle();
    expect(await inNotebook('[data-mime-type="application/vnd.jupyter.stderr"]').allTextContents()).toEqual([]);
    expect(await inNotebook('[data-mime-type="application/vnd.jupyter.error"]').allTextContents()).toEqual([]);
  }

  /** Drags the middle of *handle* by so many pixels. */
  async function drag(handle: Locator, dx: number, dy: number): Promise<void> {
    const { mouse } = here().page;
    await handle.scrollIntoViewIfNeeded();
    const box = await handle.boundingBox();
    if (!box) throw new Error("drag: nothing to drag");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + dx / 2, y + dy / 2, { steps: 3 });
    await mouse.move(x + dx, y + dy, { steps: 3 });
    await mouse.up();
  }

  /** Drags a weight of the mask in a cell until it is another, and returns what it says then. */
  async function dragWeight(weight: Locator): Promise<string | null> {
    const before = await weight.textContent();
    await drag(weight, 0, -60);
    await expect.poll(() => weight.textContent()).not.toBe(before);
    return weight.textContent();
  }

  test("the tour runs; a slider in it redraws a picture through the kernel", async () => {
    await runAll(tour);
    const picture = inNotebook(".widget-html svg");
    const before = await picture.textContent();
    await drag(inNotebook(".noUi-handle"), 40, 0);
    await expect.poll(() => picture.textContent(), { timeout: 20_000 }).not.toBe(before);
    expect(await picture.textContent()).toContain("keep 3 of 4");
  });

  test("a weight is dragged, saved, and there again after a reload", async () => {
    const weight = inNotebook(".lowbit-mask-grid [role=gridcell]").nth(9);
    const after = await dragWeight(weight);
    await here().command("docmanager:save");
    await here().reload();
    await inNotebook(".lowbit-mask-grid").waitFor();
    expect(await weight.textContent()).toBe(after);
    expect(await inNotebook(".widget-html svg").textContent()).toContain("keep 3 of 4");
  });

  test("the paper's notebook runs, and its claims are as expected", async () => {
    await runAll(paper);
    await inNotebook(".lowbit-mask-grid").waitFor();
    const cards = await inNotebook(".jp-OutputArea-output")
      .filter({ hasText: /Claim|Check/ })
      .allTextContents();
    expect(cards.length).toBeGreaterThan(5);
    expect(cards.filter((text) => /failed/i.test(text))).toEqual([]);
  });

  test("a chart is drawn, and a worker counts the blocks of a large mask", async () => {
    const working = here().page.waitForEvent("worker");
    await runAll("mine.ipynb");
    await inCell(2, ".lowbit-plotly .gtitle").filter({ hasText: "A chart" }).waitFor();
    expect((await working).url()).toMatch(/^blob:/);
    await inCell(1, ".lowbit-mask-map canvas").first().waitFor();
  });

  test("what is saved opens with a new kernel, computes, and holds no large data", async () => {
    const weight = inCell(0, ".lowbit-mask-grid [role=gridcell]").nth(0);
    const after = await dragWeight(weight);
    await here().command("docmanager:save");
    const text = readFileSync(join(here().root, "mine.ipynb"), "utf8");
    expect(text.length).toBeLessThan(3 * 2 ** 20);
    const { metadata } = JSON.parse(text) as { metadata: { widgets: Record<string, { state: object }> } };
    const { state } = metadata.widgets["application/vnd.jupyter.widget-state+json"] as { state: object };
    const models = Object.values(state).map(({ model_name }: { readonly model_name: string }) => model_name);
    expect(models.filter((name) => name === "MaskModel")).toHaveLength(2);

    await here().command("kernelmenu:shutdown");
    await here().reload();
    await inCell(0, ".lowbit-mask-grid").waitFor();
    expect(await weight.textContent()).toBe(after);
    const kept = inCell(0, ".lowbit-mask-scores, table").first();
    const before = await kept.textContent();
    await dragWeight(weight);
    await expect.poll(() => kept.textContent()).not.toBe(before);
  });

  test("the page had no error, and asked nobody else for anything", () => {
    expect(here().complaints).toEqual([]);
  });
});
