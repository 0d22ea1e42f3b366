/** The landscape of a state with its contours: what all parts of the view draw. */
import { runInBackground } from "../dom/background.js";
import { type Contours, contoursOf, type Landscape, levelsOf } from "./compute.js";
import { landscapeOfState } from "./snapshot.js";
import type { LossLandscapeState } from "./state.js";
import type { ContoursInput } from "./view-tasks.js";

/** What is drawn now. */
export interface Scene {
  readonly state: LossLandscapeState;
  readonly landscape: Landscape;
  /** By field; those of the last landscape are never shown with another. */
  readonly contours: readonly (readonly Contours[])[] | undefined;
  /** Of the view, in pixels. */
  readonly width: number;
}

/** So many nodes are contoured well within a frame. */
const atOnce = 3200;
const dataNames = ["z", "other", "x", "y", "trajectory", "log"] as const;

/** Keeps landscape and contours up to date. */
export class SceneMaker {
  readonly #changed: () => void;
  #state: LossLandscapeState | undefined;
  #landscape: Landscape | undefined;
  #contours: readonly (readonly Contours[])[] | undefined;
  #running: AbortController | undefined;

  /** `changed` is called when something came from the background. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Returns what is to be drawn of a state now. */
  take(state: LossLandscapeState, width: number): Scene {
    const last = this.#state;
    this.#state = state;
    const newData = last === undefined || dataNames.some((name) => last[name] !== state[name]);
    const landscape = newData || this.#landscape === undefined ? landscapeOfState(state) : this.#landscape;
    this.#landscape = landscape;
    if (newData || last?.levels !== state.levels) this.#contour(landscape, levelsOf(landscape, state.levels));
    return { state, landscape, contours: this.#contours, width };
  }

  dispose(): void {
    this.#running?.abort();
  }

  #contour(landscape: Landscape, levels: readonly number[]): void {
    this.#running?.abort();
    const nodes = landscape.fields.reduce((sum, { grid }) => sum + grid.heights.length, 0);
    if (nodes <= atOnce) {
      this.#contours = contoursOf(landscape, levels);
      return;
    }
    this.#contours = undefined;
    const running = new AbortController();
    this.#running = running;
    const input: ContoursInput = { landscape, levels };
    runInBackground<Contours[][]>("landscape.contours", input, running.signal).then(
      (contours) => {
        this.#contours = contours;
        this.#changed();
      },
      () => undefined,
    );
  }
}
