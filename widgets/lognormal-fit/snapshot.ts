/** The explorer as a still picture and as text, for places that cannot run it. */
import { bestExponentBits, expectedCosine, floatError, tabulatedExponentBits } from "../../src/gradients/index.js";
import { exp } from "../../src/math/index.js";
import { shortNumber } from "../lib/axes.js";
import { svgNode, svgText } from "../lib/svg-node.js";
import { type LawKind, lawKinds, lawNames, type Measurement, type Summary, thresholdOf } from "./compute.js";
import { dashes, paper } from "./snapshot-colours.js";
import { drawFormats, percentOf } from "./snapshot-format.js";
import { drawHistogram, percent } from "./snapshot-histogram.js";
import { drawQq } from "./snapshot-qq.js";

/** What the picture and the text say. */
export interface SnapshotOptions {
  readonly summary: Summary;
  readonly measured: Measurement;
  readonly law: LawKind;
  readonly sparsity: number;
  readonly bits: number;
}

const size = { width: 760, top: 300, bottom: 280, half: 372 };

/** Returns an SVG of the histogram, the quantile–quantile plot and the heat map. */
export function snapshotSvg(options: SnapshotOptions): string {
  const { summary, bits } = options;
  const { width, top, bottom, half } = size;
  const height = 44 + top + bottom + 12;
  const sigma = summary.laws.lognormal.sigma / Math.LN2;
  const title = `Gradient magnitudes: ${summary.count} values, sigma ${summary.laws.lognormal.sigma.toFixed(2)}`;
  const colours = paper;
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
      svgNode("desc", {}, describe(options)),
      svgNode("rect", { width: "100%", height: "100%", rx: 6, fill: colours.ground }),
      svgNode("text", { x: 12, y: 18, "font-size": 13, "font-weight": 600, fill: colours.text }, title),
      svgNode("g", { transform: "translate(0 24)" }, legend(summary)),
      svgNode("g", { transform: "translate(0 40)" }, drawHistogram({ ...options, width, height: top, colours }).node),
      svgNode(
        "g",
        { transform: `translate(0 ${46 + top})` },
        drawQq({ summary, width: half, height: bottom, colours }),
      ),
      svgNode(
        "g",
        { transform: `translate(${width - half} ${46 + top})` },
        drawFormats({ bits, sigma, width: half, height: bottom, colours }),
      ),
    ),
  );
}

function legend({ distances }: Summary): ReturnType<typeof svgNode> {
  const items = lawKinds.map((kind, i) =>
    svgNode(
      "g",
      { transform: `translate(${12 + 200 * i} 0)` },
      svgNode("path", {
        d: "M0 8h26",
        stroke: paper.laws[kind],
        "stroke-width": 2.5,
        "stroke-dasharray": dashes[kind],
      }),
      svgNode(
        "text",
        { x: 32, y: 12, "font-size": 12, fill: paper.text },
        `${lawNames[kind]}, KS ${distances[kind].toFixed(4)}`,
      ),
    ),
  );
  return svgNode("g", {}, ...items);
}

/**
 * Returns how many sigmas above the mean of ln|g| the largest magnitude lies; Infinity where all are the same.
 * @example limitOf(summary) // 3.5 for a few thousand values
 */
export function limitOf({ laws: { lognormal }, high }: Summary): number {
  const { mu, sigma } = lognormal;
  return sigma > 0 ? (high - mu) / sigma : Number.POSITIVE_INFINITY;
}

/**
 * Returns the cosine that the lognormal law predicts, up to the largest magnitude that there is: with a large sigma most
 * of the law's second moment lies beyond, where no value is.
 * @example predictedCosine(summary, 1e-4)
 */
export function predictedCosine(summary: Summary, threshold: number): number {
  const { mu, sigma } = summary.laws.lognormal;
  return expectedCosine(threshold * exp(-mu), sigma, { limit: limitOf(summary) });
}

/**
 * Returns the prediction in words, with where the law was cut off.
 * @example describePrediction(summary, 1e-4) // "0.9812 (law up to 3.5 sigma)"
 */
export function describePrediction(summary: Summary, threshold: number): string {
  const [cosine, limit] = [predictedCosine(summary, threshold), limitOf(summary)];
  return cosine.toFixed(4) + (Number.isFinite(limit) ? ` (law up to ${limit.toFixed(1)} sigma)` : "");
}

/** Returns what the explorer shows in words. */
export function describe({ summary, measured, law, sparsity, bits }: SnapshotOptions): string {
  const { laws, distances, count, zeros } = summary;
  const { mu, sigma } = laws.lognormal;
  const threshold = thresholdOf(laws, law, sparsity);
  const ks = lawKinds.map((kind) => `${kind} ${distances[kind].toFixed(4)}`).join(", ");
  const cosine = measured.cosine === null ? "none, all values became 0" : measured.cosine.toFixed(4);
  return [
    `${count} values, ${percent(zeros)} zeros; ln|g| has mean ${mu.toFixed(3)} and standard deviation ${sigma.toFixed(3)}`,
    `Kolmogorov-Smirnov distance: ${ks}`,
    `Threshold ${shortNumber(threshold)} for ${percent(sparsity)} by the ${law} law: ${percent(measured.sparsity)} measured`,
    `Cosine similarity: ${describePrediction(summary, threshold)} predicted, ${cosine} measured`,
    bestFormat(bits, sigma / Math.LN2),
  ].join("\n");
}

/** Returns which float format is best for a sigma of log2|g|, in words. */
export function bestFormat(bits: number, sigma: number): string {
  const [best, table] = [bestExponentBits(bits, sigma), tabulatedExponentBits(bits, sigma)];
  const error = floatError({ exponent: best, mantissa: bits - 1 - best, sigma }).total;
  const same = best === table ? "as in the paper's table" : `the paper's table says ${table}`;
  return `Best of ${bits} bits at sigma ${sigma.toFixed(2)} (log2): ${best} exponent bits, ${same}; expected error ${percentOf(error)}`;
}
