/** The kernel half of the mask widget. */
import type { MimeBundle } from "../../src/display.js";
import type { Mask, Tensor } from "../../src/tensor/index.js";
import { DOMWidget, type DOMWidgetOptions, type DOMWidgetState } from "../lib/dom-widget.js";
import { onceForEdits } from "../lib/edited.js";
import {
  analyze,
  describeAnalysis,
  type Edit,
  type MaskKind,
  maskOf,
  placeTile,
  tileOf,
  tileSize,
  withEdits,
} from "./compute.js";
import { snapshotSvg } from "./snapshot.js";
import { checkMaskState, type MaskState, maskSpec } from "./state.js";

const edited = onceForEdits<Tensor, Edit>(withEdits);

/** A matrix as the viewer takes it: a tensor, or rows of numbers. */
export type MatrixLike = Tensor | readonly (readonly number[])[];

/** The options of a {@link MaskViewer}. */
export interface MaskViewerOptions extends Partial<Omit<MaskState, "weights">>, DOMWidgetOptions {
  /** The matrix: finite, both sides 1..4096 and multiples of `group`. Default: an 8 x 8 sample. */
  readonly weights?: MatrixLike;
}

/**
 * Shows the N:M masks of a matrix side by side and lets a person drag its weights: row-wise, the transposable
 * optimum and two greedy methods, what each keeps, in which directions it is valid, and how many masks there are.
 * What is edited in the view is `viewer.weights` here.
 * @throws ValueError for weights that are no finite matrix up to 4096 x 4096, a keep outside 0..group, a group above 16
 * @throws ShapeError when group does not divide both sides
 * @see Hubara et al. 2021, arXiv:2102.08124
 * @example const viewer = new MaskViewer({ weights: random.normal(random.key(1), [8, 12]), keep: 2, group: 4 })
 */
export class MaskViewer extends DOMWidget<MaskState> {
  constructor(options: MaskViewerOptions = {}) {
    super(maskSpec, options as Partial<MaskState> & DOMWidgetOptions);
  }

  /** The matrix, as it is now: what was edited in the view is in it. Setting it takes rows of numbers too. */
  get weights(): Tensor {
    return edited(this.get("weights"), this.get("edits"));
  }

  set weights(weights: MatrixLike) {
    this.set("weights", weights as Tensor);
  }

  /** Weights kept per group, 0..group. */
  get keep(): number {
    return this.get("keep");
  }

  set keep(keep: number) {
    this.set("keep", keep);
  }

  /** Neighbours per group, 1..16; set it together with `keep`: `viewer.set({ keep: 4, group: 8 })`. */
  get group(): number {
    return this.get("group");
  }

  set group(group: number) {
    this.set("group", group);
  }

  /** First row and column of the tile that is edited; moved onto a multiple of `group`. */
  get tile(): readonly [number, number] {
    return this.get("tile");
  }

  set tile(tile: readonly [number, number]) {
    this.set("tile", tile);
  }

  /** Which mask is drawn. */
  get shown(): MaskKind {
    return this.get("shown");
  }

  set shown(shown: MaskKind) {
    this.set("shown", shown);
  }

  /** Whether the transposed matrix is shown. */
  get transposed(): boolean {
    return this.get("transposed");
  }

  set transposed(transposed: boolean) {
    this.set("transposed", transposed);
  }

  /** The mask that is drawn, of the whole matrix: a bool tensor of the shape of `weights`. */
  get mask(): Mask {
    return maskOf(this.shown, this.weights, { keep: this.keep, group: this.group });
  }

  protected override settle(
    next: MaskState & DOMWidgetState,
    changed: ReadonlySet<string>,
  ): Partial<MaskState & DOMWidgetState> {
    // A new matrix begins without the edits of the one before.
    const edits = changed.has("weights") && !changed.has("edits") ? [] : next.edits;
    checkMaskState({ ...next, edits });
    return { tile: placeTile(next.weights.shape, next.group, next.tile), edits };
  }

  protected override fallback(): MimeBundle {
    const pattern = { keep: this.keep, group: this.group };
    const size = tileSize(this.weights.shape, this.group);
    const tile = tileOf(this.weights, this.tile, size);
    const where = size.every((side, axis) => side === this.weights.shape[axis])
      ? ""
      : `\nTile at ${this.tile.join(", ")}`;
    return {
      "image/svg+xml": snapshotSvg(tile, pattern),
      "text/plain": `${this.toString()}${where}\n${describeAnalysis(analyze(tile, pattern), size, pattern)}`,
    };
  }
}
