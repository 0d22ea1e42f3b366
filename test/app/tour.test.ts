/** Notebooks in the app: run all, drag, save, reload. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeEach, expect, test } from "vitest";
import { root } from "../support/kernel.js";
import { type Lab, openLab } from "./browser.js";
import { exploring, together } from "./exploring.js";
import * as on from "./notebook-page.js";

const tour = "notebooks/00-tour.ipynb";
const paper = "notebooks/hubara2021-transposable-mask.ipynb";
let lab: Lab | undefined;

beforeEach(async (context) => {
  if (lab) return;
  lab = await openLab(context);
  mkdirSync(join(lab.app.root, "notebooks"));
  for (const path of [tour, paper]) copyFileSync(join(root, path), join(lab.app.root, path));
  writeFileSync(join(lab.app.root, "together.ipynb"), JSON.stringify(together));
  // Tall enough that no cell has to be scrolled to before it is drawn.
  await lab.page.setViewportSize({ width: 1280, height: 6000 });
}, 120_000);
afterAll(() => lab?.close());

let current = "";

const here = (): on.NotebookPage & Pick<Lab, "complaints"> => {
  const { page, complaints, open, reload, kernelIs, command } = lab as Lab;
  return {
    page,
    complaints,
    command,
    open: (path) => {
      current = path;
      return open(path);
    },
    reload: () => reload(current),
    idle: () => kernelIs("idle", current),
  };
};
const inNotebook = (selector: string): Locator => on.inNotebook(here().page, selector);

test("the tour runs; a slider in it redraws a picture through the kernel", async () => {
  await on.runAll(here(), tour);
  const picture = inNotebook(".widget-html svg");
  expect(await on.dragUntilChanged(inNotebook(".noUi-handle"), [40, 0], picture)).toContain("keep 3 of 4");
});

test("a weight is dragged, saved, and there again after a reload", async () => {
  const weight = inNotebook(".lowbit-mask-grid [role=gridcell]").nth(9);
  const after = await on.dragUntilChanged(weight, [0, -60]);
  await here().command("docmanager:save");
  await here().reload();
  await inNotebook(".lowbit-mask-grid").waitFor();
  expect(await weight.textContent()).toBe(after);
  expect(await inNotebook(".widget-html svg").textContent()).toContain("keep 3 of 4");
});

test("the paper's notebook runs, and its claims are as expected", async () => {
  await on.runAll(here(), paper);
  await inNotebook(".lowbit-mask-grid").waitFor();
  const cards = await inNotebook(".jp-OutputArea-output")
    .filter({ hasText: /Claim|Check/ })
    .allTextContents();
  expect(cards.length).toBeGreaterThan(5);
  expect(cards.filter((text) => /failed/i.test(text))).toEqual([]);
});

exploring(here, "together.ipynb");

test("nothing complained, nothing failed, and nothing went to another server", () => {
  expect(here().complaints).toEqual([]);
});
