/** Axes of a still picture: from values to places, with round ticks. */
import type { Values } from "./compute.js";

/** The place of the plot inside the picture, in its units. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One tick: its value, and its text where that is not the number. */
export interface Tick {
  readonly value: number;
  readonly text?: string;
}

/** What a trace needs of an axis: the numbers it spans, or its categories by place. */
export interface Span {
  readonly low: number;
  readonly high: number;
  /** Whether 0 belongs to it: bars grow from there. */
  readonly zero?: boolean;
  /** Whether it ends where the numbers end: cells of a heat map. */
  readonly tight?: boolean;
  readonly categories?: readonly string[];
}

/** An axis. */
export interface Axis {
  readonly ticks: readonly Tick[];
  readonly log: boolean;
  place(value: number): number;
}

/** Returns the axis that holds all spans, unless the layout names a range; `ends` are the places of its two ends. */
export function axisOf(spans: readonly Span[], layout: Values, ends: readonly [number, number]): Axis {
  const log = layout.type === "log";
  const categories = spans.find((span) => span.categories !== undefined)?.categories;
  const [low, high] = rangeOf(spans, layout, log);
  const scale = log ? Math.log10 : (value: number): number => value;
  const place = (value: number): number => ends[0] + ((scale(value) - low) / (high - low)) * (ends[1] - ends[0]);
  const step = (high - low) / 6;
  if (categories !== undefined) {
    const every = Math.ceil(categories.length / 12);
    const ticks = categories.map((text, value) => ({ value, text })).filter((_, i) => i % every === 0);
    return { ticks, log, place };
  }
  const rounds = roundNumbers(low, high, log && step < 1 ? 1 : step);
  return { ticks: rounds.map((value) => ({ value: log ? 10 ** value : value })), log, place };
}

/** The ends of the axis: powers of ten where it is logarithmic, as in Plotly. */
function rangeOf(spans: readonly Span[], layout: Values, log: boolean): [number, number] {
  const { range, autorange } = layout;
  const given = Array.isArray(range) && range.length === 2 && range.every((end) => Number.isFinite(end));
  if (given && autorange !== true && range[0] !== range[1]) return [range[0] as number, range[1] as number];
  let low = Math.min(...spans.map((span) => (span.zero && !log ? Math.min(0, span.low) : span.low)));
  let high = Math.max(...spans.map((span) => (span.zero && !log ? Math.max(0, span.high) : span.high)));
  if (log) [low, high] = [Math.log10(Math.max(low, 1e-300)), Math.log10(Math.max(high, 1e-300))];
  if (low === high) return [low - 1, high + 1];
  const tight = spans.some((span) => span.tight);
  const room = tight ? 0 : (high - low) * 0.05;
  const fromZero = spans.every((span) => span.zero && span.low >= 0) && !log;
  return [fromZero ? low : low - room, high + room];
}

/** Multiples of 1, 2 or 5 times a power of ten, about `step` apart. */
function roundNumbers(low: number, high: number, step: number): number[] {
  const [least, most] = low < high ? [low, high] : [high, low];
  const power = 10 ** Math.floor(Math.log10(Math.abs(step)));
  const unit = ([1, 2, 5, 10].find((factor) => factor * power >= Math.abs(step) * 0.999) as number) * power;
  const first = Math.ceil(least / unit - 1e-9);
  const last = Math.floor(most / unit + 1e-9);
  return Array.from({ length: Math.min(50, last - first + 1) }, (_, i) => Number(((first + i) * unit).toPrecision(12)));
}

/** The text of a tick: at most four digits that matter. */
export function tickText({ value, text }: Tick): string {
  if (text !== undefined) return text.length > 12 ? `${text.slice(0, 11)}…` : text;
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  const number = magnitude >= 1e5 || magnitude < 1e-3 ? value.toExponential(1).replace(/\.0(?=e)/, "") : value;
  return String(number).replace("-", "−");
}
