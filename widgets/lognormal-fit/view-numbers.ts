/** The numbers beside the pictures: the fitted laws, the threshold, and what pruning does. */
import { element, setAttributes, setText } from "../dom/elements.js";
import { createSvg } from "../dom/svg.js";
import { shortNumber } from "../lib/axes.js";
import { svgNode } from "../lib/svg-node.js";
import { type LawKind, lawKinds, lawNames, type Measurement, type Summary, thresholdOf } from "./compute.js";
import { describePrediction } from "./snapshot.js";
import { dashes } from "./snapshot-colours.js";
import { percent } from "./snapshot-histogram.js";
import type { LognormalFitState } from "./state.js";
import { screenColours } from "./view-colours.js";

/** The table of laws. */
export function createLawTable(): { readonly element: HTMLElement; draw(summary: Summary): void } {
  const rows = new Map(lawKinds.map((kind) => [kind, createRow(kind)]));
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, "Law of |g|"),
    element("th", { scope: "col" }, "fitted"),
    element(
      "th",
      { scope: "col", title: "Kolmogorov–Smirnov distance of the values to the fitted law" },
      "KS distance",
    ),
  );
  const bodies = element("tbody", {}, ...[...rows.values()].map(({ row }) => row));
  return {
    element: element("table", { class: "lowbit-fit-laws" }, element("thead", {}, head), bodies),
    draw({ laws, distances }) {
      const best = lawKinds.reduce((a, b) => (distances[a] <= distances[b] ? a : b));
      for (const [kind, { row, fitted, distance }] of rows) {
        setAttributes(row, { class: kind === best ? "best" : undefined });
        setText(fitted, parameters(laws[kind]));
        setText(distance, `${distances[kind].toFixed(4)}${kind === best ? " (nearest)" : ""}`);
      }
    },
  };
}

function createRow(kind: LawKind): { row: HTMLElement; fitted: HTMLElement; distance: HTMLElement } {
  const line = svgNode("path", {
    d: "M0 6h28",
    stroke: screenColours.laws[kind],
    "stroke-width": 2.5,
    "stroke-dasharray": dashes[kind],
  });
  const sample = createSvg(svgNode("svg", { width: 28, height: 12, "aria-hidden": "true" }, line));
  const fitted = element("td");
  const distance = element("td", { "data-law": kind });
  const row = element("tr", {}, element("th", { scope: "row" }, sample, ` ${lawNames[kind]}`), fitted, distance);
  return { row, fitted, distance };
}

function parameters(law: Summary["laws"][LawKind]): string {
  if (law.kind === "lognormal") return `mean of ln|g| ${law.mu.toFixed(3)}, sigma ${law.sigma.toFixed(3)}`;
  return law.kind === "normal" ? `standard deviation ${shortNumber(law.std)}` : `mean of |g| ${shortNumber(law.scale)}`;
}

/** What is shown of pruning. */
export interface PruningShown {
  readonly state: LognormalFitState;
  readonly summary: Summary;
  /** Undefined while it is computed. */
  readonly measured: Measurement | undefined;
}

/** The list of what pruning does. */
export function createPruningList(): { readonly element: HTMLElement; draw(shown: PruningShown): void } {
  const names = ["threshold", "values", "sparsity", "measured-sparsity", "cosine", "measured-cosine"] as const;
  const labels: Readonly<Record<(typeof names)[number], string>> = {
    threshold: "Threshold",
    values: "Values",
    sparsity: "Sparsity, wanted",
    "measured-sparsity": "Sparsity, measured",
    cosine: "Cosine similarity, predicted",
    "measured-cosine": "Cosine similarity, measured",
  };
  const cells = new Map(names.map((name) => [name, element("dd", { "data-number": name })]));
  const pairs = names.map((name) =>
    element("div", {}, element("dt", {}, labels[name]), cells.get(name) as HTMLElement),
  );
  const set = (name: (typeof names)[number], text: string): void => setText(cells.get(name) as HTMLElement, text);
  return {
    element: element("dl", { class: "lowbit-fit-numbers" }, ...pairs),
    draw({ state, summary, measured }) {
      const threshold = thresholdOf(summary.laws, state.law, state.sparsity);
      set("threshold", shortNumber(threshold));
      set("values", `${summary.count}${summary.zeros > 0 ? `, ${percent(summary.zeros)} zeros` : ""}`);
      set("sparsity", percent(state.sparsity));
      set("cosine", describePrediction(summary, threshold));
      set("measured-sparsity", measured === undefined ? "…" : percent(measured.sparsity));
      set("measured-cosine", measured === undefined ? "…" : (measured.cosine?.toFixed(4) ?? "none: all became 0"));
    },
  };
}
