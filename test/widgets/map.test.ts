/** The map of a large mask, in the playground, driven as a person does; in Chromium. */
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { close, type OpenOptions, openMap, type PageModel } from "./playground.js";

declare const lowbitPlayground: { readonly models: Record<string, PageModel> };

afterAll(close);

const timeout = 60_000;

/** Where a weight is on the map while everything is shown. */
async function placeOf(page: Page, side: number, row: number, column: number): Promise<{ x: number; y: number }> {
  const [width, height] = await page
    .getByRole("application")
    .evaluate((node) => [node.clientWidth, node.clientHeight] as const);
  const scale = Math.min(width, height) / side;
  return {
    x: (width - side * scale) / 2 + (column + 0.5) * scale,
    y: (height - side * scale) / 2 + (row + 0.5) * scale,
  };
}

const noWebGl = (): void => {
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
    return kind === "webgl2" ? null : Reflect.apply(getContext, this, [kind, ...more]);
  } as typeof getContext;
};

test("a click chooses the tile, Shift with arrows moves it, and addresses are those of W, transposed or not", {
  timeout,
}, async (context) => {
  const { page, map, ready, complaints } = await openMap(context, "mask-large");
  await ready();
  await map.click({ position: await placeOf(page, 512, 2, 496) });
  await expect.poll(() => map.getAttribute("aria-label")).toContain("rows 0 to 15, columns 488 to 503");
  await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(() => map.getAttribute("aria-label")).toContain("rows 16 to 31, columns 488 to 503");
  const cell = (row: number): Promise<string | null> =>
    page.locator(`[role="gridcell"][data-row="${row}"][data-column="0"]`).getAttribute("aria-label");
  await expect.poll(() => cell(0)).toMatch(/^row 16, column 488: /);
  const shown = await cell(0);
  await page.getByRole("button", { name: "Transpose" }).click();
  await expect.poll(() => cell(1)).toMatch(/^row 16, column 489: /);
  const weight = await page.evaluate(() => lowbitPlayground.models["mask-large"]?.get("weights").data[16 * 512 + 488]);
  expect(Number(/: (\S+),/.exec(shown ?? "")?.[1])).toBeCloseTo(weight ?? Number.NaN, 2);
  expect(complaints).toEqual([]);
  await page.close();
});

test("a matrix that does not hold the tile any more is shown with another tile", { timeout }, async (context) => {
  const { page, seen, ready, complaints } = await openMap(context, "mask-large");
  await ready();
  await page.evaluate(() => {
    const weights = { data: new Float32Array(32 * 64).fill(1), shape: [32, 64], dtype: "float32" };
    lowbitPlayground.models["mask-large"]?.set({ weights });
  });
  await expect.poll(() => seen.textContent()).toContain("W: 32 x 64, this mask keeps 50.0 %");
  expect(await page.locator(".lowbit-explorer-problem").isVisible()).toBe(false);
  expect(await page.getByRole("application").getAttribute("aria-label")).toContain("rows 16 to 31, columns 48 to 63");
  expect(complaints).toEqual([]);
  await page.close();
});

test("the wheel zooms at the pointer, a drag moves, keys do the same, and Fit shows all again", {
  timeout,
}, async (context) => {
  const { page, map, seen, ready } = await openMap(context, "mask-large");
  await ready();
  const under = page.locator(".lowbit-mask-under");
  const fit = page.getByRole("button", { name: "show the whole matrix" });
  expect(await fit.isDisabled()).toBe(true);
  await map.hover({ position: await placeOf(page, 512, 100, 200) });
  await expect.poll(() => under.textContent()).toMatch(/^row 100, column 200: -?[\d.]+(e-\d+)?, (kept|pruned)$/);
  const there = await under.textContent();
  for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -300);
  await expect.poll(() => seen.textContent()).toContain("Seen: rows ");
  expect(await under.textContent()).toBe(there);
  const box = await map.boundingBox();
  if (box === null) throw new Error("no map");
  const zoomed = await seen.textContent();
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 150, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => seen.textContent()).not.toBe(zoomed);
  // A drag is no click: the tile stays.
  expect(await map.getAttribute("aria-label")).toContain("rows 64 to 79, columns 256 to 271");
  await map.focus();
  const dragged = await seen.textContent();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => seen.textContent()).not.toBe(dragged);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => seen.textContent()).toBe(dragged);
  await page.keyboard.press("Enter");
  await expect.poll(() => map.getAttribute("aria-label")).not.toContain("rows 64 to 79, columns 256 to 271");
  await page.keyboard.press("Home");
  await expect.poll(() => fit.isDisabled()).toBe(true);
  await page.keyboard.press("+");
  await expect.poll(() => fit.isDisabled()).toBe(false);
  await page.close();
});

describe("what draws", () => {
  test("is WebGL2 where it is to be had", { timeout }, async (context) => {
    const { page, map, ready } = await openMap(context, "mask-large");
    await ready();
    expect(await map.getAttribute("data-painter")).toBe("webgl2");
    await page.close();
  });

  test("without WebGL2 is an ordinary canvas, and both draw the same", { timeout }, async (context) => {
    /** The pixels of the map, read in the task in which they are drawn. */
    const read = async (options: OpenOptions): Promise<{ painter: string | null; pixels: Buffer }> => {
      const { page, map, ready } = await openMap(context, "mask-large", options);
      await ready();
      await map.hover({ position: await placeOf(page, 512, 100, 200) });
      await page.mouse.wheel(0, -500);
      await expect.poll(() => page.locator(".lowbit-mask-seen").textContent()).toContain("Seen:");
      const pixels = await map.evaluate(
        (node) =>
          new Promise<string>((resolve) => {
            // The view draws in a frame that it asks for when the pointer moves; this one comes right after.
            node.dispatchEvent(new PointerEvent("pointermove", { clientX: 0, clientY: 0 }));
            requestAnimationFrame(() => {
              const canvas = node.querySelector("canvas") as HTMLCanvasElement;
              const copy = document.createElement("canvas");
              [copy.width, copy.height] = [canvas.width, canvas.height];
              const context = copy.getContext("2d") as CanvasRenderingContext2D;
              context.drawImage(canvas, 0, 0);
              const { data } = context.getImageData(0, 0, copy.width, copy.height);
              let text = "";
              for (let i = 0; i < data.length; i += 4096) text += String.fromCharCode(...data.subarray(i, i + 4096));
              resolve(btoa(text));
            });
          }),
      );
      const painter = await map.getAttribute("data-painter");
      await page.close();
      return { painter, pixels: Buffer.from(pixels, "base64") };
    };
    const [gl, canvas] = [await read({}), await read({ init: noWebGl })];
    expect([gl.painter, canvas.painter, gl.pixels.length]).toEqual(["webgl2", "canvas", canvas.pixels.length]);
    expect(new Set(gl.pixels).size).toBeGreaterThan(50);
    // Where a pixel lies on the border of two cells the two may round to different ones.
    const different = gl.pixels.filter((value, i) => Math.abs(value - (canvas.pixels[i] as number)) > 2).length;
    expect(different / gl.pixels.length).toBeLessThan(0.005);
  });

  test("goes on with an ordinary canvas when the context is lost, and back when it is restored", {
    timeout,
  }, async (context) => {
    const { page, map, ready } = await openMap(context, "mask-large");
    await ready();
    const canvas = await map.locator("canvas").first().elementHandle();
    const lose = await page.evaluateHandle(
      (node) => (node as HTMLCanvasElement).getContext("webgl2")?.getExtension("WEBGL_lose_context"),
      canvas,
    );
    await lose.evaluate((extension) => extension?.loseContext());
    await expect.poll(() => map.getAttribute("data-painter")).toBe("canvas");
    expect(await map.locator("canvas").count()).toBe(2);
    await lose.evaluate((extension) => extension?.restoreContext());
    await expect.poll(() => map.getAttribute("data-painter")).toBe("webgl2");
    expect(await map.locator("canvas").count()).toBe(2);
    await page.close();
  });
});
