/** The surface of one grid, which is turned with the pointer or the keyboard. */
import { element } from "../dom/elements.js";
import { type PlotHandle, plot } from "../dom/plot.js";
import { type Camera, cameraOf, type Field, firstCamera, inRange, type Landscape } from "./compute.js";
import { titleOf } from "./snapshot.js";
import type { LossLandscapeState } from "./state.js";
import { type SurfaceData, surfaceData, surfaceFigure } from "./view-figure.js";
import type { Scene } from "./view-scene.js";

/** What a surface can ask for. */
export interface SurfaceActions {
  /** Where the camera is now, which may not be drawn yet. */
  readonly camera: () => Camera;
  readonly turn: (camera: Camera) => void;
  /** The surface cannot be drawn. */
  readonly fail: (reason: string) => void;
}

/** Whether the page can draw surfaces; asked once. */
let webgl: boolean | undefined;

/** Whether the page has WebGL. */
export function hasWebGL(): boolean {
  if (webgl === undefined) {
    const context = element("canvas").getContext("webgl");
    webgl = context !== null;
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return webgl;
}

/** One surface. */
export class SurfaceView {
  readonly element: HTMLElement;
  readonly #index: number;
  readonly #actions: SurfaceActions;
  #plot: PlotHandle | undefined;
  #data: { readonly seen: readonly unknown[]; readonly data: SurfaceData } | undefined;
  #drawn: readonly unknown[] = [];

  /** `index` is that of the grid. */
  constructor(index: number, actions: SurfaceActions) {
    this.#index = index;
    this.#actions = actions;
    this.element = element("div", {
      class: "lowbit-land-surface",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "surface that can be turned",
    });
    this.element.addEventListener("keydown", (event) => {
      const camera = turned(actions.camera(), event);
      if (camera === undefined) return;
      event.preventDefault();
      actions.turn(camera);
    });
  }

  draw({ landscape, state }: Scene, width: number): void {
    const field = landscape.fields[this.#index];
    if (field === undefined) {
      this.dispose();
      return;
    }
    const height = Math.round(Math.min(400, Math.max(260, width * 0.76)));
    const data = this.#dataOf(landscape, field, state);
    const seen = [data, state.camera.join(), height];
    if (this.#plot !== undefined && seen.every((part, n) => part === this.#drawn[n])) return;
    this.#drawn = seen;
    const title = titleOf(state, this.#index);
    const [azimuth, elevation] = state.camera;
    const words = `surface of ${title}, seen from ${Math.round(azimuth)} degrees, ${Math.round(elevation)} degrees up`;
    this.element.setAttribute("aria-label", words);
    this.#show(data, state, height, title);
  }

  /** Takes the surface away; it may be drawn again. */
  dispose(): void {
    this.#plot?.dispose();
    this.#plot = undefined;
    this.element.replaceChildren();
  }

  #dataOf(landscape: Landscape, field: Field, state: LossLandscapeState): SurfaceData {
    const seen = [landscape, field, state.x_label, state.y_label, state.z_label];
    if (this.#data === undefined || !seen.every((part, n) => part === this.#data?.seen[n])) {
      this.#data = { seen, data: surfaceData(landscape, field, state) };
    }
    return this.#data.data;
  }

  #show(data: SurfaceData, state: LossLandscapeState, height: number, title: string): void {
    const figure = surfaceFigure(data, state, height);
    if (this.#plot !== undefined) {
      this.#plot.update(figure).catch(() => undefined);
      return;
    }
    const place = element("div", { style: `height: ${height}px` });
    this.element.replaceChildren(place);
    const shown = plot(place, figure, { label: `surface of ${title}` });
    this.#plot = shown;
    shown.ready.catch((error: unknown) => {
      if (this.#plot === shown) this.#actions.fail(error instanceof Error ? error.message : String(error));
    });
    shown.on("relayout", ({ layout }) => {
      const eye = (layout["scene.camera"] as { readonly eye?: { x: number; y: number; z: number } } | undefined)?.eye;
      if (eye !== undefined) this.#actions.turn(cameraOf(eye));
    });
  }
}

/** Where a key moves the camera; undefined for one that means nothing here. */
export function turned(
  [azimuth, elevation, distance]: Camera,
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
): Camera | undefined {
  const step = shiftKey ? 1 : 5;
  switch (key) {
    case "ArrowLeft":
      return inRange([azimuth - step, elevation, distance]);
    case "ArrowRight":
      return inRange([azimuth + step, elevation, distance]);
    case "ArrowUp":
      return inRange([azimuth, elevation + step, distance]);
    case "ArrowDown":
      return inRange([azimuth, elevation - step, distance]);
    case "+":
    case "=":
      return inRange([azimuth, elevation, distance / 1.15]);
    case "-":
    case "_":
      return inRange([azimuth, elevation, distance * 1.15]);
    case "0":
    case "Home":
      return firstCamera;
    default:
      return undefined;
  }
}
