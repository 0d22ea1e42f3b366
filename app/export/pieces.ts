/** The parts of the page's program that only some pages need. */
import { type SavedModels, viewType } from "./closures.js";
import { type ExportNotebook, type Loose, loose, outputsOf } from "./notebook.js";
import { plotlyType } from "./outputs.js";

/** Trace types of Plotly's two small bundles; a figure with any other needs the whole library. */
const cartesian = new Set(
  "bar box contour heatmap histogram histogram2d histogram2dcontour image pie scatter scatterternary violin".split(" "),
);
const spatial = new Set("cone isosurface mesh3d scatter scatter3d streamtube surface volume".split(" "));

/** What the views of a model load, by the model's name. */
const needs: Readonly<Record<string, readonly string[]>> = {
  ExpressionModel: ["plotly-cartesian", "mathjs"],
  LossLandscapeModel: ["plotly-cartesian", "plotly-gl3d"],
};

/** Returns the name of the smallest Plotly that draws these traces. */
export function plotlyFor(traces: unknown): string {
  const kinds = (Array.isArray(traces) ? traces : []).map((trace) => String(loose(trace).type ?? "scatter"));
  if (kinds.every((kind) => cartesian.has(kind))) return "plotly-cartesian";
  return kinds.every((kind) => spatial.has(kind)) ? "plotly-gl3d" : "plotly-strict";
}

/**
 * Returns the pieces that a notebook's figures and widgets load, in order of name.
 * @param code the program of its modules, whose functions may draw more
 */
export function piecesFor(notebook: ExportNotebook, models: SavedModels, code: string): string[] {
  const pieces = new Set<string>();
  for (const output of notebook.cells.flatMap(outputsOf)) {
    const data = loose(output.data);
    if (data[viewType] === undefined && data[plotlyType] !== undefined) {
      pieces.add(plotlyFor(loose(data[plotlyType]).data));
    }
  }
  for (const { model_module, model_name, state } of Object.values(models)) {
    if (model_name === "OutputModel") for (const piece of ["katex", "marked"]) pieces.add(piece);
    if (model_module === "@jupyter-widgets/controls" && hasFormula(loose(state))) pieces.add("katex");
    if (model_module !== "lowbit" || typeof model_name !== "string") continue;
    if (model_name === "FigureModel") for (const piece of figurePieces(loose(state))) pieces.add(piece);
    for (const piece of Object.hasOwn(needs, model_name) ? (needs[model_name] ?? []) : []) pieces.add(piece);
  }
  if (code.includes(plotlyType)) for (const piece of ["plotly-cartesian", "plotly-gl3d"]) pieces.add(piece);
  return [...pieces].sort();
}

/** Whether a control's text may have a formula. */
function hasFormula({ value, description }: Loose): boolean {
  return [value, description].some((text) => typeof text === "string" && /\$|\\[([]/.test(text));
}

/** A figure's traces at first, and with those that were added later. */
function figurePieces({ data, edits }: Loose): string[] {
  const first = Array.isArray(data) ? data : [];
  const added = (Array.isArray(edits) ? edits : []).flatMap((edit) => loose(edit).traces ?? []);
  return [plotlyFor(first), plotlyFor([...first, ...added])];
}
