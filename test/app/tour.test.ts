/** The project's own notebooks in the app: run all, drag, save, reload. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeEach, expect, test } from "vitest";
import { root } from "../support/kernel.js";
import { type Lab, openLab } from "./browser.js";

const tour = "notebooks/00-tour.ipynb";
const paper = "notebooks/hubara2021-transposable-mask.ipynb";
let lab: Lab | undefined;

beforeEach(async (context) => {
  if (lab) return;
  lab = await openLab(context);
  mkdirSync(join(lab.app.root, "notebooks"));
  for (const path of [tour, paper]) copyFileSync(join(root, path), join(lab.app.root, path));
  // Tall enough that no cell has to be scrolled to before it is drawn.
  await lab.page.setViewportSize({ width: 1280, height: 6000 });
}, 120_000);
afterAll(() => lab?.close());

const here = (): Lab => lab as Lab;
const inNotebook = (selector: string): Locator =>
  here().page.locator(`.jp-NotebookPanel:not(.lm-mod-hidden) ${selector}`);

/** Runs all cells from the menu; throws the text of an error output, if there is one. */
async function runAll(path: string): Promise<void> {
  const { page, open, kernelIs } = here();
  await open(path);
  await page.locator(".lm-MenuBar-item").filter({ hasText: /^Run$/ }).click();
  await page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click();
  const prompts = inNotebook(".jp-CodeCell .jp-InputPrompt");
  await expect
    .poll(async () => (await prompts.allTextContents()).filter((text) => !/\[\d+\]/.test(text)), { timeout: 90_000 })
    .toEqual([]);
  await kernelIs("idle", path);
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

test("the tour runs; a slider in it redraws a picture through the kernel", async () => {
  await runAll(tour);
  const picture = inNotebook(".widget-html svg");
  const before = await picture.textContent();
  await drag(inNotebook(".noUi-handle"), 40, 0);
  await expect.poll(() => picture.textContent(), { timeout: 20_000 }).not.toBe(before);
  expect(await picture.textContent()).toContain("keep 3 of 4");
});

test("a weight is dragged, saved, and there again after a reload", async () => {
  const { command, reload } = here();
  const weight = inNotebook(".lowbit-mask-grid [role=gridcell]").nth(9);
  const before = await weight.textContent();
  await drag(weight, 0, -60);
  await expect.poll(() => weight.textContent()).not.toBe(before);
  const after = await weight.textContent();
  await command("docmanager:save");
  await reload(tour);
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

test("nothing complained, nothing failed, and nothing went to another server", () => {
  expect(here().complaints).toEqual([]);
});
