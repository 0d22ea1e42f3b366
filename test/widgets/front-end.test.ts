/** Both halves together: our kernel half, Jupyter's own widget manager and controls, our view; in Chromium. */

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { closeFrontEnd, openFrontEnd, own, type Tools } from "./front-end/open.js";

declare const tools: Tools;

afterAll(closeFrontEnd);

describe("in Jupyter's own front end", () => {
  test("every core control is created and shown without a complaint", { timeout: 60_000 }, async (context) => {
    const { page, complaints } = await openFrontEnd(need(context, chromium()));
    const shown = await page.evaluate(async () => {
      const names: string[] = [];
      for (const [model, make] of tools.widgets.controls) {
        const widget = make();
        const view = (widget.encodedState().state as { _view_name: string | null })._view_name;
        // Styles have no view of their own; the page has no gamepad.
        if (view === "StyleView" || /^Controller/.test(model.name)) continue;
        const el = await tools.show(widget);
        if (el.firstElementChild === null || el.textContent?.includes("Failed"))
          throw new Error(`${model.name} is not shown`);
        names.push(model.name);
      }
      return names;
    });
    expect(shown).toHaveLength(51);
    expect(own(complaints)).toEqual([]);
    await page.close();
  });

  test("a slider moved in the page moves in the kernel, and what an observer sets comes back", {
    timeout: 60_000,
  }, async (context) => {
    const { page } = await openFrontEnd(need(context, chromium()));
    await page.evaluate(async () => {
      const slider = new tools.widgets.IntSlider({ value: 3, max: 10, description: "bits" });
      const label = new tools.widgets.Label({ value: "3" });
      slider.observe(({ value }) => {
        label.value = `now ${value}`;
      }, "value");
      Object.assign(globalThis, { slider });
      await tools.show(new tools.widgets.VBox([slider, label]));
    });
    const handle = page.locator(".noUi-handle");
    await handle.focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText("now 4").waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { slider: { value: number } }).slider.value)).toBe(4);
    await page.close();
  });

  test("the mask viewer: edits reach the kernel, the kernel's changes reach both views", {
    timeout: 60_000,
  }, async (context) => {
    const { page, complaints } = await openFrontEnd(need(context, chromium()));
    await page.evaluate(async () => {
      const viewer = new tools.widgets.MaskViewer({
        weights: [
          [4, 3, 2, 1],
          [1, 4, 3, 2],
          [2, 1, 4, 3],
          [3, 2, 1, 4],
        ],
      });
      Object.assign(globalThis, { viewer });
      await tools.show(viewer);
      await tools.show(viewer);
    });
    const cells = page.locator('[role="gridcell"][data-row="1"][data-column="2"]');
    await cells.first().focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press("+");
    await expect.poll(() => cells.nth(1).textContent()).toBe("6");
    const weight = (): Promise<number> =>
      page.evaluate(
        () =>
          (globalThis as unknown as { viewer: { weights: { data: Float32Array } } }).viewer.weights.data[6] as number,
      );
    await expect.poll(weight).toBe(6);
    await page.evaluate(() => {
      const { viewer } = globalThis as unknown as { viewer: InstanceType<Tools["widgets"]["MaskViewer"]> };
      viewer.set({ weights: viewer.weights, shown: "row", transposed: true });
      viewer.weights = [
        [1, 2],
        [3, 4],
      ]
        .map((row) => [...row, ...row])
        .flatMap((row) => [row, row]);
    });
    for (const view of [0, 1]) {
      await expect
        .poll(() => page.locator('[role="gridcell"][data-row="1"][data-column="0"]').nth(view).textContent())
        .toBe("2");
      await expect.poll(() => page.getByRole("radio", { name: "Row-wise" }).nth(view).isChecked()).toBe(true);
    }
    expect(own(complaints)).toEqual([]);
    await page.close();
  });

  test("a reloaded page gets every widget back through the control comm, edits included", {
    timeout: 60_000,
  }, async (context) => {
    const { page, complaints } = await openFrontEnd(need(context, chromium()));
    await page.evaluate(async () => {
      const viewer = new tools.widgets.MaskViewer({ weights: Array(12).fill(Array(8).fill(0.5)) });
      viewer.weights = { ...viewer.weights, data: viewer.weights.data.map((_, i) => i) as Float32Array };
      await tools.reload();
      await tools.show(viewer);
    });
    expect(await page.locator('[role="gridcell"][data-row="11"][data-column="7"]').textContent()).toBe("95");
    expect(own(complaints)).toEqual([]);
    await page.close();
  });

  test("the bundle says who it is and has both classes of every widget", { timeout: 60_000 }, async (context) => {
    const { page } = await openFrontEnd(need(context, chromium()));
    expect(await page.evaluate(() => [tools.moduleName, tools.moduleVersion, Object.keys(tools.exports)])).toEqual([
      "lowbit",
      JSON.parse(readFileSync("package.json", "utf8")).version,
      expect.arrayContaining(
        ["Mask", "LognormalFit", "FormatMicroscope", "LossLandscape", "Figure"].flatMap((name) => [
          `${name}Model`,
          `${name}View`,
        ]),
      ),
    ]);
    await page.close();
  });
});
