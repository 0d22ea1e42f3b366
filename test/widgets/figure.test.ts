/** The figure in Jupyter's own front end: what the kernel half changes is drawn, what a person does comes back. */
import { afterAll, describe, expect, test } from "vitest";
import type { Figure } from "../../widgets/index.js";
import { chromium, need } from "../support/peers.js";
import { closeFrontEnd, openFrontEnd, own, type SavedModel, type Tools } from "./front-end/open.js";

declare const tools: Tools;
/** What the tests keep on the page. */
declare const figure: Figure;
declare const events: [string, unknown][];

type GraphNode = HTMLElement & { data: { y: Float64Array; visible?: string }[]; layout: Record<string, never> };

afterAll(closeFrontEnd);

describe("a figure", () => {
  test("shows what the kernel half changes, in both of its views", { timeout: 60_000 }, async (context) => {
    const { page, complaints } = await openFrontEnd(need(context, chromium()));
    await page.evaluate(async () => {
      const figure = new tools.widgets.Figure({
        data: [{ name: "loss", y: Float32Array.of(3, 2, 1) }],
        layout: { title: { text: "before" }, height: 300 },
      });
      Object.assign(globalThis, { figure });
      await tools.show(figure);
      await tools.show(figure);
    });
    const lines = page.locator(".lowbit-figure .scatterlayer .js-line");
    await expect.poll(() => lines.count()).toBe(2);
    await page.evaluate(() => {
      tools.widgets.batch(() => {
        figure.extendTraces({ y: [[0.5, 0.25]] }, [0]);
        figure.addTraces({ name: "second", y: [1, 1, 1, 1, 1] });
        figure.restyle({ "line.color": ["#ff0000"] }, [0]);
        figure.relayout({ "title.text": "after" });
      });
    });
    await expect.poll(() => lines.count()).toBe(4);
    await expect.poll(() => page.locator(".gtitle").allTextContents()).toEqual(["after", "after"]);
    const seen = await page.evaluate(() =>
      [...document.querySelectorAll(".lowbit-plot")].map((node) => ({
        y: [...((node as GraphNode).data[0]?.y ?? [])],
        red: getComputedStyle(node.querySelector(".js-line") as Element).stroke,
      })),
    );
    const one = { y: [3, 2, 1, 0.5, 0.25], red: "rgb(255, 0, 0)" };
    expect(seen).toEqual([one, one]);
    // Numbers travelled as bytes: no message holds them as JSON.
    const first = await page.evaluate(() => tools.host.traffic.find(({ bytes }) => bytes === 12) !== undefined);
    expect(first).toBe(true);
    expect(own(complaints)).toEqual([]);
    await page.close();
  });

  test("tells of a zoom, a click and the legend, and keeps its views and the kernel half the same without a loop", {
    timeout: 60_000,
  }, async (context) => {
    const { page } = await openFrontEnd(need(context, chromium()));
    await page.evaluate(async () => {
      const figure = new tools.widgets.Figure({
        data: [
          { name: "a", y: [1, 3, 2], mode: "lines+markers" },
          { name: "b", y: [2, 1, 3], mode: "lines+markers" },
        ],
        layout: { height: 300, hovermode: "closest" },
      });
      const events: [string, unknown][] = [];
      for (const name of ["relayout", "click", "restyle"] as const)
        figure.on(name, (detail) => events.push([name, detail]));
      Object.assign(globalThis, { figure, events });
      await tools.show(figure);
      await tools.show(figure);
    });
    await expect.poll(() => page.locator(".scatterlayer .points path").count()).toBe(12);
    const point = page
      .locator(".lowbit-figure")
      .first()
      .locator(".scatterlayer .trace")
      .first()
      .locator(".points path")
      .nth(1);
    const at = (await point.boundingBox())!;
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
    await expect.poll(() => page.locator(".hoverlayer .hovertext").count()).toBeGreaterThan(0);
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => page.evaluate(() => events.length)).toBe(1);
    expect(await page.evaluate(() => events[0])).toEqual(["click", { points: [{ trace: 0, index: 1, x: 1, y: 3 }] }]);

    const area = (await page.locator(".nsewdrag").first().boundingBox())!;
    await page.mouse.move(area.x + area.width * 0.2, area.y + area.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.6, area.y + area.height * 0.8, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.evaluate(() => events.length)).toBe(2);
    const ranges = (): Promise<unknown[]> =>
      page.evaluate(() => [
        (figure.plotLayout.xaxis as { range: number[] }).range,
        ...[...document.querySelectorAll(".lowbit-plot")].map(
          (node) => (node as GraphNode as unknown as { layout: { xaxis: { range: number[] } } }).layout.xaxis.range,
        ),
      ]);
    await expect.poll(async () => new Set((await ranges()).map((range) => JSON.stringify(range))).size).toBe(1);
    const [zoomed] = (await ranges()) as [number[]];
    expect(zoomed[0]).toBeGreaterThan(-0.5);
    expect(zoomed[1]).toBeLessThan(2);
    expect(await page.evaluate(() => [figure.plotLayout.height, events[1]?.[0]])).toEqual([300, "relayout"]);

    await page.locator(".lowbit-figure").nth(1).locator(".legendtoggle").nth(1).click();
    await expect.poll(() => page.evaluate(() => figure.data[1]?.visible)).toBe("legendonly");
    await expect.poll(() => page.locator(".scatterlayer .js-line").count()).toBe(2);
    // No view answers another's change with one of its own.
    const sent = await page.evaluate(async () => {
      for (let i = 0; i < 5; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
      return tools.host.traffic.filter(
        ({ from, data }) => from === "front end" && data.method === "update" && "plotLayout" in (data.state ?? {}),
      ).length;
    });
    expect(sent).toBe(1);
    await page.close();
  });

  test("gives a picture of itself to the kernel half", { timeout: 60_000 }, async (context) => {
    const { page } = await openFrontEnd(need(context, chromium()));
    const picture = await page.evaluate(async () => {
      const figure = new tools.widgets.Figure({ data: [{ type: "heatmap", z: [[1, 2]] }] });
      await tools.show(figure);
      const png = await figure.toImage({ width: 320, height: 200 });
      const svg = await figure.toImage({ format: "svg" });
      const image = new Image();
      image.src = png.url;
      await image.decode();
      const shown = (value: object): string[] =>
        Object.keys((value as Record<symbol, () => object>)[Symbol.for("Jupyter.display")]?.() ?? {});
      const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 200 });
      const context = canvas.getContext("2d");
      context?.drawImage(image, 0, 0);
      const corner = [...(context?.getImageData(1, 1, 1, 1).data ?? [])];
      return [
        corner.join(),
        png.mimeType,
        image.naturalWidth,
        image.naturalHeight,
        svg.mimeType,
        shown(png),
        shown(svg),
      ];
    });
    expect(picture).toEqual([
      "255,255,255,255",
      "image/png",
      320,
      200,
      "image/svg+xml",
      ["image/png", "text/plain"],
      ["image/svg+xml", "text/plain"],
    ]);
    const refused = await page.evaluate(() =>
      new tools.widgets.Figure().toImage({ timeout: 0.05 }).catch((error: Error) => error.message),
    );
    expect(refused).toBe("Figure.toImage: no answer in 0.05 s, expected a page that shows the figure");
    await page.close();
  });

  test("leaves nothing behind after 200 updates and when its view goes", { timeout: 120_000 }, async (context) => {
    const { page } = await openFrontEnd(need(context, chromium()));
    const counts = await page.evaluate(async () => {
      const figure = new tools.widgets.Figure({ data: [{ y: [1, 2, 3] }] });
      const el = await tools.show(figure);
      const settled = (last: number): Promise<void> =>
        new Promise((resolve) => {
          const wait = (): void => {
            const y = el.querySelector<GraphNode>(".lowbit-plot")?.data?.[0]?.y ?? new Float64Array(0);
            if (y[y.length - 1] === last) resolve();
            else requestAnimationFrame(wait);
          };
          wait();
        });
      const seen: number[] = [];
      for (let i = 0; i < 200; i++) {
        figure.extendTraces({ y: [[100 + i]] }, [0], 3);
        if (i % 10 === 9) await settled(100 + i);
        if (i === 19 || i === 199) seen.push(document.querySelectorAll("*").length);
      }
      return {
        seen,
        edits: figure.get("edits").length,
        points: [...(el.querySelector<GraphNode>(".lowbit-plot")?.data[0]?.y ?? [])],
      };
    });
    expect(counts.seen[1]).toBe(counts.seen[0]);
    expect(counts.points).toEqual([297, 298, 299]);
    await page.close();
  });

  test("a large one is saved with fewer points and says so; without a kernel its legend still works", {
    timeout: 60_000,
  }, async (context) => {
    const { page, complaints } = await openFrontEnd(need(context, chromium()));
    const saved = await page.evaluate(async () => {
      const y = Float64Array.from({ length: 400_000 }, (_, i) => Math.sin(i / 1000));
      y[123_456] = 50;
      const figure = new tools.widgets.Figure({
        data: [
          { name: "wave", y },
          { name: "flat", y: [0, 0] },
        ],
      });
      const drawn = new tools.widgets.Figure({
        data: [{ type: "heatmap", z: tools.random.normal(tools.random.key(1), [600, 600]) }],
      });
      for (const one of [figure, drawn]) await tools.show(one);
      const first = JSON.stringify(await tools.saved());
      await tools.open(JSON.parse(first));
      const again = await tools.saved();
      const { state } = JSON.parse(first) as Awaited<ReturnType<Tools["saved"]>>;
      await tools.showModel(figure.id);
      await tools.showModel(drawn.id);
      return [figure.id, drawn.id].map((id) => [state[id], again.state[id]] as [SavedModel, SavedModel]);
    });
    const size = ({ buffers = [] }: SavedModel): number =>
      buffers.reduce((sum, { data }) => sum + Buffer.from(data, "base64").length, 0);
    expect(size(saved[0]![0])).toBeLessThanOrEqual(2 ** 20);
    expect(size(saved[0]![0])).toBeGreaterThan(2 ** 19);
    expect(size(saved[1]![0])).toBe(0);
    expect(size(saved[0]![1])).toBe(size(saved[0]![0]));
    expect(await page.getByRole("note").first().textContent()).toBe(
      "Saved preview (wave: 65,536 of 400,000 points). Run the cell again for all of it.",
    );
    const node = page.locator(".lowbit-plot").first();
    await expect.poll(() => page.locator(".lowbit-figure").first().locator(".scatterlayer .trace").count()).toBe(2);
    const peak = await node.evaluate((el) => {
      const { x, y } = (el as unknown as { data: { x: number[]; y: number[] }[] }).data[0]!;
      const place = y.indexOf(50);
      return [y.length, x[place]];
    });
    expect(peak).toEqual([65_536, 123_456]);
    await page.locator(".lowbit-figure").first().locator(".legendtoggle").nth(1).click();
    await expect.poll(() => page.locator(".lowbit-figure").first().locator(".scatterlayer .trace").count()).toBe(1);
    await page.locator(".lowbit-figure").nth(1).locator(".heatmaplayer image").waitFor({ state: "attached" });
    expect(own(complaints)).toEqual([]);
    await page.close();
  });
});
