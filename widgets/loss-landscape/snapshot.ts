/** The landscape as a still picture and as text, for places that cannot run it. */
import type { Tensor } from "../../src/tensor/index.js";
import { shortNumber } from "../lib/axes.js";
import { type SvgNode, svgNode, svgText } from "../lib/svg-node.js";
import { contoursOf, type Field, type Landscape, landscapeOf, levelsOf, lossOf, sampleLandscape } from "./compute.js";
import { drawContour, paper } from "./snapshot-contour.js";
import type { LossLandscapeState } from "./state.js";

/** What of a state the landscape depends on. */
export type LandscapeData = Pick<LossLandscapeState, "z" | "other" | "x" | "y" | "trajectory" | "log">;

/** Returns what is drawn of a state: of its grids, or of the sample. */
export function landscapeOfState(state: LandscapeData): Landscape {
  const { z, other, x, y, trajectory, log } = state;
  if (z !== null) return landscapeOf({ z, other, x, y, trajectory, log });
  const sample = sampleLandscape();
  return landscapeOf({
    z: sample.z,
    other,
    x: x ?? sample.x,
    y: y ?? sample.y,
    trajectory: trajectory ?? sample.trajectory,
    log,
  });
}

/** Returns what the n-th grid is called. */
export function titleOf({ title, other_title, other }: LossLandscapeState, n: number): string {
  if (n === 1) return other_title || "Second grid";
  return title || (other === null ? "Loss landscape" : "First grid");
}

const size = { width: 460, height: 340 };
/** A still picture shows no more nodes than this on a side, so that it stays small. */
const finest = 81;

/** The state with every second node, or every third …, where it has more than a still picture shows. */
function thinned(state: LossLandscapeState): LossLandscapeState {
  const { z, other, x, y } = state;
  if (z === null || Math.max(...z.shape) <= finest) return state;
  const [rows, columns] = z.shape.map((side) => picked(side)) as [number[], number[]];
  const grid = ({ data, shape }: Tensor): Tensor => {
    const values = rows.flatMap((i) => columns.map((j) => data[i * (shape[1] as number) + j] as number));
    return { data: Float64Array.from(values), shape: [rows.length, columns.length], dtype: "float64" };
  };
  const axis = (values: Tensor | null, places: readonly number[]): Tensor => {
    const data = Float64Array.from(places, (n) => (values === null ? n : (values.data[n] as number)));
    return { data, shape: [places.length], dtype: "float64" };
  };
  return { ...state, z: grid(z), other: other && grid(other), x: axis(x, columns), y: axis(y, rows) };
}

/** Indices 0..side - 1 at equal steps, with the last one. */
function picked(side: number): number[] {
  const step = Math.ceil((side - 1) / (finest - 1));
  const places = Array.from({ length: Math.ceil((side - 1) / step) }, (_, n) => n * step);
  return [...places, side - 1];
}

/** Returns an SVG of the contours of one grid, or of two beside each other. */
export function snapshotSvg(state: LossLandscapeState): string {
  const landscape = landscapeOfState(thinned(state));
  const contours = contoursOf(landscape, levelsOf(landscape, state.levels));
  const labels = { x: state.x_label, y: state.y_label, z: state.z_label };
  const { width, height } = size;
  const panels = landscape.fields.map((field, n): SvgNode => {
    const shared = { landscape, field, contours: contours[n] ?? [], labels, log: state.log, colours: paper };
    return svgNode(
      "g",
      { transform: `translate(${n * width} 0)` },
      svgNode("text", { x: 14, y: 20, "font-size": 13, "font-weight": 600, fill: paper.text }, titleOf(state, n)),
      svgNode("g", { transform: "translate(0 26)" }, drawContour({ ...shared, width, height }).node),
    );
  });
  const [w, h] = [width * panels.length, height + 32];
  const frame = { width: w, height: h, viewBox: `0 0 ${w} ${h}`, "font-family": "system-ui, sans-serif" };
  return svgText(
    svgNode(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", role: "img", ...frame },
      svgNode("title", {}, titleOf(state, 0)),
      svgNode("desc", {}, describe(state, landscapeOfState(state))),
      svgNode("rect", { width: "100%", height: "100%", rx: 6, fill: paper.ground }),
      ...panels,
    ),
  );
}

/** Returns what the landscape shows in words. */
export function describe(state: LossLandscapeState, landscape: Landscape): string {
  return landscape.fields.map((field, n) => `${titleOf(state, n)}: ${wordsOf(state, field)}`).join("\n");
}

function wordsOf({ x_label, y_label, z_label, log }: LossLandscapeState, { grid, x, y, gaps, path }: Field): string {
  let lowest = -1;
  let highest = -1;
  for (let n = 0; n < grid.heights.length; n++) {
    const value = grid.heights[n] as number;
    if (Number.isNaN(value)) continue;
    if (lowest < 0 || value < (grid.heights[lowest] as number)) lowest = n;
    if (highest < 0 || value > (grid.heights[highest] as number)) highest = n;
  }
  const size = `${grid.rows} x ${grid.columns} values`;
  if (lowest < 0) return `${size}, none of them on the scale`;
  const loss = (n: number): string => shortNumber(lossOf(grid.heights[n] as number, log));
  const place = `${x_label} ${shortNumber(x[lowest % grid.columns] as number)}, ${y_label} ${shortNumber(y[Math.floor(lowest / grid.columns)] as number)}`;
  const missing = gaps === 0 ? "" : `; ${gaps} gaps`;
  const steps = path.length === 0 ? "" : `; a path of ${path.length} points`;
  return `${size}, ${z_label} ${loss(lowest)} to ${loss(highest)}, lowest at ${place}${missing}${steps}`;
}
