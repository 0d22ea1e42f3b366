/** Pictures, formulas and charts: from a cell to what a person sees, with no network. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { eventually } from "../support/eventually.js";
import { recordContexts } from "../support/webgl.js";
import { type Lab, openLab } from "./browser.js";
import { notebook } from "./support.js";

const path = "rich.ipynb";
let lab: Lab | undefined;

afterAll(() => lab?.close());

declare const webglContexts: WebGLRenderingContext[];

test("pixels, LaTeX, Plotly, Vega-Lite and a display that is replaced", { timeout: 240_000 }, async (context) => {
  lab = await openLab(context);
  lab.app.file(
    path,
    JSON.stringify(
      notebook(
        'import { display, image, md, plotly, random, tex } from "lowbit";\nconst W = random.normal(random.key(1), [16, 24]);\nimage(W, { scale: 8, title: "weights" })',
        "tex`\\sum_{i} |w_i|`",
        'plotly({ data: [{ type: "heatmap", z: W }], layout: { title: { text: "A layer" }, height: 300 } })',
        'plotly({ data: [{ type: "surface", z: W }], layout: { height: 300 } })',
        '({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", data: { values: [{ a: 1 }, { a: 4 }] }, mark: "bar", encoding: { x: { field: "a", type: "ordinal" }, y: { field: "a", type: "quantitative" } } })',
        "({ data: new Uint8ClampedArray(4 * 64 * 32).fill(200), width: 64, height: 32 })",
        'display(md`**before**`, { displayId: "it" })',
        'display(md`**after**`, { displayId: "it", update: true })',
      ),
    ),
  );
  await lab.page.addInitScript(recordContexts);
  await lab.open(path);
  const { cell, page, run } = lab;
  for (let index = 0; index < 8; index++) await run(index);

  const pictureSize = (index: number): Promise<number[]> =>
    cell(index)
      .locator(".jp-OutputArea-output img")
      .evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]);
  await eventually(() => pictureSize(0)).toEqual([24 * 8, 16 * 8]);
  await eventually(() => pictureSize(5)).toEqual([64, 32]);
  await cell(1).locator("mjx-container").first().waitFor();
  await cell(2).locator(".lowbit-plotly .heatmaplayer image").waitFor({ state: "attached" });
  await eventually(() => cell(2).locator(".lowbit-plotly .gtitle").textContent()).toBe("A layer");
  await cell(3).locator(".lowbit-plotly .gl-container canvas").first().waitFor({ state: "attached" });
  await cell(4).locator(".vega-embed canvas, .vega-embed svg").first().waitFor();
  await eventually(() => cell(6).locator(".jp-OutputArea-output").textContent()).toContain("after");
  expect(await cell(7).locator(".jp-OutputArea-output").count()).toBe(0);
  expect(lab.complaints.filter((one) => one.startsWith("to:") || one.startsWith("page:"))).toEqual([]);

  // A chart is as wide as its place, also when that changes.
  const width = async (): Promise<number> => (await cell(2).locator(".main-svg").first().boundingBox())?.width ?? 0;
  const before = await width();
  await page.setViewportSize({ width: 900, height: 900 });
  await eventually(width).toBeLessThan(before - 100);

  // A figure that is drawn again gives back its WebGL context; Plotly keeps one more for pictures.
  for (let again = 0; again < 4; again++) {
    const [old] = await cell(3).locator(".lowbit-plotly").elementHandles();
    await run(3);
    await eventually(() => old?.evaluate((node) => node.isConnected)).toBe(false);
    await cell(3).locator(".lowbit-plotly .gl-container canvas").first().waitFor({ state: "attached" });
  }
  await eventually(() =>
    page.evaluate(() => webglContexts.filter((context) => !context.isContextLost()).length),
  ).toBeLessThanOrEqual(2);
  expect(await page.evaluate(() => webglContexts.length)).toBeGreaterThan(4);

  // What is saved has a picture beside the figure, for those who have no Plotly.
  const saved = (): { data?: Record<string, unknown> }[] => {
    const { cells } = JSON.parse(readFileSync(join((lab as Lab).app.root, path), "utf8")) as {
      cells: { outputs: { data?: Record<string, unknown> }[] }[];
    };
    return [2, 3, 4].map((index) => cells[index]?.outputs[0] ?? {});
  };
  await eventually(async () => {
    await lab?.command("docmanager:save");
    return saved().map(({ data = {} }) => Object.keys(data).sort());
  }).toEqual([
    ["application/vnd.plotly.v1+json", "image/png", "text/plain"],
    ["application/vnd.plotly.v1+json", "image/png", "text/plain"],
    ["application/vnd.vegalite.v5+json", "image/png", "text/plain"],
  ]);
});
