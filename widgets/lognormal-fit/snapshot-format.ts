/** The heat map of the expected error of float formats over exponent bits and sigma. */
import { bestExponentBits, floatError, tabulatedExponentBits } from "../../src/gradients/index.js";
import { exp, log } from "../../src/math/index.js";
import { bottomAxis, type Scale, scaleOf, sideAxis } from "../lib/axes.js";
import { rampColour } from "../lib/ramp.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import type { FitColours } from "./snapshot-colours.js";

/** What the heat map shows, and how large; lengths in pixels. */
export interface FormatOptions {
  /** Bits of the format, sign included. */
  readonly bits: number;
  /** Standard deviation of log2|g| of the gradient. */
  readonly sigma: number;
  readonly width: number;
  readonly height: number;
  readonly colours: FitColours;
}

const margin = { left: 92, right: 10, top: 10, bottom: 58 };
const ends: readonly [number, number] = [0.1, 30];
const columns = 72;

/** The range of errors over which the colours go. */
export const errorRange: readonly [number, number] = [0.002, 1];

/** Draws the heat map with the optimum, the reference code's table, and this gradient's sigma. */
export function drawFormats({ bits, sigma, width, height, colours }: FormatOptions): SvgNode {
  const x = scaleOf([log(ends[0]), log(ends[1])], [margin.left, width - margin.right]);
  const y = scaleOf([0.5, bits - 0.5], [height - margin.bottom, margin.top]);
  const exponents = Array.from({ length: bits - 1 }, (_, i) => i + 1);
  const ticks = [0.1, 0.3, 1, 3, 10, 30].map((value) => ({ value: log(value), label: String(value) }));
  const rows = exponents.map((value) => ({ value, label: `${value} + ${bits - 1 - value}` }));
  return svgNode(
    "g",
    { class: "formats" },
    svgNode(
      "g",
      { class: "cells", "shape-rendering": "crispEdges" },
      ...exponents.flatMap((exponent) => row(exponent, bits, x, y)),
    ),
    stairs("table", (s) => tabulatedExponentBits(bits, s), x, y, { stroke: "#ffffff", "stroke-dasharray": "5 3" }),
    stairs("optimum", (s) => bestExponentBits(bits, s), x, y, { stroke: "#ffffff" }),
    marker(bits, sigma, x, y, colours),
    bottomAxis(x, y.range[0], ticks, "sigma: standard deviation of log2|g|", colours),
    sideAxis(y, margin.left, rows, "exponent + mantissa bits", colours),
    key(width, height, colours),
  );
}

function row(exponent: number, bits: number, x: Scale, y: Scale): SvgNode[] {
  const mantissa = bits - 1 - exponent;
  const step = (x.range[1] - x.range[0]) / columns;
  const [top, bottom] = [y.at(exponent + 0.5), y.at(exponent - 0.5)];
  return Array.from({ length: columns }, (_, i) => {
    const left = x.range[0] + i * step;
    const sigma = exp(x.valueAt(left + step / 2));
    const { total } = floatError({ exponent, mantissa, sigma });
    return svgNode("rect", {
      x: left,
      y: top,
      width: step + 0.3,
      height: bottom - top,
      fill: errorColour(total),
      "data-tip": `${exponent} exponent and ${mantissa} mantissa bits, sigma ${sigma.toFixed(2)}: expected relative error ${percentOf(total)}`,
    });
  });
}

/** The colour of an error: dark is small. */
export function errorColour(error: number): string {
  const [low, high] = errorRange;
  return rampColour((log(error) - log(low)) / (log(high) - log(low)));
}

/** A line above the chosen number of exponent bits for each sigma; light around dark, so that it shows everywhere. */
function stairs(
  name: string,
  choose: (sigma: number) => number,
  x: Scale,
  y: Scale,
  stroke: Readonly<Record<string, string>>,
): SvgNode {
  const points: string[] = [];
  let last: number | undefined;
  const count = 4 * columns;
  for (let i = 0; i <= count; i++) {
    const at = x.range[0] + ((x.range[1] - x.range[0]) * i) / count;
    const level = choose(exp(x.valueAt(at)));
    const [across, up] = [Math.round(at * 100) / 100, Math.round(y.at(level) * 100) / 100];
    if (last === undefined) points.push(`M${across} ${up}`);
    else if (level !== last) points.push(`H${across}V${up}`);
    if (i === count) points.push(`H${across}`);
    last = level;
  }
  const shared = { d: points.join(""), fill: "none", "pointer-events": "none" };
  return svgNode(
    "g",
    { class: `stairs ${name}` },
    svgNode("path", { ...shared, stroke: "#000000", "stroke-width": 4, "stroke-opacity": 0.75 }),
    svgNode("path", { ...shared, ...stroke, "stroke-width": 2 }),
  );
}

/** This gradient's sigma, and the format that is best for it. */
function marker(bits: number, sigma: number, x: Scale, y: Scale, colours: FitColours): SvgNode {
  const inside = Math.min(ends[1], Math.max(ends[0], sigma));
  const at = x.at(log(inside));
  const best = bestExponentBits(bits, sigma);
  return svgNode(
    "g",
    { class: "marker", "pointer-events": "none" },
    svgNode("path", {
      d: `M${at} ${y.range[1]}V${y.range[0]}`,
      stroke: "#000000",
      "stroke-width": 4,
      "stroke-opacity": 0.6,
    }),
    svgNode("path", { d: `M${at} ${y.range[1]}V${y.range[0]}`, stroke: "#ff6f61", "stroke-width": 2 }),
    svgNode("circle", { cx: at, cy: y.at(best), r: 5.5, fill: colours.handle, stroke: "#ffffff", "stroke-width": 2 }),
  );
}

/** What the colours mean. */
function key(width: number, height: number, colours: FitColours): SvgNode {
  const [left, top] = [margin.left, height - 14];
  const long = Math.max(60, (width - margin.left - margin.right) * 0.4);
  const steps = 24;
  const boxes = Array.from({ length: steps }, (_, i) =>
    svgNode("rect", {
      x: left + (long * i) / steps,
      y: top,
      width: long / steps + 0.3,
      height: 9,
      fill: rampColour((i + 0.5) / steps),
    }),
  );
  const text = { y: top + 9, "font-size": 11, fill: colours.muted };
  return svgNode(
    "g",
    { class: "key" },
    ...boxes,
    svgNode("text", { ...text, x: left - 4, "text-anchor": "end" }, `error ${percentOf(errorRange[0])}`),
    svgNode("text", { ...text, x: left + long + 4 }, percentOf(errorRange[1])),
  );
}

/** @example percentOf(0.0451) // "4.51 %" */
export function percentOf(error: number): string {
  return `${Number((100 * error).toPrecision(3))} %`;
}
