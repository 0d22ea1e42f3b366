/** The mask widget's map at 4096 x 4096: what a frame costs while a person drags, with WebGL2 and with a canvas. */
import type { Server } from "node:http";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Computation, measure, median, type Sample, type Variant } from "./lib/measure.js";
import { describeMachine, type Report } from "./lib/report.js";

interface Playground {
  buildPlayground(): Promise<void>;
  servePlayground(): Promise<{ server: Server; url: string }>;
}

/** What a drag of some frames came to. */
interface Drag {
  /** Milliseconds of the view's own work in each frame. */
  readonly work: readonly number[];
  /** Milliseconds from each frame to the next. */
  readonly intervals: readonly number[];
  /** The first row that is seen in the end. */
  readonly row: number;
}

const frames = 40;
/** Steps of the zoom button, and what one weight is wide then. */
const zooms = [
  { steps: 6, name: "drag, about 1 pixel a weight" },
  { steps: 12, name: "drag, about 15 pixels a weight" },
  { steps: 15, name: "drag, values written, about 50 pixels a weight" },
] as const;

/** Runs the benchmark; about a minute. */
export async function run(): Promise<Report> {
  const playground = (await import(new URL("../scripts/playground.mjs", import.meta.url).href)) as Playground;
  await playground.buildPlayground();
  const { server, url } = await playground.servePlayground();
  const executablePath = process.env.LOWBIT_CHROMIUM ?? "/usr/bin/chromium";
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const pages = { webgl2: await openPage(browser, url, true), canvas: await openPage(browser, url, false) };
    const intervals: string[] = [];
    const computations = zooms.map((zoom): Computation => computation(zoom, pages, intervals));
    const timings = await measure(computations, 7);
    return {
      title: "The mask widget's map of 4096 x 4096 weights",
      machine: describeMachine(),
      versions: { node: process.versions.node, Chromium: browser.version() },
      notes: [
        "Times are the view's own work on the page's thread in one frame of a drag, medians of 40 frames each; the view is 1056 x 458 pixels.",
        "This machine has no graphics card: Chromium draws WebGL2 with SwiftShader, in software and on another thread.",
        ...zooms.map(({ name }) => `From frame to frame, ${name}: ${describeIntervals(intervals, name)}.`),
      ],
      timings,
    };
  } finally {
    await browser.close();
    server.close();
  }
}

function describeIntervals(lines: readonly string[], name: string): string {
  return ["webgl2", "canvas"]
    .map((painter) => {
      const values = lines
        .filter((line) => line.startsWith(`${name}|${painter}|`))
        .map((line) => Number(line.split("|")[2]));
      return `${painter} ${median(values).toFixed(1)} ms`;
    })
    .join(", ");
}

function computation(
  { steps, name }: (typeof zooms)[number],
  pages: Readonly<Record<"webgl2" | "canvas", Page>>,
  intervals: string[],
): Computation {
  const variants = Object.entries(pages).map(
    ([painter, page]): Variant => ({
      name: painter,
      by: "lowbit",
      run: async (): Promise<Sample> => {
        await page.bringToFront();
        await page.evaluate(zoomTo, steps);
        const drag = await page.evaluate(dragThereAndBack, frames);
        intervals.push(`${name}|${painter}|${median(drag.intervals)}`);
        return { milliseconds: median(drag.work), value: drag.row };
      },
    }),
  );
  return { name, variants };
}

async function openPage(browser: Browser, url: string, webgl: boolean): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
  if (!webgl) await page.addInitScript(hideWebGl);
  await page.goto(`${url}#mask-huge`);
  await page.locator(".lowbit-mask-seen", { hasText: "keeps" }).waitFor({ timeout: 60_000 });
  const painter = await page.getByRole("application").getAttribute("data-painter");
  if (painter !== (webgl ? "webgl2" : "canvas"))
    throw new Error(`bench mask-view: ${painter} draws, expected the other`);
  return page;
}

function hideWebGl(): void {
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
    return kind === "webgl2" ? null : Reflect.apply(getContext, this, [kind, ...more]);
  } as typeof getContext;
}

function zoomTo(steps: number): void {
  document.querySelector<HTMLButtonElement>('[aria-label="show the whole matrix"]')?.click();
  for (let i = 0; i < steps; i++) document.querySelector<HTMLButtonElement>('[aria-label="zoom in"]')?.click();
}

/** Moves the pointer a little in every frame, and times what the view does in them. */
function dragThereAndBack(count: number): Promise<Drag> {
  const map = document.querySelector('[role="application"]') as HTMLElement;
  const box = map.getBoundingClientRect();
  // The view asks for its frames by this function: its work is what it does in them.
  const { requestAnimationFrame: ask } = globalThis;
  const work: number[] = [];
  globalThis.requestAnimationFrame = (draw) =>
    ask((time) => {
      const start = performance.now();
      draw(time);
      work.push(performance.now() - start);
    });
  const send = (type: string, moved: number): void => {
    const place = { clientX: box.x + 500 + moved, clientY: box.y + 200 + moved / 2 };
    map.dispatchEvent(new PointerEvent(type, { ...place, pointerId: 1, button: 0, bubbles: true }));
  };
  map.setPointerCapture = () => undefined;
  return new Promise((resolve) => {
    const intervals: number[] = [];
    let last: number | undefined;
    let frame = 0;
    send("pointerdown", 0);
    const next = (time: number): void => {
      if (last !== undefined) intervals.push(time - last);
      last = time;
      if (frame++ < count) {
        send("pointermove", 7 * Math.min(frame, count - frame));
        ask(next);
        return;
      }
      send("pointerup", 0);
      globalThis.requestAnimationFrame = ask;
      const seen = document.querySelector(".lowbit-mask-seen")?.textContent ?? "";
      resolve({ work, intervals, row: Number(/Seen: rows (\d+)/.exec(seen)?.[1]) });
    };
    ask(next);
  });
}
