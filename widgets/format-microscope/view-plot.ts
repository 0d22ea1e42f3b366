/** The plot in which a value is chosen: clicked, dragged to, or reached with the keyboard. */
import type { Tensor } from "../../src/tensor/index.js";
import { element } from "../dom/elements.js";
import { createSvg, patchSvg } from "../dom/svg.js";
import { svgNode } from "../lib/svg-node.js";
import { blockSize } from "./compute-chunks.js";
import type { Inspection } from "./compute-inspect.js";
import { endPlace, type Measure, nearestPlace, nextPlace } from "./compute-search.js";
import { drawPlot, type Plot } from "./snapshot-plot.js";
import type { Result } from "./view-analysis.js";
import { screenColours } from "./view-colours.js";

/** What a view shows now. */
export interface Shown {
  readonly result: Result;
  readonly axis: "log" | "linear";
  readonly found: Inspection;
  /** Of the view, in pixels. */
  readonly width: number;
}

/** The plot. */
export class PlotView {
  readonly element: HTMLElement;
  readonly #svg: SVGSVGElement;
  readonly #choose: (place: number) => void;
  readonly #read: () => number;
  #shown: Shown | undefined;
  #plot: Plot | undefined;
  #dragging = false;

  /** `read` returns the place that is chosen now, which may not be drawn yet; `choose` is called with another. */
  constructor(read: () => number, choose: (place: number) => void) {
    this.#read = read;
    this.#choose = choose;
    this.#svg = createSvg(svgNode("svg")) as SVGSVGElement;
    this.element = element("figure", { class: "lowbit-micro-plot" }, this.#svg);
    this.#svg.addEventListener("pointerdown", (event) => this.#press(event));
    this.#svg.addEventListener("pointermove", (event) => this.#move(event));
    this.#svg.addEventListener("pointerup", () => this.#release());
    this.#svg.addEventListener("pointercancel", () => this.#release());
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(shown: Shown): void {
    this.#shown = shown;
    const { result, width, axis, found } = shown;
    const { settings, analysis } = result;
    this.#plot = drawPlot({ analysis, settings, found, axis, width, colours: screenColours, interactive: true });
    const { height, node } = this.#plot;
    const label = `${analysis.count} values over those of the format, with the error of rounding`;
    const attributes = { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label };
    patchSvg(this.#svg, svgNode("svg", attributes, node));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 || this.#plot === undefined) return;
    event.preventDefault();
    this.#dragging = true;
    this.#svg.setPointerCapture(event.pointerId);
    this.#svg.querySelector<SVGElement>(".marker")?.focus();
    this.#move(event);
  }

  #release(): void {
    this.#dragging = false;
  }

  #move(event: PointerEvent): void {
    if (!this.#dragging || this.#plot === undefined || this.#shown === undefined) return;
    const box = this.#svg.getBoundingClientRect();
    const u = this.#plot.axis.valueAt(event.clientX - box.left);
    this.#choose(nearestPlace(this.#shown.result.values, u, measureOf(this.#shown)));
  }

  #key(event: KeyboardEvent): void {
    const marker = event.target instanceof Element ? event.target.closest(".marker") : null;
    if (marker === null || this.#shown === undefined) return;
    const place = placeOfKey(event.key, this.#read(), this.#shown);
    if (place === undefined) return;
    event.preventDefault();
    this.#choose(place);
  }
}

/** How the values of a result are measured. */
export function measureOf({ result, axis }: Pick<Shown, "result" | "axis">): Measure {
  return { scales: result.analysis.scales, block: blockSize(result.settings), folded: axis === "log" };
}

/** Where a key leads; undefined for a key that means nothing here. */
function placeOfKey(key: string, place: number, shown: Shown): number | undefined {
  const { values } = shown.result;
  const measure = measureOf(shown);
  const nearest = (u: number): number => nearestPlace(values, u, measure);
  const steps: Readonly<Record<string, () => number>> = {
    ArrowRight: () => nextPlace(values, place, 1, measure),
    ArrowUp: () => nextPlace(values, place, 1, measure),
    ArrowLeft: () => nextPlace(values, place, -1, measure),
    ArrowDown: () => nextPlace(values, place, -1, measure),
    PageUp: () => nearest(far(shown, values, place, 1)),
    PageDown: () => nearest(far(shown, values, place, -1)),
    Home: () => endPlace(values, -1, measure),
    End: () => endPlace(values, 1, measure),
  };
  return Object.hasOwn(steps, key) ? steps[key]?.() : undefined;
}

/** Twice or half the magnitude on a logarithmic axis, a twentieth of the largest on a linear one. */
function far({ result, axis, found }: Shown, { data }: Tensor, place: number, direction: 1 | -1): number {
  const u = (data[place] as number) / found.scale;
  if (axis === "log") return Math.abs(u) * (direction > 0 ? 2 : 0.5);
  return u + (direction * result.analysis.absmax) / found.scale / 20;
}
