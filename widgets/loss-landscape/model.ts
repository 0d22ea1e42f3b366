/** The kernel half of the landscape widget. */
import type { MimeBundle } from "../../src/display.js";
import type { Tensor } from "../../src/tensor/index.js";
import { type DOMWidgetClass, type DOMWidgetOptions, type DOMWidgetState, defineWidget } from "../lib/dom-widget.js";
import { describe, landscapeOfState, snapshotSvg } from "./snapshot.js";
import { checkLandscapeState, type LossLandscapeState, lossLandscapeSpec } from "./state.js";

/** Numbers by rows, or in a row; or a tensor. */
type Numbers = Tensor | readonly number[] | readonly (readonly number[])[];

/** The options of a {@link LossLandscape}; every tensor may be given as lists of numbers. */
export interface LossLandscapeOptions
  extends Partial<Omit<LossLandscapeState, "z" | "other" | "x" | "y" | "trajectory">>,
    DOMWidgetOptions {
  /** Losses [rows, columns], sides 2..201; what is not finite is a gap. Default: a 64 x 48 sample. */
  readonly z?: Numbers | null;
  /** Another grid of the same shape, shown beside the first. */
  readonly other?: Numbers | null;
  /** Coordinates of the columns, rising. */
  readonly x?: Numbers | null;
  /** Coordinates of the rows, rising. */
  readonly y?: Numbers | null;
  /** Points [points, 2 or 3]: x, y and, if there, the loss. */
  readonly trajectory?: Numbers | null;
}

/** Widgets of this spec, with its values as properties. */
const Base: DOMWidgetClass<LossLandscapeState> = defineWidget(lossLandscapeSpec);

/**
 * Shows a loss landscape: a surface that can be turned and its contours, with a trajectory on both, and a second grid
 * beside the first with the same colours and the same camera. Where the page has no WebGL, the contours alone.
 * @throws ValueError for grids, axes or points that cannot be drawn; ShapeError when they do not fit each other
 * @example new LossLandscape({ z: losses, x: alphas, y: betas, x_label: "alpha", y_label: "beta", log: true })
 */
export class LossLandscape extends Base {
  constructor(options: LossLandscapeOptions = {}) {
    super(options as Partial<LossLandscapeState> & DOMWidgetOptions);
  }

  protected override settle(next: LossLandscapeState & DOMWidgetState): Partial<LossLandscapeState & DOMWidgetState> {
    checkLandscapeState(next);
    return {};
  }

  protected override fallback(): MimeBundle {
    const names = Object.keys(lossLandscapeSpec.traits) as (keyof LossLandscapeState)[];
    const state = Object.fromEntries(names.map((name) => [name, this.get(name)])) as unknown as LossLandscapeState;
    return {
      "image/svg+xml": snapshotSvg(state),
      "text/plain": `${this.toString()}\n${describe(state, landscapeOfState(state))}`,
    };
  }
}
