import { JSDOM } from "jsdom";
import { expect, test } from "vitest";
import { barChart } from "../src/bar-chart.js";
import { ShapeError, ValueError } from "../src/errors.js";

const parse = (svg: string): Document => new JSDOM(svg, { contentType: "image/svg+xml" }).window.document;

/** The lengths of the coloured bars: the rectangles that are neither ground nor track. */
const lengths = (svg: string): number[] =>
  [...parse(svg).querySelectorAll("rect")]
    .filter((rect) => !["#ffffff", "#eef1f5"].includes(rect.getAttribute("fill") ?? ""))
    .map((rect) => Number(rect.getAttribute("width")));

test("bars are as long as their values", () => {
  const bars = [1, 3, 0].map((value) => ({ label: `v${value}`, value }));
  const [one, three, zero] = lengths(barChart(bars, { title: "t" })) as [number, number, number];
  expect([three / one, zero]).toEqual([expect.closeTo(3, 2), 0]);
  expect(lengths(barChart(bars, { title: "t", max: 6 }))[1]).toBeCloseTo(three / 2, 1);
});

test("on a log scale each power of ten adds the same", () => {
  const bars = [1, 10, 100, 1000].map((value) => ({ label: `v${value}`, value }));
  const [a, b, c, d] = lengths(barChart(bars, { title: "t", scale: "log" })) as [number, number, number, number];
  expect([a, c / b, d / b]).toEqual([0, expect.closeTo(2, 2), expect.closeTo(3, 2)]);
});

test("every value is written, and read to those who do not see it", () => {
  const svg = barChart(
    [
      { label: "a <b>", value: 0.12345 },
      { label: "c", value: 1.83e18 },
      { label: "d", value: 2, text: "two" },
    ],
    { title: "Kept & pruned" },
  );
  const { documentElement } = parse(svg);
  expect(documentElement.querySelector("title")?.textContent).toBe("Kept & pruned");
  expect(documentElement.querySelector("desc")?.textContent).toBe("a <b>: 0.123; c: 1.83e18; d: two");
});

test("refuses what has no length", () => {
  expect(() => barChart([], { title: "t" })).toThrow(ShapeError);
  expect(() => barChart([{ label: "x", value: -1 }], { title: "t" })).toThrow(ValueError);
  expect(() => barChart([{ label: "x", value: 0 }], { title: "t", scale: "log" })).toThrow(
    'barChart: 0 for "x", expected a finite number >= 1',
  );
});
