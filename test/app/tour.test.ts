/** Notebooks in the app: run all, drag, save, reload. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeEach, expect, test } from "vitest";
import { root } from "../support/kernel.js";
import { type Lab, openLab } from "./browser.js";
import { exploring, together, touring } from "./exploring.js";
import * as on from "./notebook-page.js";

const tour = "notebooks/00-tour.ipynb";
const paper = "notebooks/hubara2021-transposable-mask.ipynb";
const guide = "notebooks/widgets-guide.ipynb";
let lab: Lab | undefined;

beforeEach(async (context) => {
  if (lab) return;
  lab = await openLab(context);
  mkdirSync(join(lab.app.root, "notebooks"));
  for (const path of [tour, paper, guide]) copyFileSync(join(root, path), join(lab.app.root, path));
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

touring(here, tour, paper);

test("the widgets guide runs, and all of its checks pass", async () => {
  await on.runAll(here(), guide);
  await expect.poll(() => inNotebook(".lowbit-land-surface canvas").count(), { timeout: 60_000 }).toBeGreaterThan(0);
  const cards = await inNotebook(".jp-OutputArea-output")
    .filter({ hasText: /Check (passed|failed)/ })
    .allTextContents();
  expect(cards.length).toBeGreaterThan(5);
  expect(cards.filter((text) => !text.includes("Check passed"))).toEqual([]);
});
exploring(here, "together.ipynb");

test("nothing complained, nothing failed, and nothing went to another server", () => {
  expect(here().complaints).toEqual([]);
});
