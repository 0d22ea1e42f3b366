/** Our kernel in JupyterLab as PyPI has it: run, widgets, input, stop, completion, restart. */
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromium, type Peer, pythonWith } from "../support/peers.js";
import { openPypi, type PypiPage } from "./pypi.js";
import { notebook } from "./support.js";

const python = pythonWith("jupyterlab");
const browser = chromium();
const missing = [python, browser].find((peer): peer is Peer & { reason: string } => "reason" in peer);
let lab: PypiPage | undefined;

beforeAll(async () => {
  if (!("path" in python && "path" in browser)) return;
  lab = await openPypi({
    app: "jupyterlab",
    python: python.path,
    executablePath: browser.path,
    notebooks: {
      "n.ipynb": notebook(
        "const answer: number = 6 * 7;\nanswer",
        'import { display, html, svg, tex } from "lowbit";\ndisplay(tex`\\frac{1}{2}`);\nhtml`<b>${"<kept>"}</b>`',
        'import { IntSlider } from "lowbit/widgets";\nconst slider = new IntSlider({ value: 3, max: 10 });\nslider',
        "slider.value",
        'console.log("looping");\nwhile (true) {}',
        'prompt("Name?")',
        "answer.toExp",
      ),
    },
  });
  await lab.open("n.ipynb");
}, 180_000);
afterAll(() => lab?.close());

test("every cell of a notebook, by mouse and keyboard", { timeout: 240_000 }, async (context) => {
  if (missing) {
    if (process.env.CI === "true") throw new Error(`a peer is missing: ${missing.reason}`);
    return context.skip(missing.reason);
  }
  const { page } = lab as PypiPage;
  const cell = (index: number): Locator => page.locator(".jp-NotebookPanel .jp-Cell").nth(index);
  const output = (index: number): Locator => cell(index).locator(".jp-OutputArea-output");
  const start = async (index: number): Promise<void> => {
    await cell(index).locator(".jp-InputPrompt").click();
    await page.keyboard.press("Control+Enter");
  };
  const finished = (index: number): Promise<void> =>
    cell(index)
      .locator(".jp-InputPrompt")
      .filter({ hasText: /\[\d+\]/ })
      .waitFor();
  const run = async (index: number): Promise<void> => {
    await start(index);
    await finished(index);
  };

  await run(0);
  expect((await output(0).textContent())?.trim()).toBe("42");

  await run(1);
  await output(1).locator("mjx-container, .MathJax").first().waitFor();
  expect(await output(1).last().textContent()).toContain("<kept>");

  await run(2);
  await cell(2).locator(".noUi-handle").click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await cell(2).locator(".widget-readout").filter({ hasText: "5" }).waitFor();
  await expect
    .poll(async () => {
      await run(3);
      return (await output(3).textContent())?.trim();
    })
    .toBe("5");

  await start(4);
  await output(4).filter({ hasText: "looping" }).waitFor();
  await page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="interrupt"] jp-button').click();
  await output(4).filter({ hasText: "Interrupted" }).waitFor();
  await run(0);
  expect((await output(0).textContent())?.trim()).toBe("42");

  await start(5);
  const input = cell(5).locator("input.jp-Stdin-input");
  await input.fill("Ada");
  await input.press("Enter");
  await output(5).filter({ hasText: "'Ada'" }).waitFor();

  await cell(6).locator(".cm-content").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Tab");
  await page.locator(".jp-Completer-item").filter({ hasText: "toExponential" }).waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => cell(6).locator(".cm-content").textContent()).toContain("answer.toExponential");

  await page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="restart"] jp-button').click();
  await page.locator(".jp-Dialog .jp-mod-accept").click();
  await expect
    .poll(
      async () => {
        await run(3);
        return output(3).first().textContent();
      },
      { timeout: 60_000 },
    )
    .toContain("Cannot find name 'slider'");
});
