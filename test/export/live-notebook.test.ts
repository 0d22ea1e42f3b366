/** `lowbit export --run`, from the cells to the page: interact, effect, Output, links, a figure and the explorers. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder } from "../support/kernel.js";
import { chromium, need } from "../support/peers.js";
import { becomesLive, closeBrowser, openFile } from "./browser.js";
import { lowbit } from "./command.js";

const folder = emptyFolder("lowbit-export-live-");
const page_ = join(folder, "live.html");

const draw = `import { html, md, sparsity, tensor } from "lowbit";
import type { IntSlider, Label } from "lowbit/widgets";

export function count({ keep }: { keep: number }) {
  console.log(\`keeps \${keep} of 4\`);
  const mask = sparsity.nmMask(tensor.arange(8, { shape: [2, 4] }), { keep, group: 4 });
  return html\`<b class="kept">\${tensor.sum(mask)}</b>\`;
}

export function sum({ a, b, out }: { a: IntSlider; b: IntSlider; out: Label }): void {
  out.value = \`sum \${a.value + b.value}\`;
}
`;

const cells = [
  `import { count, sum } from "./draw";
import { effect, interact, IntSlider, jslink, Label, Output, VBox } from "lowbit/widgets";
interact(count, { keep: [1, 4, 1] });`,
  `const a = new IntSlider({ value: 1, max: 9, description: "a" });
const b = new IntSlider({ value: 2, max: 9, description: "b" });
const out = new Label({ value: "" });
effect(sum, { a, b, out });
new VBox([a, b, out])`,
  "interact(({ x }) => x * 2, { x: [0, 4, 1] });",
  `const c = new IntSlider({ value: 5, max: 9, description: "c" });
const d = new IntSlider({ value: 5, max: 9, description: "d" });
jslink([c, "value"], [d, "value"]);
new VBox([c, d])`,
  `const log = new Output();
log.capture(() => console.log("printed inside"));
log`,
  `import { LognormalFit, figure } from "lowbit/widgets";
import { random, tensor } from "lowbit";
new LognormalFit({ gradients: tensor.map(random.normal(random.key(1), [500]), Math.exp), sparsity: 0.5 })`,
  'figure([{ y: [1, 4, 9, 16] }], { title: { text: "squares" } })',
];

beforeAll(() => {
  writeFileSync(join(folder, "draw.ts"), draw);
  const file = join(folder, "live.ipynb");
  const code = cells.map((source) => ({ cell_type: "code", metadata: {}, source, outputs: [], execution_count: null }));
  const text = JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: code });
  writeFileSync(file, text);
  const { status, stdout, stderr } = lowbit(["export", file, "--run"]);
  expect([status, stdout], stderr).toEqual([0, `${page_}\n`]);
  expect(readFileSync(file, "utf8")).toBe(text);
}, 120_000);

afterAll(closeBrowser);

describe("a notebook that was run and exported", () => {
  test("computes in the page without kernel and network", { timeout: 90_000 }, async (context) => {
    expect(gzipSync(readFileSync(page_)).length).toBeLessThan(3_000_000);
    const opened = await openFile(need(context, chromium()), page_);
    await becomesLive(opened);
    const { page } = opened;
    const box = (n: number): Locator => page.locator(".lb-widget").nth(n);
    const move = async (n: number, key: string, slider = 0): Promise<void> => {
      await box(n).locator(".noUi-handle").nth(slider).focus();
      await page.keyboard.press(key);
    };
    // What was shown when it was saved: the slider starts in the middle, as in ipywidgets.
    expect(await box(0).locator(".kept").textContent()).toBe("4");
    await move(0, "ArrowRight");
    await expect.poll(() => box(0).locator(".kept").textContent()).toBe("6");
    expect(await box(0).locator(".jp-OutputArea").innerText()).toContain("keeps 3 of 4");
    await expect.poll(() => box(1).innerText()).toContain("sum 3");
    await move(1, "ArrowRight", 1);
    await expect.poll(() => box(1).innerText()).toContain("sum 4");
    // A closure stays in the kernel, and it alone.
    expect(await page.locator(".lb-page > .lb-cell > .lb-outputs > .lb-note").count()).toBe(1);
    await move(2, "ArrowRight");
    expect(await box(2).locator(".widget-readout").textContent()).toBe("2");
    await move(3, "ArrowLeft");
    await expect.poll(() => box(3).locator(".widget-readout").allTextContents()).toEqual(["4", "4"]);
    expect(await box(4).innerText()).toContain("printed inside");
    const threshold = box(5).getByRole("slider", { name: "pruning threshold", exact: true });
    const valueNow = async (): Promise<number> => Number(await threshold.getAttribute("aria-valuenow"));
    const before = await valueNow();
    await threshold.scrollIntoViewIfNeeded();
    const knob = await threshold.locator(".knob").boundingBox();
    const [x, y] = [(knob?.x ?? 0) + (knob?.width ?? 0) / 2, (knob?.y ?? 0) + (knob?.height ?? 0) / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 80, y, { steps: 5 });
    await page.mouse.up();
    await expect.poll(valueNow).toBeLessThan(before / 1.5);
    expect(await box(6).locator(".scatterlayer .js-line").count()).toBe(1);
    expect([opened.complaints, opened.asked, opened.dialogs]).toEqual([[], [], []]);
    await page.close();
  });
});
