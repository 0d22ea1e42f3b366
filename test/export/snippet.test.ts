/** One widget in somebody else's page. */
import type { Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { ExportError, exportSnippet } from "../../app/export/index.js";
import { chromium, need } from "../support/peers.js";
import { launch, openPage, serve } from "../widgets/browser.js";
import { becomesShown, closeBrowser, openFile } from "./browser.js";
import { code, control, model, notebookOf, showsWidget, writePage } from "./notebooks.js";

let browser: Browser | undefined;
const servers: Server[] = [];

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
  await closeBrowser();
});

const layout = { layout: "IPY_MODEL_layout" };
const ends = (other: string): object => ({
  source: ["IPY_MODEL_left", "value"],
  target: [`IPY_MODEL_${other}`, "value"],
});
const slider = (description: string): object =>
  control("IntSlider", { ...layout, style: "IPY_MODEL_style", value: 3, max: 10, description });
const models = {
  layout: model("@jupyter-widgets/base", "Layout", {}),
  style: control("SliderStyle", {
    _view_module: "@jupyter-widgets/base",
    _view_name: "StyleView",
    disabled: undefined,
  }),
  left: slider("left </script><!--"),
  right: slider("right"),
  box: control("VBox", { ...layout, children: ["IPY_MODEL_left", "IPY_MODEL_right"], disabled: undefined }),
  link: control("Link", ends("right")),
  other: control("Label", { ...layout, value: "another widget", disabled: undefined }),
};
const notebook = notebookOf([code("box", showsWidget("box")), code("other", showsWidget("other"))], models);

const frame = (body: string): string =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>${body}`;

test("is shown by each of its tags, alive, and beside another snippet", { timeout: 60_000 }, async (context) => {
  browser = await launch(need(context, chromium()));
  const [box, other] = await Promise.all([
    exportSnippet(notebook, { folder: ".", name: "box", widget: "1" }),
    exportSnippet(notebook, { folder: ".", name: "other", widget: "other" }),
  ]);
  const script = (name: string): string => `<script type="module" src="/${name}.js"></script>`;
  const tag = (name: string): string => `<lowbit-widget name="${name}"></lowbit-widget>`;
  const html = frame(`${tag("box")}<p>text</p>${script("box")}${script("other")}${tag("box")}${tag("other")}`);
  const files = {
    "/": ["text/html", html],
    "/box.js": ["text/javascript", box],
    "/other.js": ["text/javascript", other],
  };
  const { server, url } = await serve(files as never);
  servers.push(server);
  const { page, complaints } = await openPage(browser, url);
  const handles = page.locator(".noUi-handle");
  await expect.poll(() => handles.count()).toBe(4);
  await handles.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.locator(".widget-readout").allTextContents()).toEqual(["4", "4", "4", "4"]);
  await page.getByText("another widget").waitFor();
  // A tag that comes later is shown too; one that goes takes its view along.
  await page.evaluate(() => {
    document.querySelector("lowbit-widget")?.remove();
    const late = document.createElement("lowbit-widget");
    late.setAttribute("name", "other");
    late.setAttribute("theme", "dark");
    document.body.append(late);
  });
  await expect.poll(() => page.getByText("another widget").count()).toBe(2);
  await expect.poll(() => handles.count()).toBe(2);
  expect(complaints).toEqual([]);
  await page.close();
});

test("works inline in a file, without network", { timeout: 60_000 }, async (context) => {
  const module = await exportSnippet(notebook, { folder: ".", name: "box", widget: "box" });
  expect(module).not.toMatch(/<\/script/i);
  const file = writePage(frame(`<lowbit-widget></lowbit-widget><script type="module">${module}</script>`));
  const opened = await openFile(need(context, chromium()), file);
  await becomesShown(opened, ".noUi-handle");
  await opened.page.locator(".noUi-handle").first().focus();
  await opened.page.keyboard.press("ArrowRight");
  await expect.poll(() => opened.page.locator(".widget-readout").allTextContents()).toEqual(["4", "4"]);
  expect([opened.complaints, opened.asked]).toEqual([[], []]);
  await opened.page.close();
});

test("asks which widget, when there are several, and names them", async () => {
  const options = { folder: ".", name: "x" };
  await expect(exportSnippet(notebook, options)).rejects.toThrow(ExportError);
  await expect(exportSnippet(notebook, options)).rejects.toThrow(/1: VBoxModel box; 2: LabelModel other/);
  await expect(exportSnippet(notebook, { ...options, widget: "3" })).rejects.toThrow(/--widget 3/);
  await expect(exportSnippet(notebookOf([]), options)).rejects.toThrow(/: none$/);
});

test("holds the widget and its links, and nothing else of the notebook", async () => {
  const module = await exportSnippet(notebook, { folder: ".", name: "x", widget: "box" });
  expect(module).toContain('"link":');
  expect(module).not.toContain("another widget");
});
