/** Which of Plotly's bundles a figure needs, loaded when the first figure needs it. None of them calls eval. */

/** JSON, typed arrays, and arrays of these: what Plotly takes. */
export type PlotValue = unknown;

/** One trace of a figure. */
export interface PlotTrace {
  /** Default "scatter". */
  readonly type?: string;
  readonly [attribute: string]: PlotValue;
}

/** A Plotly figure. Typed arrays may stand for numbers; a new array, not a changed one, shows new numbers. */
export interface PlotFigure {
  readonly data?: readonly PlotTrace[];
  readonly layout?: Readonly<Record<string, PlotValue>>;
  readonly config?: Readonly<Record<string, PlotValue>>;
  readonly frames?: readonly Readonly<Record<string, PlotValue>>[];
}

/** What is used of Plotly's API. */
export interface PlotlyLibrary {
  react(node: HTMLElement, figure: object): Promise<unknown>;
  purge(node: HTMLElement): void;
  toImage(
    figure: object,
    options: { format: string; width: number; height: number; scale?: number | undefined },
  ): Promise<string>;
  readonly Plots: { resize(node: HTMLElement): Promise<unknown> };
}

/** The names of the bundles, smallest first. */
export type PlotlyBundle = "cartesian" | "spatial" | "whole";

const cartesian = new Set(
  "bar box contour heatmap histogram histogram2d histogram2dcontour image pie scatter scatterternary violin".split(" "),
);
const spatial = new Set("cone isosurface mesh3d scatter scatter3d streamtube surface volume".split(" "));

/** Whether a trace stands in a scene of three dimensions. */
export function hasScene({ type = "scatter" }: PlotTrace): boolean {
  return type !== "scatter" && spatial.has(type);
}

/**
 * Returns the smallest bundle that draws all traces: "cartesian" (scatter, bar, histogram, heatmap, contour, box,
 * violin, image, pie, …), "spatial" (surface, mesh3d, scatter3d, …), or "whole" for any other and for mixtures.
 * @example bundleFor({ data: [{ type: "surface", z }] }) // "spatial"
 */
export function bundleFor({ data = [] }: PlotFigure): PlotlyBundle {
  const kinds = data.map(({ type }) => type ?? "scatter");
  if (kinds.every((kind) => cartesian.has(kind))) return "cartesian";
  return kinds.every((kind) => spatial.has(kind)) ? "spatial" : "whole";
}

/** Loads the bundle that draws `figure`. */
export async function loadPlotly(figure: PlotFigure): Promise<PlotlyLibrary> {
  const module = await loaders[bundleFor(figure)]();
  return (module as { default: PlotlyLibrary }).default;
}

const loaders: Readonly<Record<PlotlyBundle, () => Promise<object>>> = {
  cartesian: () => import("plotly.js/dist/plotly-cartesian.min.js"),
  spatial: () => import("plotly.js/dist/plotly-gl3d.min.js"),
  // The bundle with every trace in which nothing is compiled at run time.
  whole: () => import("plotly.js/dist/plotly-strict.min.js"),
};
