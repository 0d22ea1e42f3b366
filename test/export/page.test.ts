/** An exported page lives without kernel and network: opened from file:// in Chromium. */
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { exportPage } from "../../app/export/index.js";
import { chromium, need } from "../support/peers.js";
import { becomesLive, closeBrowser, openFile } from "./browser.js";
import { code, control, markdown, model, notebookOf, shows, showsWidget, writePage } from "./notebooks.js";

afterAll(closeBrowser);

const options = { folder: ".", name: "page" };

const base = (name: string, state: object = {}): object => model("@jupyter-widgets/base", name, state);

const layout = { layout: "IPY_MODEL_layout" };
const sliders = {
  layout: base("Layout"),
  style: control("SliderStyle", { _view_module: "@jupyter-widgets/base", _view_name: "StyleView" }),
  left: control("IntSlider", { ...layout, style: "IPY_MODEL_style", value: 3, max: 10, description: "left" }),
  right: control("IntSlider", { ...layout, style: "IPY_MODEL_style", value: 3, max: 10, description: "right" }),
  box: control("VBox", { ...layout, children: ["IPY_MODEL_left", "IPY_MODEL_right"] }),
};

/** 2 x 4 weights 0, 1, 2 … 7. */
const viewer = {
  ...model("lowbit", "Mask", {
    ...layout,
    _model_module_version: "^0.1.0",
    weights: { dtype: "float32", shape: [4, 4] },
    keep: 2,
    group: 4,
  }),
  buffers: [
    {
      path: ["weights", "data"],
      encoding: "base64",
      data: Buffer.from(Float32Array.from({ length: 16 }, (_, i) => i).buffer).toString("base64"),
    },
  ],
};

describe("widgets in a page", () => {
  test("a link moves one slider with the other, and the file asks for nothing", {
    timeout: 60_000,
  }, async (context) => {
    const link = control("Link", { source: ["IPY_MODEL_left", "value"], target: ["IPY_MODEL_right", "value"] });
    const notebook = notebookOf([code("box", showsWidget("box"))], { ...sliders, link });
    const opened = await openFile(need(context, chromium()), writePage(await exportPage(notebook, options)));
    await becomesLive(opened);
    const { page } = opened;
    await page.locator(".noUi-handle").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".widget-readout").allTextContents()).toEqual(["5", "5"]);
    expect([opened.complaints, opened.asked]).toEqual([[], []]);
    await page.close();
  });

  test("controls that only a closure answers to stay still, and the page says so", {
    timeout: 60_000,
  }, async (context) => {
    const cell = code("left.observe(draw);\nnew VBox([left, right])", showsWidget("box"));
    const notebook = notebookOf([cell], sliders);
    const opened = await openFile(need(context, chromium()), writePage(await exportPage(notebook, options)));
    await becomesLive(opened);
    const { page } = opened;
    expect(await page.getByRole("note").textContent()).toMatch(/^Still picture: .* runs in the kernel only/);
    await page.locator(".noUi-handle").first().focus();
    await page.keyboard.press("ArrowRight");
    const box = await page.locator(".noUi-target").first().boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    expect(await page.locator(".widget-readout").allTextContents()).toEqual(["3", "3"]);
    expect(await page.locator(".noUi-target[disabled]").count()).toBe(2);
    expect(opened.complaints).toEqual([]);
    await page.close();
  });

  test("the mask viewer computes: an edited weight changes the masks; a reload shows the saved state again", {
    timeout: 60_000,
  }, async (context) => {
    const notebook = notebookOf([code("viewer", showsWidget("viewer"))], { layout: base("Layout"), viewer });
    const opened = await openFile(need(context, chromium()), writePage(await exportPage(notebook, options)));
    await becomesLive(opened);
    const { page } = opened;
    const kept = async (): Promise<string> => (await page.locator(".lb-widget").innerText()).replace(/\s+/g, " ");
    const before = await kept();
    const cell = page.locator('[role="gridcell"][data-row="0"][data-column="1"]');
    const box = await cell.boundingBox();
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 60, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => cell.textContent()).not.toBe("1");
    await expect.poll(kept).not.toBe(before);
    await page.reload();
    await becomesLive(opened);
    expect(await cell.textContent()).toBe("1");
    expect(await kept()).toBe(before);
    expect([opened.complaints, opened.asked]).toEqual([[], []]);
    await page.close();
  });

  test("a widget of an unknown package keeps its picture and says why", { timeout: 60_000 }, async (context) => {
    const strange = model("strange-widgets", "Map", {});
    const notebook = notebookOf([code("map", showsWidget("strange", { "text/html": "<b>a map</b>" }))], { strange });
    const opened = await openFile(need(context, chromium()), writePage(await exportPage(notebook, options)));
    await becomesLive(opened);
    expect(await opened.page.locator(".lb-widget").innerText()).toBe(
      "a map\n\nThis widget stays a picture: widgets of strange-widgets are not in this page.",
    );
    expect(opened.asked).toEqual([]);
    await opened.page.close();
  });

  test("a Plotly figure is drawn by the smallest library that can", { timeout: 60_000 }, async (context) => {
    const figure = { data: [{ x: [1, 2, 3], y: [2, 6, 3] }], layout: { title: { text: "</script><b>three" } } };
    const notebook = notebookOf([code("plotly(figure)", shows({ "application/vnd.plotly.v1+json": figure }))]);
    const html = await exportPage(notebook, options);
    const opened = await openFile(need(context, chromium()), writePage(html));
    await becomesLive(opened);
    expect(await opened.page.locator(".lb-plot .scatterlayer .point").count()).toBe(3);
    expect(await opened.page.locator(".lb-plot .gtitle").textContent()).toContain("three");
    expect([opened.complaints, opened.asked]).toEqual([[], []]);
    expect(html.match(/data-piece="[^"]+"/g)).toEqual(['data-piece="runtime"', 'data-piece="plotly-cartesian"']);
    await opened.page.close();
  });

  test("every core control of the saved state is shown as itself", { timeout: 60_000 }, async (context) => {
    const checkbox = control("Checkbox", { ...layout, value: true, description: "agree" });
    const button = control("Button", { ...layout, description: "go", icon: "rocket" });
    const html = control("HTML", { ...layout, value: "<b>bold</b>" });
    const out = model("@jupyter-widgets/output", "Output", {
      ...layout,
      outputs: [{ output_type: "stream", name: "stdout", text: "printed" }],
    });
    const box = control("VBox", {
      ...layout,
      children: ["checkbox", "button", "html", "out"].map((id) => `IPY_MODEL_${id}`),
    });
    const models = { layout: base("Layout"), checkbox, button, html, out, box };
    const page_ = await exportPage(notebookOf([code("box", showsWidget("box"))], models), options);
    const opened = await openFile(need(context, chromium()), writePage(page_));
    await becomesLive(opened);
    const { page } = opened;
    expect(await page.getByRole("checkbox", { name: "agree" }).isChecked()).toBe(true);
    expect(await page.locator("b").textContent()).toBe("bold");
    expect(await page.locator(".jp-OutputArea-output").textContent()).toBe("printed");
    const icon = page.getByRole("button", { name: "go" }).locator("i");
    expect(await icon.evaluate((node) => getComputedStyle(node).maskImage)).toMatch(/^url\("data:image\/svg\+xml/);
    expect(opened.complaints).toEqual([]);
    await page.close();
  });
});

describe("the file", () => {
  test("text alone has no script; a static page has none either, and shows what it has", async () => {
    const cells = [markdown("# Text\n\n$x$"), code("box", showsWidget("box", { "image/svg+xml": "<svg/>" }))];
    for (const html of [
      await exportPage(notebookOf(cells.slice(0, 1)), options),
      await exportPage(notebookOf(cells, sliders), { ...options, static: true }),
    ]) {
      expect(/<script/i.test(html)).toBe(false);
      expect(html.includes("script-src 'none'")).toBe(true);
    }
    const html = await exportPage(notebookOf(cells, sliders), { ...options, static: true });
    expect(html).toMatch(/<div class="lb-still"><img class="lb-picture" src="data:image\/svg\+xml;base64,/);
  });

  test("is below 1.5 MB gzipped without plots, below 3 MB with all of them", async () => {
    const size = async (...outputs: object[]): Promise<number> =>
      gzipSync(await exportPage(notebookOf([code("box", ...outputs)], sliders), options)).length;
    const plot = (...types: string[]): object =>
      shows({ "application/vnd.plotly.v1+json": { data: types.map((type) => ({ type })) } });
    expect(await size(showsWidget("box"))).toBeLessThan(1_500_000);
    expect(await size(showsWidget("box"), plot("bar"), plot("surface"))).toBeLessThan(3_000_000);
    expect(await size(showsWidget("box"), plot("parcoords"))).toBeLessThan(3_000_000);
  });

  test("carries the notices of what is inside, and leaves out what nothing shows", async () => {
    const html = await exportPage(notebookOf([code("box", showsWidget("left"))], sliders), options);
    for (const name of ["@jupyter-widgets/controls", "@lumino/widgets", "fontawesome-free"]) {
      expect([name, html.includes(`${name} `)]).toEqual([name, true]);
    }
    const plot = shows({ "application/vnd.plotly.v1+json": { data: [{ type: "bar" }] } });
    const drawn = await exportPage(notebookOf([code("plot", plot)]), options);
    expect([html, drawn].map((text) => text.includes("plotly.js 4"))).toEqual([false, true]);
    const holder = /<script type="application\/vnd\.jupyter\.widget-state\+json">(.*?)<\/script>/s.exec(html);
    expect(Object.keys(JSON.parse(holder?.[1] ?? "{}").state).sort()).toEqual(["layout", "left", "style"]);
  });

  test("cells are left out, folded or shown without code as their tags say", async () => {
    const tagged = (...tags: string[]): object => ({
      ...code(tags.join(), shows({ "text/plain": `shown ${tags}` })),
      metadata: { tags },
    });
    const cells = ["remove-cell", "remove-input", "remove-output", "hide-input"].map((tag) => tagged(tag));
    const html = await exportPage(notebookOf(cells as never), options);
    const has = (text: string): boolean => html.includes(text);
    expect(["remove-cell", "shown remove-input", "shown remove-output", "<details"].map(has)).toEqual([
      false,
      true,
      false,
      true,
    ]);
    const bare = await exportPage(notebookOf(cells as never), { ...options, code: false });
    expect(bare).not.toContain('lb-source"');
  });
});
