/** A figure as a still SVG picture, for places without Plotly: lines, points, bars, histograms and heat maps. */
import { escapeHtml } from "../../src/display.js";
import type { Values } from "./compute.js";
import type { FigureTrace } from "./compute-values.js";
import { type Drawing, drawingOf } from "./snapshot-marks.js";
import { type Axis, axisOf, type Box, tickText } from "./snapshot-scale.js";

/** Fixed colours on a white ground of its own, so that it reads the same in light and dark themes and on GitHub. */
const ink = { ground: "#ffffff", text: "#1b2430", line: "#b8c0cc", grid: "#e6eaf0" };
const palette = ["#1f77b4", "#d95f02", "#2ca02c", "#7570b3", "#c2185b", "#8c564b", "#17808f", "#7f7f7f"];
const size = { width: 640, height: 400 };

/**
 * Returns a picture of the traces with axes, ticks, titles and a legend; undefined when none of them is of a kind that
 * can be drawn (scatter, bar, histogram, heatmap, contour, the last as a heat map) or has numbers.
 * @example snapshotSvg([{ x: [1, 2], y: [3, 4] }], { title: { text: "Loss" } })
 */
export function snapshotSvg(data: readonly FigureTrace[], layout: Values): string | undefined {
  const drawings = data.flatMap((trace, i): Drawing[] => {
    if (trace.visible === false || trace.visible === "legendonly") return [];
    const drawing = drawingOf(trace, palette[i % palette.length] as string);
    return drawing === undefined ? [] : [drawing];
  });
  if (drawings.length === 0) return undefined;
  const title = textOf(layout.title);
  const titles = [textOf(of(layout.xaxis).title), textOf(of(layout.yaxis).title)] as const;
  const named = drawings.filter(({ name }) => name !== undefined);
  const legend = named.length > 0 && drawings.length > 1;
  const box: Box = {
    left: 64,
    top: title === "" ? 16 : 40,
    right: size.width - (legend ? 150 : 20),
    bottom: size.height - 52,
  };
  const x = axisOf(
    drawings.map((one) => one.x),
    of(layout.xaxis),
    [box.left, box.right],
  );
  const y = axisOf(
    drawings.map((one) => one.y),
    of(layout.yaxis),
    [box.bottom, box.top],
  );
  const described = title === "" ? `Figure: ${drawings.map(({ kind }) => kind).join(", ")}` : title;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="12" fill="${ink.text}">`,
    `<title>${escapeHtml(described)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${ink.ground}"/>`,
    ...gridOf(x, y, box),
    // An inner picture cuts off what is outside, without an id that another picture of the page may have.
    `<svg x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}" viewBox="${box.left} ${box.top} ${box.right - box.left} ${box.bottom - box.top}">`,
    ...drawings.map((one) => one.draw(x, y)),
    "</svg>",
    ...frameOf(box, title, titles),
    ...(legend ? named.map((one, i) => legendEntry(one, box, i)) : []),
    "</svg>",
  ].join("\n");
}

function gridOf(x: Axis, y: Axis, box: Box): string[] {
  const vertical = x.ticks.map((tick) => {
    const at = x.place(tick.value).toFixed(1);
    return `<path d="M${at} ${box.top}V${box.bottom}" stroke="${ink.grid}"/><text x="${at}" y="${box.bottom + 18}" text-anchor="middle">${escapeHtml(tickText(tick))}</text>`;
  });
  const horizontal = y.ticks.map((tick) => {
    const at = y.place(tick.value).toFixed(1);
    return `<path d="M${box.left} ${at}H${box.right}" stroke="${ink.grid}"/><text x="${box.left - 8}" y="${(Number(at) + 4).toFixed(1)}" text-anchor="end">${escapeHtml(tickText(tick))}</text>`;
  });
  return [...vertical, ...horizontal];
}

function frameOf(box: Box, title: string, [x, y]: readonly [string, string]): string[] {
  const middle = (box.top + box.bottom) / 2;
  return [
    `<path d="M${box.left} ${box.top}V${box.bottom}H${box.right}" fill="none" stroke="${ink.line}"/>`,
    ...(title === ""
      ? []
      : [`<text x="${box.left}" y="26" font-size="15" font-weight="600">${escapeHtml(title)}</text>`]),
    ...(x === ""
      ? []
      : [
          `<text x="${(box.left + box.right) / 2}" y="${box.bottom + 40}" text-anchor="middle">${escapeHtml(x)}</text>`,
        ]),
    ...(y === ""
      ? []
      : [
          `<text x="16" y="${middle}" text-anchor="middle" transform="rotate(-90 16 ${middle})">${escapeHtml(y)}</text>`,
        ]),
  ];
}

function legendEntry({ name = "", colour }: Drawing, box: Box, i: number): string {
  const top = box.top + 8 + 20 * i;
  const short = name.length > 16 ? `${name.slice(0, 15)}…` : name;
  return `<rect x="${box.right + 14}" y="${top}" width="12" height="12" fill="${escapeHtml(colour)}"/><text x="${box.right + 32}" y="${top + 10}">${escapeHtml(short)}</text>`;
}

function of(value: unknown): Values {
  return typeof value === "object" && value !== null ? (value as Values) : {};
}

/** A title is a text, or a record that has one. Plotly's markup is left out. */
function textOf(title: unknown): string {
  const text = typeof title === "string" ? title : of(title).text;
  return typeof text === "string" ? text.replaceAll(/<\/?[a-z][^<>]*>/gi, "") : "";
}
