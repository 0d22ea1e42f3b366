/** The values of a tensor over the values of a format: comb, histogram, regions and errors over one axis. */
import { bottomAxis, linearTicks, type Scale, scaleOf, sideAxis } from "../lib/axes.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import { type Settings, targetIn } from "./compute-chunks.js";
import { finiteValues, rangeOf, smallestOf } from "./compute-formats.js";
import type { Inspection } from "./compute-inspect.js";
import type { Analysis } from "./compute-tally.js";
import { type Bar, barsOf, smallestKept } from "./snapshot-bars.js";
import type { MicroColours } from "./snapshot-colours.js";
import { drawErrors } from "./snapshot-errors.js";
import { type ValueAxis, valueAxis } from "./snapshot-scale.js";
import { beyondText, numberText, roundText, shareText } from "./snapshot-text.js";

/** What the drawing shows, and how large; lengths in pixels. */
export interface PlotOptions {
  readonly analysis: Analysis;
  readonly settings: Settings;
  readonly found: Inspection;
  readonly axis: "log" | "linear";
  readonly width: number;
  readonly colours: MicroColours;
  /** Whether the selected value can be dragged; default false. */
  readonly interactive?: boolean;
}

/** The drawing, its height, and where values are on it. */
export interface Plot {
  readonly node: SvgNode;
  readonly height: number;
  readonly axis: ValueAxis;
}

const margin = { left: 66, right: 14 };
/** Regions' names, comb, histogram, errors, axis; from top to bottom. */
const rows = { comb: [34, 54], bars: [60, 220], errors: [244, 364], height: 410 } as const;

/** Draws it. */
export function drawPlot(options: PlotOptions): Plot {
  const { analysis, settings, width, colours } = options;
  const right = Math.max(margin.left + 80, width - margin.right);
  const axis = valueAxis(analysis, settings, options.axis, [margin.left, right]);
  const bars = barsOf(analysis, settings, axis.kind === "log");
  const node = svgNode(
    "g",
    { class: "plot" },
    regions(options, axis),
    drawComb(settings, axis, colours),
    drawBars(bars, axis, colours),
    drawErrors({ ...options, axis, top: rows.errors[0], bottom: rows.errors[1] }),
    bottomAxis(axis.scale, rows.errors[1], axis.ticks, axisName(options), colours),
    marker(options, axis),
  );
  return { node, height: rows.height, axis };
}

/** Narrower than this, labels are shorter. */
const narrow = 460;

function axisName({ settings, axis, width }: PlotOptions): string {
  const single = targetIn(settings).kind === "single";
  if (width < narrow && axis === "log") return single ? "magnitude of x (logarithmic)" : "|x| ÷ scale (logarithmic)";
  const what = single ? "value x" : "value ÷ scale of its block";
  return axis === "log" ? `magnitude of ${what} (logarithmic scale)` : what;
}

/** The grounds of what becomes 0 and of what lies beyond the range, with their shares. */
function regions(options: PlotOptions, axis: ValueAxis): SvgNode {
  const { analysis, settings, colours, width } = options;
  const { min, max } = rangeOf(targetIn(settings));
  const least = smallestKept(settings);
  const { count, underflowed } = analysis;
  const [left, right] = axis.range;
  const inside = (pixel: number): number => Math.min(right, Math.max(left, pixel));
  const ground = (from: number, to: number, fill: string): SvgNode | undefined => {
    const [a, b] = [inside(from), inside(to)];
    const size = { x: a, width: b - a, y: rows.comb[0] - 4, height: rows.errors[1] - rows.comb[0] + 4 };
    return b - a > 0.5 ? svgNode("rect", { class: "region", ...size, fill }) : undefined;
  };
  const log = axis.kind === "log";
  const low = Number.isNaN(least) ? left : axis.at(log ? least : -least);
  const zero = log ? ground(left, low, colours.underGround) : ground(low, axis.at(least), colours.underGround);
  const over = ground(axis.at(max), right, colours.beyondGround);
  const below = log ? undefined : ground(left, axis.at(min), colours.beyondGround);
  const words = { y: 14, "font-size": 12, "font-weight": 600 };
  return svgNode(
    "g",
    { class: "regions" },
    zero,
    over,
    below,
    svgNode(
      "text",
      { class: "under-share", ...words, x: left, fill: colours.under },
      Number.isNaN(least)
        ? "no zero"
        : `→ 0: ${shareText(underflowed, count)}${width < narrow ? "" : " of the values"}`,
    ),
    svgNode(
      "text",
      { class: "beyond-share", ...words, x: right, "text-anchor": "end", fill: colours.beyond },
      beyondLabel(options),
    ),
  );
}

function beyondLabel({ analysis, settings, width }: PlotOptions): string {
  const { max } = rangeOf(targetIn(settings));
  const share = shareText(analysis.beyond, analysis.count);
  const scaled = targetIn(settings).kind === "single" && analysis.scales[0] !== 1 ? " × scale" : "";
  if (width < narrow) return `beyond ${roundText(max)}${scaled}: ${share}`;
  return `${beyondText(settings)} beyond ${numberText(max)}${scaled}: ${share}`;
}

/** The values of the format: lines where they are apart, a band where they are not. */
function drawComb(settings: Settings, axis: ValueAxis, colours: MicroColours): SvgNode {
  const { format } = targetIn(settings);
  const [top, bottom] = rows.comb;
  const smallest = format.kind === "float" ? smallestNormal(settings) : 0;
  let [lines, last, open] = ["", Number.NEGATIVE_INFINITY, Number.NaN];
  let bands = "";
  const close = (): void => {
    if (!Number.isNaN(open)) bands += `M${at2(open)} ${top + 6}H${at2(last)}V${bottom}H${at2(open)}z`;
    open = Number.NaN;
  };
  for (const value of finiteValues(format)) {
    if (axis.kind === "log" && value <= 0) continue;
    const at = axis.at(value);
    if (at < axis.range[0] - 0.5 || at > axis.range[1] + 0.5) continue;
    if (at - last < 1.6) {
      if (Number.isNaN(open)) open = last;
    } else close();
    // Powers of two are taller; what is subnormal is shorter.
    const size = Math.abs(value);
    const tall = size > 0 && Number.isInteger(Math.log2(size)) ? 6 : size < smallest ? -4 : 0;
    if (tall === 6 || at - last >= 1.6) lines += `M${at2(at)} ${top + 6 - tall}V${bottom}`;
    last = at;
  }
  close();
  return svgNode(
    "g",
    { class: "comb", "pointer-events": "none" },
    svgNode("path", { class: "band", d: bands, fill: colours.muted, "fill-opacity": 0.45 }),
    svgNode("path", { class: "teeth", d: lines, stroke: colours.muted, "stroke-width": 1, fill: "none" }),
    svgNode(
      "text",
      { x: axis.range[0] - 8, y: bottom - 4, "text-anchor": "end", "font-size": 11, fill: colours.muted },
      "codes",
    ),
  );
}

/** The smallest normal value; the smallest of all where the format has nothing subnormal. */
function smallestNormal(settings: Settings): number {
  const { format } = targetIn(settings);
  if (format.kind === "int" || !format.zero) return smallestOf(format);
  return 2 ** (1 - format.bias);
}

function drawBars(bars: readonly Bar[], axis: ValueAxis, colours: MicroColours): SvgNode {
  const [left, right] = axis.range;
  const [top, bottom] = rows.bars;
  const shown = bars.flatMap((bar) => {
    const from = Number.isFinite(bar.low) && (axis.kind === "linear" || bar.low > 0) ? axis.at(bar.low) : left;
    const to = Number.isFinite(bar.high) ? axis.at(bar.high) : right;
    const [a, b] = [Math.max(left, Math.min(right, from)), Math.max(left, Math.min(right, to))];
    return b > a && to > left && from < right ? [{ ...bar, a, b }] : [];
  });
  const y = scaleOf([0, 1.05 * Math.max(1, ...shown.map(({ count }) => count))], [bottom, top]);
  const rectangles = shown.map(({ kind, a, b, count, tip }) => {
    const width = Math.max(1, b - a - (b - a > 3 ? 1 : 0));
    const height = Math.max(1, bottom - y.at(count));
    return svgNode(
      "g",
      { class: kind, "data-tip": tip },
      svgNode("rect", { x: a, y: bottom - height, width, height, fill: colours[kind] }),
      // So that a small bar can be pointed at too.
      svgNode("rect", { x: a, y: top, width, height: bottom - top, fill: "transparent" }),
    );
  });
  return svgNode(
    "g",
    { class: "bars" },
    svgNode("path", { d: `M${left} ${bottom}H${right}`, stroke: colours.line }),
    ...rectangles,
    sideAxis(y, left, countTicks(y), "values in each bar", colours),
  );
}

function countTicks(y: Scale): { value: number; label: string }[] {
  return linearTicks(y.domain, 4).filter(({ value }) => Number.isInteger(value));
}

/** The selected value across both plots, and the value that it became. */
function marker({ found, settings, colours, interactive = false }: PlotOptions, axis: ValueAxis): SvgNode {
  const [left, right] = axis.range;
  // NaN has no place: its line stands at the left.
  const inside = (pixel: number): number => Math.min(right, Math.max(left, pixel || 0));
  const at = inside(axis.at(found.scaled));
  const to = Number.isFinite(found.element) ? inside(axis.at(found.element)) : at;
  const [top, bottom] = [rows.comb[0] - 6, rows.errors[1]];
  const slider = interactive
    ? {
        role: "slider",
        tabindex: 0,
        "aria-label": "selected value",
        "aria-valuemin": numberText(axis.kind === "log" ? 0 : axis.low),
        "aria-valuemax": numberText(axis.high),
        "aria-valuenow": Number.isFinite(found.value) ? String(found.value) : undefined,
        "aria-valuetext": `value ${found.place}: ${numberText(found.value)} becomes ${numberText(found.result)}`,
      }
    : {};
  const unit = targetIn(settings).kind === "single" ? "" : " in the unit of the block's scale";
  return svgNode(
    "g",
    { class: "marker", ...slider },
    svgNode("path", { d: `M${at2(at)} ${top}V${bottom}`, stroke: "transparent", "stroke-width": 16 }),
    svgNode("path", { class: "line", d: `M${at2(at)} ${top}V${bottom}`, stroke: colours.chosen, "stroke-width": 2 }),
    svgNode("path", {
      class: "became",
      d: `M${at2(to)} ${rows.comb[1] + 1}l-5 8h10z`,
      fill: colours.chosen,
      "data-tip": `becomes ${numberText(found.element)}${unit}`,
    }),
    svgNode("circle", {
      class: "knob",
      cx: at,
      cy: top,
      r: 5,
      fill: colours.chosen,
      stroke: colours.ground,
      "stroke-width": 1.5,
    }),
  );
}

function at2(value: number): number {
  return Math.round(value * 100) / 100;
}
