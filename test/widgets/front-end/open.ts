/** Opens pages with both halves of the widgets in one Chromium: our kernel half, Jupyter's own manager, our views. */
import type { Server } from "node:http";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { bundleFiles, launch, openPage, serve } from "../browser.js";

/** The state of one widget as a notebook saves it. */
export interface SavedModel {
  model_name: string;
  state: Record<string, unknown>;
  buffers?: { path: (string | number)[]; data: string; encoding: string }[];
}

/** What page.ts puts on the page's globalThis; loosely typed, because it is used on the other side. */
export interface Tools {
  readonly widgets: typeof import("../../../widgets/index.js");
  readonly random: typeof import("../../../src/random/index.js");
  readonly host: { readonly traffic: { from: string; data: { method?: string; state?: object }; bytes: number }[] };
  readonly moduleName: string;
  readonly moduleVersion: string;
  readonly exports: object;
  /** Shows a view of a widget in a new element and returns when it is there. */
  show(widget: unknown): Promise<HTMLElement>;
  /** Shows a view of the model with this id. */
  showModel(id: string): Promise<HTMLElement>;
  /** The state that would be written into the notebook. */
  saved(): Promise<{ version_major: number; version_minor: number; state: Record<string, SavedModel> }>;
  /** A page loaded anew: other models, the same kernel. */
  reload(): Promise<void>;
  /** A page loaded anew from a notebook's saved state, without a kernel. */
  open(state: unknown): Promise<void>;
}

let browser: Browser | undefined;
let server: Server | undefined;
let url = "";

/** Opens a page; `tools` is there. */
export async function openFrontEnd(chromium: string): Promise<{ page: Page; complaints: string[] }> {
  browser ??= await launch(chromium);
  if (server === undefined) ({ server, url } = await serve(await pageFiles()));
  const opened = await openPage(browser, url);
  await opened.page
    .waitForFunction(() => "tools" in globalThis, undefined, { timeout: 15_000 })
    .catch(() => {
      throw new Error(`the page did not start: ${opened.complaints.join("; ")}`);
    });
  return opened;
}

/** Ends browser and server. */
export async function closeFrontEnd(): Promise<void> {
  await browser?.close();
  server?.close();
}

/** What the page complains of without being at fault. */
const known = [
  "strict mode: use allowUnionTypes", // the manager's schema validator, each time it reads a saved state
];

/** The complaints that are ours. */
export function own(complaints: readonly string[]): string[] {
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
