/** The surface of one grid as a Plotly figure. */
import type { PlotFigure, PlotTrace } from "../dom/plot.js";
import { linearTicks, shortNumber } from "../lib/axes.js";
import { rampColour } from "../lib/ramp.js";
import { eyeOf, type Field, type Landscape, lossOf } from "./compute.js";
import type { LossLandscapeState } from "./state.js";

const pathColour = "#ff5a4d";
/** Few and small numbers, so that they stay inside the picture. */
const small = { nticks: 6, tickfont: { size: 10 } };
const ramp = Array.from({ length: 11 }, (_, n) => [n / 10, rampColour(n / 10)] as const);

/** What changes slowly: the same traces for the same data, so that a turned camera moves no numbers. */
export interface SurfaceData {
  readonly traces: readonly PlotTrace[];
  readonly zaxis: Readonly<Record<string, unknown>>;
}

/** Returns the traces of one field: its surface, and the path a little above it. */
export function surfaceData(landscape: Landscape, field: Field, state: LossLandscapeState): SurfaceData {
  const { low, high } = landscape;
  const { log, z_label } = state;
  const surface: PlotTrace = {
    type: "surface",
    x: field.x,
    y: field.y,
    z: rowsOf(field),
    text: textsOf(field, state),
    hoverinfo: "text",
    colorscale: ramp,
    cmin: low,
    cmax: high > low ? high : low + 1,
    showscale: false,
    contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
  };
  const ticks = log ? linearTicks([low, high], 5) : [];
  const name = { title: { text: plain(z_label) + (log ? " (log)" : ""), font: { size: 11 } }, ...small };
  const range = [low, high + 0.02 * (high - low || 1)];
  const words = {
    tickvals: ticks.map(({ value }) => value),
    ticktext: ticks.map(({ value }) => shortNumber(lossOf(value, true))),
  };
  return { traces: [surface, ...pathTraces(landscape, field)], zaxis: { ...name, range, ...(log && words) } };
}

function rowsOf({ grid: { heights, rows, columns } }: Field): Float64Array[] {
  const all = Float64Array.from(heights);
  return Array.from({ length: rows }, (_, i) => all.subarray(i * columns, (i + 1) * columns));
}

function textsOf({ grid: { heights, rows, columns }, x, y }: Field, state: LossLandscapeState): string[][] {
  const { x_label, y_label, z_label, log } = state;
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const place = `${plain(x_label)} ${shortNumber(x[j] as number)}<br>${plain(y_label)} ${shortNumber(y[i] as number)}`;
      return `${place}<br>${plain(z_label)} ${shortNumber(lossOf(heights[i * columns + j] as number, log))}`;
    }),
  );
}

/** A label is no markup: Plotly reads some HTML in texts. */
function plain(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function pathTraces({ low, high }: Landscape, { path }: Field): PlotTrace[] {
  const points = path.filter(([, , z]) => Number.isFinite(z));
  const first = points[0];
  const last = points[points.length - 1];
  if (first === undefined || last === undefined) return [];
  const lift = 0.012 * (high - low);
  const at = (list: typeof points): object => ({
    x: list.map(([x]) => x),
    y: list.map(([, y]) => y),
    z: list.map(([, , z]) => z + lift),
  });
  const shared = { type: "scatter3d", hoverinfo: "skip", showlegend: false };
  const marker = { size: 5, color: [pathColour, "#ffffff"], line: { color: pathColour, width: 2 } };
  return [
    { ...shared, mode: "lines", ...at(points), line: { color: pathColour, width: 6 } },
    { ...shared, mode: "markers", ...at([first, last]), marker },
  ];
}

/** Returns the figure for a camera. */
export function surfaceFigure({ traces, zaxis }: SurfaceData, state: LossLandscapeState, height: number): PlotFigure {
  const { x_label, y_label, camera } = state;
  const scene = {
    // The state says where the camera is, also after a person has turned it.
    uirevision: camera.join(),
    camera: { eye: eyeOf(camera), center: { x: 0, y: 0, z: -0.22 }, up: { x: 0, y: 0, z: 1 } },
    dragmode: "turntable",
    aspectmode: "manual",
    aspectratio: { x: 1.1, y: 1.1, z: 0.75 },
    xaxis: { title: { text: plain(x_label), font: { size: 11 } }, ...small },
    yaxis: { title: { text: plain(y_label), font: { size: 11 } }, ...small },
    zaxis,
  };
  const layout = { height, margin: { l: 0, r: 0, t: 0, b: 0 }, scene, showlegend: false, uirevision: camera.join() };
  // The wheel belongs to the page; zooming has keys and buttons.
  return { data: traces, layout, config: { displayModeBar: false, scrollZoom: false } };
}
