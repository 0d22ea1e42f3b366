/** The AMD module as html-manager loads it: from saved state, with no kernel, and with no server but our own. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";
import { chromium } from "../support/peers.js";
import { launch } from "./browser.js";

const require = createRequire(import.meta.url);
const stateType = "application/vnd.jupyter.widget-state+json";
const viewType = "application/vnd.jupyter.widget-view+json";
const chromiumPeer = chromium();

interface Notebook {
  readonly metadata: { readonly widgets: Readonly<Record<string, object>> };
  readonly cells: readonly { readonly outputs: readonly { readonly data: Readonly<Record<string, object>> }[] }[];
}

/** Runs a cell and returns the widgets' state and the view of its output. */
function runCell(source: string): { readonly state: object; readonly view: object } {
  const file = join(emptyFolder(), "n.ipynb");
  const cell = { cell_type: "code", id: "a", metadata: {}, source, outputs: [], execution_count: null };
  writeFileSync(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }));
  execFileSync(process.execPath, [join(root, "bin", "lowbit.js"), "run", file, "-o", file], { stdio: "pipe" });
  const notebook = JSON.parse(readFileSync(file, "utf8")) as Notebook;
  return {
    state: notebook.metadata.widgets[stateType] as object,
    view: notebook.cells[0]?.outputs[0]?.data[viewType] as object,
  };
}

/** The page that nbconvert and `ipywidgets.embed` write, with its scripts and its CDN on our own server. */
function pageOf({ state, view }: ReturnType<typeof runCell>): string {
  const script = (type: string, content: object): string =>
    `<script type="${type}">${JSON.stringify(content).replaceAll("<", "\\u003c")}</script>`;
  return [
    '<!doctype html><meta charset="utf-8"><script src="/require.js"></script>',
    '<script src="/manager/embed-amd.js" data-jupyter-widgets-cdn="/npm/" data-jupyter-widgets-cdn-only></script>',
    `${script(stateType, state)}<div id="here">${script(viewType, view)}</div>`,
  ].join("\n");
}

/** Serves the page, and files below folders under a path each. */
function serve(html: string): Promise<Server> {
  const folders: Readonly<Record<string, string>> = {
    "/manager/": dirnameOf("@jupyter-widgets/html-manager/dist/embed-amd.js"),
    "/npm/lowbit@^0.1.0/dist/": join(root, "dist"),
  };
  const server = createServer(({ url = "/" }, response) => {
    const path = decodeURIComponent(url);
    if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end(html);
    const [at, folder] = Object.entries(folders).find(([prefix]) => path.startsWith(prefix)) ?? [];
    const file =
      at === undefined ? require.resolve("requirejs/require.js") : join(folder as string, path.slice(at.length));
    try {
      const text = readFileSync(file);
      return response.writeHead(200, { "content-type": file.endsWith(".js") ? "text/javascript" : "" }).end(text);
    } catch {
      return response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function dirnameOf(file: string): string {
  return join(require.resolve(file), "..");
}

let browser: Browser | undefined;
let server: Server | undefined;
let page: Page;
const asked: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  if (!("path" in chromiumPeer)) return;
  const source = [
    'import { random } from "lowbit";',
    'import { figure, MaskViewer, VBox } from "lowbit/widgets";',
    "const mask = new MaskViewer({ weights: random.normal(random.key(1), [8, 12]), keep: 2, group: 4 });",
    'new VBox([mask, figure([{ y: [1, 4, 9] }], { title: { text: "squares" } })])',
  ].join("\n");
  server = await serve(pageOf(runCell(source)));
  browser = await launch(chromiumPeer.path);
  page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  page.on("pageerror", ({ message }) => errors.push(message));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await page.route("**/*", (route) => {
    const url = route.request().url();
    asked.push(url.startsWith(home) ? url.slice(home.length) : `elsewhere: ${url}`);
    return asked.at(-1)?.startsWith("elsewhere") ? route.abort() : route.continue();
  });
  await page.goto(home);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});
beforeEach((context) => {
  if (!("reason" in chromiumPeer)) return;
  if (process.env.CI === "true") throw new Error(`a peer is missing: ${chromiumPeer.reason}`);
  context.skip(chromiumPeer.reason);
});

test("defines an anonymous module of the widgets' classes that asks for @jupyter-widgets/base alone", () => {
  const defined: unknown[][] = [];
  new Function("define", readFileSync(join(root, "dist", "index.js"), "utf8"))((...args: unknown[]) =>
    defined.push(args),
  );
  expect(defined).toEqual([[["@jupyter-widgets/base"], expect.any(Function)]]);
});

test("html-manager finds it by name and version, shows the mask, and it computes when a weight is changed", async () => {
  const weight = (index: number): Locator => page.locator("#here .lowbit-mask-grid [role=gridcell]").nth(index);
  await weight(95).waitFor();
  expect(asked.filter((path) => path.startsWith("npm/")).map(decodeURIComponent)[0]).toBe(
    "npm/lowbit@^0.1.0/dist/index.js",
  );
  const kept = page.locator("#here tr", { hasText: "Transposable optimum" });
  const before = await kept.textContent();
  await weight(0).click();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("25");
  await page.keyboard.press("Enter");
  await expect.poll(() => kept.textContent()).not.toBe(before);
  expect(await weight(0).textContent()).toContain("25");
});

test("a figure is drawn by what the module loads from beside itself", async () => {
  await page.locator("#here .lowbit-figure .scatterlayer .js-line").waitFor();
  const loaded = asked.filter((path) => path.startsWith("npm/")).map(decodeURIComponent);
  expect(loaded.length).toBeGreaterThan(1);
  expect(loaded.slice(1).filter((path) => !/^npm\/lowbit@\^0\.1\.0\/dist\/amd\/\w+\.js$/.test(path))).toEqual([]);
});

test("nobody else was asked for anything", () => {
  expect(asked.filter((path) => path.startsWith("elsewhere"))).toEqual([]);
  expect(errors).toEqual([]);
});
