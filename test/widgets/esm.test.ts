/** A widget whose view is written in a cell: the README's example, and what goes wrong. */
import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { closeFrontEnd, openFrontEnd, own, type Tools } from "./front-end/open.js";

declare const tools: Tools;

afterAll(closeFrontEnd);

/** The view in the README, as it stands there. */
function readmeView(): string {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, view] = /esm: `([^`]*)`/.exec(readme) ?? [];
  if (view === undefined) throw new Error("the README has no widget with a view");
  return view;
}

test("the README's dial turns by keys and pointer, in the page and in the kernel, and is taken away", {
  timeout: 60_000,
}, async (context) => {
  const { page, complaints } = await openFrontEnd(need(context, chromium()));
  await page.evaluate(async (esm) => {
    const { defineWidget, traits } = tools.widgets;
    const Dial = defineWidget({ name: "Dial", traits: { angle: traits.float(30) }, esm });
    const dial = new Dial({ angle: 45 });
    const seen: number[] = [];
    dial.observe(({ value }) => seen.push(value), "angle");
    Object.assign(globalThis, { dial, seen });
    await tools.show(dial);
  }, readmeView());
  const dial = page.getByRole("slider", { name: "angle" });
  await expect.poll(() => dial.getAttribute("aria-valuenow")).toBe("45");
  await dial.focus();
  await page.keyboard.press("ArrowRight");
  const seen = (): Promise<number[]> => page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen);
  await expect.poll(seen).toEqual([50]);
  const box = (await dial.boundingBox()) as { x: number; y: number };
  await page.mouse.move(box.x + 100, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 100);
  await page.mouse.up();
  await expect.poll(async () => (await seen()).at(-1)).toBe(90);
  await page.evaluate(() => {
    (globalThis as unknown as { dial: { angle: number } }).dial.angle = -30;
  });
  await expect.poll(() => dial.locator("path").getAttribute("transform")).toBe("rotate(-30)");
  await page.evaluate(() => (globalThis as unknown as { dial: { close(): void } }).dial.close());
  await expect.poll(() => dial.count()).toBe(0);
  expect(own(complaints)).toEqual([]);
  await page.close();
});

test("a new text draws anew after the old view was undone; a view that fails says so", {
  timeout: 60_000,
}, async (context) => {
  const { page } = await openFrontEnd(need(context, chromium()));
  await page.evaluate(async () => {
    const { defineWidget } = tools.widgets;
    const said: string[] = [];
    Object.assign(globalThis, { said });
    const esm = `export default { render: async ({ el }) => {
      el.textContent = "first";
      return () => globalThis.said.push("undone");
    } };`;
    const widget = new (defineWidget({ name: "Note", traits: {}, esm, css: ".lowbit-esm { color: rgb(1, 2, 3) }" }))();
    Object.assign(globalThis, { widget });
    await tools.show(widget);
  });
  const view = page.locator(".lowbit-esm");
  await expect.poll(() => view.textContent()).toBe("first");
  expect(await view.evaluate((el) => getComputedStyle(el).color)).toBe("rgb(1, 2, 3)");
  const change = (esm: string): Promise<void> =>
    page
      .evaluate((text) => ((globalThis as unknown as { widget: { _esm: string } }).widget._esm = text), esm)
      .then(() => undefined);
  await change(`export function render({ el }) { throw new Error("no luck"); }`);
  await expect.poll(() => view.textContent()).toBe("The view failed: no luck");
  expect(await page.evaluate(() => (globalThis as unknown as { said: string[] }).said)).toEqual(["undone"]);
  await change("export const other = 1;");
  await expect.poll(() => view.textContent()).toMatch(/^The view failed: no render function, expected/);
  await change("this is no module");
  await expect.poll(() => view.textContent()).toMatch(/^The view failed: /);
  await page.close();
});
