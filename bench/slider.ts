/** A slider over a million values in the browser: from a step of the slider to its picture, with and without kernels. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Computation, measure, median, type Sample, type Variant } from "./lib/measure.js";
import { describeMachine, type Report } from "./lib/report.js";
import type { SliderDrag } from "./slider/page.js";

const steps = 40;
const frame = 1000 / 60;

/** Runs the benchmark; about a minute. */
export async function run(): Promise<Report> {
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL("./slider/page.ts", import.meta.url))],
    ...{ bundle: true, write: false, format: "iife", globalName: "slider" },
  });
  const executablePath = process.env.LOWBIT_CHROMIUM ?? "/usr/bin/chromium";
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage({ viewport: { width: 800, height: 400 } });
    await page.addScriptTag({ content: bundled.outputFiles[0]?.text ?? "" });
    return await measurePage(browser, page);
  } finally {
    await browser.close();
  }
}

async function measurePage(browser: Browser, page: Page): Promise<Report> {
  const names = (await page.evaluate("slider.names")) as string[];
  const intervals = new Map<string, number[]>();
  const computations = names.map((name): Computation => {
    const variant = (kernels: boolean): Variant => ({
      name: kernels ? "kernels" : "plain TypeScript",
      by: "lowbit",
      run: async (): Promise<Sample> => {
        const drag = (await page.evaluate(`slider.drag(${JSON.stringify(name)}, ${kernels}, ${steps})`)) as SliderDrag;
        if (kernels) intervals.set(name, [...(intervals.get(name) ?? []), median(drag.intervals)]);
        return { milliseconds: median(drag.work), value: drag.value };
      },
    });
    return { name, variants: [variant(true), variant(false)] };
  });
  const timings = await measure(computations, 5);
  const slow = timings.filter(({ variant, medianMs }) => variant === "kernels" && medianMs > frame);
  return {
    title: "A slider over a million values in the browser",
    machine: describeMachine(),
    versions: { node: process.versions.node, Chromium: browser.version() },
    notes: [
      `Times run from a step of the slider to its picture: a million values computed, counted in bins and drawn, on the page's own thread; medians of ${steps} steps each. A frame has ${frame.toFixed(1)} ms.`,
      slow.length === 0
        ? "With kernels every one of them keeps within a frame."
        : `More than a frame with kernels: ${slow.map(({ computation }) => computation).join("; ")}.`,
      ...[...intervals].map(
        ([name, values]) => `From frame to frame with kernels, ${name}: ${median(values).toFixed(1)} ms.`,
      ),
    ],
    timings,
  };
}
