/** The playground in one Chromium, for the tests of what a person sees. */
import type { Server } from "node:http";
import type { Browser, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { chromium, need } from "../support/peers.js";
import { launch, openPage } from "./browser.js";

interface Playground {
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
  executable: string,
  sample: string,
  { width, init }: OpenOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  if (served === undefined) {
    const playground = (await import("../../scripts/playground.mjs" as string)) as Playground;
    served = await playground.servePlayground();
  }
  browser ??= await launch(executable);
  return openPage(browser, `${served.url}#${sample}`, width, init);
}

/** A page with a map. */
export interface OpenedMap {
  readonly page: Page;
  readonly complaints: string[];
  readonly map: Locator;
  readonly seen: Locator;
  readonly exactness: Locator;
  /** Resolves when the mask of what is seen is known. */
  ready(): Promise<void>;
}

/** Opens a sample of the mask as a map; skips the test that asks when there is no browser. */
export async function openMap(
  context: Parameters<typeof need>[0],
  sample: string,
  options?: OpenOptions,
): Promise<OpenedMap> {
  const opened = await open(need(context, chromium()), sample, options);
  const { page } = opened;
  const map = page.getByRole("application");
  const seen = page.locator(".lowbit-mask-seen");
  const ready = (): Promise<void> =>
    expect
      .poll(() => seen.textContent(), { timeout: 30_000 })
      .toContain("keeps")
      .then(() => undefined);
  return { ...opened, map, seen, exactness: page.locator(".lowbit-mask-exactness"), ready };
}

/** Ends browser and server. */
export async function close(): Promise<void> {
  await browser?.close();
  served?.server.close();
}
