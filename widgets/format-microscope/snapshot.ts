/** The microscope as a still picture, for places that cannot run it. */
import { svgNode, svgText } from "../lib/svg-node.js";
import { type Settings, targetIn } from "./compute-chunks.js";
import type { Inspection } from "./compute-inspect.js";
import type { Analysis } from "./compute-tally.js";
import { paper } from "./snapshot-colours.js";
import { drawPlot } from "./snapshot-plot.js";
import { describe, numberText, sqnrText } from "./snapshot-text.js";

/** What the picture shows. */
export interface SnapshotOptions {
  readonly analysis: Analysis;
  readonly settings: Settings;
  readonly found: Inspection;
  readonly axis: "log" | "linear";
}

const width = 760;

/** Returns an SVG of the values over the format's, with the errors and the selected value. */
export function snapshotSvg(options: SnapshotOptions): string {
  const { analysis, settings, found } = options;
  const plot = drawPlot({ ...options, width, colours: paper });
  const height = plot.height + 44;
  const title = `${targetIn(settings).name}: SQNR ${sqnrText(analysis)}`;
  const value = `Value ${found.place}: ${numberText(found.value)} becomes ${numberText(found.result)}`;
  return svgText(
    svgNode(
      "svg",
      {
        xmlns: "http://www.w3.org/2000/svg",
        role: "img",
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        "font-family": "system-ui, sans-serif",
      },
      svgNode("title", {}, title),
      svgNode("desc", {}, describe(analysis, settings, found)),
      svgNode("rect", { width: "100%", height: "100%", rx: 6, fill: paper.ground }),
      svgNode("text", { x: 12, y: 18, "font-size": 13, "font-weight": 600, fill: paper.text }, title),
      svgNode("text", { x: width - 14, y: 18, "text-anchor": "end", "font-size": 12, fill: paper.chosen }, value),
      svgNode("g", { transform: "translate(0 30)" }, plot.node),
    ),
  );
}
