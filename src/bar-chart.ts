import { escapeHtml } from "./display.js";
import { ShapeError, ValueError } from "./errors.js";

/** One bar of a {@link barChart}. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is written at the end of the bar; default: the value with 3 significant digits. */
  readonly text?: string;
  /** Draws the bar in the second colour, to set it apart. Default false. */
  readonly marked?: boolean;
}

/** Options of {@link barChart}. */
export interface BarChartOptions {
  /** What the picture shows, with units. */
  readonly title: string;
  /** `log` draws powers of ten at equal distances, from 1 up; default `linear`, from 0 up. */
  readonly scale?: "linear" | "log";
  /** The value at the right end; default: the largest value. */
  readonly max?: number;
}

/** Fixed colours on a white ground of its own, so that it reads the same in light and dark themes and on GitHub. */
const colours = { ground: "#ffffff", bar: "#1f5fa8", marked: "#b35900", ink: "#1b2430", track: "#eef1f5" };
const size = { row: 26, bar: 16, plot: 320, margin: 10, heading: 26, character: 7.4 };

/**
 * Returns horizontal bars as an SVG picture, with every value written beside its bar. It reads in any theme, and
 * says what it shows to screen readers.
 * @throws ShapeError without bars; ValueError for values that are not finite, below 0, or below 1 on a log scale
 * @example svg(barChart([{ label: "optimum", value: 0.7 }], { title: "Share of magnitude kept", max: 1 }))
 */
export function barChart(bars: readonly Bar[], options: BarChartOptions): string {
  const { title, scale = "linear" } = options;
  if (bars.length === 0) throw new ShapeError("barChart: no bars, expected at least one");
  const least = scale === "log" ? 1 : 0;
  for (const { label, value } of bars) {
    if (!(Number.isFinite(value) && value >= least)) {
      throw new ValueError(`barChart: ${value} for "${label}", expected a finite number >= ${least}`);
    }
  }
  const position = scale === "log" ? Math.log10 : (value: number): number => value;
  const end = position(options.max ?? Math.max(...bars.map(({ value }) => value))) || 1;
  const texts = bars.map(({ value, text }) => text ?? defaultText(value));
  const left = size.margin + widest(bars.map(({ label }) => label)) + 8;
  const width = Math.max(left + size.plot + 8 + widest(texts), widest([title]) + size.margin) + size.margin;
  const height = size.heading + bars.length * size.row + 2 * size.margin;
  const rows = bars.map((bar, i) => {
    const length = Math.min(1, Math.max(0, position(bar.value) / end)) * size.plot;
    return row(bar, texts[i] as string, size.margin + size.heading + i * size.row, left, length);
  });
  const description = bars.map(({ label }, i) => `${label}: ${texts[i]}`).join("; ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${round(width)}" height="${height}" viewBox="0 0 ${round(width)} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>`,
    `<rect width="100%" height="100%" rx="6" fill="${colours.ground}"/>`,
    `<text x="${size.margin}" y="${size.margin + 12}" font-weight="600" fill="${colours.ink}">${escapeHtml(title)}</text>`,
    ...rows,
    "</svg>",
  ].join("\n");
}

function row(bar: Bar, text: string, top: number, left: number, length: number): string {
  const y = top + (size.row - size.bar) / 2;
  const baseline = top + size.row / 2 + 4;
  const fill = bar.marked === true ? colours.marked : colours.bar;
  return [
    `<text x="${round(left - 8)}" y="${baseline}" text-anchor="end" fill="${colours.ink}">${escapeHtml(bar.label)}</text>`,
    `<rect x="${round(left)}" y="${y}" width="${size.plot}" height="${size.bar}" fill="${colours.track}"/>`,
    `<rect x="${round(left)}" y="${y}" width="${round(length)}" height="${size.bar}" fill="${fill}"/>`,
    `<text x="${round(left + size.plot + 8)}" y="${baseline}" fill="${colours.ink}">${escapeHtml(text)}</text>`,
  ].join("");
}

function defaultText(value: number): string {
  return value >= 1e6 ? value.toExponential(2).replace("e+", "e") : String(Number(value.toPrecision(3)));
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length)) * size.character;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
