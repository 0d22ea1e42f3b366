/** The pictures of one step of the flow: the bipartite graph of rows and columns, and the block with its mask. */
import type { FlowStep } from "../../src/sparsity/index.js";
import { type Attributes, setAttributes } from "../dom/elements.js";
import { formatWeight } from "./compute.js";

/** One step of the flow in one block. */
export interface FlowFrame {
  /** |w|, row-major. */
  readonly magnitudes: readonly number[];
  readonly group: number;
  readonly keep: number;
  /** Row and column of the block's first weight in the matrix. */
  readonly start: readonly [number, number];
  /** Undefined before the first step. */
  readonly step: FlowStep | undefined;
}

const svgNamespace = "http://www.w3.org/2000/svg";

function svg(tag: string, attributes: Attributes, ...children: readonly (Node | string)[]): SVGElement {
  const node = document.createElementNS(svgNamespace, tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

const width = 460;
const left = 96;
const right = width - left;
const radius = 15;

/** Returns the graph: rows on the left, columns on the right, an edge per weight, the step's path on top. */
export function drawGraph(frame: FlowFrame): SVGElement {
  const { group, step } = frame;
  const gap = group <= 8 ? 46 : 38;
  const height = group * gap + 30;
  const y = (index: number): number => 38 + index * gap;
  const edges = frame.magnitudes.map((_, at) => drawEdge(frame, at, y));
  const path = (step?.path ?? []).map((_, i) => drawPathEdge(frame, i, y));
  const places = labelPlaces(frame, y);
  const labels = places.map((place, i) => drawLabel(frame, i, place));
  const used = (rows: boolean, index: number): number => {
    const bits = step?.mask.data ?? [];
    let count = 0;
    for (let k = 0; k < group; k++) count += bits[rows ? index * group + k : k * group + index] ?? 0;
    return count;
  };
  const nodes = [...Array(group).keys()].flatMap((index) => [
    drawNode(frame, { x: left, y: y(index), name: `row ${frame.start[0] + index}`, used: used(true, index) }),
    drawNode(frame, { x: right, y: y(index), name: `column ${frame.start[1] + index}`, used: used(false, index) }),
  ]);
  const heads = [
    svg("text", { x: left, y: 12, class: "head", "text-anchor": "middle" }, "rows"),
    svg("text", { x: right, y: 12, class: "head", "text-anchor": "middle" }, "columns"),
  ];
  const size = { viewBox: `0 0 ${width} ${height}`, style: `max-width: ${width}px` };
  return svg(
    "svg",
    { ...size, class: `lowbit-mask-graph${path.length > 0 && group > 4 ? " crowded" : ""}`, "aria-hidden": "true" },
    ...edges,
    ...path,
    ...labels,
    ...nodes,
    ...heads,
  );
}

function drawEdge({ magnitudes, group, step }: FlowFrame, at: number, y: (index: number) => number): SVGElement {
  const largest = Math.max(...magnitudes, Number.MIN_VALUE);
  const strength = (magnitudes[at] as number) / largest;
  const kept = step?.mask.data[at] === 1;
  return svg("line", {
    x1: left + radius,
    y1: y(Math.floor(at / group)),
    x2: right - radius,
    y2: y(at % group),
    class: kept ? "kept" : "free",
    "stroke-width": ((kept ? 1.5 + 3.5 * strength : 0.5 + 1.5 * strength) * Math.min(1, 6 / group)).toFixed(2),
  });
}

/** Where an entry's line runs in the direction of the path: given back ones from the column to the row. */
function lineOf(frame: FlowFrame, i: number, y: (index: number) => number): [number, number, number, number] {
  const { row, column, added } = frame.step?.path[i] ?? { row: 0, column: 0, added: true };
  const ends = [left + radius, y(row), right - radius, y(column)] as const;
  return added ? [...ends] : [ends[2], ends[3], ends[0], ends[1]];
}

function drawPathEdge(frame: FlowFrame, i: number, y: (index: number) => number): SVGElement {
  const [x1, y1, x2, y2] = lineOf(frame, i, y);
  const added = frame.step?.path[i]?.added;
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  // The arrow's head by hand: a marker would need an id that is unique in the whole page.
  const head = [
    [x2, y2],
    [x2 - 11 * dx + 5 * dy, y2 - 11 * dy - 5 * dx],
    [x2 - 11 * dx - 5 * dy, y2 - 11 * dy + 5 * dx],
  ];
  return svg(
    "g",
    { class: added ? "added" : "returned" },
    svg("line", { x1, y1, x2: x2 - 8 * dx, y2: y2 - 8 * dy }),
    svg("polygon", { points: head.map((point) => point.map((part) => part.toFixed(1)).join()).join(" ") }),
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** How far from its beginning an arrow is labeled, by preference: near it, and not on another label. */
const labelParts = [0.24, 0.16, 0.32, 0.4, 0.48, 0.56, 0.64];

/** Where the labels of a path stand. */
function labelPlaces(frame: FlowFrame, y: (index: number) => number): Place[] {
  const places: Place[] = [];
  for (const i of (frame.step?.path ?? []).keys()) {
    const [x1, y1, x2, y2] = lineOf(frame, i, y);
    const all = labelParts.map((part) => ({ x: x1 + (x2 - x1) * part, y: y1 + (y2 - y1) * part + 4 }));
    const room = (place: Place): number => Math.min(1, ...places.map((other) => roomBetween(place, other)));
    places.push(all.reduce((best, place) => (room(place) > room(best) ? place : best)));
  }
  return places;
}

/** How far apart two labels are, 1 or more when they do not touch. */
function roomBetween(a: Place, b: Place): number {
  return Math.max(Math.abs(a.x - b.x) / 40, Math.abs(a.y - b.y) / 15);
}

function drawLabel(frame: FlowFrame, i: number, { x, y }: Place): SVGElement {
  const { row, column, added } = frame.step?.path[i] ?? { row: 0, column: 0, added: true };
  const text = `${added ? "+" : "\u2212"}${formatWeight(frame.magnitudes[row * frame.group + column] as number)}`;
  const place = { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": "middle" };
  return svg("text", { ...place, class: `weight ${added ? "added" : "returned"}` }, text);
}

interface NodeFrame {
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly used: number;
}

function drawNode({ keep, group, step }: FlowFrame, { x, y, name, used }: NodeFrame): SVGElement {
  const onLeft = x === left;
  const path = step?.path ?? [];
  const index = Math.round((y - 38) / (group <= 8 ? 46 : 38));
  const end = onLeft ? path[0]?.row === index : path.at(-1)?.column === index;
  const beside = { x: onLeft ? x - radius - 6 : x + radius + 6, y: y + 4, "text-anchor": onLeft ? "end" : "start" };
  return svg(
    "g",
    { class: `node${end ? " end" : ""}${used === keep ? " full" : ""}` },
    svg("circle", { cx: x, cy: y, r: radius }),
    svg("text", { x, y: y + 4, "text-anchor": "middle", class: "used" }, `${used}/${keep}`),
    svg("text", { ...beside, class: "name" }, name),
  );
}

/** Returns the block as a grid: what is kept after the step, what the step took and gave back. */
export function drawBlock({ magnitudes, group, step }: FlowFrame): SVGElement {
  const side = group <= 4 ? 52 : group <= 8 ? 40 : 27;
  const largest = Math.max(...magnitudes, Number.MIN_VALUE);
  const cells = magnitudes.map((magnitude, at) => {
    const [x, y] = [(at % group) * side, Math.floor(at / group) * side];
    const change = step?.path.find(({ row, column }) => row * group + column === at);
    const kept = step?.mask.data[at] === 1;
    const strength = magnitude / largest;
    const tone = kept ? (strength > 0.59 ? "strong" : strength > 0.41 ? "middle" : "weak") : "";
    const mark = change === undefined ? "" : change.added ? "added" : "returned";
    const text = { x: x + side / 2, y: y + side / 2 + 4, "text-anchor": "middle" };
    return svg(
      "g",
      { class: `${kept ? "kept" : "pruned"} ${tone}`, style: `--strength: ${strength.toFixed(3)}` },
      svg("rect", { x: x + 1, y: y + 1, width: side - 2, height: side - 2, rx: 4 }),
      svg("text", text, formatWeight(magnitude, side < 30)),
      ...(mark === ""
        ? []
        : [svg("rect", { x: x + 2.5, y: y + 2.5, width: side - 5, height: side - 5, rx: 3, class: mark })]),
    );
  });
  const size = { viewBox: `0 0 ${group * side} ${group * side}`, style: `max-width: ${group * side}px` };
  return svg("svg", { ...size, class: "lowbit-mask-block", "aria-hidden": "true" }, ...cells);
}
