import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { close, open, type PageModel } from "./playground.js";

declare const lowbitPlayground: { readonly models: Record<string, PageModel> };

afterAll(close);

/** The numbers beside the bars, top to bottom. */
function keptNumbers(page: Page): Promise<string[]> {
  return page.locator(".lowbit-mask-kept .lowbit-mask-number").allTextContents();
}

const cell = (row: number, column: number): string => `[role="gridcell"][data-row="${row}"][data-column="${column}"]`;

test("dragging a weight up changes it, what every mask keeps, and the model", { timeout: 60_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "mask");
  const before = await keptNumbers(page);
  expect(before).toEqual(["47.60", "46.81", "37.65", "37.00", "28.47"]);
  expect(await page.locator(cell(0, 3)).getAttribute("class")).toContain("pruned");
  const box = await page.locator(cell(0, 3)).boundingBox();
  if (box === null) throw new Error("no cell");
  await page.mouse.move(box.x + 10, box.y + 10);
  await page.mouse.down();
  for (let step = 1; step <= 10; step++) await page.mouse.move(box.x + 10, box.y + 10 - 30 * step);
  await page.mouse.up();
  // 300 pixels up, two steps of 0.01 each: -0.11 becomes 5.89.
  await expect.poll(() => page.locator(cell(0, 3)).textContent()).toBe("5.89");
  expect(await page.locator(cell(0, 3)).getAttribute("class")).toContain("kept");
  const after = (await keptNumbers(page)).map(Number);
  for (const [i, kept] of after.entries()) expect(kept).toBeGreaterThan(Number(before[i]) + 3);
  const model = await page.evaluate(() => {
    const { mask } = lowbitPlayground.models;
    return [mask?.get("weights").data[3], (mask?.saves ?? 0) > 0];
  });
  expect(model).toEqual([expect.closeTo(5.89, 5), true]);
  await expect.poll(() => page.getByRole("status").textContent()).toBe("row 0, column 3: 5.89, kept");
  expect(complaints).toEqual([]);
  await page.close();
});

test("the keyboard alone is enough", { timeout: 60_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "mask");
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
  await page.locator(cell(0, 0)).focus();
  for (const key of ["ArrowRight", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  await expect.poll(focused).toBe("row 2, column 1: -1.50, kept");
  expect(await page.locator('[role="gridcell"][tabindex="0"]').count()).toBe(1);
  for (let i = 0; i < 20; i++) await page.keyboard.press("+");
  await expect.poll(focused).toBe("row 2, column 1: .50, pruned");
  await page.keyboard.press("Enter");
  await page.keyboard.type("7.25");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("row 2, column 1: 7.25, kept");
  await page.keyboard.press("Enter");
  await page.keyboard.type("99");
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("row 2, column 1: 7.25, kept");
  await page.keyboard.press("Delete");
  await expect.poll(focused).toBe("row 2, column 1: 0, pruned");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  expect(outline).toBe("solid");
  // Backwards out of the grid to the toolbar, where Space presses the button and arrows choose.
  await page.keyboard.press("Shift+Tab");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Transpose");
  await page.keyboard.press("Space");
  await expect.poll(() => page.getByRole("button", { name: "Transpose" }).getAttribute("aria-pressed")).toBe("true");
  await expect.poll(() => page.locator(cell(1, 2)).textContent()).toBe("0");
  expect(complaints).toEqual([]);
  await page.close();
});

test("transposing swaps the lights of the row-wise mask and leaves those of the transposable ones", {
  timeout: 60_000,
}, async (context) => {
  const { page } = await open(need(context, chromium()), "mask");
  const lights = (name: string): Promise<string[]> =>
    page.getByRole("row", { name }).locator(".lowbit-mask-light").allTextContents();
  expect([await lights("Row-wise"), await lights("Transposable optimum")]).toEqual([
    ["valid", "no"],
    ["valid", "valid"],
  ]);
  await page.getByRole("button", { name: "Transpose" }).click();
  await expect.poll(() => lights("Row-wise")).toEqual(["no", "valid"]);
  expect(await lights("Transposable optimum")).toEqual(["valid", "valid"]);
  await page.close();
});

test("pattern and mask can be chosen, and the counter follows", { timeout: 60_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "mask");
  const counts = (): Promise<string[]> => page.locator(".lowbit-mask-counts .lowbit-mask-number").allTextContents();
  await expect.poll(counts).toEqual(["1.83e18", "2.82e12", "4.29e9", "65 610 000", "429 981 696"]);
  await page.getByLabel("weights per group", { exact: true }).selectOption("8");
  await expect.poll(counts).toEqual(["1.83e18", "5.76e14", "2.82e12", "1.17e11", "1.76e13"]);
  expect(await page.getByLabel("weights kept per group").inputValue()).toBe("4");
  expect(await page.locator(".lowbit-mask-verdict").textContent()).toContain("fewer than row-wise 2 of 4 ones");
  await page.getByRole("radio", { name: "Greedy-prune" }).check();
  await expect.poll(() => page.locator('[role="grid"]').getAttribute("aria-label")).toContain("mask: greedy-prune");
  expect(complaints).toEqual([]);
  await page.close();
});

test("a state that fits no mask is named, and the view comes back with the next good one", {
  timeout: 60_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "mask");
  for (const [state, message] of [
    [{ group: 3 }, "shape [8, 8], expected sides that are multiples of group = 3"],
    [{ group: 0 }, "MaskViewer.group: 0, expected"],
    [{ group: 4, keep: 9 }, "MaskViewer.keep: 9, expected"],
  ] as const) {
    await page.evaluate((values) => lowbitPlayground.models.mask?.set(values), state);
    await expect.poll(() => page.getByRole("alert").textContent()).toContain(message);
    expect(await page.getByRole("grid").isVisible()).toBe(false);
  }
  await page.evaluate(() => lowbitPlayground.models.mask?.set({ keep: 2 }));
  await expect.poll(() => page.getByRole("grid").isVisible()).toBe(true);
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test("what a person types in the field stays while the picture is drawn anew, and goes to the weight it was typed for", {
  timeout: 60_000,
}, async (context) => {
  const { page } = await open(need(context, chromium()), "mask");
  const field = page.getByRole("spinbutton");
  await page.locator(cell(2, 1)).click();
  await page.keyboard.press("Enter");
  await page.keyboard.type("7.2");
  await page.evaluate(() => lowbitPlayground.models.mask?.set({ shown: "row" }));
  await expect.poll(() => page.getByRole("grid").getAttribute("aria-label")).toContain("mask: row");
  expect(await field.inputValue()).toBe("7.2");
  await page.keyboard.type("5");
  await page.locator(cell(4, 4)).click();
  await expect.poll(() => page.locator(cell(2, 1)).textContent()).toBe("7.25");
  expect(await page.locator(cell(4, 4)).textContent()).not.toBe("7.25");
  // Escape gives up what was typed.
  const before = await field.inputValue();
  await page.keyboard.press("Enter");
  await page.keyboard.type("99");
  await page.keyboard.press("Escape");
  await expect.poll(() => field.inputValue()).toBe(before);
  await page.close();
});

test("the chosen weight is marked, also while its value is typed", { timeout: 60_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "mask");
  const marked = page.locator('[role="gridcell"].active');
  const place = (): Promise<(string | undefined)[]> =>
    marked.evaluateAll((cells) => cells.map((node) => node.getAttribute("aria-label")?.split(":")[0]));
  expect(await place()).toEqual(["row 0, column 0"]);
  await page.locator(cell(2, 1)).click();
  await expect.poll(place).toEqual(["row 2, column 1"]);
  await page.keyboard.press("Enter");
  await page.keyboard.type("7.25");
  expect(await place()).toEqual(["row 2, column 1"]);
  expect(await marked.evaluate((node) => getComputedStyle(node).outlineStyle)).toBe("solid");
  expect(await page.locator(".lowbit-mask-exact").textContent()).toBe("row 2, column 1: ");
  await page.keyboard.press("Enter");
  await expect.poll(() => marked.textContent()).toBe("7.25");
  await page.close();
});

test("in both themes strong weights stand out and every kept one can be read", {
  timeout: 60_000,
}, async (context) => {
  const { page } = await open(need(context, chromium()), "mask");
  const measure = (): Promise<{ strength: number; fromGround: number; text: number }[]> =>
    page.evaluate(() => {
      const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      if (context === null) throw new Error("no canvas");
      const luminance = (colour: string): number => {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((byte) =>
          byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
        ) as [number, number, number];
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const contrast = (a: string, b: string): number => {
        const [x, y] = [luminance(a), luminance(b)];
        return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
      };
      const ground = getComputedStyle(document.querySelector(".lowbit-mask") as Element).backgroundColor;
      return [...document.querySelectorAll<HTMLElement>('[role="gridcell"].kept')]
        .map((node) => {
          const { color, backgroundColor } = getComputedStyle(node);
          return {
            strength: Number(node.style.getPropertyValue("--strength")),
            fromGround: contrast(backgroundColor, ground),
            text: contrast(color, backgroundColor),
          };
        })
        .sort((a, b) => a.strength - b.strength);
    });
  for (const theme of ["light", "dark"]) {
    if (theme === "dark") await page.getByRole("button", { name: "Dark theme" }).click();
    const cells = await measure();
    const strongest = cells.at(-1);
    expect([theme, cells.length]).toEqual([theme, 32]);
    expect(Math.min(...cells.map(({ text }) => text))).toBeGreaterThan(4.4);
    expect(strongest?.fromGround).toBeGreaterThan(8);
    expect(strongest?.fromGround).toBe(Math.max(...cells.map(({ fromGround }) => fromGround)));
  }
  await page.close();
});

/** Asks for another count as soon as the first begins, and notes what is shown and which workers begin and end. */
function askTwice(): void {
  const log: string[] = [];
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL) {
      super(url);
      log.push("worker begins");
    }
    override terminate(): void {
      log.push("worker ended");
      super.terminate();
    }
  };
  new MutationObserver(() => {
    const text = document.querySelector(".lowbit-mask-verdict")?.textContent;
    if (!text || text === log.at(-1)) return;
    log.push(text);
    if (log.length === 2) lowbitPlayground.models["mask-8-16"]?.set({ keep: 1 });
  }).observe(document, { subtree: true, childList: true });
  Object.assign(globalThis, { log });
}

test("a count that takes seconds runs in a worker, and a newer question ends it", {
  timeout: 60_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "mask-8-16", { init: askTwice });
  const verdict = page.locator(".lowbit-mask-verdict");
  await expect.poll(() => verdict.textContent(), { timeout: 20_000 }).toContain("over-counts: 1.89e90 for 2.09e13");
  const log = await page.evaluate(() => (globalThis as unknown as { log: string[] }).log);
  expect(log.slice(0, 4)).toEqual(["worker begins", "counting ...", "worker ended", "worker begins"]);
  // What the first count would have said never shows.
  const answers = log.slice(4).filter((text) => text !== "counting ...");
  expect(answers.map((text) => /\S+ for \S+\./.exec(text)?.[0])).toEqual(["1.89e90 for 2.09e13."]);
  expect(complaints).toEqual([]);
  await page.close();
});

test.for([1100, 700, 360])(
  "nothing is cut off at %i pixels, in any sample",
  { timeout: 60_000 },
  async (width, context) => {
    const { page, complaints } = await open(need(context, chromium()), "", { width });
    await page.locator("section").nth(10).waitFor();
    const wide = await page.evaluate(() => {
      const inner = [...document.querySelectorAll(".lowbit-mask *")].filter(
        (node) => !node.closest(".lowbit-mask-scroll"),
      );
      return [
        document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ...inner
          .filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1)
          .map((node) => node.className),
      ];
    });
    expect(wide).toEqual([0]);
    expect(complaints).toEqual([]);
    await page.close();
  },
);
