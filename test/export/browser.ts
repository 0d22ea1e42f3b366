/** Exported pages in Chromium, from file://, with the network cut. */
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { isRemark } from "../support/remarks.js";
import { launch } from "../widgets/browser.js";

let browser: Browser | undefined;

/** A page and what it did that it should not do. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors, warnings, and violations of the page's policy. */
  readonly complaints: string[];
  /** What it asked for besides itself. */
  readonly asked: string[];
  /** Dialogs that it opened. */
  readonly dialogs: string[];
}

/** Opens a file offline; every request but the one for the file itself is noted and refused. */
export async function openFile(
  chromium: string,
  file: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  browser ??= await launch(chromium);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const [complaints, asked, dialogs]: string[][] = [[], [], []] as [string[], string[], string[]];
  await context.route("**/*", (route) => {
    if (route.request().url().split("#")[0] === url) return route.continue();
    asked.push(route.request().url());
    return route.abort();
  });
  await context.setOffline(true);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      reportError(new Error(`policy: ${violatedDirective} ${blockedURI} ${sample}`)),
    );
  });
  page.on("console", (message) => {
    if (isRemark(message.text())) return;
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, complaints, asked, dialogs };
}

/** Waits until everything on the page that can live does. */
export async function becomesLive({ page, complaints }: OpenedPage): Promise<void> {
  await page.waitForSelector("html[data-live]", { state: "attached", timeout: 30_000 }).catch(() => {
    throw new Error(`the page did not become live: ${complaints.join("; ")}`);
  });
}

/** Ends the browser. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
}

/** Waits until something is on the page. */
export async function becomesShown({ page, complaints }: OpenedPage, selector: string): Promise<void> {
  await page.waitForSelector(selector, { timeout: 30_000 }).catch(() => {
    throw new Error(`${selector} did not appear: ${complaints.join("; ")}`);
  });
}
