/** What a person does with widgets in any front end: links, interact, Output, and the explorers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { root } from "../support/kernel.js";
import * as on from "./notebook-page.js";
import { notebook } from "./support.js";

const lines = (...code: readonly string[]): string => code.join("\n");

/** The widget of the README, whose view is written in its cell. */
const dial = `${/```ts\n(import \{ defineWidget[\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1]}`;

/** What widgets do with each other and with the kernel. */
export const together: object = notebook(
  lines(
    'import { random } from "lowbit";',
    'import { interact, IntSlider, jslink, LognormalFit, Output, VBox } from "lowbit/widgets";',
    "const left = new IntSlider({ value: 2, max: 10 });",
    "const right = new IntSlider({ value: 2, max: 10 });",
    'jslink([left, "value"], [right, "value"]);',
    "new VBox([left, right])",
  ),
  "interact(({ bits }) => `${2 ** bits} levels`, { bits: [1, 8] });",
  lines(
    "const output = new Output();",
    'output.capture(() => console.log("captured"));',
    "left.observe(({ value }) => output.capture(() => console.log(`left is ${value}`)), 'value');",
    "output",
  ),
  lines(
    "const { data } = random.normal(random.key(3), [20000]);",
    "const gradients = Float32Array.from(data, (z, i) => (i % 2 === 0 ? 1 : -1) * Math.exp(2 * z - 5));",
    'new LognormalFit({ gradients: { data: gradients, shape: [20000], dtype: "float32" } })',
  ),
  lines(
    'import { Label, LossLandscape } from "lowbit/widgets";',
    "const landscape = new LossLandscape();",
    'const azimuth = new Label({ value: "not turned" });',
    "landscape.observe(() => { azimuth.value = `azimuth ${Math.round(landscape.camera[0])}`; }, 'camera');",
    "new VBox([landscape, azimuth])",
  ),
  lines(
    'import { Expression, figure } from "lowbit/widgets";',
    'const rule = new Expression({ formula: "t^2", variables: ["t"], domain: [[0, 1]] });',
    "const curve = figure([{ y: [0, 1, 4, 9] }], { height: 240, title: { text: 'before' } });",
    "rule.observe(async ({ value }) => {",
    "  const { data } = await rule.evaluate({ t: [0, 0.5, 1] });",
    "  curve.update({ y: [data] }, { title: { text: `${value}: ${data.join(', ')}` } });",
    "}, 'formula');",
    "new VBox([rule, curve])",
  ),
  dial,
);

/** Registers the tests of {@link together}, which lies in the opened folder as *name*; they follow one another. */
export function exploring(here: () => on.NotebookPage, name: string): void {
  const inCell = (index: number, selector: string): Locator => on.inCell(here().page, index, selector);
  const surface = (): Locator => inCell(4, ".lowbit-land-surface");

  test("linked sliders move together, and an Output shows what the kernel prints then", async () => {
    await on.runAll(here(), name);
    await inCell(2, ".widget-output, .jp-OutputArea").filter({ hasText: "captured" }).first().waitFor();
    const right = inCell(0, ".widget-readout").nth(1);
    const value = await on.dragUntilChanged(inCell(0, ".noUi-handle").nth(0), [60, 0], right);
    await expect.poll(() => inCell(0, ".widget-readout").nth(0).textContent()).toBe(value);
    await inCell(2, ".jp-OutputArea")
      .filter({ hasText: `left is ${value}` })
      .first()
      .waitFor();
  });

  test("interact runs its function when its slider moves", async () => {
    const result = inCell(1, ".widget-interact .jp-OutputArea-output").last();
    await on.dragUntilChanged(inCell(1, ".noUi-handle"), [60, 0], result);
    const bits = Number(await inCell(1, ".widget-readout").textContent());
    await expect.poll(() => result.textContent()).toContain(`${2 ** bits} levels`);
  });

  test("a dragged threshold of the lognormal explorer moves the sparsity, wanted and measured", async () => {
    const slider = (label: string): Locator => on.inCell(here().page, 3, `[role=slider][aria-label="${label}"]`);
    const wanted = async (): Promise<number> => Number(await slider("wanted sparsity").getAttribute("aria-valuenow"));
    const measured = inCell(3, '[data-number="measured-sparsity"]');
    await measured.filter({ hasText: "%" }).waitFor();
    const before = await wanted();
    await on.dragUntilChanged(slider("pruning threshold").locator(".knob"), [-100, 0], measured);
    expect(await wanted()).toBeLessThan(before);
  });

  test("a landscape is turned by dragging and by keys, and the kernel knows", { timeout: 180_000 }, async () => {
    await expect.poll(() => inCell(4, ".lowbit-land-surface canvas").count(), { timeout: 60_000 }).toBeGreaterThan(0);
    const seen = async (): Promise<string> => `${await surface().getAttribute("aria-label")}`;
    const kernels = inCell(4, ".widget-label").last();
    const before = await seen();
    await on.drag(surface(), -120, 0);
    await expect.poll(seen, { timeout: 60_000 }).not.toBe(before);
    await expect.poll(() => kernels.textContent(), { timeout: 60_000 }).toMatch(/^azimuth /);
    await surface().focus();
    await here().page.keyboard.press("ArrowLeft");
    const degrees = (text: string): number => Number(/-?\d+/.exec(text)?.[0]);
    await expect
      .poll(async () => [degrees(`${await kernels.textContent()}`), degrees(await seen())], { timeout: 60_000 })
      .toSatisfy(([inKernel, inPage]) => inKernel === inPage);
  });

  test("a typed formula is read in the page and evaluated in the kernel, which redraws a figure", async () => {
    const formula = inCell(5, ".lowbit-expression-line input");
    await formula.fill("1 - (1 - t)^3");
    await formula.press("Enter");
    await inCell(5, ".lowbit-figure .gtitle").filter({ hasText: "1 - (1 - t)^3: 0, 0.875, 1" }).waitFor();
  });

  test("the README's own widget is turned by key and by pointer, and the kernel hears it", async () => {
    const slider = inCell(6, "svg[role=slider]");
    const angle = (): Promise<string | null> => slider.getAttribute("aria-valuenow");
    const words = inCell(6, ".widget-label");
    await slider.focus();
    await here().page.keyboard.press("ArrowRight");
    await expect.poll(angle).toBe("50");
    await expect.poll(() => words.textContent()).toBe("50 degrees");
    await on.drag(slider, 40, 0);
    await expect.poll(angle).toBe("0");
    await expect.poll(() => words.textContent()).toBe("0 degrees");
  });

  test("all of it is there again after a save and a reload", { timeout: 180_000 }, async () => {
    const before = await surface().getAttribute("aria-label");
    const value = await inCell(0, ".widget-readout").nth(1).textContent();
    await here().command("docmanager:save");
    await here().reload();
    await expect.poll(() => surface().getAttribute("aria-label"), { timeout: 60_000 }).toBe(before);
    expect(await inCell(0, ".widget-readout").allTextContents()).toEqual([value, value]);
    await inCell(5, ".lowbit-figure .gtitle").filter({ hasText: "1 - (1 - t)^3: 0, 0.875, 1" }).waitFor();
    await inCell(6, 'svg[role=slider][aria-valuenow="0"]').waitFor();
    expect(await inCell(5, ".lowbit-expression-line input").inputValue()).toBe("1 - (1 - t)^3");
  });
}

/** Registers the tests of the project's own notebooks, the tour and a paper's. */
export function touring(here: () => on.NotebookPage, tour: string, paper: string): void {
  const inside = (selector: string): Locator => on.inNotebook(here().page, selector);

  test("the tour runs; a slider in it redraws a picture through the kernel", async () => {
    await on.runAll(here(), tour);
    const picture = inside(".widget-html svg");
    expect(await on.dragUntilChanged(inside(".noUi-handle"), [40, 0], picture)).toContain("keep 3 of 4");
  });

  test("a weight is dragged, saved, and there again after a reload", async () => {
    const weight = inside(".lowbit-mask-grid [role=gridcell]").nth(9);
    const after = await on.dragUntilChanged(weight, [0, -60]);
    await here().command("docmanager:save");
    await here().reload();
    await inside(".lowbit-mask-grid").waitFor();
    expect(await weight.textContent()).toBe(after);
    expect(await inside(".widget-html svg").textContent()).toContain("keep 3 of 4");
  });

  test("the paper's notebook runs, and its claims are as expected", async () => {
    await on.runAll(here(), paper);
    await inside(".lowbit-mask-grid").waitFor();
    const cards = await inside(".jp-OutputArea-output")
      .filter({ hasText: /Claim|Check/ })
      .allTextContents();
    expect(cards.length).toBeGreaterThan(5);
    expect(cards.filter((text) => /failed/i.test(text))).toEqual([]);
  });
}
