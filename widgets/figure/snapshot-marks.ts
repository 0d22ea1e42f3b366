/** The marks of a still picture: what each kind of trace draws between the axes. */
import { escapeHtml } from "../../src/display.js";
import { isTensor } from "../../src/tensor/index.js";
import type { FigureTrace } from "./compute-values.js";
import type { Axis, Span } from "./snapshot-scale.js";

/** One trace, ready to be drawn. */
export interface Drawing {
  readonly kind: string;
  readonly name: string | undefined;
  readonly colour: string;
  readonly x: Span;
  readonly y: Span;
  draw(x: Axis, y: Axis): string;
}

type Numbers = readonly number[];

/** Returns the drawing of a trace; undefined for a kind that cannot be drawn, or one without numbers. */
export function drawingOf(trace: FigureTrace, colour: string): Drawing | undefined {
  const kind = trace.type ?? "scatter";
  const name = typeof trace.name === "string" ? trace.name : undefined;
  const own = colourOf(trace) ?? colour;
  const base = { kind, name, colour: own };
  if (kind === "scatter" || kind === "scattergl") return lines(trace, base);
  if (kind === "bar") return bars(trace, base);
  if (kind === "histogram") return histogram(trace, base);
  return kind === "heatmap" || kind === "contour" ? heatMap(trace, base) : undefined;
}

type Base = Pick<Drawing, "kind" | "name" | "colour">;

function colourOf({ marker, line }: FigureTrace): string | undefined {
  for (const part of [line, marker]) {
    const { color } = (part ?? {}) as { readonly color?: unknown };
    // Nothing but a colour, because it goes into an attribute.
    if (typeof color === "string" && /^[#\w(),.% -]{1,60}$/.test(color)) return color;
  }
  return undefined;
}

/** The numbers of an axis: those of the array, its categories by place, or 0, 1, 2, … where there is none. */
function positions(value: unknown, length: number): { numbers: Numbers; categories?: readonly string[] } | undefined {
  if (value === undefined) return { numbers: Array.from({ length }, (_, i) => i) };
  const list = isTensor(value) ? value.data : value;
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) return undefined;
  const items = Array.from(list as ArrayLike<unknown>);
  if (items.every((item) => item === null || typeof item === "number")) {
    return { numbers: items.map((item) => (item === null ? Number.NaN : (item as number))) };
  }
  const texts = items.map(String);
  if (texts.every((text) => text !== "" && Number.isFinite(Number(text)))) return { numbers: texts.map(Number) };
  const categories = [...new Set(texts)];
  return { numbers: texts.map((text) => categories.indexOf(text)), categories };
}

function lengthOf(value: unknown): number {
  if (isTensor(value)) return value.data.length;
  return Array.isArray(value) ? value.length : 0;
}

function spanOf(numbers: Numbers, more: Partial<Span> = {}): Span | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  return low > high ? undefined : { low, high, ...more };
}

function lines(trace: FigureTrace, base: Base): Drawing | undefined {
  const length = Math.max(lengthOf(trace.x), lengthOf(trace.y));
  const [xs, ys] = [positions(trace.x, length), positions(trace.y, length)];
  const [x, y] = [xs && spanOf(xs.numbers, pick(xs)), ys && spanOf(ys.numbers, pick(ys))];
  if (xs === undefined || ys === undefined || x === undefined || y === undefined) return undefined;
  const mode = typeof trace.mode === "string" ? trace.mode : length < 20 ? "lines+markers" : "lines";
  const draw = (horizontal: Axis, vertical: Axis): string => {
    const points = xs.numbers.map((value, i) => [horizontal.place(value), vertical.place(ys.numbers[i] as number)]);
    const shown = points.map((point) => (point.every(Number.isFinite) ? point.map((at) => at.toFixed(1)) : undefined));
    let gap = true;
    const path = shown.map((point) => {
      if (point === undefined) gap = true;
      const step = point === undefined ? "" : `${gap ? "M" : "L"}${point.join(" ")}`;
      if (point !== undefined) gap = false;
      return step;
    });
    const colour = escapeHtml(base.colour);
    const line = mode.includes("lines")
      ? `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>`
      : "";
    const dots = mode.includes("markers")
      ? shown
          .map((point) => (point ? `<circle cx="${point[0]}" cy="${point[1]}" r="3" fill="${colour}"/>` : ""))
          .join("")
      : "";
    return line + dots;
  };
  return { ...base, x, y, draw };
}

function pick({ categories }: { readonly categories?: readonly string[] }): Partial<Span> {
  return categories === undefined ? {} : { categories };
}

function bars(trace: FigureTrace, base: Base): Drawing | undefined {
  const length = Math.max(lengthOf(trace.x), lengthOf(trace.y));
  const lying = trace.orientation === "h";
  const [places, heights] = lying ? [trace.y, trace.x] : [trace.x, trace.y];
  const [at, values] = [positions(places, length), positions(heights, length)];
  if (at === undefined || values === undefined) return undefined;
  const sorted = [...new Set(at.numbers)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] as number));
  const width = 0.8 * Math.min(1e300, ...(gaps.length === 0 ? [1] : gaps));
  return rectangles(
    at.numbers.map((value, i) => ({
      from: value - width / 2,
      to: value + width / 2,
      value: values.numbers[i] as number,
    })),
    base,
    { lying, ...pick(at) },
  );
}

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

function rectangles(
  all: readonly Bar[],
  base: Base,
  { lying, ...more }: { readonly lying: boolean } & Partial<Span>,
): Drawing | undefined {
  const shown = all.filter(({ from, value }) => Number.isFinite(from) && Number.isFinite(value));
  const across = spanOf(
    shown.flatMap(({ from, to }) => [from, to]),
    more,
  );
  const along = spanOf(
    shown.map(({ value }) => value),
    { zero: true },
  );
  if (across === undefined || along === undefined) return undefined;
  const draw = (x: Axis, y: Axis): string => {
    const [a, b] = lying ? [y, x] : [x, y];
    const ground = b.log ? b.place(along.low) : b.place(0);
    return shown
      .map(({ from, to, value }) => {
        const [start, end] = [a.place(from), a.place(to)].sort((p, q) => p - q) as [number, number];
        const [foot, head] = [ground, b.place(value)].sort((p, q) => p - q) as [number, number];
        const [left, top, width, height] = lying
          ? [foot, start, head - foot, end - start]
          : [start, foot, end - start, head - foot];
        return `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${escapeHtml(base.colour)}" fill-opacity="0.85"/>`;
      })
      .join("");
  };
  return { ...base, x: lying ? along : across, y: lying ? across : along, draw };
}

/** Counts per bin; without bins in the trace, as many as the square root of the count, at most 60. */
function histogram(trace: FigureTrace, base: Base): Drawing | undefined {
  const lying = trace.x === undefined;
  const source = lying ? trace.y : trace.x;
  const values = positions(source, 0)?.numbers.filter(Number.isFinite) ?? [];
  const span = spanOf(values);
  if (span === undefined) return undefined;
  const { start, end, size } = ((lying ? trace.ybins : trace.xbins) ?? {}) as Readonly<Record<string, number>>;
  const wanted = Number(trace.nbinsx ?? trace.nbinsy ?? Math.min(60, Math.ceil(Math.sqrt(values.length))));
  const low = start ?? span.low;
  const high = end ?? (span.high === span.low ? low + 1 : span.high);
  const count = Math.min(1000, Math.max(1, size === undefined ? wanted : Math.ceil((high - low) / size - 1e-9)));
  const width = size ?? (high - low) / count;
  const counts = new Array<number>(count).fill(0);
  for (const value of values) {
    const bin = Math.floor((value - low) / width);
    // The highest value belongs to the last bin.
    const place = bin === count && value === high ? count - 1 : bin;
    if (place >= 0 && place < count) counts[place] = (counts[place] as number) + 1;
  }
  const all = counts.map((value, i) => ({ from: low + i * width, to: low + (i + 1) * width, value }));
  return rectangles(all, base, { lying });
}

/** Plotly's Viridis at nine places. */
const viridis = "440154 472c7a 3b518b 2c718e 21908d 27ad81 5cc863 aadc32 fde725".split(" ");

function heatMap(trace: FigureTrace, base: Base): Drawing | undefined {
  const { z } = trace;
  const rows: Numbers[] = isTensor(z)
    ? Array.from({ length: z.shape[0] ?? 0 }, (_, i) =>
        Array.from(z.data.subarray(i * (z.shape[1] ?? 0), (i + 1) * (z.shape[1] ?? 0))),
      )
    : Array.isArray(z)
      ? z.map((row) => positions(row, 0)?.numbers ?? [])
      : [];
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const values = spanOf(rows.flat());
  const [xs, ys] = [edges(trace.x, columns), edges(trace.y, rows.length)];
  if (values === undefined || xs === undefined || ys === undefined) return undefined;
  const low = typeof trace.zmin === "number" ? trace.zmin : values.low;
  const high = typeof trace.zmax === "number" ? trace.zmax : values.high;
  const draw = (x: Axis, y: Axis): string =>
    rows
      .map((row, i) => {
        const [top, bottom] = [y.place(ys[i] as number), y.place(ys[i + 1] as number)].sort((a, b) => a - b) as [
          number,
          number,
        ];
        return row
          .map((value, j) => {
            if (!Number.isFinite(value)) return "";
            const [left, right] = [x.place(xs[j] as number), x.place(xs[j + 1] as number)];
            return `<path d="M${left.toFixed(1)} ${top.toFixed(1)}H${right.toFixed(1)}V${bottom.toFixed(1)}H${left.toFixed(1)}Z" fill="${shade(value, low, high)}"/>`;
          })
          .join("");
      })
      .join("\n");
  const span = (ends: Numbers): Span => ({ ...(spanOf(ends) as Span), tight: true });
  return { ...base, x: span(xs), y: span(ys), draw };
}

/** The ends of the cells: half-way between the coordinates of their middles. */
function edges(value: unknown, count: number): Numbers | undefined {
  const middles = positions(value, count)?.numbers;
  if (middles === undefined || count === 0) return undefined;
  if (middles.length === count + 1) return middles;
  if (middles.length !== count || middles.some((middle) => !Number.isFinite(middle))) return undefined;
  const half = (i: number): number => ((middles[i] as number) + (middles[i + 1] as number)) / 2;
  if (count === 1) return [(middles[0] as number) - 0.5, (middles[0] as number) + 0.5];
  const inner = Array.from({ length: count - 1 }, (_, i) => half(i));
  const first = 2 * (middles[0] as number) - (inner[0] as number);
  const last = 2 * (middles[count - 1] as number) - (inner[count - 2] as number);
  return [first, ...inner, last];
}

function shade(value: number, low: number, high: number): string {
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
  const place = Math.min(viridis.length - 2, Math.floor(share * (viridis.length - 1)));
  const rest = share * (viridis.length - 1) - place;
  const channel = (code: string | undefined, i: number): number =>
    Number.parseInt((code ?? "").slice(2 * i, 2 * i + 2), 16);
  const mixed = [0, 1, 2].map((i) => {
    const [from, to] = [channel(viridis[place], i), channel(viridis[place + 1], i)];
    return Math.round(from + (to - from) * rest)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${mixed.join("")}`;
}
