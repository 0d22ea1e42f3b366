/** What goes wrong in a day's work with the app, and what the page says about it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type AppGlobal, type Lab, openLab } from "./browser.js";
import { notebook } from "./support.js";

let opened: Lab | undefined;
let lab: Lab;

beforeEach(async (context) => {
  opened ??= await openLab(context);
  lab = opened;
}, 120_000);
afterAll(() => opened?.close());

const toast = ({ page }: Lab, text: string): Locator => page.locator(".Toastify__toast").filter({ hasText: text });

/** Gives the notebook in front the kernel of another. */
async function takeKernelOf({ page }: Lab, id: string): Promise<void> {
  await page.evaluate(async (kernel) => {
    const { currentWidget } = (globalThis as unknown as AppGlobal).jupyterapp.shell;
    const context = currentWidget?.sessionContext as object as {
      changeKernel(model: { id: string }): Promise<unknown>;
    };
    await context.changeKernel({ id: kernel });
  }, id);
}

test("a notebook that takes another's kernel is not told of the other's cells; who comes back to those is", async () => {
  for (const name of ["one", "two"]) lab.app.file(`${name}.ipynb`, JSON.stringify(notebook("1")));
  const first = await lab.another();
  await first.open("one.ipynb");
  await first.cell(0).locator(".cm-content").click();
  await first.page.keyboard.press("End");
  await first.page.keyboard.type(" + 1");
  await first.page.keyboard.press("Control+Enter");
  await first.cell(0).locator(".jp-OutputArea-output").filter({ hasText: "2" }).waitFor();
  const [kernel] = (await lab.app.request("GET", "/api/kernels")).json<{ id: string }[]>();
  await first.command("docmanager:open", { path: "two.ipynb" });
  await first.kernelIs("idle", "two.ipynb");
  const told = first.page.waitForResponse((response) => response.url().includes(`${kernel?.id}/journal?`));
  await takeKernelOf(first, kernel?.id ?? "");
  expect(((await (await told).json()) as { cells: unknown[] }).cells).toEqual([]);
  await first.kernelIs("idle", "two.ipynb");
  await first.run(0);
  expect(await toast(first, "ran as the file does not").count()).toBe(0);
  await first.page.close();

  const second = await lab.another();
  await second.open("one.ipynb");
  await toast(second, "A cell of one.ipynb ran as the file does not").waitFor();
  await second.page.close();
});

test("a kernel that dies while no cell runs says why, once, and its successor runs cells", async () => {
  lab.app.file("idle.ipynb", JSON.stringify(notebook("process.pid")));
  await lab.open("idle.ipynb");
  await lab.run(0);
  const output = lab.cell(0).locator(".jp-OutputArea-executeResult .jp-OutputArea-output");
  const pid = Number(await output.innerText());
  process.kill(pid, "SIGKILL");
  await toast(lab, "idle.ipynb: The kernel ended: killed by SIGKILL").waitFor();
  await lab.page.locator(".jp-Dialog").filter({ hasText: "Kernel Restarting" }).getByRole("button").click();
  await lab.kernelIs("idle", "idle.ipynb");
  await lab.cell(0).locator(".jp-InputPrompt").click();
  await lab.page.keyboard.press("Control+Enter");
  await expect.poll(async () => Number(await output.innerText().catch(() => "")) || pid).not.toBe(pid);
  expect(await toast(lab, "The kernel ended").count()).toBe(1);
});

test("a damaged notebook is named, left as it is, and closed without a question", async () => {
  const { app, page, command } = lab;
  const damaged = "<<<<<<< HEAD\n{}\n";
  app.file("damaged.ipynb", damaged);
  await command("docmanager:open", { path: "damaged.ipynb" });
  const tab = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab").filter({ hasText: "damaged.ipynb" });
  await tab.waitFor();
  const dialogs = page.locator(".jp-Dialog");
  await dialogs.filter({ hasText: "damaged.ipynb: is not a notebook" }).getByRole("button").click();
  await tab.waitFor({ state: "detached" });
  expect(await dialogs.count()).toBe(0);
  expect(readFileSync(join(app.root, "damaged.ipynb"), "utf8")).toBe(damaged);
});
