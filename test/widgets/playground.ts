/** The playground in one Chromium, for the tests of what a person sees. */
import type { Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { launch, openPage } from "./browser.js";

interface Playground {
  buildPlayground(): Promise<void>;
  servePlayground(): Promise<{ server: Server; url: string }>;
}

/** A model on the page, under `lowbitPlayground.models`. */
export interface PageModel {
  readonly saves: number;
  get(name: string): { data: ArrayLike<number> } & ArrayLike<number>;
  set(values: object): void;
}

/** How a page is opened. */
export interface OpenOptions {
  /** Width in pixels; default 1100. */
  readonly width?: number;
  /** Runs in the page before its own scripts. */
  readonly init?: () => void;
}

let browser: Browser | undefined;
let served: { server: Server; url: string } | undefined;

/** Opens one sample, or all with an empty name; returns the page and what it complains of. */
export async function open(
  chromium: string,
  sample: string,
  { width, init }: OpenOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  if (served === undefined) {
    const playground = (await import("../../scripts/playground.mjs" as string)) as Playground;
    await playground.buildPlayground();
    served = await playground.servePlayground();
  }
  browser ??= await launch(chromium);
  return openPage(browser, `${served.url}#${sample}`, width, init);
}

/** Ends browser and server. */
export async function close(): Promise<void> {
  await browser?.close();
  served?.server.close();
}
