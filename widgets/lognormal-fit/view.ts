/** The browser half of the lognormal explorer. */
import { element, onNextFrame, setText } from "../dom/elements.js";
import { mount } from "../dom/mount.js";
import { createSvg, patchSvg } from "../dom/svg.js";
import type { RenderProps } from "../dom/view-model.js";
import { type SvgNode, svgNode } from "../lib/svg-node.js";
import { thresholdOf } from "./compute.js";
import { wholeShape } from "./saved.js";
import { bestFormat } from "./snapshot.js";
import { drawFormats } from "./snapshot-format.js";
import { drawQq } from "./snapshot-qq.js";
import { type LognormalFitState, lognormalFitSpec } from "./state.js";
import { Analysis } from "./view-analysis.js";
import { screenColours } from "./view-colours.js";
import { HistogramView, type Shown } from "./view-histogram.js";
import { createLawTable, createPruningList } from "./view-numbers.js";
import { defineLognormalTasks } from "./view-tasks.js";
import { createToolbar } from "./view-toolbar.js";

const help =
  "Drag the threshold sideways or the wanted sparsity up and down; each moves the other. Keys: arrows move by a step, " +
  "with Shift by a tenth, Page Up and Page Down by ten, Home and End to the ends. Dark orange values become 0; light " +
  "orange ones are raised to the threshold, so that the mean stays what it was. The predicted cosine similarity takes the " +
  "lognormal law only up to the largest magnitude there is, as the paper's code cuts it off too: beyond lies much of " +
  "the law's second moment, but no value.";

/**
 * Draws a lognormal explorer into `el` and keeps it up to date with its model; returns what undoes both.
 * @example const stop = render({ model, el: document.body })
 */
export function render({ model, el }: RenderProps<LognormalFitState>): () => void {
  defineLognormalTasks();
  const view = createView({
    read: () => model.get("sparsity"),
    change: (values) => {
      model.set(values);
      model.save_changes();
    },
  });
  const draw = (): void => {
    const state = readState(model);
    analysis.take(state);
    view.draw(state, analysis);
  };
  const frame = onNextFrame(draw);
  const analysis = new Analysis(frame.request);
  const unmount = mount(el, view.root, model, frame);
  draw();
  return () => {
    unmount();
    analysis.dispose();
  };
}

interface View {
  readonly root: HTMLElement;
  draw(state: LognormalFitState, analysis: Analysis): void;
}

interface Actions {
  readonly read: () => number;
  readonly change: (values: Partial<LognormalFitState>) => void;
}

function createView({ read, change }: Actions): View {
  const toolbar = createToolbar(change);
  const histogram = new HistogramView(read, (sparsity) => change({ sparsity }));
  const [laws, pruning, charts] = [createLawTable(), createPruningList(), createCharts()];
  const problem = element("p", { class: "lowbit-fit-problem", role: "alert", hidden: true });
  const note = element("p", { class: "lowbit-fit-note", role: "status", hidden: true });
  const body = element(
    "div",
    { class: "lowbit-fit-body" },
    histogram.element,
    element("div", { class: "lowbit-fit-tables" }, laws.element, pruning.element),
    charts.element,
    element("p", { class: "lowbit-fit-help" }, help),
  );
  const label = { class: "lowbit-explorer lowbit-fit", role: "group", "aria-label": "lognormal explorer" };
  const root = element("div", label, toolbar.element, note, problem, body);
  return {
    root,
    draw(state, analysis) {
      const { summary, problem: wrong } = analysis;
      toolbar.draw(state);
      say(note, noteOf(state, analysis));
      say(problem, wrong);
      body.hidden = summary === undefined || wrong !== undefined;
      if (body.hidden || summary === undefined) return;
      const shown: Shown = { state, summary, width: Math.max(280, root.clientWidth - 16) };
      if (!analysis.isBusy) analysis.measure(thresholdOf(summary.laws, state.law, state.sparsity), state.seed);
      histogram.draw(shown);
      laws.draw(summary);
      pruning.draw({ state, summary, measured: analysis.measured });
      charts.draw(shown);
    },
  };
}

const marks = "On the line a law holds. Discs: lognormal. Squares: normal. Triangles: Laplace.";
const lines = "Solid: the least error. Dashed: the table of the paper's code. Red: the sigma of these values.";

/** The quantile–quantile plot and the heat map, beside each other where there is room. */
function createCharts(): { readonly element: HTMLElement; draw(shown: Shown): void } {
  const [qq, formats] = [createSvg(svgNode("svg")), createSvg(svgNode("svg"))];
  const words = element("figcaption");
  const note = (text: string): HTMLElement => element("figcaption", {}, text);
  const left = element("figure", {}, element("h4", {}, "Quantiles of the values and of the laws"), qq, note(marks));
  const right = element(
    "figure",
    {},
    element("h4", {}, "Expected error of float formats"),
    formats,
    words,
    note(lines),
  );
  return {
    element: element("div", { class: "lowbit-fit-charts" }, left, right),
    draw({ state: { bits }, summary, width: whole }) {
      const width = whole >= 640 ? Math.floor((whole - 24) / 2) : whole;
      const height = Math.round(Math.min(320, Math.max(230, width * 0.72)));
      const sigma = summary.laws.lognormal.sigma / Math.LN2;
      const text = bestFormat(bits, sigma);
      const size = { width, height, colours: screenColours };
      patchPicture(qq, size, "quantile-quantile plot of ln|g| for three laws", drawQq({ summary, ...size }));
      const label = `heat map of expected float error. ${text}`;
      patchPicture(formats, size, label, drawFormats({ bits, sigma, ...size }));
      setText(words, text);
    },
  };
}

function patchPicture(
  picture: SVGElement,
  { width, height }: { readonly width: number; readonly height: number },
  label: string,
  drawing: SvgNode,
): void {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  patchSvg(picture, svgNode("svg", { ...size, role: "img", "aria-label": label }, drawing));
}

function say(place: HTMLElement, text: string | undefined): void {
  setText(place, text ?? "");
  place.hidden = text === undefined;
}

function noteOf({ gradients }: LognormalFitState, { isBusy }: Analysis): string | undefined {
  const whole = gradients === null ? undefined : wholeShape(gradients);
  if (whole !== undefined && gradients !== null) {
    const count = whole.reduce((product, side) => product * side, 1);
    return `Saved preview: ${gradients.data.length} of ${count} values, at evenly spaced ranks. Run the cell again for all of them.`;
  }
  return isBusy ? "Computing …" : undefined;
}

function readState(model: RenderProps<LognormalFitState>["model"]): LognormalFitState {
  const names = Object.keys(lognormalFitSpec.traits) as (keyof LognormalFitState)[];
  return Object.fromEntries(names.map((name) => [name, model.get(name)])) as unknown as LognormalFitState;
}
