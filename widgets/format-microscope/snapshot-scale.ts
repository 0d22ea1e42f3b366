/** Where values lie on the axis: logarithmic in the magnitude, or linear; in the unit of the scales. */
import { log2 } from "../../src/math/index.js";
import { linearTicks, type Scale, scaleOf, type Tick } from "../lib/axes.js";
import { type Settings, targetIn } from "./compute-chunks.js";
import { finiteValues, rangeOf, smallestOf } from "./compute-formats.js";
import { type Analysis, exponents } from "./compute-tally.js";
import { numberText, powerText } from "./snapshot-text.js";

/** The axis of values. */
export interface ValueAxis {
  readonly kind: "log" | "linear";
  /** Ends, in the unit of the scales: magnitudes on a logarithmic axis. */
  readonly low: number;
  readonly high: number;
  readonly range: readonly [number, number];
  /** The pixel of a value; of its magnitude on a logarithmic axis. */
  at(u: number): number;
  /** The value at a pixel; a magnitude on a logarithmic axis. */
  valueAt(pixel: number): number;
  readonly ticks: readonly Tick[];
  readonly scale: Scale;
}

/** Beyond so many powers of two, what the format could hold and no value uses is left out. */
const far = 8;

/** Returns the axis for what was found. */
export function valueAxis(
  analysis: Analysis,
  settings: Settings,
  kind: "log" | "linear",
  range: readonly [number, number],
): ValueAxis {
  const unit = targetIn(settings).kind === "single" ? (analysis.scales[0] as number) : rangeOf(targetIn(settings)).unit;
  return kind === "log" ? logAxis(analysis, settings, unit, range) : linearAxis(analysis, settings, unit, range);
}

function logAxis(analysis: Analysis, settings: Settings, unit: number, range: readonly [number, number]): ValueAxis {
  const [low, high] = logDomain(analysis, settings);
  const scale = scaleOf([low, high], range);
  const shift = log2(unit);
  return {
    kind: "log",
    low: 2 ** low,
    high: 2 ** high,
    range,
    at: (u) => (u === 0 ? range[0] : scale.at(log2(Math.abs(u)))),
    valueAt: (pixel) => 2 ** scale.valueAt(pixel),
    ticks: powerTicks(low + shift, high + shift, (range[1] - range[0]) / 56).map((power) => ({
      value: power - shift,
      label: powerText(power),
    })),
    scale,
  };
}

/** The powers of two between which values, and the format's where it is not far away, lie. */
function logDomain(analysis: Analysis, settings: Settings): [number, number] {
  const target = targetIn(settings);
  const first = log2(smallestOf(target.format)) - 2.5;
  const last = log2(rangeOf(target).max) + 1.5;
  const [from, to] = dataDomain(analysis) ?? [Math.max(first, last - 40), last];
  let low = Math.abs(first - from) <= far ? Math.min(first, from) : from;
  let high = Math.abs(last - to) <= far ? Math.max(last, to) : to;
  if (first > high - 3) high = first + 4;
  if (last < low + 3) low = last - 4;
  return [low, high];
}

/** The powers of two of all magnitudes but a thousandth of the smallest. */
function dataDomain({ binades }: Analysis): [number, number] | undefined {
  const all = new Float64Array(exponents.count);
  let total = 0;
  for (const bins of [binades.under, binades.inside, binades.beyond]) {
    for (let i = 0; i < bins.length; i++) {
      all[i % exponents.count] = (all[i % exponents.count] as number) + (bins[i] as number);
      total += bins[i] as number;
    }
  }
  if (total === 0) return undefined;
  let seen = 0;
  const from = all.findIndex((count) => {
    seen += count;
    return seen > total / 1000;
  });
  const to = lastUsed(all);
  return [from + exponents.low - 0.3, to + exponents.low + 1.3];
}

function powerTicks(low: number, high: number, count: number): number[] {
  const step = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
  const ticks: number[] = [];
  for (let power = Math.ceil(low / step) * step; power <= high; power += step) ticks.push(power);
  return ticks;
}

function linearAxis(analysis: Analysis, settings: Settings, unit: number, range: readonly [number, number]): ValueAxis {
  const [low, high] = linearDomain(analysis, settings);
  const scale = scaleOf([low, high], range);
  const ticks = linearTicks([low * unit, high * unit], (range[1] - range[0]) / 80).map(({ value }) => ({
    value: value / unit,
    label: numberText(value),
  }));
  return {
    kind: "linear",
    low,
    high,
    range,
    at: (u) => scale.at(u),
    valueAt: (pixel) => scale.valueAt(pixel),
    ticks,
    scale,
  };
}

function linearDomain(analysis: Analysis, settings: Settings): [number, number] {
  const target = targetIn(settings);
  const { min, max } = rangeOf(target);
  let [low, high] = ends(analysis);
  if (max <= 3 * high || high === 0) high = Math.max(high, max);
  if (min < 0 && (min >= 3 * low || low === 0)) low = Math.min(low, min);
  // So that the step to the first value shows where all values underflow.
  const least = finiteValues(target.format).find((value) => value > 0) ?? 1;
  if (high < 2 * least && low > -2 * least) [low, high] = [min < 0 ? -3 * least : 0, 3 * least];
  const pad = 0.04 * (high - low || 1);
  return [low - pad, high + pad];
}

/** The ends of the values that are drawn as points, and of the outermost power of two. */
function ends({ points, binades }: Analysis): [number, number] {
  let [low, high] = [0, 0];
  for (const u of points) {
    if (Number.isFinite(u)) [low, high] = [Math.min(low, u), Math.max(high, u)];
  }
  const half = exponents.count;
  for (const bins of [binades.inside, binades.beyond]) {
    const top = lastUsed(bins.subarray(half));
    const bottom = lastUsed(bins.subarray(0, half));
    if (top >= 0) high = Math.max(high, 2 ** (top + exponents.low) * 1.2);
    if (bottom >= 0) low = Math.min(low, -(2 ** (bottom + exponents.low)) * 1.2);
  }
  return [low, high];
}

/** Returns where the last count other than 0 is, -1 for none. */
function lastUsed(counts: Float64Array): number {
  let last = counts.length - 1;
  while (last >= 0 && counts[last] === 0) last--;
  return last;
}
