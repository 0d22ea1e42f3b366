/** The optimum of a block, path by path, in the playground; in Chromium. */
import { afterAll, expect, test } from "vitest";
import { chromium, need } from "../support/peers.js";
import { close, open, type PageModel } from "./playground.js";

declare const lowbitPlayground: { readonly models: Record<string, PageModel> };

afterAll(close);

const timeout = 60_000;
const label = { next: "one path on", back: "one path back", first: "to the start", last: "to the optimum" };

async function openFlow(context: Parameters<typeof need>[0], sample: string) {
  const opened = await open(need(context, chromium()), sample);
  const { page } = opened;
  await page.getByText("The optimum, path by path").click();
  const words = page.locator(".lowbit-mask-flow-words");
  const button = (name: keyof typeof label) => page.getByRole("button", { name: label[name] });
  return { ...opened, words, button, says: () => words.textContent() };
}

test("a person steps to the optimum and back; words, graph and block agree", { timeout }, async (context) => {
  const { page, button, says, complaints } = await openFlow(context, "mask");
  await expect
    .poll(says)
    .toContain("8 paths lead to the optimum, which keeps 7.890; each row and column has room for 2");
  expect([await button("back").isDisabled(), await button("first").isDisabled()]).toEqual([true, true]);
  const kept = page.locator(".lowbit-mask-block g.kept");
  expect(await kept.count()).toBe(0);
  await button("next").click();
  await expect.poll(says).toBe("Path 1 of 8: row 3 takes column 1 (+1.72). It gains +1.72; kept 1.720 of 7.890.");
  expect(await page.locator(".lowbit-mask-graph .weight").allTextContents()).toEqual(["+1.72"]);
  expect(await kept.allTextContents()).toEqual(["1.72"]);
  await button("last").click();
  await expect.poll(says).toMatch(/^Path 8 of 8: .* This is the optimum\.$/);
  // What the block keeps is what the tile's optimum keeps there.
  const tile = page.locator('[role="gridcell"].kept');
  const inBlock = (
    await tile.evaluateAll((cells) => cells.map((cell) => [cell.dataset.row, cell.dataset.column, cell.textContent]))
  )
    .filter(([row, column]) => Number(row) < 4 && Number(column) < 4)
    .map(([, , text]) => String(text).replace("-", ""));
  expect(await kept.allTextContents()).toEqual(inBlock);
  expect(await page.locator(".lowbit-mask-graph .used").allTextContents()).toEqual(Array(8).fill("2/2"));
  expect([await button("next").isDisabled(), await button("last").isDisabled()]).toEqual([true, true]);
  await button("back").click();
  await expect.poll(says).toContain("Path 7 of 8");
  await button("first").click();
  await expect.poll(says).toContain("Start: nothing is kept");
  expect(complaints).toEqual([]);
  await page.close();
});

test("a path that gives back is drawn and said so", { timeout }, async (context) => {
  const { page, button, says } = await openFlow(context, "mask-4-8");
  await button("last").click();
  await expect
    .poll(says)
    .toBe(
      "Path 32 of 32: row 0 takes column 2 (+3); row 3 gives back column 2 (−27) and takes column 0 (+25). It gains +1; kept 1040 of 1040. This is the optimum.",
    );
  expect(await page.locator(".lowbit-mask-graph .weight").allTextContents()).toEqual(["+3", "−27", "+25"]);
  expect(await page.locator(".lowbit-mask-graph g.returned line").count()).toBe(1);
  expect(await page.locator(".lowbit-mask-block g.pruned:has(rect.returned)").allTextContents()).toEqual(["27"]);
  await page.close();
});

test("among many edges the path stands out, and its labels do not cover each other", { timeout }, async (context) => {
  const { page, button, says } = await openFlow(context, "mask-8-16");
  await button("last").click();
  await expect.poll(says).toContain("Path 128 of 128");
  const labels = page.locator(".lowbit-mask-graph .weight");
  const boxes = await labels.evaluateAll((all) =>
    all.map((label) => label.getBoundingClientRect()).map(({ left, right, top, bottom }) => [left, right, top, bottom]),
  );
  expect(boxes.length).toBeGreaterThan(8);
  const covering = boxes.flatMap((a, i) =>
    boxes.slice(i + 1).filter((b) => {
      const across = Math.min(a[1] as number, b[1] as number) - Math.max(a[0] as number, b[0] as number);
      const down = Math.min(a[3] as number, b[3] as number) - Math.max(a[2] as number, b[2] as number);
      // A line's box is higher than its digits.
      return across > 0 && down > 3;
    }),
  );
  expect(covering).toEqual([]);
  const opacity = (name: string): Promise<number> =>
    page
      .locator(name)
      .first()
      .evaluate((node) => Number(getComputedStyle(node).strokeOpacity));
  expect(await opacity(".lowbit-mask-graph .kept")).toBeLessThan(0.5);
  expect(await opacity(".lowbit-mask-graph .added line")).toBe(1);
  await page.close();
});

test("it plays, is paused, and works by keys", { timeout }, async (context) => {
  const { page, says } = await openFlow(context, "mask");
  await page.getByRole("button", { name: "play" }).press("Enter");
  await expect.poll(says, { timeout: 20_000 }).toContain("Path 3 of 8");
  await page.getByRole("button", { name: "pause" }).press("Space");
  await expect.poll(() => page.getByRole("button", { name: "play" }).count()).toBe(1);
  const slider = page.getByLabel("step of the flow");
  await slider.focus();
  await page.keyboard.press("End");
  await expect.poll(says).toContain("Path 8 of 8");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(says).toContain("Path 7 of 8");
  expect(await slider.getAttribute("aria-valuetext")).toBe("path 7 of 8");
  // At the end it stops by itself.
  await page.getByRole("button", { name: "play" }).click();
  await expect.poll(says, { timeout: 20_000 }).toContain("This is the optimum");
  await expect.poll(() => page.getByRole("button", { name: "play" }).count()).toBe(1);
  await page.close();
});

test("it follows the chosen weight, and begins again when a weight changes", { timeout }, async (context) => {
  const { page, button, says } = await openFlow(context, "mask");
  await page.locator('[role="gridcell"][data-row="5"][data-column="6"]').click();
  await expect.poll(() => page.locator("summary").textContent()).toContain("the block of rows 4 to 7, columns 4 to 7");
  await expect.poll(() => page.locator(".lowbit-mask-graph .name").first().textContent()).toBe("row 4");
  await button("last").click();
  await expect.poll(says).toContain("This is the optimum");
  await page.evaluate(() => {
    const model = lowbitPlayground.models.mask;
    const weights = model?.get("weights") as unknown as { data: Float32Array };
    const data = weights.data.slice();
    data[5 * 8 + 6] = 40;
    model?.set({ weights: { ...weights, data } });
  });
  await expect.poll(says).toContain("Start: nothing is kept");
  await button("next").click();
  await expect.poll(says).toContain("row 5 takes column 6 (+40)");
  await page.close();
});
