/** The lognormal explorer in the playground, without a kernel; in Chromium. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { close, open, type PageModel } from "./playground.js";

declare const lowbitPlayground: { readonly models: Record<string, PageModel> };

afterAll(close);

/** Waits for a condition, however busy the machine is. */
const poll: typeof expect.poll = (read, options) => expect.poll(read, { timeout: 45_000, ...options });

const slider = (page: Page, name: string): Locator => page.getByRole("slider", { name, exact: true });
const number = async (page: Page, name: string): Promise<number> =>
  Number((await slider(page, name).getAttribute("aria-valuenow")) ?? Number.NaN);
const shown = (page: Page, name: string): Promise<string | null> =>
  page.locator(`[data-number="${name}"]`).textContent();
const state = (page: Page, sample: string, name: string): Promise<unknown> =>
  page.evaluate(([model, key]) => lowbitPlayground.models[model as string]?.get(key as string), [sample, name]);

/** Drags from the knob of a slider by so many pixels. */
async function drag(page: Page, name: string, across: number, down: number): Promise<void> {
  const box = await slider(page, name).locator(".knob").boundingBox();
  if (box === null) throw new Error(`no ${name}`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) await page.mouse.move(x + (across * step) / 8, y + (down * step) / 8);
  await page.mouse.up();
}

test("dragging the threshold moves the sparsity, the coloured mass and the model", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "fit");
  const bars = page.locator(".bars .kept");
  const [sparsity, threshold, kept] = [
    await number(page, "wanted sparsity"),
    await number(page, "pruning threshold"),
    await bars.count(),
  ];
  expect(sparsity).toBe(0.85);
  await drag(page, "pruning threshold", -150, 0);
  await poll(() => number(page, "pruning threshold")).toBeLessThan(threshold / 3);
  expect(await number(page, "wanted sparsity")).toBeLessThan(0.7);
  expect(await bars.count()).toBeGreaterThan(kept);
  expect(await state(page, "fit", "sparsity")).toBeCloseTo(await number(page, "wanted sparsity"), 3);
  expect(await page.evaluate(() => lowbitPlayground.models.fit?.saves)).toBeGreaterThan(0);
  // What is measured follows, and is near what the law says.
  const wanted = 100 * (await number(page, "wanted sparsity"));
  await poll(async () =>
    Math.abs(Number.parseFloat((await shown(page, "measured-sparsity")) ?? "") - wanted),
  ).toBeLessThan(1.5);
  expect(complaints).toEqual([]);
  await page.close();
});

test("dragging the sparsity moves the threshold", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "fit");
  const before = await number(page, "pruning threshold");
  await drag(page, "wanted sparsity", 0, 100);
  await poll(() => number(page, "wanted sparsity")).toBeLessThan(0.6);
  expect(await number(page, "pruning threshold")).toBeLessThan(before);
  // Below the plot it stops at no pruning at all: no threshold.
  await drag(page, "wanted sparsity", 0, 400);
  await poll(() => number(page, "wanted sparsity")).toBe(0);
  expect(await shown(page, "threshold")).toBe("0");
  expect(complaints).toEqual([]);
  await page.close();
});

test("the keyboard alone is enough, and the focus stays while lines move", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "fit");
  await slider(page, "wanted sparsity").focus();
  for (const key of ["ArrowDown", "ArrowDown", "Shift+ArrowUp"]) await page.keyboard.press(key);
  await poll(() => number(page, "wanted sparsity")).toBe(0.831);
  await page.keyboard.press("PageUp");
  await poll(() => number(page, "wanted sparsity")).toBe(0.931);
  await page.keyboard.press("End");
  await poll(() => number(page, "wanted sparsity")).toBe(0.99);
  const high = await number(page, "pruning threshold");
  await page.keyboard.press("Shift+Tab");
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
  expect(await focused()).toBe("pruning threshold");
  for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowLeft");
  // Ten steps of 0.05 in ln.
  await poll(async () => (await number(page, "pruning threshold")) / high).toBeCloseTo(Math.exp(-0.5), 2);
  expect(await focused()).toBe("pruning threshold");
  await page.keyboard.press("Home");
  await poll(() => number(page, "wanted sparsity")).toBe(0);
  await page.keyboard.press("ArrowRight");
  await poll(() => number(page, "pruning threshold")).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test("law, bits, bins and the sample's sigma can be chosen", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "fit");
  const before = await number(page, "pruning threshold");
  await page.getByLabel("threshold by the law").selectOption("normal");
  await poll(() => number(page, "pruning threshold")).toBeGreaterThan(2 * before);
  // The normal law's threshold prunes more than was asked for: that is the paper's point.
  await poll(async () => Number.parseFloat((await shown(page, "measured-sparsity")) ?? "")).toBeGreaterThan(93);
  await page.getByLabel("format bits").selectOption("4");
  await poll(() => page.locator(".cells rect").count()).toBe(3 * 72);
  await page.getByLabel("bins", { exact: false }).first().fill("100");
  await poll(() => page.locator(".bars > g").count()).toBe(100);
  await page.getByLabel("sigma of the sample").fill("1");
  await poll(() => page.locator(".lowbit-fit-laws tbody tr").first().textContent()).toMatch(/sigma (0\.99|1\.0)/);
  expect(complaints).toEqual([]);
  await page.close();
});

test("the distances tell the laws apart, and zeros are counted", { timeout: 120_000 }, async (context) => {
  const chrome = need(context, chromium());
  for (const [sample, nearest] of [
    ["fit", "lognormal"],
    ["fit-normal", "normal"],
    ["fit-relu", "lognormal"],
  ] as const) {
    const { page, complaints } = await open(chrome, sample);
    await poll(() => page.locator(`[data-law="${nearest}"]`).textContent()).toContain("(nearest)");
    if (sample === "fit-relu") {
      expect(await shown(page, "values")).toBe("32000, 50.0 % zeros");
      expect(await page.getByLabel("sigma of the sample").isVisible()).toBe(false);
    }
    expect(complaints).toEqual([]);
    await page.close();
  }
});

test("the pointer is told what it is over", { timeout: 120_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "fit");
  const tip = page.getByRole("tooltip");
  await page
    .locator(".bars > g")
    .nth(20)
    .hover({ position: { x: 3, y: 30 }, force: true });
  await poll(() => tip.textContent()).toMatch(/^\|g\| \S+ to \S+: \d+ values, of which \d+ % become 0/);
  await page
    .locator(".cells rect")
    .nth(4 * 72 + 30)
    .hover({ force: true });
  await poll(() => tip.textContent()).toMatch(
    /^5 exponent and 2 mantissa bits, sigma \d+\.\d\d: expected relative error/,
  );
  await page.mouse.move(5, 5);
  await poll(() => tip.isVisible()).toBe(false);
  await page.close();
});

test("the heat map has the colour of the error at named places", { timeout: 120_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "fit");
  const fill = (row: number, column: number): Promise<string | null> =>
    page
      .locator(".cells rect")
      .nth((row - 1) * 72 + column)
      .getAttribute("fill");
  // One exponent bit and a wide law: all is lost, the brightest; six mantissa bits and a narrow one: the darkest end.
  expect(await fill(1, 71)).toMatch(/^#f[0-9a-f]e[0-9a-f]2[0-9a-f]$/);
  const dark = Number.parseInt(((await fill(1, 0)) ?? "#ffffff").slice(1, 3), 16);
  expect(dark).toBeLessThan(0x50);
  expect(await fill(1, 0)).not.toBe(await fill(7, 0));
  await page.close();
});

test("a million values are described in the worker, and dragged", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "fit-large");
  await poll(() => shown(page, "values")).toBe("1048576");
  await poll(() => shown(page, "measured-sparsity")).toMatch(/^8[45]\.\d %$/);
  await drag(page, "wanted sparsity", 0, 60);
  const wanted = await number(page, "wanted sparsity");
  expect(wanted).toBeLessThan(0.75);
  await poll(async () =>
    Math.abs(Number.parseFloat((await shown(page, "measured-sparsity")) ?? "") - 100 * wanted),
  ).toBeLessThan(0.5);
  await poll(() => page.locator(".lowbit-fit-note").isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
});

test("narrow and dark: nothing is wider than its place, lines have other colours", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "fit-narrow", { width: 480 });
  const wide = await page.evaluate(() => {
    const root = document.querySelector(".lowbit-fit") as HTMLElement;
    const right = root.getBoundingClientRect().right + 0.5;
    return [...root.querySelectorAll("svg, table, dl, label")].filter(
      (one) => one.getBoundingClientRect().right > right,
    ).length;
  });
  expect(wide).toBe(0);
  const colour = (): Promise<string> =>
    page.locator(".law.lognormal").evaluate((line) => getComputedStyle(line).stroke);
  const light = await colour();
  await page.getByRole("button", { name: "Dark theme" }).click();
  expect(await colour()).not.toBe(light);
  expect(complaints).toEqual([]);
  await page.close();
});
