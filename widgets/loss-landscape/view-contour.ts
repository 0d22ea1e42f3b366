/** The contours of one grid; the pointer is told the loss where it is. */
import { element } from "../dom/elements.js";
import { createSvg, patchSvg } from "../dom/svg.js";
import { shortNumber } from "../lib/axes.js";
import { svgNode } from "../lib/svg-node.js";
import { heightAt, lossOf } from "./compute.js";
import { titleOf } from "./snapshot.js";
import { type ContourDrawing, drawContour } from "./snapshot-contour.js";
import { screenColours } from "./view-colours.js";
import type { Scene } from "./view-scene.js";

/** One contour picture. */
export class ContourView {
  readonly element: HTMLElement;
  readonly #svg: SVGSVGElement;
  readonly #index: number;
  #drawing: ContourDrawing | undefined;
  #scene: Scene | undefined;
  #drawn: readonly unknown[] = [];

  /** `index` is that of the grid. */
  constructor(index: number) {
    this.#index = index;
    this.#svg = createSvg(svgNode("svg")) as SVGSVGElement;
    this.element = element("div", { class: "lowbit-land-contour" }, this.#svg);
    this.#svg.addEventListener("pointermove", (event) => this.#tell(event));
  }

  draw(scene: Scene, width: number): void {
    const { landscape, state, contours } = scene;
    const field = landscape.fields[this.#index];
    this.#scene = scene;
    this.element.toggleAttribute("data-stale", contours === undefined);
    const own = contours?.[this.#index];
    if (field === undefined || own === undefined) return;
    const { x_label, y_label, z_label, log } = state;
    const title = titleOf(state, this.#index);
    const seen = [field, own, width, x_label, y_label, z_label, title];
    // A camera that moves changes nothing here.
    if (seen.every((part, n) => part === this.#drawn[n])) return;
    this.#drawn = seen;
    const height = Math.round(Math.min(400, Math.max(260, width * 0.76)));
    const labels = { x: x_label, y: y_label, z: z_label };
    this.#drawing = drawContour({
      landscape,
      field,
      contours: own,
      labels,
      log,
      width,
      height,
      colours: screenColours,
    });
    const frame = {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `contours of ${title}`,
    };
    patchSvg(this.#svg, svgNode("svg", frame, this.#drawing.node));
  }

  #tell(event: PointerEvent): void {
    const field = this.#scene?.landscape.fields[this.#index];
    const plane = event.target instanceof Element ? event.target.closest(".plane") : null;
    if (field === undefined || this.#drawing === undefined || this.#scene === undefined || plane === null) return;
    const { x_label, y_label, z_label, log } = this.#scene.state;
    const box = this.#svg.getBoundingClientRect();
    const across = this.#drawing.x.valueAt(event.clientX - box.left);
    const up = this.#drawing.y.valueAt(event.clientY - box.top);
    const height = heightAt(field, across, up);
    const loss = Number.isNaN(height) ? "no value" : shortNumber(lossOf(height, log));
    plane.setAttribute(
      "data-tip",
      `${x_label} ${shortNumber(across)}, ${y_label} ${shortNumber(up)}: ${z_label} ${loss}`,
    );
  }
}
