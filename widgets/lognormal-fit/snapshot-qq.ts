/** The quantile–quantile plot: on the diagonal where a law holds. */
import { exp } from "../../src/math/index.js";
import { bottomAxis, powerTicks, type Scale, scaleOf, shortNumber, sideAxis } from "../lib/axes.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import { type LawKind, lawKinds, lawNames, type Summary } from "./compute.js";
import type { FitColours } from "./snapshot-colours.js";

/** What the plot shows, and how large; lengths in pixels. */
export interface QqOptions {
  readonly summary: Summary;
  readonly width: number;
  readonly height: number;
  readonly colours: FitColours;
}

const margin = { left: 56, right: 10, top: 10, bottom: 42 };

/** Draws the quantile–quantile plot of ln|g| for the three laws. */
export function drawQq({ summary, width, height, colours }: QqOptions): SvgNode {
  const { observed } = summary.quantiles;
  const domain: [number, number] = [Math.min(...ends(summary)), Math.max(...ends(summary))];
  const x = scaleOf(domain, [margin.left, width - margin.right]);
  const y = scaleOf(domain, [height - margin.bottom, margin.top]);
  const ticks = powerTicks(domain, 6);
  return svgNode(
    "g",
    { class: "qq" },
    svgNode("path", {
      class: "diagonal",
      d: `M${x.range[0]} ${y.range[0]}L${x.range[1]} ${y.range[1]}`,
      stroke: colours.line,
      "stroke-width": 1,
      fill: "none",
    }),
    ...[...lawKinds].reverse().map((kind) => points(kind, summary.quantiles[kind], observed, x, y, colours)),
    bottomAxis(x, y.range[0], ticks, "|g| of the law at the same rank", colours),
    sideAxis(y, margin.left, ticks, "|g| of the values", colours),
  );
}

/** The ends of what is drawn: the laws' far tails may leave the picture, the values may not. */
function ends({ quantiles: { observed, lognormal } }: Summary): number[] {
  return [observed, lognormal].flatMap((list) => [list[0] as number, list[list.length - 1] as number]);
}

function points(
  kind: LawKind,
  expected: Float64Array,
  observed: Float64Array,
  x: Scale,
  y: Scale,
  colours: FitColours,
): SvgNode {
  const marks: SvgNode[] = [];
  for (let i = 0; i < observed.length; i++) {
    const [across, up] = [x.at(expected[i] as number), y.at(observed[i] as number)];
    if (!(across >= x.range[0] && across <= x.range[1])) continue;
    const rank = ((100 * (i + 0.5)) / observed.length).toFixed(1);
    const values = `${shortNumber(exp(observed[i] as number))}, ${lawNames[kind].toLowerCase()} law ${shortNumber(exp(expected[i] as number))}`;
    marks.push(mark(kind, across, up, colours.laws[kind], `${rank} % of the values are below ${values}`));
  }
  return svgNode("g", { class: `points ${kind}` }, ...marks);
}

/** Discs, squares and triangles, so that the laws differ without colour too. */
function mark(kind: LawKind, x: number, y: number, fill: string, tip: string): SvgNode {
  const rest = { fill, "data-tip": tip };
  if (kind === "lognormal") return svgNode("circle", { cx: x, cy: y, r: 3, ...rest });
  const path = kind === "normal" ? "m-2.6 -2.6h5.2v5.2h-5.2z" : "m0 -3.4l3.2 5.6h-6.4z";
  return svgNode("path", { d: `M${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}${path}`, ...rest });
}
