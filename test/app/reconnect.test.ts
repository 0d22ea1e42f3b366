/** The server goes away under an open page, and another comes in its place. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { emptyFolder } from "../support/kernel.js";
import { type Lab, openLab } from "./browser.js";
import { notebook, startTestServer, type TestServer } from "./support.js";

const path = "here.ipynb";
const servers: TestServer[] = [];
let opened: Lab | undefined;
let lab: Lab;

beforeEach(async (context) => {
  opened ??= await openLab(context);
  lab = opened;
}, 120_000);
afterAll(async () => {
  for (const server of servers) await server.close();
  await opened?.close();
});

/** A server at the address of the first. */
async function serve(root: string): Promise<TestServer> {
  const { state, server } = lab.app;
  const next = await startTestServer({ root, state, port: server.port, exposeApp: true });
  servers.push(next);
  return next;
}

test("the page says so, keeps what was typed, and finds its own server again, with new kernels", async () => {
  const { app, page, cell, open, run, kernelIs } = lab;
  app.file(path, JSON.stringify(notebook("const answer = 42;\nanswer", "answer + 1")));
  await open(path);
  await run(0);
  await cell(1).locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" // typed");
  await app.server.close();
  const dialog = page.locator(".jp-Dialog").filter({ hasText: "The server does not answer" });
  await dialog.getByText(`Nothing answers at 127.0.0.1:${app.server.port} any more.`).waitFor();
  await dialog.getByText(`lowbit start --port ${app.server.port} --root ${app.root}`).waitFor();

  // A server of another folder is not this page's, although it has the address.
  const stranger = await serve(emptyFolder());
  await dialog.getByText("there is now a server that does not know this page").waitFor();
  await stranger.close();
  await dialog.getByText("any more.").waitFor();

  await serve(app.root);
  await dialog.waitFor({ state: "detached" });
  const told = page.locator(".Toastify__toast").filter({ hasText: "The server was started again. The kernel ended" });
  await told.waitFor();
  await kernelIs("idle", path);
  expect(await cell(1).locator(".cm-content").innerText()).toBe("answer + 1 // typed");
  expect(await cell(0).locator(".jp-OutputArea-output").innerText()).toBe("42");
  // The variables are gone, and the kernel is a real one.
  await cell(1).locator(".jp-InputPrompt").click();
  await page.keyboard.press("Control+Enter");
  await cell(1).locator(".jp-OutputArea-output").filter({ hasText: "Cannot find name 'answer'" }).waitFor();
  await run(0);
  await page.keyboard.press("Control+s");
  await expect.poll(() => readFileSync(join(app.root, path), "utf8"), { timeout: 30_000 }).toContain("// typed");
});

test("a server that is back before anybody looked is noticed too", async () => {
  const { app, page, kernelIs, run } = lab;
  await page.reload();
  await kernelIs("idle", path);
  const [server] = servers.slice(-1);
  await server?.close();
  await serve(app.root);
  await page.locator(".Toastify__toast").filter({ hasText: "The server was started again." }).waitFor();
  await kernelIs("idle", path);
  await run(0);
  expect(await page.locator(".jp-Dialog").count()).toBe(0);
});
