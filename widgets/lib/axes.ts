/** Scales, ticks and axes of the drawings. */
import { type SvgNode, svgNode } from "./svg-node.js";

/** The colours of a drawing, as CSS writes them. */
export interface ChartColours {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly soft: string;
}

/** From values to pixels and back; linear. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  at(value: number): number;
  /** Not limited to the domain. */
  valueAt(pixel: number): number;
}

/** A place on an axis and what is written there. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** For drawings that stand alone: on a white ground of their own, so that they read in any theme. */
export const paperColours: ChartColours = {
  ground: "#ffffff",
  text: "#1b2430",
  muted: "#5a6472",
  line: "#8a93a0",
  soft: "#e3e7ed",
};

/** Returns a linear scale. */
export function scaleOf(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const width = domain[1] - domain[0] || 1;
  const factor = (range[1] - range[0]) / width;
  return {
    domain,
    range,
    at: (value) => range[0] + (value - domain[0]) * factor,
    valueAt: (pixel) => domain[0] + (pixel - range[0]) / factor,
  };
}

/** Returns round values within the domain, about `count` of them, at steps of 1, 2 or 5 times a power of ten. */
export function linearTicks([low, high]: readonly [number, number], count: number): Tick[] {
  if (!(high > low)) return [{ value: low, label: shortNumber(low) }];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    const value = i === 0 ? 0 : Number((i * step).toPrecision(12));
    ticks.push({ value, label: shortNumber(value) });
  }
  return ticks;
}

/**
 * Returns powers of ten for an axis of natural logarithms, at most `count` of them.
 * @example powerTicks([-7, 0], 5) // -6.9: 1e-3 … 0: 1
 */
export function powerTicks([low, high]: readonly [number, number], count: number): Tick[] {
  const [first, last] = [Math.ceil(low / Math.LN10 - 1e-9), Math.floor(high / Math.LN10 + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const ticks: Tick[] = [];
  for (let power = Math.ceil(first / step) * step; power <= last; power += step) {
    ticks.push({ value: power * Math.LN10, label: power >= -2 && power <= 3 ? String(10 ** power) : `1e${power}` });
  }
  return ticks;
}

/** Returns a number in few characters. @example [0.1234, 1e-7, 25000].map(shortNumber) // ["0.123", "1e-7", "2.5e4"] */
export function shortNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e4 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(2).split("e") as [string, string];
    return `${Number(mantissa)}e${Number(exponent)}`;
  }
  return String(Number(value.toPrecision(3)));
}

/** Returns the axis below a plot: a line, ticks, their labels and a name. */
export function bottomAxis(
  scale: Scale,
  y: number,
  ticks: readonly Tick[],
  name: string,
  colours: ChartColours,
): SvgNode {
  const [left, right] = scale.range;
  return svgNode(
    "g",
    { class: "axis", "font-size": 11, fill: colours.muted },
    svgNode("path", { d: `M${left} ${y}H${right}`, stroke: colours.line, fill: "none" }),
    ...ticks.flatMap(({ value, label }) => {
      const x = attributeOf(scale.at(value));
      return [
        svgNode("path", { d: `M${x} ${y}v5`, stroke: colours.line, fill: "none" }),
        svgNode("text", { x, y: y + 17, "text-anchor": "middle" }, label),
      ];
    }),
    svgNode(
      "text",
      { x: (left + right) / 2, y: y + 34, "text-anchor": "middle", fill: colours.text, "font-size": 12 },
      name,
    ),
  );
}

/** Returns the axis at the side of a plot; `right` puts labels and name on its right. */
export function sideAxis(
  scale: Scale,
  x: number,
  ticks: readonly Tick[],
  name: string,
  colours: ChartColours,
  right = false,
): SvgNode {
  const [bottom, top] = scale.range;
  const out = right ? 1 : -1;
  const middle = (bottom + top) / 2;
  const widest = Math.max(0, ...ticks.map(({ label }) => label.length));
  const away = x + out * (19 + 6.4 * widest);
  return svgNode(
    "g",
    { class: "axis", "font-size": 11, fill: colours.muted },
    svgNode("path", { d: `M${x} ${bottom}V${top}`, stroke: colours.line, fill: "none" }),
    ...ticks.flatMap(({ value, label }) => {
      const y = attributeOf(scale.at(value));
      return [
        svgNode("path", { d: `M${x} ${y}h${5 * out}`, stroke: colours.line, fill: "none" }),
        svgNode("text", { x: x + 8 * out, y: y + 4, "text-anchor": right ? "start" : "end" }, label),
      ];
    }),
    svgNode(
      "text",
      {
        transform: `translate(${attributeOf(away)} ${attributeOf(middle)}) rotate(${right ? 90 : -90})`,
        "text-anchor": "middle",
        fill: colours.text,
        "font-size": 12,
      },
      name,
    ),
  );
}

/** Returns a line through points that are given in pixels; it is interrupted where a coordinate is not finite. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  let path = "";
  let open = false;
  for (const [x, y] of points) {
    const drawn = Number.isFinite(x) && Number.isFinite(y);
    if (drawn) path += `${open ? "L" : "M"}${attributeOf(x)} ${attributeOf(y)}`;
    open = drawn;
  }
  return path;
}

function attributeOf(value: number): number {
  return Math.round(value * 100) / 100;
}
