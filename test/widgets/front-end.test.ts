/** Both halves together: our kernel half, Jupyter's own widget manager and controls, our view; in Chromium. */

import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { bundleFiles, launch, openPage, serve } from "./browser.js";

/** What page.ts puts on the page's globalThis; loosely typed, because it is used on the other side. */
interface Tools {
  readonly widgets: typeof import("../../widgets/index.js");
  readonly host: { readonly traffic: { from: string; data: { method?: string; state?: object }; bytes: number }[] };
  readonly moduleName: string;
  readonly moduleVersion: string;
  readonly exports: object;
  show(widget: unknown): Promise<HTMLElement>;
  saved(): Promise<{ state: Record<string, { model_name: string; state: object; buffers?: unknown[] }> }>;
  reload(): Promise<void>;
  open(state: unknown): Promise<void>;
}
declare const tools: Tools;

let browser: Browser | undefined;
let server: Server | undefined;
let url = "";

async function startPage(path: string): Promise<{ page: Page; complaints: string[] }> {
  browser ??= await launch(path);
  if (server === undefined) ({ server, url } = await serve(await pageFiles()));
  const opened = await openPage(browser, url);
  await opened.page
    .waitForFunction(() => "tools" in globalThis, undefined, { timeout: 15_000 })
    .catch(() => {
      throw new Error(`the page did not start: ${opened.complaints.join("; ")}`);
    });
  return opened;
}

/** What the page complains of without being at fault. */
const known = [
  "strict mode: use allowUnionTypes", // the manager's schema validator, each time it reads a saved state
  "Failed to load resource: net::ERR_REQUEST_RANGE_NOT_SATISFIABLE", // a player of no bytes
];

function own(complaints: readonly string[]): string[] {
  return complaints.filter((text) => !known.some((start) => text.startsWith(start)));
}

async function pageFiles(): Promise<Record<string, readonly [string, string]>> {
  const outside = Object.fromEntries(
    [".css", ".svg", ".ttf", ".woff", ".woff2", ".eot"].map((ext) => [ext, "empty" as const]),
  );
  const result = await build({
    entryPoints: ["test/widgets/front-end/page.ts"],
    bundle: true,
    write: false,
    format: "esm",
    external: ["/lab.js"],
    loader: outside,
    define: { "process.env.NODE_DEBUG": "false", "process.env.NODE_ENV": '"production"' },
    banner: { js: 'var __webpack_public_path__ = "";' },
    logLevel: "error",
  });
  const html = '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/page.js"></script>';
  return {
    "/": ["text/html", html],
    "/page.js": ["text/javascript", result.outputFiles[0]?.text ?? ""],
    ...bundleFiles(),
  };
}

afterAll(async () => {
  await browser?.close();
  server?.close();
});

describe("in Jupyter's own front end", () => {
  test("every core control is created and shown without a complaint", { timeout: 60_000 }, async (context) => {
    const { page, complaints } = await startPage(need(context, chromium()));
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
    const { page } = await startPage(need(context, chromium()));
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
    const { page, complaints } = await startPage(need(context, chromium()));
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
    const { page, complaints } = await startPage(need(context, chromium()));
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

  test("small weights are saved with the notebook, large ones are not and the page says so", {
    timeout: 60_000,
  }, async (context) => {
    const { page, complaints } = await startPage(need(context, chromium()));
    const saved = await page.evaluate(async () => {
      const viewers = [
        new tools.widgets.MaskViewer({
          weights: { data: new Float32Array(512 * 512).fill(1), shape: [512, 512], dtype: "float32" },
        }),
        new tools.widgets.MaskViewer({
          weights: { data: new Float64Array(512 * 512).fill(1), shape: [512, 512], dtype: "float64" },
        }),
      ];
      for (const viewer of viewers) await tools.show(viewer);
      const state = await tools.saved();
      await tools.open(state);
      for (const viewer of viewers) await tools.show(viewer);
      return viewers.map(({ id }) => ({
        buffers: state.state[id]?.buffers?.length ?? 0,
        keys: Object.keys(state.state[id]?.state ?? {}),
      }));
    });
    expect(saved.map(({ buffers }) => buffers)).toEqual([1, 0]);
    expect(saved.map(({ keys }) => keys.includes("_unsaved"))).toEqual([false, true]);
    expect(await page.getByRole("application").count()).toBe(1);
    expect(await page.getByRole("note").textContent()).toBe(
      "The weights of this widget are too large to be saved with the notebook. Run the cell again.",
    );
    expect(own(complaints)).toEqual([]);
    await page.close();
  });

  test("the bundle says who it is and has both classes of every widget", { timeout: 60_000 }, async (context) => {
    const { page } = await startPage(need(context, chromium()));
    expect(await page.evaluate(() => [tools.moduleName, tools.moduleVersion, Object.keys(tools.exports)])).toEqual([
      "lowbit",
      JSON.parse(readFileSync("package.json", "utf8")).version,
      ["MaskModel", "MaskView"],
    ]);
    await page.close();
  });
});
