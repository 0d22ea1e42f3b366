/** What one drawing of the mask widget shows, and how its parts change it. */
import type { Tensor } from "../../src/tensor/index.js";
import { type Analysis, analyze, type MaskReport, placeTile, tileSize } from "./compute.js";
import { checkMaskState, type MaskState } from "./state.js";
import { regionOf } from "./view-map-solve.js";

/** Everything that the parts of the view draw from. */
export interface Scene extends MaskState {
  readonly pattern: { readonly keep: number; readonly group: number };
  /** The tile's weights. */
  readonly tileWeights: Tensor;
  /** Its rows and columns. */
  readonly tileShape: readonly [number, number];
  /** All masks of the tile. */
  readonly analysis: Analysis;
  /** The one that is drawn. */
  readonly report: MaskReport;
}

/** How a part of the view changes the state. */
export interface Actions {
  change(values: Partial<MaskState>): void;
  /** Returns one weight as the model has it, counted from the top left of the matrix. */
  weightAt(row: number, column: number): number;
  /** Changes one weight, counted from the top left of the matrix. */
  setWeight(row: number, column: number, value: number): void;
  /** Tells users of screen readers what happened. */
  announce(text: string): void;
}

/** A part of the view: an element and how it is brought up to date. */
export interface Part {
  readonly element: HTMLElement;
  draw(scene: Scene): void;
  dispose?(): void;
}

/** Returns what a state shows. @throws ShapeError and ValueError as {@link checkMaskState} */
export function composeScene(state: MaskState): Scene {
  checkMaskState(state);
  const pattern = { keep: state.keep, group: state.group };
  const tileShape = tileSize(state.weights.shape, state.group);
  // A front end may hear of a smaller matrix before it hears of the tile that lies in it.
  const placed = placeTile(state.weights.shape, state.group, state.tile);
  const tile = placed.every((start, axis) => start === state.tile[axis]) ? state.tile : placed;
  const [row, column] = tile;
  const region = { row, column, height: tileShape[0], width: tileShape[1] };
  const tileWeights = regionOf(state.weights, region, state.edits);
  const analysis = analyze(tileWeights, pattern);
  const report = analysis.masks.find(({ kind }) => kind === state.shown);
  if (report === undefined) throw new Error(`mask view: shown ${state.shown}, expected a kind of mask`);
  return { ...state, tile, pattern, tileShape, tileWeights, analysis, report };
}

/** Whether the tile is only a part of the matrix. */
export function isPartial({ weights, tileShape }: Scene): boolean {
  return tileShape.some((side, axis) => side !== weights.shape[axis]);
}
