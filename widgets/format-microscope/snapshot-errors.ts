/** What rounding does to each value: the error over the value, as dots below the curve of the largest possible. */
import { exponentOf, powerOfTwo } from "../../src/dtypes/bits.js";
import type { Format } from "../../src/dtypes/index.js";
import { linearTicks, linePath, type Scale, scaleOf, sideAxis, type Tick } from "../lib/axes.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import { type Settings, targetIn } from "./compute-chunks.js";
import { rangeOf } from "./compute-formats.js";
import type { PlotOptions } from "./snapshot-plot.js";
import type { ValueAxis } from "./snapshot-scale.js";
import { numberText } from "./snapshot-text.js";

/** What the plot of errors shows, and where. */
export interface ErrorOptions extends Omit<PlotOptions, "axis"> {
  readonly axis: ValueAxis;
  readonly top: number;
  readonly bottom: number;
}

/** Draws it: relative errors on a logarithmic axis, value after minus value before on a linear one. */
export function drawErrors(options: ErrorOptions): SvgNode {
  return options.axis.kind === "log" ? relative(options) : absolute(options);
}

/**
 * The largest error that a value can get: half a step to the nearest, a step otherwise, its own magnitude where it may
 * become 0; beyond the range all that is cut off.
 */
export function errorBound(settings: Settings, u: number): number {
  const target = targetIn(settings);
  const { min, max } = rangeOf(target);
  if (u > max) return u - max;
  if (u < min) return min - u;
  const { rounding } = settings;
  const step = stepAt(target.format, Math.abs(u));
  if (rounding === "stochastic") return step;
  const most = rounding === "toward-zero" ? step : step / 2;
  return target.format.kind === "float" && !target.format.zero ? most : Math.min(most, Math.abs(u));
}

/** The distance of neighbours in a format at a magnitude. */
function stepAt(format: Format, size: number): number {
  if (format.kind === "int") return 1;
  const least = format.zero ? 1 - format.bias : -format.bias;
  return powerOfTwo(Math.max(-1000, Math.max(exponentOf(size), least) - format.mantissa));
}

function relative(options: ErrorOptions): SvgNode {
  const { analysis, settings, axis, top, bottom } = options;
  const low = lowestError(settings);
  const y = scaleOf([Math.log10(low), 0], [bottom, top + 8]);
  const at = (error: number): number => y.at(Math.log10(Math.max(low, Math.min(1, error))));
  const dots: string[] = [];
  for (let i = 0; i < analysis.points.length; i++) {
    const [u, error] = [analysis.points[i] as number, Math.abs(analysis.errors[i] as number)];
    if (error > 0 && u !== 0 && error - error === 0) dots.push(dot(axis, u, at(error / Math.abs(u)), [top, bottom]));
  }
  const bound = curve(axis, (u) => [u, at(errorBound(settings, u) / u)]);
  return frame(options, y, percentTicks(low), "relative error", dots, bound, at(1));
}

function percentTicks(least: number): Tick[] {
  const ticks: Tick[] = [];
  for (let power = 0; 10 ** power >= least; power--) {
    ticks.push({ value: power, label: `${numberText(Number(`1e${power + 2}`))} %` });
  }
  return ticks;
}

/** The error at which the axis ends: some powers of two below the bound. */
function lowestError(settings: Settings): number {
  const { format } = targetIn(settings);
  return 2 ** -((format.kind === "int" ? format.bits - 1 : format.mantissa) + 7);
}

function absolute(options: ErrorOptions): SvgNode {
  const { analysis, settings, axis, top, bottom } = options;
  const unit = targetIn(settings).kind === "single" ? (analysis.scales[0] as number) : rangeOf(targetIn(settings)).unit;
  const shown = (u: number): boolean => u >= axis.low && u <= axis.high;
  let most = 0;
  for (let i = 0; i < analysis.points.length; i++) {
    const error = Math.abs(analysis.errors[i] as number);
    if (shown(analysis.points[i] as number) && error - error === 0) most = Math.max(most, error);
  }
  const limit = most * 1.15 || errorBound(settings, axis.high) || 1;
  const y = scaleOf([-limit, limit], [bottom, top + 8]);
  const at = (error: number): number => y.at(Math.max(-limit, Math.min(limit, error)));
  const dots: string[] = [];
  for (let i = 0; i < analysis.points.length; i++) {
    const [u, error] = [analysis.points[i] as number, analysis.errors[i] as number];
    if (error - error === 0) dots.push(dot(axis, u, at(error), [top, bottom]));
  }
  const bound =
    curve(axis, (u) => [u, at(errorBound(settings, u))]) + curve(axis, (u) => [u, at(-errorBound(settings, u))]);
  const ticks = linearTicks([-limit * unit, limit * unit], 4).map(({ value, label }) => ({
    value: value / unit,
    label,
  }));
  return frame(options, y, ticks, "error x̂ − x", dots, bound, y.at(0));
}

function dot(axis: ValueAxis, u: number, y: number, [top, bottom]: readonly [number, number]): string {
  const x = axis.at(u);
  if (!(x >= axis.range[0] && x <= axis.range[1] && y >= top && y <= bottom)) return "";
  return `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
}

/** A line over the whole axis, through a point at every second pixel. */
function curve(axis: ValueAxis, point: (u: number) => readonly [number, number]): string {
  const [left, right] = axis.range;
  const points: [number, number][] = [];
  for (let x = left; x <= right; x += 1.5) points.push([x, point(axis.valueAt(x))[1]]);
  return linePath(points);
}

function frame(
  { axis, bottom, colours }: ErrorOptions,
  y: Scale,
  ticks: readonly Tick[],
  name: string,
  dots: readonly string[],
  bound: string,
  base: number,
): SvgNode {
  const [left, right] = axis.range;
  return svgNode(
    "g",
    { class: "errors" },
    svgNode("path", { d: `M${left} ${base}H${right}`, stroke: colours.soft }),
    svgNode("path", {
      class: "bound",
      d: bound,
      fill: "none",
      stroke: colours.bound,
      "stroke-width": 1.4,
      "data-tip": "the largest error that rounding can make here",
    }),
    svgNode("path", {
      class: "dots",
      d: dots.join(""),
      stroke: colours.point,
      "stroke-width": 2.4,
      "stroke-opacity": 0.55,
      "stroke-linecap": "round",
      "pointer-events": "none",
    }),
    sideAxis({ ...y, range: [bottom, y.range[1]] }, left, ticks, name, colours),
  );
}
