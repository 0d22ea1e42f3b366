import { JSDOM } from "jsdom";
import { expect, test } from "vitest";
import { ShapeError, ValueError } from "../../src/errors.js";
import { maskSvg } from "../../src/sparsity/index.js";
import * as tensor from "../../src/tensor/index.js";

const parse = (svg: string): Document => new JSDOM(svg, { contentType: "image/svg+xml" }).window.document;
const mask = tensor.from([
  [true, true, false],
  [false, true, true],
]);

/** The cells that the dark path covers, from its rectangles. */
function covered(svg: string, cell: number): string[] {
  const path = [...parse(svg).querySelectorAll("path")][0]?.getAttribute("d") ?? "";
  return [...path.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z/g)].flatMap(([, x, y, width, height, back]) => {
    expect([Number(height), back]).toEqual([cell, width]);
    return Array.from({ length: Number(width) / cell }, (_, i) => `${Number(y) / cell},${Number(x) / cell + i}`);
  });
}

test("covers exactly the kept cells", () => {
  expect(covered(maskSvg(mask, { cell: 10 }), 10)).toEqual(["0,0", "0,1", "1,1", "1,2"]);
});

test("says what it shows to a screen reader, and escapes it", () => {
  const svg = parse(maskSvg(mask, { title: 'a "<b>" & c' })).documentElement;
  expect(svg.getAttribute("role")).toBe("img");
  expect(svg.querySelector("title")?.textContent).toBe('a "<b>" & c');
  expect(parse(maskSvg(mask)).querySelector("title")?.textContent).toBe("2 x 3 mask: 4 of 6 weights kept (dark)");
});

test("writes the weights into the cells of a small matrix only", () => {
  const weights = tensor.from([
    [1, -0.256, 12.34],
    [123.4, 1e7, -5],
  ]);
  const texts = (svg: string): string[] => [...parse(svg).querySelectorAll("g g text")].map((t) => t.textContent ?? "");
  expect(texts(maskSvg(mask, { weights }))).toEqual(["1", "-0.26", "12.3", "123", "1e7", "-5"]);
  const wide = tensor.zeros([1, 32], "bool");
  expect(texts(maskSvg(wide, { weights: tensor.zeros([1, 32]) }))).toEqual([]);
});

test("puts each weight into the middle of its cell", () => {
  const svg = parse(maskSvg(mask, { weights: tensor.arange(6, { shape: [2, 3] }), cell: 30 }));
  const places = [...svg.querySelectorAll("g g text")].map((t) => [
    Number(t.getAttribute("x")),
    Number(t.getAttribute("y")),
  ]);
  places.forEach(([x, y], i) => {
    expect(x).toBe((i % 3) * 30 + 15);
    expect(Math.floor((y as number) / 30)).toBe(Math.floor(i / 3));
  });
});

test("stays well-formed and small for 128 x 256", () => {
  const data = Uint8Array.from({ length: 128 * 256 }, (_, i) => (i * 7919) % 2);
  const svg = maskSvg({ data, shape: [128, 256], dtype: "bool" }, { group: 8 });
  expect(parse(svg).querySelector("parsererror")).toBeNull();
  expect(svg.length).toBeLessThan(500_000);
});

test("refuses what it cannot draw", () => {
  expect(() => maskSvg(tensor.zeros([257, 4], "bool"))).toThrow("maskSvg: shape [257, 4], expected sides 1..256");
  expect(() => maskSvg(tensor.zeros([0, 4], "bool"))).toThrow(ShapeError);
  expect(() => maskSvg(mask, { weights: tensor.zeros([3, 2]) })).toThrow(ShapeError);
  expect(() => maskSvg(mask, { group: 0 })).toThrow(ValueError);
  expect(() => maskSvg(mask, { cell: Number.NaN })).toThrow(ValueError);
});
