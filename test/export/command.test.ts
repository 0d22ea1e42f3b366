/** `lowbit export` as a person runs it, on Lowbit's own notebooks; and Python's nbconvert on the same. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { JSDOM } from "jsdom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder, root } from "../support/kernel.js";
import { chromium, need, pythonWith } from "../support/peers.js";
import { becomesLive, closeBrowser, openFile } from "./browser.js";
import { lowbit } from "./command.js";

const folder = emptyFolder("lowbit-export-command-");
const tour = join(folder, "tour.ipynb");
const paper = join(folder, "paper.ipynb");

beforeAll(() => {
  const notebooks = join(root, "notebooks");
  expect(lowbit(["run", join(notebooks, "00-tour.ipynb"), "-o", tour]).status).toBe(0);
  expect(lowbit(["run", join(notebooks, "hubara2021-transposable-mask.ipynb"), "-o", paper]).status).toBe(0);
}, 120_000);

afterAll(closeBrowser);

function exported(file: string, ...args: string[]): string {
  const output = join(folder, "out.html");
  const { status, stdout, stderr } = lowbit(["export", file, "-o", output, ...args]);
  expect([status, stdout, stderr]).toEqual([0, `${output}\n`, ""]);
  return readFileSync(output, "utf8");
}

const kinds = (html: string): Record<string, number> => {
  const { document } = new JSDOM(html).window;
  const count = (selector: string): number => document.querySelectorAll(selector).length;
  return { cells: count(".lb-cell"), live: count(".lb-widget"), cards: count("[role=group]"), math: count("math") };
};

describe("Lowbit's own notebooks", () => {
  test("the tour and a paper: every cell, card, formula and widget, in less than 1.5 MB", { timeout: 60_000 }, () => {
    const cells = JSON.parse(readFileSync(paper, "utf8")).cells as { cell_type: string; source: string[] }[];
    const html = exported(paper);
    const found = kinds(html);
    expect(found.cells).toBe(cells.length);
    expect(found.live).toBe(1);
    expect(found.cards).toBe((JSON.stringify(cells).match(/lowbit\.check\+json/g) ?? []).length);
    const texts = cells.filter(({ cell_type }) => cell_type === "markdown").map(({ source }) => source.join(""));
    const formulas = texts.join("\n").match(/\$\$[^$]+\$\$|\$[^$\n]+\$/g) ?? [];
    expect(found.math).toBe(formulas.length);
    expect(html.includes("katex-error") || html.includes('lb-bad-math"')).toBe(false);
    expect(gzipSync(html).length).toBeLessThan(1_500_000);
    expect(kinds(exported(tour)).live).toBe(2);
  });

  test("the page of the paper lives: the optimum's path, the masks, the transposed view", {
    timeout: 60_000,
  }, async (context) => {
    const file = join(folder, "paper.html");
    writeFileSync(file, exported(paper));
    const opened = await openFile(need(context, chromium()), file);
    await becomesLive(opened);
    const { page } = opened;
    const lights = (): Promise<string> => page.locator(".lb-widget").innerText();
    const before = await lights();
    await page.getByRole("button", { name: /transpose/i }).click();
    await expect.poll(lights).not.toBe(before);
    expect([opened.complaints, opened.asked]).toEqual([[], []]);
    // On paper nothing is cut off: the print is as wide as its page.
    await page.emulateMedia({ media: "print" });
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(await page.evaluate(() => getComputedStyle(document.querySelector("footer") as Element).display)).toBe(
      "none",
    );
    await page.close();
  });

  test.each([480, 1280])(
    "nothing but code and tables is wider than a window of %i pixels",
    { timeout: 60_000 },
    async (width) => {
      const file = join(folder, `tour-${width}.html`);
      writeFileSync(file, exported(tour, "--toc"));
      const context = {
        skip: (reason?: string): never => {
          throw new Error(reason);
        },
      };
      const opened = await openFile(need(context as never, chromium()), file, { viewport: { width, height: 800 } });
      await becomesLive(opened);
      expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await opened.page.locator("nav a").first().textContent()).toBe("Lowbit in five minutes");
      await opened.page.close();
    },
  );

  test("without code, without scripts, as a snippet", { timeout: 60_000 }, () => {
    expect(new JSDOM(exported(tour, "--no-code")).window.document.querySelector(".lb-code .lb-source")).toBeNull();
    const still = exported(tour, "--static", "--format", "html");
    expect(/<script/i.test(still)).toBe(false);
    // The mask viewer's own drawing stands in its place.
    expect(new JSDOM(still).window.document.querySelector(".lb-still img[src^='data:image/svg+xml']")).not.toBeNull();
    const output = join(folder, "mask.js");
    const { status, stderr } = lowbit(["export", tour, "--widget", "2", "--snippet", "-o", output]);
    expect(status).toBe(0);
    expect(stderr).toContain('<lowbit-widget name="mask"></lowbit-widget>');
    expect(readFileSync(output, "utf8")).toContain("MaskModel");
  });

  test("Python's nbconvert shows the same outputs, and the widgets' pictures", { timeout: 120_000 }, (context) => {
    const python = need(context, pythonWith("nbconvert"));
    const args = ["-m", "nbconvert", "--to", "html", "--output-dir", folder, "--output", "nbconvert.html", tour];
    execFileSync(python, args, { stdio: "pipe" });
    const { document } = new JSDOM(readFileSync(join(folder, "nbconvert.html"), "utf8")).window;
    expect(document.querySelectorAll("[role=group][aria-label^='check']")).toHaveLength(
      kinds(exported(tour)).cards as number,
    );
    const states = document.querySelector('script[type="application/vnd.jupyter.widget-state+json"]');
    expect(Object.keys(JSON.parse(states?.textContent ?? "{}").state).length).toBeGreaterThan(5);
    const view = {
      ...JSON.parse(
        document.querySelector('script[type="application/vnd.jupyter.widget-view+json"]')?.textContent ?? "{}",
      ),
    };
    expect(view.version_major).toBe(2);
    expect(document.body.textContent).toContain("71.0 %");
  });
});

describe("what is wrong is said, and nothing is written", () => {
  const broken = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  test.each([
    ["no file", () => join(folder, "gone.ipynb"), [], /gone\.ipynb/],
    ["no JSON", () => broken("a.ipynb", "{"), [], /a\.ipynb.*JSON/s],
    ["no notebook", () => broken("b.ipynb", "{}"), [], /nbformat undefined, expected 4/],
    ["no folder", () => tour, ["-o", "/nowhere/x.html"], /there is no folder \/nowhere/],
    ["a widget without a snippet", () => tour, ["--widget", "1"], /expected both/],
    ["another format", () => tour, ["--format", "pdf"], /html/],
    ["a widget that is not there", () => tour, ["--snippet", "--widget", "7"], /1: VBoxModel .*; 2: MaskModel/],
  ])("%s", { timeout: 30_000 }, (_, file, args, message) => {
    const path = file();
    const before = readdirSync(folder);
    const { status, stderr } = lowbit(["export", path, ...args]);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder)).toEqual(before);
  });

  test("a notebook without outputs is exported with a word about it", () => {
    const file = broken("empty.ipynb", JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] }));
    const { status, stderr } = lowbit(["export", file]);
    expect([status, stderr]).toEqual([0, `warning: ${file} has no outputs; lowbit export --run runs it first\n`]);
    expect(existsSync(join(folder, "empty.html"))).toBe(true);
  });

  test("where the page cannot be put, nothing is left", () => {
    mkdirSync(join(folder, "taken.html"));
    const before = readdirSync(folder);
    const { status, stderr } = lowbit(["export", tour, "-o", join(folder, "taken.html")]);
    expect([status, stderr.includes("taken.html")]).toEqual([1, true]);
    expect(readdirSync(folder)).toEqual(before);
  });

  test("--run: a failing cell is shown in the page, and the command fails", { timeout: 60_000 }, () => {
    const cell = {
      cell_type: "code",
      metadata: {},
      source: "throw new Error('on purpose')",
      outputs: [],
      execution_count: null,
    };
    const file = broken("fails.ipynb", JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell] }));
    const { status, stderr } = lowbit(["export", file, "--run"]);
    expect(status).toBe(1);
    expect(stderr).toContain("on purpose");
    const { document } = new JSDOM(readFileSync(join(folder, "fails.html"), "utf8")).window;
    expect(document.querySelector(".lb-error")?.textContent).toContain("on purpose");
  });
});
