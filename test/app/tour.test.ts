/** Notebooks in the app: run all, drag, save, reload. */
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeEach, expect, test } from "vitest";
import { writeSafetensors } from "../../src/io/index.js";
import * as random from "../../src/random/index.js";
import * as tensor from "../../src/tensor/index.js";
import { root } from "../support/kernel.js";
import { type Lab, openLab } from "./browser.js";
import { exploring, together, touring } from "./exploring.js";
import * as on from "./notebook-page.js";

const tour = "notebooks/00-tour.ipynb";
const paper = "notebooks/hubara2021-transposable-mask.ipynb";
const guide = "notebooks/widgets-guide.ipynb";
const weights = "notebooks/your-own-weights.ipynb";
let lab: Lab | undefined;

beforeEach(async (context) => {
  if (lab) return;
  lab = await openLab(context);
  mkdirSync(join(lab.app.root, "notebooks"));
  for (const path of [tour, paper, guide, weights]) copyFileSync(join(root, path), join(lab.app.root, path));
  for (const path of ["notebooks/data", "notebooks/your-own-weights"]) {
    cpSync(join(root, path), join(lab.app.root, path), { recursive: true });
  }
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

test("a dropped file is compared by the kernel, and its layers are offered", async () => {
  await on.runAll(here(), weights);
  const caption = (): Promise<string[]> => inNotebook(".widget-html caption").allTextContents();
  await expect.poll(caption, { timeout: 60_000 }).toEqual(["attention.qkv.weight: 192 x 256, BF16"]);
  await inNotebook("select").filter({ hasText: "mlp.up.weight" }).first().selectOption("mlp.up.weight");
  await expect.poll(caption).toEqual(["mlp.up.weight: 128 x 256, BF16"]);
  const drop = async (name: string, buffer: Uint8Array): Promise<void> => {
    const chooser = here().page.waitForEvent("filechooser");
    await inNotebook("button").filter({ hasText: "another file" }).click();
    await (await chooser).setFiles({ name, mimeType: "", buffer: Buffer.from(buffer) });
  };
  await drop("none.safetensors", new TextEncoder().encode("nothing of the kind"));
  await expect.poll(() => inNotebook(".widget-html").first().textContent()).toContain("none.safetensors");
  const W = random.normal(random.key(1), [16, 40]);
  await drop("other.safetensors", writeSafetensors({ "<i>W": W, small: tensor.slice(W, [0, 8]) }));
  await expect.poll(caption).toEqual(["<i>W: 16 x 40, F32"]);
  expect(await inNotebook("select").filter({ hasText: "small" }).locator("option").allTextContents()).toEqual([
    "<i>W",
    "small",
  ]);
});

exploring(here, "together.ipynb");

test("nothing complained, nothing failed, and nothing went to another server", () => {
  expect(here().complaints).toEqual([]);
});
