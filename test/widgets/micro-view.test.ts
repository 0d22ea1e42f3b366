/** The format microscope in the playground, without a kernel; in Chromium. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { close, open, type PageModel } from "./playground.js";

declare const lowbitPlayground: { readonly models: Record<string, PageModel> };

afterAll(close);

/** Waits for a condition, however busy the machine is. */
const poll: typeof expect.poll = (read, options) => expect.poll(read, { timeout: 45_000, ...options });

const marker = (page: Page): Locator => page.getByRole("slider", { name: "selected value" });
const number = (page: Page, name: string): Promise<string | null> =>
  page.locator(`[data-number="${name}"]`).textContent();
const title = (page: Page): Promise<string | null> => page.locator(".lowbit-micro-title").first().textContent();
const control = (page: Page, name: string): Locator => page.getByLabel(name, { exact: true });
const state = (page: Page, sample: string, name: string): Promise<unknown> =>
  page.evaluate(([model, key]) => lowbitPlayground.models[model as string]?.get(key as string), [sample, name]);
const reason = (page: Page): Promise<string | null> => page.locator(".lowbit-micro-reason").textContent();

/** Presses in the plot at a share of its width and drags by so many pixels. */
async function drag(page: Page, share: number, across = 0): Promise<void> {
  const box = await page.locator(".lowbit-micro-plot svg").boundingBox();
  if (box === null) throw new Error("no plot");
  const [x, y] = [box.x + share * box.width, box.y + 150];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) await page.mouse.move(x + (across * step) / 8, y);
  await page.mouse.up();
}

test("why 957 becomes 896: the block, its steps, and the rules side by side, which can be chosen", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "micro-mx");
  await poll(() => title(page)).toBe("Value [0, 0]: 957 becomes 896");
  const row = (rule: string): Promise<string[]> => page.locator(`[data-rule="${rule}"] td`).allTextContents();
  expect((await row("floor")).slice(0, 3)).toEqual(["2", "478.5, saturates at 448", "896"]);
  expect((await row("rceil")).slice(0, 3)).toEqual(["4", "239.25", "960"]);
  expect(await page.locator(".lowbit-micro-block li").allTextContents()).toContain(
    "957 ÷ 2 = 478.5 lies above 448: it saturates at 448",
  );
  await page.getByRole("button", { name: "rceil" }).click();
  await poll(() => title(page)).toBe("Value [0, 0]: 957 becomes 960");
  expect(await state(page, "micro-mx", "scale_rule")).toBe("rceil");
  expect(await control(page, "scale rule").inputValue()).toBe("rceil");
  expect(await number(page, "beyond")).toBe("0 %");
  // Another value of the block, by pointer and by key.
  await page.locator(".lowbit-micro-cell").nth(3).click();
  await poll(() => state(page, "micro-mx", "selected")).toBe(3);
  await page.keyboard.press("ArrowRight");
  await poll(() => state(page, "micro-mx", "selected")).toBe(4);
  await poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-place"))).toBe("4");
  await control(page, "block").selectOption("8");
  await poll(() => page.locator(".lowbit-micro-cell").count()).toBe(8);
  expect(complaints).toEqual([]);
  await page.close();
});

test("a click in the plot chooses the nearest value, a drag follows, and the bits are those of the code", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "micro");
  const before = await state(page, "micro", "selected");
  expect(before).toBe(40);
  await drag(page, 0.5);
  await poll(() => state(page, "micro", "selected")).not.toBe(40);
  const clicked = await marker(page).getAttribute("aria-valuenow");
  await drag(page, 0.5, 150);
  await poll(async () => Math.abs(Number(await marker(page).getAttribute("aria-valuenow")))).toBeGreaterThan(
    2 * Math.abs(Number(clicked)),
  );
  const value = Number(await marker(page).getAttribute("aria-valuenow"));
  await poll(() => title(page)).toContain("becomes");
  // The bits, read back, are what float32 and the format hold.
  const bits = (word: string): Promise<string> =>
    page
      .locator(`[data-word="${word}"] .lowbit-micro-bit b`)
      .allTextContents()
      .then((all) => all.join(""));
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(await bits("value"), 2));
  expect(view.getFloat32(0)).toBe(value);
  const code = await bits("code");
  const [sign, field, fraction] = [
    code[0] === "1" ? -1 : 1,
    Number.parseInt(code.slice(1, 5), 2),
    Number.parseInt(code.slice(5), 2),
  ];
  const decoded = field === 0 ? (sign * fraction) / 512 : sign * 2 ** (field - 7) * (1 + fraction / 8);
  expect(Math.abs(decoded - value) / Math.abs(value)).toBeLessThanOrEqual(1 / 16);
  const shown = (await page.locator('[data-formula="code"]').textContent()) ?? "";
  expect(shown).toContain(`= ${String(decoded).replace("-", "−")}`);
  expect(complaints).toEqual([]);
  await page.close();
});

test("the keyboard alone goes through the values in order", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "micro");
  await marker(page).focus();
  const size = async (): Promise<number> => Math.abs(Number(await marker(page).getAttribute("aria-valuenow")));
  await page.keyboard.press("Home");
  await poll(size).toBeLessThan(0.002);
  const smallest = await size();
  await page.keyboard.press("ArrowRight");
  await poll(size).toBeGreaterThan(smallest);
  await page.keyboard.press("ArrowLeft");
  await poll(size).toBe(smallest);
  for (let i = 0; i < 8; i++) await page.keyboard.press("PageUp");
  await poll(size).toBeGreaterThan(100 * smallest);
  await page.keyboard.press("End");
  await poll(size).toBeGreaterThan(957);
  expect(await reason(page)).toContain("saturates at");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("selected value");
  expect(complaints).toEqual([]);
  await page.close();
});

test("format, rounding, overflow, scale and an own split can be chosen, and values found by typing", {
  timeout: 120_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "micro");
  await control(page, "beyond the range").selectOption("infinity-or-nan");
  await poll(() => number(page, "sqnr")).toMatch(/^none: \d+ became ∞ or NaN$/);
  await control(page, "value nearest to").fill("957");
  await page.keyboard.press("Enter");
  await poll(() => title(page)).toBe("Value [0, 0]: 957 becomes NaN");
  await control(page, "scale of the tensor").selectOption("absmax");
  await poll(() => number(page, "beyond")).toBe("0 %");
  await control(page, "format").selectOption("int8");
  await poll(() => page.locator(".lowbit-micro-about").textContent()).toContain("int8: 8 bits, two's complement");
  expect(await control(page, "beyond the range").inputValue()).toBe("saturate");
  await control(page, "format").selectOption("custom");
  await control(page, "mantissa bits").selectOption("5");
  await poll(() => page.locator('[data-word="code"] .mantissa').count()).toBe(5);
  await control(page, "exponent bits").selectOption("6");
  await poll(() => page.locator(".lowbit-micro-compare tr.chosen").textContent()).toContain("own float12_e6m5");
  await control(page, "rounding").selectOption("toward-zero");
  await poll(() => reason(page)).toMatch(/Toward zero|nothing is lost/);
  await control(page, "place").fill("33");
  await page.keyboard.press("Enter");
  await poll(() => title(page)).toMatch(/^Value \[1, 1\]:/);
  await control(page, "place").fill("99999");
  await page.keyboard.press("Enter");
  await poll(() => control(page, "place").inputValue()).toBe("33");
  await control(page, "axis").selectOption("linear");
  await poll(() => page.locator(".lowbit-micro-plot .errors").textContent()).toContain("error x̂ − x");
  expect(complaints).toEqual([]);
  await page.close();
});

test("the comparison is sorted, and a click on a row chooses its format", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "micro-nvfp4");
  const decibels = async (): Promise<number[]> =>
    (await page.locator(".lowbit-micro-compare tbody td:nth-child(3)").allTextContents()).map((text) =>
      Number.parseFloat(text),
    );
  await poll(async () => (await decibels()).length).toBe(16);
  await poll(() => page.locator(".lowbit-micro-compare + p").textContent()).toContain("A click");
  const found = await decibels();
  expect(found).toEqual([...found].sort((a, b) => b - a));
  await page.locator('[data-format="mxfp6_e2m3"]').click();
  await poll(() => state(page, "micro-nvfp4", "format")).toBe("mxfp6_e2m3");
  const sqnr = Number.parseFloat((await number(page, "sqnr")) ?? "");
  const row = await page.locator('[data-format="mxfp6_e2m3"] td').nth(1).textContent();
  expect(sqnr).toBeCloseTo(Number.parseFloat(row ?? ""), 0);
  await page.locator('[data-format="bfloat16"] button').focus();
  await page.keyboard.press("Enter");
  await poll(() => state(page, "micro-nvfp4", "format")).toBe("bfloat16");
  await poll(() => page.locator(".lowbit-micro-block").isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
});

test("bars, bits and cells say what they are", { timeout: 120_000 }, async (context) => {
  const { page } = await open(need(context, chromium()), "micro-mx");
  const tip = page.getByRole("tooltip");
  await page.locator(".bars .inside").nth(30).hover({ force: true });
  await poll(() => tip.textContent()).toMatch(/^±\S+: \d+ values$/);
  await page.locator('[data-word="code"] .lowbit-micro-bit').nth(1).hover();
  await poll(() => tip.textContent()).toBe("exponent: 8");
  await page.locator(".lowbit-micro-cell").first().hover();
  await poll(() => tip.textContent()).toBe("957 becomes 896: saturated, the largest magnitude");
  await page.close();
});

test("a million values are described in the worker, dragged through and compared", {
  timeout: 180_000,
}, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "micro-large");
  await poll(() => number(page, "values")).toBe("1048576");
  await drag(page, 0.7, 100);
  await poll(() => state(page, "micro-large", "selected")).not.toBe(0);
  expect(await title(page)).toMatch(/^Value \[\d+, \d+\]: /);
  await poll(() => page.locator(".lowbit-micro-compare tbody tr").count(), { timeout: 90_000 }).toBe(16);
  await control(page, "format").selectOption("float8_e5m2");
  await poll(() => page.locator(".lowbit-micro-about").textContent()).toContain("float8_e5m2");
  await poll(() => page.locator(".lowbit-micro-body").getAttribute("aria-busy")).toBe("false");
  expect(complaints).toEqual([]);
  await page.close();
});

test("NaN, infinities and zeros are shown without complaint, each", { timeout: 120_000 }, async (context) => {
  const { page, complaints } = await open(need(context, chromium()), "micro-odd");
  await poll(() => number(page, "values")).toBe("8, 2 not finite");
  for (let place = 0; place < 8; place++) {
    await control(page, "place").fill(String(place));
    await page.keyboard.press("Enter");
    await poll(() => title(page)).toMatch(new RegExp(`^Value ${place}: `));
  }
  expect(complaints).toEqual([]);
  await page.close();
});

test.for([1100, 600, 480])(
  "nothing is cut off at %i pixels, in any sample and theme",
  {
    timeout: 120_000,
  },
  async (width, context) => {
    const { page, complaints } = await open(need(context, chromium()), "", { width });
    await page.locator(".lowbit-micro").nth(5).waitFor();
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".lowbit-micro")].flatMap((root) => {
        const right = root.getBoundingClientRect().right + 0.5;
        return [...root.querySelectorAll("svg, table, dl, label, button, p, section")]
          .filter((one) => one.getBoundingClientRect().right > right)
          .map((one) => `${one.tagName} ${one.className}`);
      }),
    );
    expect(wide).toEqual([]);
    const colour = (): Promise<string> =>
      page
        .locator(".bars .inside rect")
        .first()
        .evaluate((bar) => getComputedStyle(bar).fill);
    const light = await colour();
    await page.getByRole("button", { name: "Dark theme" }).click();
    expect(await colour()).not.toBe(light);
    expect(complaints).toEqual([]);
    await page.close();
  },
);
