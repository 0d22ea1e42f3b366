/** The contours of a grid with the path on top, and what their colours mean. */
import {
  bottomAxis,
  type ChartColours,
  linearTicks,
  paperColours,
  type Scale,
  scaleOf,
  shortNumber,
  sideAxis,
  type Tick,
} from "../lib/axes.js";
import { rampColour } from "../lib/ramp.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import { type Contours, coordinateAt, type Field, type Landscape, lossOf } from "./compute.js";
import type { ContourLine } from "./compute-contours.js";

/** What a contour drawing colours beside the ramp. */
export interface LandscapeColours extends ChartColours {
  /** The path, and what sets it off from any ground. */
  readonly path: string;
  readonly casing: string;
}

/** For a drawing that stands alone. */
export const paper: LandscapeColours = { ...paperColours, path: "#ff5a4d", casing: "#ffffff" };

/** What a contour drawing shows, and how large; lengths in pixels. */
export interface ContourOptions {
  readonly landscape: Pick<Landscape, "low" | "high">;
  readonly field: Field;
  readonly contours: readonly Contours[];
  readonly labels: { readonly x: string; readonly y: string; readonly z: string };
  readonly log: boolean;
  readonly width: number;
  readonly height: number;
  readonly colours: LandscapeColours;
}

/** The drawing, and where things are on it. */
export interface ContourDrawing {
  readonly node: SvgNode;
  readonly x: Scale;
  readonly y: Scale;
}

const margin = { left: 58, right: 96, top: 10, bottom: 42 };

/** Draws filled contours, lines, the path, axes and a colour bar. */
export function drawContour(options: ContourOptions): ContourDrawing {
  const { field, contours, labels, width, height, colours } = options;
  const x = scaleOf(endsOf(field.x), [margin.left, Math.max(margin.left + 60, width - margin.right)]);
  const y = scaleOf(endsOf(field.y), [height - margin.bottom, margin.top]);
  const [left, right] = x.range;
  const [bottom, top] = y.range;
  const plane = { x: left, y: top, width: right - left, height: bottom - top };
  const bands = contours.map(({ level, region }, n) =>
    svgNode("path", {
      class: "band",
      d: pathOf(region, field, x, y),
      fill: bandColour(options, n),
      "fill-rule": "evenodd",
      "data-level": shortNumber(lossOf(level, options.log)),
    }),
  );
  const lines = contours
    .slice(1)
    .map(({ lines: list }) => svgNode("path", { class: "line", d: pathOf(list, field, x, y), fill: "none" }));
  const node = svgNode(
    "g",
    { class: "contour" },
    svgNode("rect", { class: "gap", ...plane, fill: colours.soft }),
    svgNode("g", { class: "bands" }, ...bands),
    svgNode("g", { class: "lines", stroke: "#000000", "stroke-opacity": 0.35, "stroke-width": 0.8 }, ...lines),
    drawPath(field, x, y, colours),
    svgNode("rect", { class: "plane", ...plane, fill: "transparent" }),
    bottomAxis(x, bottom, linearTicks(x.domain, (right - left) / 70), labels.x, colours),
    sideAxis(y, left, linearTicks(y.domain, (bottom - top) / 50), labels.y, colours),
    colourBar(options, right + 14, y),
  );
  return { node, x, y };
}

function endsOf(axis: ArrayLike<number>): [number, number] {
  return [axis[0] as number, axis[axis.length - 1] as number];
}

/** The colour of the n-th band: that of its middle. */
export function bandColour(
  { landscape: { low, high }, contours }: Pick<ContourOptions, "landscape" | "contours">,
  n: number,
): string {
  const from = (contours[n] as Contours).level;
  const to = contours[n + 1]?.level ?? high;
  return rampColour(high > low ? ((from + to) / 2 - low) / (high - low) : 0.5);
}

function pathOf(lines: readonly ContourLine[], field: Field, x: Scale, y: Scale): string {
  let d = "";
  for (const { places, closed } of lines) {
    for (let n = 0; n < places.length; n += 2) {
      const across = x.at(coordinateAt(field.x, places[n] as number));
      const down = y.at(coordinateAt(field.y, places[n + 1] as number));
      d += `${n === 0 ? "M" : "L"}${tenth(across)} ${tenth(down)}`;
    }
    if (closed) d += "Z";
  }
  return d;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A line with its start as a disc and its end as a ring; what lies beside the grid is left out. */
function drawPath({ path }: Field, x: Scale, y: Scale, colours: LandscapeColours): SvgNode {
  const inside = ([px, py]: Field["path"][number]): boolean =>
    px >= x.domain[0] && px <= x.domain[1] && py >= y.domain[0] && py <= y.domain[1];
  let d = "";
  for (const [n, point] of path.entries()) {
    if (!inside(point)) continue;
    const previous = path[n - 1];
    d += `${previous !== undefined && inside(previous) ? "L" : "M"}${tenth(x.at(point[0]))} ${tenth(y.at(point[1]))}`;
  }
  const shared = { d, fill: "none", "stroke-linejoin": "round", "stroke-linecap": "round" };
  const end = (point: Field["path"][number] | undefined, name: string, fill: string): SvgNode | undefined =>
    point !== undefined && inside(point)
      ? svgNode("circle", {
          class: name,
          cx: x.at(point[0]),
          cy: y.at(point[1]),
          r: 5,
          fill,
          stroke: name === "start" ? colours.casing : colours.path,
          "stroke-width": 2,
        })
      : undefined;
  return svgNode(
    "g",
    { class: "path", "pointer-events": "none" },
    svgNode("path", { ...shared, stroke: colours.casing, "stroke-width": 4.5 }),
    svgNode("path", { ...shared, stroke: colours.path, "stroke-width": 2.2 }),
    end(path[0], "start", colours.path),
    end(path[path.length - 1], "end", colours.casing),
  );
}

/** The bands as boxes from the lowest to the highest, with some of the levels written beside them. */
function colourBar(options: ContourOptions, left: number, y: Scale): SvgNode {
  const { landscape, contours, labels, log, colours } = options;
  const [bottom, top] = y.range;
  const scale = scaleOf(
    [landscape.low, landscape.high > landscape.low ? landscape.high : landscape.low + 1],
    [bottom, top],
  );
  const boxes = contours.map(({ level }, n) => {
    const end = scale.at(contours[n + 1]?.level ?? scale.domain[1]);
    return svgNode("rect", {
      x: left,
      y: end,
      width: 14,
      height: Math.max(0, scale.at(level) - end),
      fill: bandColour(options, n),
    });
  });
  return svgNode(
    "g",
    { class: "bar" },
    ...boxes,
    sideAxis(
      scale,
      left + 14,
      ticksOf(contours, scale, log),
      labels.z + (log ? " (logarithmic scale)" : ""),
      colours,
      true,
    ),
  );
}

/** As many levels as there is room for. */
function ticksOf(contours: readonly Contours[], scale: Scale, log: boolean): Tick[] {
  const inner = contours.slice(1).map(({ level }) => level);
  const values = inner.length > 0 ? inner : [scale.domain[0]];
  const room = Math.max(2, (scale.range[0] - scale.range[1]) / 26);
  const step = Math.max(1, Math.ceil(values.length / room));
  return values.filter((_, n) => n % step === 0).map((value) => ({ value, label: shortNumber(lossOf(value, log)) }));
}
