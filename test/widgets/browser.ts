/** One Chromium for the browser tests of the widgets, and the pages that they look at. */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium as launcher, type Page } from "playwright-core";
import { isRemark } from "../support/remarks.js";

const flags = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium. */
export function launch(executablePath: string): Promise<Browser> {
  return launcher.launch({ executablePath, args: flags });
}

/** Opens a page and keeps what it complains of: errors, warnings, refused resources. `init` runs before its scripts. */
export async function openPage(
  browser: Browser,
  url: string,
  width = 1100,
  init?: () => void,
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  if (init !== undefined) await page.addInitScript(init);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (isRemark(message.text())) return;
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, complaints };
}

/** Serves texts by path on loopback. */
export async function serve(
  files: Readonly<Record<string, readonly [type: string, text: string]>>,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const file = files[request.url ?? ""];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": file[0] }).end(file[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** The widgets' browser bundle as {@link serve} takes it: `/lab.js` and its chunks. */
export function bundleFiles(): Record<string, readonly [type: string, text: string]> {
  const names = ["lab.js", ...readdirSync("dist/widgets/chunks").map((name) => `chunks/${name}`)];
  return Object.fromEntries(
    names.map((name) => [`/${name}`, ["text/javascript", readFileSync(`dist/widgets/${name}`, "utf8")]]),
  );
}
