/** Plotly in a view: the right bundle, in Chromium under a policy that forbids eval, in the page's colours, no leaks. */
import type { Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import type { plot as plotFunction } from "../../widgets/dom/plot.js";
import { giveContexts, takeContexts } from "../../widgets/dom/plot-contexts.js";
import { bundleFor } from "../../widgets/dom/plotly-library.js";
import { chromium, need } from "../support/peers.js";
import { recordContexts } from "../support/webgl.js";
import { bundleFiles, launch, openPage, serve } from "./browser.js";

declare const plot: typeof plotFunction;
declare const webglContexts: WebGLRenderingContext[];

const policy =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; connect-src 'self'";
const files: Record<string, readonly [string, string]> = {
  "/": [
    "text/html",
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="icon" href="data:,">
<body style="margin:0"><div id="a" style="width:600px;height:400px"></div><div id="b" style="width:600px;height:400px"></div>
<script type="module" src="/start.js"></script>`,
  ],
  "/start.js": ["text/javascript", 'import { plot } from "/lab.js"; Object.assign(globalThis, { plot });'],
};

let browser: Browser | undefined;
let served: { server: Server; url: string } | undefined;

afterAll(async () => {
  await browser?.close();
  served?.server.close();
});

async function start(path: string): Promise<{ page: Page; complaints: string[] }> {
  browser ??= await launch(path);
  served ??= await serve({ ...files, ...bundleFiles() });
  const opened = await openPage(browser, served.url, 800, recordContexts);
  await opened.page.waitForFunction(() => "plot" in globalThis);
  return opened;
}

test("a figure loads the smallest bundle that has all of its traces", () => {
  expect(bundleFor({})).toBe("cartesian");
  expect(bundleFor({ data: [{}, { type: "heatmap" }, { type: "histogram" }] })).toBe("cartesian");
  expect(bundleFor({ data: [{ type: "surface" }, { type: "scatter3d" }] })).toBe("spatial");
  expect(bundleFor({ data: [{ type: "surface" }, { type: "heatmap" }] })).toBe("whole");
  expect(bundleFor({ data: [{ type: "sankey" }] })).toBe("whole");
});

test("who is seen draws, at the cost of the oldest that is not needed", () => {
  const parked: number[] = [];
  const holders = Array.from({ length: 14 }, (_, index) => ({
    seen: false,
    needed: index === 0,
    contexts: () => 1,
    park: () => void parked.push(index),
  }));
  expect(holders.map((holder) => takeContexts(holder))).toEqual(holders.map((_, index) => index < 12));
  expect(takeContexts({ ...(holders[13] as (typeof holders)[0]), seen: true })).toBe(true);
  expect(parked).toEqual([1]); // the first is needed, so the second goes
  for (const holder of holders.slice(2, 4)) giveContexts(holder);
  expect(takeContexts(holders[12] as (typeof holders)[0])).toBe(true);
  expect(parked).toEqual([1]);
});

describe("in a page that forbids eval", () => {
  for (const [kind, file] of [
    ["cartesian", "plotly-cartesian"],
    ["spatial", "plotly-gl3d"],
    ["whole", "plotly-strict"],
  ] as const) {
    test(`the ${kind} bundle draws and loads nothing else`, { timeout: 60_000 }, async (context) => {
      const { page, complaints } = await start(need(context, chromium()));
      const loaded: string[] = [];
      page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
      const layers = await page.evaluate(async (bundle) => {
        const el = document.getElementById("a") as HTMLElement;
        const z = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)];
        const data =
          bundle === "cartesian"
            ? [{ type: "heatmap", z }, { y: Float64Array.of(0, 1, 0.5) }]
            : bundle === "spatial"
              ? [{ type: "surface", z }]
              : [
                  { type: "scattergl", y: Float64Array.of(0, 1, 0.5), mode: "markers" },
                  { type: "heatmap", z, xaxis: "x2", yaxis: "y2" },
                ];
        const handle = plot(el, { data, layout: { title: { text: "Loss" }, xaxis2: { domain: [0.6, 1] } } });
        await handle.ready;
        const { width, height } = el.querySelector(".main-svg")?.getBoundingClientRect() ?? {};
        return {
          label: el.getAttribute("aria-label"),
          role: el.getAttribute("role"),
          size: [width, height],
          heatmaps: el.querySelectorAll(".heatmaplayer image").length,
          lines: el.querySelectorAll(".scatterlayer .js-line").length,
          canvases: el.querySelectorAll("canvas").length,
        };
      }, kind);
      expect(layers).toMatchObject({ label: "Loss", role: "figure", size: [600, 400] });
      expect([layers.heatmaps, layers.lines]).toEqual(
        kind === "cartesian" ? [1, 1] : kind === "spatial" ? [0, 0] : [1, 0],
      );
      expect(layers.canvases > 0).toBe(kind !== "cartesian");
      expect(loaded.filter((path) => path.includes("plotly")).every((path) => path.includes(file))).toBe(true);
      expect(complaints).toEqual([]);
      await page.close();
    });
  }

  test("a heat map has its colours at named points, in the page's own text colour, light and dark", {
    timeout: 60_000,
  }, async (context) => {
    const { page, complaints } = await start(need(context, chromium()));
    const seen = await page.evaluate(async () => {
      const el = document.getElementById("a") as HTMLElement;
      const handle = plot(el, {
        data: [
          {
            type: "heatmap",
            z: [Float32Array.of(0, 1), Float32Array.of(1, 0)],
            colorscale: [
              [0, "#ff0000"],
              [1, "#0000ff"],
            ],
            showscale: false,
          },
        ],
        layout: { title: { text: "t" } },
      });
      await handle.ready;
      const colour = (): string => getComputedStyle(el.querySelector(".gtitle") as Element).fill;
      const light = colour();
      document.documentElement.dataset.theme = "dark";
      await new Promise<void>((resolve) => {
        const wait = (): void => (colour() === light ? void requestAnimationFrame(wait) : resolve());
        wait();
      });
      const box = (el.querySelector(".heatmaplayer image") as Element).getBoundingClientRect();
      const picture = new Image();
      picture.src = await handle.toImage({ width: 600, height: 400 });
      await picture.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [600, 400];
      const brush = canvas.getContext("2d") as CanvasRenderingContext2D;
      brush.drawImage(picture, 0, 0);
      const at = (x: number, y: number): number[] => [
        ...brush.getImageData(box.left + x * box.width, box.top + y * box.height, 1, 1).data,
      ];
      // z[0][0] is at the bottom left.
      return { light, dark: colour(), pixels: [at(0.25, 0.75), at(0.75, 0.75), at(0.25, 0.25), at(0.75, 0.25)] };
    });
    const [red, blue] = [
      [255, 0, 0, 255],
      [0, 0, 255, 255],
    ];
    expect(seen.pixels).toEqual([red, blue, blue, red]);
    expect([seen.light, seen.dark]).toEqual(["rgb(33, 33, 33)", "rgb(232, 232, 232)"]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("the newest figure wins, a zoom survives an update, and events come as plain data", {
    timeout: 60_000,
  }, async (context) => {
    const { page } = await start(need(context, chromium()));
    await page.evaluate(async () => {
      const el = document.getElementById("a") as HTMLElement;
      const line = (top: number): object => ({ data: [{ y: Float64Array.of(0, top, 0) }] });
      const handle = plot(el, line(1));
      const events: unknown[] = [];
      for (const name of ["click", "relayout"] as const) handle.on(name, (detail) => events.push([name, detail]));
      Object.assign(globalThis, { handle, line, events });
      await Promise.all([2, 3, 4].map((top) => handle.update(line(top))));
    });
    const shown = (): Promise<number[]> =>
      page.evaluate(() => [...(document.getElementById("a") as unknown as { data: { y: number[] }[] }).data[0]!.y]);
    expect(await shown()).toEqual([0, 4, 0]);
    const area = (await page.locator("#a .nsewdrag").first().boundingBox())!;
    await page.mouse.move(area.x + area.width * 0.25, area.y + 60);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.5, area.y + 65, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(() => (globalThis as unknown as { events: unknown[] }).events.length === 1);
    const range = await page.evaluate(async () => {
      const { handle, line, events } = globalThis as unknown as {
        handle: ReturnType<typeof plot>;
        line(top: number): object;
        events: [string, { layout: Record<string, number> }][];
      };
      await handle.update(line(5));
      const { xaxis } = (document.getElementById("a") as unknown as { layout: { xaxis: { range: number[] } } }).layout;
      return { event: JSON.parse(JSON.stringify(events[0])), shown: xaxis.range };
    });
    expect(range.event[0]).toBe("relayout");
    expect(range.shown).toEqual([range.event[1].layout["xaxis.range[0]"], range.event[1].layout["xaxis.range[1]"]]);
    expect(range.shown[0]).toBeGreaterThan(0);
    expect(range.shown[1]).toBeLessThan(1.5);
    await page.close();
  });

  test("of 20 surfaces in a long page, those that are seen are drawn, and no context is lost", {
    timeout: 400_000,
  }, async (context) => {
    const { page, complaints } = await start(need(context, chromium()));
    page.setDefaultTimeout(120_000);
    await page.evaluate(async () => {
      const figures = Array.from({ length: 20 }, (_, index) => {
        const el = document.createElement("div");
        el.className = "many";
        el.style.height = "400px";
        document.body.append(el);
        return plot(el, { data: [{ type: "surface", z: [Float32Array.of(1, 2, index), Float32Array.of(4, 5, 6)] }] });
      });
      await Promise.all(figures.map(({ ready }) => ready));
    });
    for (const index of [19, 0]) {
      const place = page.locator(".many").nth(index);
      await place.scrollIntoViewIfNeeded();
      await place.locator("canvas").first().waitFor();
      expect((await place.boundingBox())?.height).toBe(400);
    }
    expect(await page.locator(".many canvas").count()).toBeLessThanOrEqual(12);
    // A context that a figure gave back has left the page with its canvas; one that the browser took has not.
    const lost = await page.evaluate(
      () => webglContexts.filter((gl) => (gl.canvas as HTMLCanvasElement).isConnected && gl.isContextLost()).length,
    );
    expect(lost).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("40 figures drawn and taken away leave no context, no node and no class behind", {
    timeout: 400_000,
  }, async (context) => {
    const { page, complaints } = await start(need(context, chromium()));
    const left = await page.evaluate(async () => {
      const el = document.getElementById("b") as HTMLElement;
      for (let i = 0; i < 40; i++) {
        const z = [Float32Array.of(i, 2), Float32Array.of(4, 5)];
        const handle = plot(el, { data: [{ type: i % 2 === 0 ? "surface" : "heatmap", z }] });
        await handle.ready;
        handle.dispose();
        // Taken away before it is drawn.
        const other = plot(el, { data: [{ y: [1, 2] }] });
        other.dispose();
        await other.ready;
      }
      return [
        webglContexts.filter((one) => !one.isContextLost()).length <= 2,
        webglContexts.length >= 20,
        el.outerHTML,
      ];
    });
    expect(left.slice(0, 2)).toEqual([true, true]);
    expect(left[2]).not.toContain("svg");
    expect(left[2]).not.toContain("lowbit-plot");
    expect(complaints).toEqual([]);
    await page.close();
  });
});
