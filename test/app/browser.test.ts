/** The app as a person meets it: one browser, one page, one notebook that lives through all of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.js";
import { type Lab, openLab } from "./browser.js";
import { notebook } from "./support.js";

const path = "work/first.ipynb";
let lab: Lab | undefined;

beforeEach(async (context) => {
  if (lab) return;
  lab = await openLab(context);
  lab.app.file(
    path,
    JSON.stringify(
      notebook(
        "const answer: number = 6 * 7;\nanswer",
        'import { FloatSlider } from "lowbit/widgets";\nconst density = new FloatSlider({ min: 0, max: 1, step: 0.01, value: 0.5 });\ndensity',
        "density.value",
        'console.log("looping");\nwhile (true) {}',
      ),
    ),
  );
  lab.app.file("work/second.ipynb", JSON.stringify(notebook('"the second"')));
  await lab.open(path);
}, 120_000);
afterAll(() => lab?.close());

const here = (): Lab => lab as Lab;
const outputOf = async (index: number): Promise<string> =>
  ((await here().cell(index).locator(".jp-OutputArea-output").last().textContent()) ?? "").trim();
const stored = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(here().app.root, path), "utf8")) as Record<string, unknown>;

/** Drags the slider of a cell by so many pixels. */
async function drag(page: Page, index: number, dx: number): Promise<void> {
  const box = await here().cell(index).locator(".noUi-handle").boundingBox();
  if (!box) throw new Error("drag: there is no slider");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + dx, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
}

test("the printed address opens the notebook; the token becomes a cookie that scripts cannot read", async () => {
  const { page, app } = here();
  expect(page.url()).toBe(`http://127.0.0.1:${app.server.port}/lab/tree/${path}`);
  expect(await page.title()).toBe("first.ipynb - Lowbit");
  const cookies = await page.context().cookies();
  const visitor = cookies.find(({ name }) => name === `lowbit-${app.server.port}`);
  expect(visitor).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  expect(JSON.stringify(cookies)).not.toContain(app.server.token);
  expect(await page.evaluate(() => document.cookie)).not.toContain(visitor?.value);
});

test("a cell is edited and run", async () => {
  const { cell, page, run } = here();
  await run(0);
  await eventually(() => outputOf(0)).toBe("42");
  await cell(0).locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("const answer: number = 6 * 9;\nanswer");
  await page.keyboard.press("Control+Enter");
  await eventually(() => outputOf(0)).toBe("54");
});

test("Tab completes a name by its type; Shift+Tab explains it", async () => {
  const { cell, page } = here();
  await cell(3).locator(".jp-InputPrompt").click();
  await page.keyboard.press("b"); // a new cell below
  await page.keyboard.press("Enter");
  await page.keyboard.type("answer.toExp");
  await page.keyboard.press("Tab");
  await page.locator(".jp-Completer-item").filter({ hasText: "toExponential" }).waitFor();
  await page.keyboard.press("Enter");
  await eventually(() => cell(4).locator(".cm-content").textContent()).toBe("answer.toExponential");
  await page.keyboard.press("Shift+Tab");
  const tooltip = page.locator(".jp-Tooltip");
  await tooltip.filter({ hasText: "fractionDigits" }).waitFor();
  await page.keyboard.press("Escape");
  await tooltip.waitFor({ state: "detached" });
});

test("a slider is dragged, and the kernel knows", async () => {
  const { cell, page, run } = here();
  await run(1);
  await cell(1).locator(".noUi-handle").waitFor();
  await run(2);
  expect(await outputOf(2)).toBe("0.5");
  await drag(page, 1, 40);
  await run(2);
  await eventually(async () => Number(await outputOf(2))).toBeGreaterThan(0.6);
});

test("the stop button ends an endless loop, and variables stay", async () => {
  const { cell, page, kernelIs, run } = here();
  await cell(3).locator(".jp-InputPrompt").click();
  await page.keyboard.press("Control+Enter");
  await cell(3).locator(".jp-OutputArea-output").filter({ hasText: "looping" }).waitFor();
  await kernelIs("busy", path);
  await page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="interrupt"] jp-button').click();
  await kernelIs("idle", path);
  const before = Number(await outputOf(2));
  await run(2);
  expect(Number(await outputOf(2))).toBe(before);
});

test("a save writes outputs and widget state", async () => {
  const { page, cell } = here();
  await cell(0).locator(".jp-InputPrompt").click();
  await page.keyboard.press("Control+s");
  await eventually(() => JSON.stringify(stored().metadata)).toContain("FloatSliderModel");
  const cells = stored().cells as { outputs: { data?: Record<string, unknown> }[] }[];
  expect(cells[0]?.outputs[0]?.data?.["text/plain"]).toEqual(["54"]);
  expect(cells[1]?.outputs[0]?.data).toHaveProperty(["application/vnd.jupyter.widget-view+json"]);
});

test("a reload brings outputs and widgets back, still tied to the kernel", async () => {
  const { cell, page, reload, run } = here();
  const before = Number(await outputOf(2));
  await reload(path);
  await cell(1).locator(".noUi-handle").waitFor();
  expect(await outputOf(0)).toBe("54");
  expect(Number(await outputOf(2))).toBe(before);
  await drag(page, 1, -60);
  await run(2);
  await eventually(async () => Number(await outputOf(2))).toBeLessThan(before);
});

test("a save over a file that changed on the disk asks first", async () => {
  const { app, cell, page } = here();
  const changed = { ...stored(), metadata: { ...(stored().metadata as object), theirs: true } };
  app.file(path, JSON.stringify(changed));
  await cell(0).locator(".jp-InputPrompt").click();
  await page.keyboard.press("Control+s");
  const dialog = page.locator(".jp-Dialog").filter({ hasText: "has changed on disk" });
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(stored().metadata).toHaveProperty("theirs", true);
  await page.keyboard.press("Control+s");
  await dialog.getByRole("button", { name: "Overwrite" }).click();
  await eventually(() => stored().metadata).not.toHaveProperty("theirs");
  // The save that was called off is a complaint on the console, as it should be.
  here().complaints.length = 0;
});

test("the restart button clears the memory, after asking", async () => {
  const { cell, page, kernelIs } = here();
  await page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="restart"] jp-button').click();
  const dialog = page.locator(".jp-Dialog").filter({ hasText: "Restart Kernel?" });
  await dialog.getByRole("button", { name: "Confirm Kernel Restart" }).click();
  await dialog.waitFor({ state: "detached" });
  await kernelIs("idle", path);
  await cell(2).locator(".jp-InputPrompt").click();
  await page.keyboard.press("Control+Enter");
  await cell(2).locator(".jp-OutputArea-output").filter({ hasText: "Cannot find name 'density'" }).waitFor();
});

test("a save after a restart keeps the widgets that are shown", async () => {
  const { page } = here();
  await page.keyboard.press("Control+s");
  await eventually(() => JSON.stringify(stored().cells)).toContain("Cannot find name 'density'");
  expect(JSON.stringify(stored().metadata)).toContain("FloatSliderModel");
});

test("a widget is shown from the saved state when its kernel is gone, and a save keeps it", async () => {
  const { app, cell, reload } = here();
  const [session] = (await app.request("GET", "/api/sessions")).json<{ id: string }[]>();
  expect((await app.request("DELETE", `/api/sessions/${session?.id}`)).status).toBe(204);
  here().complaints.length = 0;
  await reload(path);
  await cell(1).locator(".widget-slider, .jupyter-widgets-disconnected").first().waitFor();
  await cell(1).locator(".noUi-handle").waitFor();
  const { page } = here();
  const before = (stored().cells as unknown[]).length;
  await cell(0).locator(".jp-InputPrompt").click();
  await page.keyboard.press("b");
  await page.keyboard.press("Control+s");
  await eventually(() => (stored().cells as unknown[]).length).toBe(before + 1);
  expect(JSON.stringify(stored().metadata)).toContain("FloatSliderModel");
});

describe("around the notebook", () => {
  test("the file browser opens another notebook with a double click", async () => {
    const { page, cell, kernelIs } = here();
    await page.locator(".jp-DirListing-item").filter({ hasText: "second.ipynb" }).dblclick();
    await kernelIs("idle", "work/second.ipynb");
    await eventually(() => cell(0).locator(".cm-content").textContent()).toBe('"the second"');
  });

  test("the launcher makes a new notebook, which runs", async () => {
    const { page, cell, kernelIs } = here();
    await page.keyboard.press("Escape");
    await page
      .locator(".jp-FileBrowser")
      .getByRole("button", { name: /New Launcher/ })
      .click();
    await page.locator(".jp-LauncherCard").filter({ hasText: "TypeScript" }).first().click();
    await kernelIs("idle", "work/Untitled.ipynb");
    await cell(0).locator(".cm-content").click();
    await page.keyboard.type("[1, 2, 3].length");
    await page.keyboard.press("Control+Enter");
    await cell(0).locator(".jp-OutputArea-output").filter({ hasText: "3" }).waitFor();
  });

  test("the dark theme is there, and remembered", async () => {
    const { app, page, command } = here();
    await command("apputils:change-theme", { theme: "JupyterLab Dark" });
    await page.locator('body[data-jp-theme-light="false"]').waitFor();
    const id = "@jupyterlab/apputils-extension:themes";
    const raw = async (): Promise<string> =>
      (await app.request("GET", `/lab/api/settings/${id}`)).json<{ raw: string }>().raw;
    await eventually(raw).toContain("JupyterLab Dark");
  });

  test("formulas are typeset without a network", async () => {
    const { app, page, open } = here();
    const content = notebook("1");
    (content.cells as object[]).unshift({
      cell_type: "markdown",
      id: "m",
      metadata: {},
      source: "$\\binom{4}{2} = 6$",
    });
    app.file("formula.ipynb", JSON.stringify(content));
    await open("formula.ipynb");
    await page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) mjx-container").waitFor();
  });

  test("nothing complained, nothing failed, and nothing went to another server", () => {
    expect(here().complaints).toEqual([]);
  });
});
