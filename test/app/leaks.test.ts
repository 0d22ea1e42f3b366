/** What a page of the app keeps of widgets that were closed, or whose cell was run anew: nothing. */
import type { CDPSession } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { type AppGlobal, type Lab, openLab } from "./browser.js";
import { notebook } from "./support.js";

const path = "leaks.ipynb";
let lab: Lab | undefined;

afterAll(() => lab?.close());

/** What Chromium counts. */
interface Counts {
  readonly listeners: number;
  readonly nodes: number;
  readonly megabytes: number;
}

async function count(session: CDPSession): Promise<Counts> {
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { listeners: value("JSEventListeners"), nodes: value("Nodes"), megabytes: value("JSHeapUsedSize") / 2 ** 20 };
}

/** Chooses a cell. JupyterLab's toolbar of the chosen cell leaves its listeners behind each time. */
async function choose({ page, command }: Lab, index: number): Promise<void> {
  await page.locator(".jp-Cell .jp-InputPrompt").nth(index).click();
  await command("notebook:enter-command-mode");
}

/** Runs the chosen cell so often, each time when it has ended. */
async function repeat({ page }: Lab, times: number): Promise<void> {
  await page.evaluate(async (runs) => {
    const { commands } = (globalThis as unknown as AppGlobal).jupyterapp;
    for (let run = 0; run < runs; run++) await commands.execute("notebook:run-cell");
  }, times);
}

test("1,000 widgets opened and closed, and 200 runs of a cell with views", { timeout: 400_000 }, async (context) => {
  lab = await openLab(context);
  const cells = [
    `import { FloatSlider, LognormalFit, MaskViewer, VBox, countOpen } from "lowbit/widgets";
import v8 from "node:v8";
import vm from "node:vm";
v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc");`,
    "new VBox([new FloatSlider(), new MaskViewer(), new LognormalFit()])",
    "for (let i = 0; i < 1000; i++) new FloatSlider().close();",
    "for (let i = 0; i < 8; i++) { collect(); await new Promise((done) => setTimeout(done, 5)); }\ncountOpen()",
    "1 + 1",
  ];
  lab.app.file(path, JSON.stringify(notebook(...cells)));
  await lab.open(path);
  const here = lab;
  const { page, run, cell } = here;
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await run(0);
  /** Collects in the kernel until it holds only what is shown. */
  const settle = async (): Promise<void> => {
    await choose(here, 3);
    await expect
      .poll(
        async () => {
          await repeat(here, 1);
          return Number(await cell(3).locator(".jp-OutputArea-output").innerText());
        },
        { timeout: 60_000 },
      )
      .toBeLessThan(20);
  };
  /** What is there more after `work` than before. */
  const growth = async (work: () => Promise<void>): Promise<Counts> => {
    const before = await count(session);
    await work();
    await settle();
    const after = await count(session);
    return {
      listeners: after.listeners - before.listeners,
      nodes: after.nodes - before.nodes,
      megabytes: after.megabytes - before.megabytes,
    };
  };
  const runs = async (first: number, times: number, second: number): Promise<void> => {
    await choose(here, first);
    await repeat(here, times);
    await choose(here, second);
    await repeat(here, 1);
  };
  await runs(1, 10, 2);
  await runs(4, 10, 2);
  await settle();
  const plain = await growth(() => runs(4, 200, 0));
  const shown = await growth(() => runs(1, 200, 2));
  // A view has dozens of listeners and hundreds of nodes; 1,000 sliders that were kept took eight megabytes.
  expect(shown.listeners - plain.listeners).toBeLessThan(200);
  expect(shown.nodes - plain.nodes).toBeLessThan(200 * 5);
  expect(shown.megabytes - plain.megabytes).toBeLessThan(4);
});
