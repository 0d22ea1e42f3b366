/** The histogram of ln|g| with the fitted laws, the threshold and the wanted sparsity. */
import { expectedSparsity, logMagnitudeDensity } from "../../src/gradients/index.js";
import { exp, log } from "../../src/math/index.js";
import {
  bottomAxis,
  linearTicks,
  linePath,
  powerTicks,
  type Scale,
  scaleOf,
  shortNumber,
  sideAxis,
} from "../lib/axes.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import { type LawKind, lawKinds, lawNames, maxSparsity, type Summary, thresholdOf } from "./compute.js";
import { dashes, type FitColours } from "./snapshot-colours.js";

/** What a histogram shows, and how large; lengths in pixels. */
export interface HistogramOptions {
  readonly summary: Summary;
  readonly law: LawKind;
  readonly sparsity: number;
  readonly width: number;
  readonly height: number;
  readonly colours: FitColours;
  /** Whether the lines can be dragged; default false. */
  readonly interactive?: boolean;
}

/** The drawing, and where things are on it. */
export interface Histogram {
  readonly node: SvgNode;
  /** ln|g| across. */
  readonly x: Scale;
  /** Sparsity up. */
  readonly share: Scale;
}

const margin = { left: 56, right: 60, top: 12, bottom: 42 };

/** Draws the histogram. */
export function drawHistogram(options: HistogramOptions): Histogram {
  const { summary, law, sparsity, width, height, colours } = options;
  const threshold = thresholdOf(summary.laws, law, sparsity);
  const x = scaleOf(domainOf(summary), [margin.left, Math.max(margin.left + 50, width - margin.right)]);
  const bottom = height - margin.bottom;
  const densities = densitiesOf(summary);
  const y = scaleOf([0, topOf(summary, densities)], [bottom, margin.top]);
  const share = scaleOf([0, 1], [bottom, margin.top]);
  const node = svgNode(
    "g",
    { class: "histogram" },
    bars(summary, threshold, x, y, colours),
    curves(densities, x, y, colours),
    shareCurve(summary, law, x, share, colours),
    bottomAxis(
      x,
      bottom,
      powerTicks(x.domain, (x.range[1] - x.range[0]) / 70),
      "magnitude |g| (logarithmic scale)",
      colours,
    ),
    sideAxis(y, margin.left, linearTicks(y.domain, 4), "density of ln|g|", colours),
    sideAxis(
      share,
      x.range[1],
      percentTicks(),
      "sparsity at this threshold",
      { ...colours, text: colours.handle },
      true,
    ),
    handles(options, threshold, x, share),
  );
  return { node, x, share };
}

/** The histogram, and the threshold of the largest sparsity beside it. */
function domainOf({ low, high, laws }: Summary): [number, number] {
  const end = Math.max(high, log(thresholdOf(laws, "lognormal", maxSparsity)));
  const pad = 0.02 * (end - low);
  return [low - pad, end + pad];
}

type Curves = Readonly<Record<LawKind, readonly (readonly [y: number, density: number])[]>>;

function densitiesOf(summary: Summary): Curves {
  const [low, high] = domainOf(summary);
  const curve = (kind: LawKind): [number, number][] =>
    Array.from({ length: 161 }, (_, i) => {
      const y = low + ((high - low) * i) / 160;
      return [y, logMagnitudeDensity(summary.laws[kind], y)];
    });
  return { lognormal: curve("lognormal"), normal: curve("normal"), laplace: curve("laplace") };
}

function topOf({ counts, low, high, count, zeros }: Summary, curves: Curves): number {
  const tallest = Math.max(...counts) / (count * (1 - zeros) * ((high - low) / counts.length));
  return 1.08 * Math.max(tallest, ...lawKinds.flatMap((kind) => curves[kind].map(([, density]) => density)));
}

/** Each bin in three parts: what becomes zero, what is raised to the threshold, and what stays. */
function bars(summary: Summary, threshold: number, x: Scale, y: Scale, colours: FitColours): SvgNode {
  const { counts, low, high, count, zeros } = summary;
  const step = (high - low) / counts.length;
  const bottom = y.at(0);
  const all = [...counts].map((amount, i) => {
    const [from, to] = [low + i * step, low + (i + 1) * step];
    const density = amount / (count * (1 - zeros) * step);
    const pruned = prunedPart(from, to, threshold);
    const below = threshold > 0 && (from + to) / 2 < log(threshold);
    const tip =
      `|g| ${shortNumber(exp(from))} to ${shortNumber(exp(to))}: ${amount} values` +
      (below
        ? `, of which ${(100 * pruned).toFixed(0)} % become 0 and the others ${shortNumber(threshold)}`
        : ", kept");
    const [left, wide] = [x.at(from), Math.max(0.5, x.at(to) - x.at(from) - 0.5)];
    const part = (start: number, end: number, fill: string, name: string): SvgNode =>
      svgNode("rect", { class: name, x: left, y: y.at(end), width: wide, height: y.at(start) - y.at(end), fill });
    const middle = density * pruned;
    return svgNode(
      "g",
      { "data-tip": tip },
      part(0, middle, colours.pruned, "pruned"),
      part(middle, density, below ? colours.raised : colours.kept, below ? "raised" : "kept"),
      // So that a small bar can be pointed at too.
      svgNode("rect", {
        class: "reach",
        x: left,
        y: margin.top,
        width: wide,
        height: bottom - margin.top,
        fill: "transparent",
      }),
    );
  });
  return svgNode("g", { class: "bars" }, ...all);
}

/** The share of a bin that becomes zero: 1 - |g| / tau on average over ln|g| in the bin. */
function prunedPart(from: number, to: number, threshold: number): number {
  if (threshold <= 0) return 0;
  const end = Math.min(to, log(threshold));
  if (end <= from) return 0;
  return (end - from - (exp(end) - exp(from)) / threshold) / (to - from);
}

function curves(densities: Curves, x: Scale, y: Scale, colours: FitColours): SvgNode {
  const lines = lawKinds.map((kind) =>
    svgNode("path", {
      class: `law ${kind}`,
      d: linePath(densities[kind].map(([at, density]) => [x.at(at), y.at(density)])),
      fill: "none",
      stroke: colours.laws[kind],
      "stroke-width": kind === "lognormal" ? 2.5 : 2,
      "stroke-dasharray": dashes[kind],
      "pointer-events": "none",
    }),
  );
  return svgNode("g", { class: "laws" }, ...lines);
}

/** Which sparsity each threshold gives under the chosen law. */
function shareCurve(summary: Summary, law: LawKind, x: Scale, share: Scale, colours: FitColours): SvgNode {
  const [low, high] = x.domain;
  const points = Array.from({ length: 121 }, (_, i): [number, number] => {
    const at = low + ((high - low) * i) / 120;
    return [x.at(at), share.at(expectedSparsity(summary.laws[law], exp(at)))];
  });
  return svgNode("path", {
    class: "share",
    d: linePath(points),
    fill: "none",
    stroke: colours.handle,
    "stroke-width": 1.2,
    "stroke-opacity": 0.7,
    "pointer-events": "none",
  });
}

function handles(options: HistogramOptions, threshold: number, x: Scale, share: Scale): SvgNode {
  const { sparsity, law, colours } = options;
  const [left, right] = x.range;
  const at = threshold > 0 ? Math.min(right, Math.max(left, x.at(log(threshold)))) : left;
  const level = share.at(sparsity);
  const [bottom, top] = share.range;
  const first = handle(options, "threshold", `M${at} ${top}V${bottom}`, `M${at - 7} ${bottom}l7 -10l7 10z`, {
    "aria-label": "pruning threshold",
    "aria-orientation": "horizontal",
    "aria-valuemin": shortNumber(exp(x.domain[0])),
    "aria-valuemax": shortNumber(exp(x.domain[1])),
    "aria-valuenow": shortNumber(threshold),
    "aria-valuetext": `${shortNumber(threshold)}, ${lawNames[law].toLowerCase()} law: sparsity ${percent(sparsity)}`,
  });
  const second = handle(options, "sparsity", `M${at} ${level}H${right}`, `M${right} ${level - 7}l-10 7l10 7z`, {
    "aria-label": "wanted sparsity",
    "aria-orientation": "vertical",
    "aria-valuemin": "0",
    "aria-valuemax": String(maxSparsity),
    "aria-valuenow": String(Number(sparsity.toFixed(4))),
    "aria-valuetext": `${percent(sparsity)}, threshold ${shortNumber(threshold)}`,
  });
  const point = svgNode("circle", { cx: at, cy: level, r: 4, fill: colours.handle, "pointer-events": "none" });
  return svgNode("g", { class: "handles" }, first, second, point);
}

/** A line with a knob at its end, and a wide invisible one that is easier to grasp. */
function handle(
  { colours, interactive = false }: HistogramOptions,
  name: "threshold" | "sparsity",
  d: string,
  knob: string,
  values: Readonly<Record<string, string>>,
): SvgNode {
  const dash = name === "sparsity" ? "5 3" : undefined;
  const slider = interactive ? { "data-drag": name, role: "slider", tabindex: 0, ...values } : {};
  return svgNode(
    "g",
    { class: `handle ${name}`, ...slider },
    svgNode("path", { d, stroke: "transparent", "stroke-width": 18 }),
    svgNode("path", { d, stroke: colours.handle, "stroke-width": 2, "stroke-dasharray": dash }),
    svgNode("path", { class: "knob", d: knob, fill: colours.handle }),
  );
}

function percentTicks(): { value: number; label: string }[] {
  return [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: `${100 * value} %` }));
}

/** @example percent(0.8512) // "85.1 %" */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
