/** The histogram whose threshold and sparsity are dragged, or moved with the keyboard. */
import { exp, log } from "../../src/math/index.js";
import { element } from "../dom/elements.js";
import { createSvg, patchSvg } from "../dom/svg.js";
import { svgNode } from "../lib/svg-node.js";
import { maxSparsity, type Summary, sparsityOfThreshold, thresholdOf } from "./compute.js";
import { drawHistogram, type Histogram } from "./snapshot-histogram.js";
import type { LognormalFitState } from "./state.js";
import { screenColours } from "./view-colours.js";

/** What a view shows now. */
export interface Shown {
  readonly state: LognormalFitState;
  readonly summary: Summary;
  /** Of the view, in pixels. */
  readonly width: number;
}

/** The histogram. */
export class HistogramView {
  readonly element: HTMLElement;
  readonly #svg: SVGSVGElement;
  readonly #change: (sparsity: number) => void;
  readonly #read: () => number;
  #shown: Shown | undefined;
  #places: Histogram | undefined;
  #dragged: string | undefined;

  /** `read` returns the sparsity that is wanted now, which may not be drawn yet; `change` is called with another. */
  constructor(read: () => number, change: (sparsity: number) => void) {
    this.#read = read;
    this.#change = change;
    this.#svg = createSvg(svgNode("svg")) as SVGSVGElement;
    this.element = element("figure", { class: "lowbit-fit-histogram" }, this.#svg);
    this.#svg.addEventListener("pointerdown", (event) => this.#press(event));
    this.#svg.addEventListener("pointermove", (event) => this.#move(event));
    this.#svg.addEventListener("pointerup", () => this.#release());
    this.#svg.addEventListener("pointercancel", () => this.#release());
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(shown: Shown): void {
    this.#shown = shown;
    const { summary, state, width } = shown;
    const height = Math.round(Math.min(360, Math.max(240, width * 0.42)));
    const { law, sparsity } = state;
    const options = { summary, law, sparsity, width, height, colours: screenColours, interactive: true };
    this.#places = drawHistogram(options);
    const attributes = {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "group",
      "aria-label": label(summary),
    };
    patchSvg(this.#svg, svgNode("svg", attributes, this.#places.node));
  }

  #press(event: PointerEvent): void {
    const handle = event.target instanceof Element ? event.target.closest<SVGElement>("[data-drag]") : null;
    if (handle === null || event.button !== 0) return;
    event.preventDefault();
    this.#dragged = handle.dataset.drag;
    this.#svg.setPointerCapture(event.pointerId);
    handle.focus();
  }

  #release(): void {
    this.#dragged = undefined;
  }

  #move(event: PointerEvent): void {
    if (this.#dragged === undefined || this.#places === undefined || this.#shown === undefined) return;
    const { state, summary } = this.#shown;
    const box = this.#svg.getBoundingClientRect();
    if (this.#dragged === "threshold") {
      const threshold = exp(this.#places.x.valueAt(event.clientX - box.left));
      this.#change(sparsityOfThreshold(summary.laws, state.law, threshold));
    } else this.#set(this.#places.share.valueAt(event.clientY - box.top));
  }

  #key(event: KeyboardEvent): void {
    const handle = event.target instanceof Element ? event.target.closest<SVGElement>("[data-drag]") : null;
    const step = stepOf(event);
    if (handle === null || step === undefined || this.#shown === undefined) return;
    event.preventDefault();
    const { state, summary } = this.#shown;
    const sparsity = this.#read();
    if (event.key === "Home") this.#set(0);
    else if (event.key === "End") this.#set(maxSparsity);
    else if (handle.dataset.drag === "sparsity") this.#set(Math.round((sparsity + step / 100) * 1000) / 1000);
    else {
      const threshold = thresholdOf(summary.laws, state.law, sparsity);
      // From no threshold at all the first step goes to the lower end of the histogram.
      const next = threshold > 0 ? log(threshold) + 0.05 * step : step > 0 ? summary.low : Number.NEGATIVE_INFINITY;
      this.#change(sparsityOfThreshold(summary.laws, state.law, exp(next)));
    }
  }

  #set(sparsity: number): void {
    this.#change(Math.min(maxSparsity, Math.max(0, sparsity)));
  }
}

function label({ count }: Summary): string {
  return `histogram of ${count} gradient magnitudes with fitted laws, threshold and sparsity`;
}

/** In steps; undefined for a key that means nothing here, 0 for those that go to an end. */
function stepOf({ key, shiftKey }: KeyboardEvent): number | undefined {
  const size = shiftKey ? 0.1 : 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: size,
    ArrowUp: size,
    ArrowLeft: -size,
    ArrowDown: -size,
    PageUp: 10,
    PageDown: -10,
    Home: 0,
    End: 0,
  };
  return Object.hasOwn(steps, key) ? steps[key] : undefined;
}
