/** The browser half of the landscape widget. */
import { element, onNextFrame, setText } from "../dom/elements.js";
import { mount } from "../dom/mount.js";
import type { RenderProps } from "../dom/view-model.js";
import type { Camera } from "./compute.js";
import { titleOf } from "./snapshot.js";
import { type LossLandscapeState, lossLandscapeSpec } from "./state.js";
import { ContourView } from "./view-contour.js";
import { type Scene, SceneMaker } from "./view-scene.js";
import { hasWebGL, SurfaceView } from "./view-surface.js";
import { defineLandscapeTasks } from "./view-tasks.js";
import { createToolbar } from "./view-toolbar.js";

const help =
  "Drag a surface to turn it. Keys on a surface: arrows turn it, with Shift by single degrees, + and - zoom, Home " +
  "resets. The path begins at the disc and ends at the ring.";
const noSurface = "This page has no WebGL, so the surface is not shown, only its contours.";

/** Narrower than this, pictures stand below each other. */
const twoColumns = 620;

/**
 * Draws a loss landscape into `el` and keeps it up to date with its model; returns what undoes both.
 * @example const stop = render({ model, el: document.body })
 */
export function render({ model, el }: RenderProps<LossLandscapeState>): () => void {
  defineLandscapeTasks();
  const view = new LandscapeView({
    camera: () => model.get("camera"),
    change: (values) => {
      model.set(values);
      model.save_changes();
    },
  });
  const frame = onNextFrame(() => view.draw(maker.take(readState(model), Math.max(280, view.root.clientWidth - 16))));
  const maker = new SceneMaker(frame.request);
  const unmount = mount(el, view.root, model, frame);
  frame.request();
  return () => {
    unmount();
    maker.dispose();
    view.dispose();
  };
}

interface Actions {
  readonly camera: () => Camera;
  readonly change: (values: Partial<LossLandscapeState>) => void;
}

/** The parts of one grid. */
interface Panel {
  readonly title: HTMLElement;
  readonly surface: SurfaceView;
  readonly contour: ContourView;
}

class LandscapeView {
  readonly root: HTMLElement;
  readonly #toolbar: ReturnType<typeof createToolbar>;
  readonly #panels: readonly Panel[];
  readonly #body: HTMLElement = element("div", { class: "lowbit-land-body" });
  readonly #note: HTMLElement = element("p", { class: "lowbit-land-note", role: "status" });
  #failure: string | undefined;

  constructor({ camera, change }: Actions) {
    this.#toolbar = createToolbar({ camera, change });
    const turn = (next: Camera): void => {
      if (next.join() !== camera().join()) change({ camera: next });
    };
    const fail = (reason: string): void => {
      this.#failure = `The surface could not be drawn (${reason}): only its contours are shown.`;
      change({});
      setText(this.#note, this.#failure);
    };
    this.#panels = [0, 1].map((n) => ({
      title: element("h4"),
      surface: new SurfaceView(n, { camera, turn, fail }),
      contour: new ContourView(n),
    }));
    const note = element("p", { class: "lowbit-land-help" }, help);
    const label = { class: "lowbit-explorer lowbit-land", role: "group", "aria-label": "loss landscape" };
    this.root = element("div", label, this.#toolbar.element, this.#note, this.#body, note);
  }

  draw(scene: Scene): void {
    const { state, landscape } = scene;
    const canTurn = hasWebGL() && this.#failure === undefined;
    const surfaces = canTurn && state.shown !== "contour";
    const contours = state.shown !== "surface" || !canTurn;
    this.#toolbar.draw(state, surfaces);
    setText(this.#note, notesOf(scene, canTurn ? undefined : (this.#failure ?? noSurface)));
    const panels = this.#panels.slice(0, landscape.fields.length);
    this.#place(panels, surfaces, contours, scene.width);
    const columns = this.#columns(panels.length, surfaces && contours, scene.width);
    const width = Math.floor((scene.width - (columns - 1) * 16) / columns);
    for (const [n, { title, surface, contour }] of this.#panels.entries()) {
      setText(title, titleOf(state, n));
      if (surfaces && n < panels.length) surface.draw(scene, width);
      else surface.dispose();
      if (contours && n < panels.length) contour.draw(scene, width);
    }
  }

  dispose(): void {
    for (const { surface } of this.#panels) surface.dispose();
  }

  #columns(panels: number, both: boolean, width: number): number {
    return width >= twoColumns && (panels === 2 || both) ? 2 : 1;
  }

  /** One grid: surface and contours side by side. Two: each grid a column. */
  #place(panels: readonly Panel[], surfaces: boolean, contours: boolean, width: number): void {
    const columns = this.#columns(panels.length, surfaces && contours, width);
    const shownOf = ({ surface, contour }: Panel): HTMLElement[] => [
      ...(surfaces ? [surface.element] : []),
      ...(contours ? [contour.element] : []),
    ];
    const wanted =
      panels.length === 2 && columns === 2
        ? [...panels.map(({ title }) => title), ...inRows(panels.map(shownOf))]
        : panels.flatMap((panel) => [panel.title, ...shownOf(panel)]);
    this.#body.dataset.columns = String(columns);
    this.#body.dataset.panels = String(panels.length);
    const present = [...this.#body.children];
    if (present.length === wanted.length && present.every((child, n) => child === wanted[n])) return;
    this.#body.replaceChildren(...wanted);
  }
}

/** From columns of equal length to rows, one after the other. */
function inRows(columns: readonly (readonly HTMLElement[])[]): HTMLElement[] {
  return (columns[0] ?? []).flatMap((_, n) => columns.map((column) => column[n] as HTMLElement));
}

function notesOf({ landscape, state }: Scene, problem: string | undefined): string {
  const gaps = landscape.fields.map(({ gaps }) => gaps).reduce((sum, one) => sum + one, 0);
  const why = state.log ? "not finite, or not above 0 on a logarithmic scale" : "not finite";
  return [problem, gaps > 0 ? `${gaps} values are ${why}: gaps.` : undefined].filter(Boolean).join(" ");
}

function readState(model: RenderProps<LossLandscapeState>["model"]): LossLandscapeState {
  const names = Object.keys(lossLandscapeSpec.traits) as (keyof LossLandscapeState)[];
  return Object.fromEntries(names.map((name) => [name, model.get(name)])) as unknown as LossLandscapeState;
}
