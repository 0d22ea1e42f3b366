/** The explorers, formulas and figures of an exported page, moved by hand with the network cut. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder } from "../support/kernel.js";
import { chromium, need } from "../support/peers.js";
import { becomesLive, closeBrowser, type OpenedPage, openFile } from "./browser.js";
import { lowbit } from "./command.js";

const folder = emptyFolder("lowbit-export-explorers-");
const file = join(folder, "explorers.html");
const rows = "Array.from({ length: 9 }, (_, i) => Array.from({ length: 7 }, (_, j) => (i - 4) ** 2 + (j - 2) ** 2))";
const numbers = (scale: number): string => `Array.from({ length: 40 }, (_, i) => (i * ${scale}) % 7)`;

const cells = [
  `import * as w from "lowbit/widgets";
import { random } from "lowbit";
new w.LossLandscape({ z: ${rows} })`,
  'new w.Expression({ formula: "x^2", variables: ["x"], domain: [[0, 2]] })',
  "new w.MaskViewer({ weights: random.normal(random.key(1), [4, 4]), keep: 2, group: 4 })",
  `w.figure([{ type: "scatter3d", x: ${numbers(2)}, y: ${numbers(3)}, z: ${numbers(5)} }], { height: 300 })`,
  'w.figure([{ type: "table", header: { values: ["a"] }, cells: { values: [[1, 2]] } }])',
  'new w.HTMLMath({ value: "a formula: $\\\\binom{4}{2}$" })',
  `const Note = w.defineWidget({ name: "Note", traits: {}, css: "p { color: red }",
  esm: "export function render({ el }) { globalThis.broken = true; el.textContent = 'drawn'; }" });
new Note()`,
  `const slider = new w.IntSlider({ description: "rate" });
w.effect(() => void slider.value);
slider`,
  'new w.IntSlider({ description: "slider", value: 3 })',
  'w.formatMicroscope([957, 100, -300.5, 20], { format: "mxfp8_e4m3" })',
];

let opened: OpenedPage | undefined;

beforeAll(() => {
  const notebook = join(folder, "explorers.ipynb");
  const code = cells.map((source) => ({ cell_type: "code", metadata: {}, source, outputs: [], execution_count: null }));
  writeFileSync(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: code }));
  const { status, stderr } = lowbit(["export", notebook, "--run"]);
  expect(status, stderr).toBe(0);
}, 120_000);

afterAll(closeBrowser);

/** The page, opened once for all tests, which each look at widgets of their own. */
async function live(path: string): Promise<OpenedPage> {
  if (opened === undefined) {
    opened = await openFile(path, file);
    await becomesLive(opened);
  }
  return opened;
}

const box = (page: Page, n: number): Locator => page.locator(".lb-widget").nth(n);

/** Drags from the middle of something. */
async function drag(page: Page, what: Locator, across: number, down: number): Promise<void> {
  await what.scrollIntoViewIfNeeded();
  const place = await what.boundingBox();
  if (place === null) throw new Error("it is not shown");
  const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) await page.mouse.move(x + (across * step) / 8, y + (down * step) / 8);
  await page.mouse.up();
}

/** What the figure's values are: how many numbers has each coordinate of the first trace that is shown. */
const drawn = (page: Page, n: number): Promise<unknown[]> =>
  box(page, n)
    .locator(".lowbit-plot")
    .evaluate((el) => {
      type Trace = { readonly visible?: unknown } & Readonly<Record<string, { readonly length: number } | undefined>>;
      const [trace] = (el as unknown as { readonly _fullData?: readonly Trace[] })._fullData ?? [];
      return [trace?.visible, ...["x", "y", "z"].map((name) => trace?.[name]?.length)];
    });

describe("an exported page without kernel and network", () => {
  test("turns a landscape, by the pointer and by keys", { timeout: 90_000 }, async (context) => {
    const { page } = await live(need(context, chromium()));
    const surface = box(page, 0).locator(".lowbit-land-surface");
    const seen = (): Promise<string | null> => surface.getAttribute("aria-label");
    await surface.scrollIntoViewIfNeeded();
    await expect.poll(() => surface.locator("canvas").count()).toBe(1);
    const first = await seen();
    expect(first).toMatch(/seen from -?\d+ degrees/);
    await drag(page, surface, -80, 0);
    await expect.poll(seen).not.toBe(first);
    await surface.focus();
    await page.keyboard.press("Home");
    await expect.poll(seen).toBe(first);
    await page.keyboard.press("ArrowRight");
    await expect.poll(seen).not.toBe(first);
  });

  test("reads a formula that is typed", { timeout: 90_000 }, async (context) => {
    const { page } = await live(need(context, chromium()));
    const field = box(page, 1).getByLabel("Formula");
    const derivative = async (): Promise<string> =>
      ((await box(page, 1).locator(".lowbit-expression-math math").nth(1).textContent()) ?? "").replaceAll(/\s/g, "");
    await expect.poll(derivative).toContain("2");
    await field.fill("sin(x)");
    await expect.poll(derivative).toContain("cos");
    await field.fill("sin(x");
    await expect.poll(() => box(page, 1).getByRole("alert").textContent()).toMatch(/column \d/);
  });

  test("drags a weight of a mask, whose sums follow", { timeout: 90_000 }, async (context) => {
    const { page } = await live(need(context, chromium()));
    const cell = box(page, 2).locator('[data-row="1"][data-column="1"]');
    const [weight, all] = [await cell.getAttribute("aria-label"), await box(page, 2).innerText()];
    await drag(page, cell, 0, -60);
    await expect.poll(() => cell.getAttribute("aria-label")).not.toBe(weight);
    await expect.poll(() => box(page, 2).innerText()).not.toBe(all);
  });

  test("puts a value into another format, and takes another value", { timeout: 90_000 }, async (context) => {
    const { page } = await live(need(context, chromium()));
    const title = (): Promise<string | null> => box(page, 9).locator(".lowbit-micro-title").first().textContent();
    await expect.poll(title).toBe("Value 0: 957 becomes 896");
    await box(page, 9).getByRole("button", { name: "rceil" }).click();
    await expect.poll(title).toBe("Value 0: 957 becomes 960");
    await box(page, 9).getByLabel("format", { exact: true }).selectOption("int4");
    await box(page, 9).getByLabel("place", { exact: true }).fill("3");
    await page.keyboard.press("Enter");
    await expect.poll(title).toBe("Value 3: 20 becomes 7");
    await box(page, 9).getByRole("slider").focus();
    await page.keyboard.press("End");
    await expect.poll(title).toBe("Value 0: 957 becomes 7");
  });

  test("draws figures of every kind, with all their numbers", { timeout: 90_000 }, async (context) => {
    const { page } = await live(need(context, chromium()));
    await box(page, 3).scrollIntoViewIfNeeded();
    await expect.poll(() => drawn(page, 3)).toEqual([true, 40, 40, 40]);
    await expect.poll(() => box(page, 4).locator(".table").count()).toBe(1);
    await expect.poll(() => box(page, 5).locator("math mfrac").count()).toBe(1);
  });

  test("says what stays still and why, and complains of nothing", { timeout: 90_000 }, async (context) => {
    const { page, complaints, asked, dialogs } = await live(need(context, chromium()));
    await expect.poll(() => box(page, 6).innerText()).toMatch(/^This view is code of the notebook/);
    expect(await page.evaluate(() => "broken" in globalThis)).toBe(false);
    const disabled = (n: number): Promise<number> => box(page, n).locator("[disabled]").count();
    await expect.poll(() => disabled(7)).toBe(1);
    expect(await page.locator(".lb-note", { hasText: "closure" }).count()).toBe(1);
    // A variable's name in a text makes no control wait.
    await box(page, 8).locator(".noUi-handle").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => box(page, 8).locator(".widget-readout").textContent()).toBe("4");
    expect([complaints, asked, dialogs]).toEqual([[], [], []]);
  });
});
