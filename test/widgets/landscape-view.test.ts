/** The landscape widget in the playground, without a kernel; in Chromium with real Plotly. */
import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { close, open, type PageModel } from "./playground.js";

declare const lowbitPlayground: { readonly models: Record<string, PageModel> };

afterAll(close);

/** Waits for a condition, however busy the machine is. */
const poll: typeof expect.poll = (read, options) => expect.poll(read, { timeout: 45_000, ...options });

const camera = (page: Page, sample: string): Promise<number[]> =>
  page.evaluate((name) => Array.from(lowbitPlayground.models[name]?.get("camera") ?? []), sample);

/** The cameras as Plotly has them: azimuth in degrees, one per surface. */
const drawnAzimuths = (page: Page): Promise<number[]> =>
  page.locator(".js-plotly-plot").evaluateAll((nodes) =>
    nodes.map((node) => {
      const layout = (
        node as unknown as { _fullLayout: { scene: { _scene: { getCamera(): { eye: { x: number; y: number } } } } } }
      )._fullLayout;
      const { eye } = layout.scene._scene.getCamera();
      return Math.round((Math.atan2(eye.y, eye.x) * 180) / Math.PI);
    }),
  );

/** Waits until so many surfaces are drawn. */
async function surfaces(page: Page, count: number): Promise<void> {
  await poll(() => page.locator(".lowbit-land-surface canvas").count()).toBe(count);
  await poll(() => drawnAzimuths(page).then((all) => all.length)).toBe(count);
}

test("a surface with its contours: keys and buttons turn it, Home resets, the state follows", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "landscape");
  await surfaces(page, 1);
  const first = await camera(page, "landscape");
  await poll(() => drawnAzimuths(page)).toEqual([first[0]]);
  await page.locator(".lowbit-land-surface").focus();
  for (const key of ["ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowUp", "+"]) await page.keyboard.press(key);
  const turned = await camera(page, "landscape");
  expect(turned).toEqual([
    (first[0] as number) + 11,
    (first[1] as number) + 5,
    expect.closeTo((first[2] as number) / 1.15, 3),
  ]);
  await poll(() => drawnAzimuths(page)).toEqual([turned[0]]);
  await poll(() => page.locator(".lowbit-land-surface").getAttribute("aria-label")).toBe(
    "surface of Loss landscape, seen from -49 degrees, 37 degrees up",
  );
  await page.getByRole("button", { name: "turn left" }).click();
  await poll(() => drawnAzimuths(page)).toEqual([(turned[0] as number) - 5]);
  await page.locator(".lowbit-land-surface").focus();
  await page.keyboard.press("Home");
  await poll(() => camera(page, "landscape")).toEqual(first);
  await poll(() => drawnAzimuths(page)).toEqual([first[0]]);
  expect(complaints).toEqual([]);
  await page.close();
});

test("dragging one of two surfaces turns both", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "landscape-two");
  await surfaces(page, 2);
  const before = await camera(page, "landscape-two");
  const box = await page.locator(".lowbit-land-surface").first().boundingBox();
  if (box === null) throw new Error("no surface");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) await page.mouse.move(x - 10 * step, y);
  await page.mouse.up();
  await poll(() => camera(page, "landscape-two")).not.toEqual(before);
  const after = Math.round((await camera(page, "landscape-two"))[0] as number);
  await poll(() => drawnAzimuths(page)).toEqual([after, after]);
  expect(complaints).toEqual([]);
  await page.close();
});

test("contours have bands, lines, path, axes with their names, and tell the loss under the pointer", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "landscape");
  const contour = page.locator(".lowbit-land-contour");
  await poll(() => contour.locator(".band").count()).toBeGreaterThan(5);
  expect(await contour.locator(".line").count()).toBe((await contour.locator(".band").count()) - 1);
  expect(await contour.locator(".path circle").count()).toBe(2);
  const plane = await contour.locator(".plane").boundingBox();
  if (plane === null) throw new Error("no plane");
  // The minimum is at (1, 1): x from -1.5 to 1.5, y from -1 to 2, up.
  await page.mouse.move(plane.x + (plane.width * 2.5) / 3, plane.y + plane.height / 3);
  await poll(() => page.getByRole("tooltip").textContent()).toMatch(
    /^x (1|0\.99\d|1\.0\d*), y (1|0\.99\d|1\.0\d*): loss 0\.05\d*$/,
  );
  await page.getByRole("slider", { name: "contours" }).fill("30");
  await poll(() => contour.locator(".band").count()).toBeGreaterThan(20);
  await page.getByLabel("logarithmic").check();
  await poll(() => contour.locator(".bar text").allTextContents()).toContain("loss (logarithmic scale)");
  expect(complaints).toEqual([]);
  await page.close();
});

test("colours of the bands at named points", { timeout: 120_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "landscape");
  const svg = page.locator(".lowbit-land-contour svg").first();
  await poll(() => svg.locator(".band").count()).toBeGreaterThan(5);
  const box = await svg.locator(".plane").boundingBox();
  if (box === null) throw new Error("no plane");
  const fillAt = (x: number, y: number): Promise<string | null> =>
    page.evaluate(
      ([left, top]) => {
        const bands = document.elementsFromPoint(left as number, top as number).filter((one) => one.matches(".band"));
        return bands[0]?.getAttribute("fill") ?? null;
      },
      [box.x + x * box.width, box.y + (1 - y) * box.height],
    );
  const fills = await svg.locator(".band").evaluateAll((bands) => bands.map((band) => band.getAttribute("fill")));
  // In the valley the lowest band, in the corner the highest.
  expect(await fillAt(0.5, 0.34)).toBe(fills[0]);
  expect(await fillAt(0.004, 0.004)).toBe(fills[fills.length - 1]);
  await page.close();
});

test("gaps are shown and counted; a grid of 201 x 201 is contoured in the worker", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "landscape-gaps");
  const contour = page.locator(".lowbit-land-contour");
  await poll(() => contour.locator(".band").count()).toBeGreaterThan(5);
  expect(await page.locator(".lowbit-land-note").textContent()).toMatch(/^\d{4} values are not finite: gaps\.$/);
  const box = await contour.locator(".plane").boundingBox();
  if (box === null) throw new Error("no plane");
  const [x, y] = [box.x + 0.7 * box.width, box.y + 0.7 * box.height];
  const bands = (): Promise<number> =>
    page.evaluate(
      ([a, b]) => document.elementsFromPoint(a as number, b as number).filter((one) => one.matches(".band")).length,
      [x, y],
    );
  expect(await bands()).toBe(0);
  await page.mouse.move(x, y);
  await poll(() => page.getByRole("tooltip").textContent()).toContain("no value");
  expect(await page.getByRole("button", { name: "turn left" }).isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
});

test("without WebGL the contours stand alone, and the view says so", { timeout: 120_000 }, async (context) => {
  const init = (): void => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind.includes("webgl") ? null : (original as (...all: unknown[]) => unknown).call(this, kind, ...rest);
    } as typeof original;
  };
  const { page, complaints } = await open(need(context, chromium()), "landscape", { init });
  await poll(() => page.locator(".lowbit-land-note").textContent()).toContain("This page has no WebGL");
  await poll(() => page.locator(".lowbit-land-contour .band").count()).toBeGreaterThan(5);
  expect(await page.locator(".lowbit-land-surface").count()).toBe(0);
  await page.getByLabel("show").selectOption("surface");
  await poll(() => page.evaluate(() => lowbitPlayground.models.landscape?.get("shown"))).toBe("surface");
  expect(await page.locator(".lowbit-land-contour .band").first().isVisible()).toBe(true);
  expect(complaints).toEqual([]);
  await page.close();
});

test("what is hidden gives its WebGL context back", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "landscape-two");
  await surfaces(page, 2);
  await page.locator(".lowbit-land-surface canvas").evaluateAll((canvases) => {
    Object.assign(globalThis, {
      contexts: canvases.map((canvas) => (canvas as HTMLCanvasElement).getContext("webgl")),
    });
  });
  await page.getByLabel("show").selectOption("contour");
  const lost = (): Promise<unknown[]> =>
    page.evaluate(() =>
      (globalThis as unknown as { contexts: (WebGLRenderingContext | null)[] }).contexts.map(
        (one) => one?.isContextLost() ?? null,
      ),
    );
  await poll(lost).toEqual([true, true]);
  expect(await page.locator(".lowbit-land-surface").count()).toBe(0);
  await page.getByLabel("show").selectOption("both");
  await surfaces(page, 2);
  expect(complaints).toEqual([]);
  await page.close();
});

test("narrow: pictures stand below each other and inside their place", { timeout: 120_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "landscape-narrow", { width: 480 });
  await surfaces(page, 1);
  const [surface, contour] = await Promise.all(
    [".lowbit-land-surface", ".lowbit-land-contour svg"].map((name) => page.locator(name).first().boundingBox()),
  );
  if (!surface || !contour) throw new Error("no pictures");
  expect(contour.y).toBeGreaterThanOrEqual(surface.y + surface.height - 1);
  expect(contour.x + contour.width).toBeLessThanOrEqual(480);
  await page.close();
});
