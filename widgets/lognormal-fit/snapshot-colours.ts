/** The colours of the explorer's drawings. */
import { type ChartColours, paperColours } from "../lib/axes.js";
import type { LawKind } from "./compute.js";

/** What the drawings colour. */
export interface FitColours extends ChartColours {
  readonly laws: Readonly<Record<LawKind, string>>;
  /** Values that stay as they are, that are raised to the threshold, and that become zero. */
  readonly kept: string;
  readonly raised: string;
  readonly pruned: string;
  /** The threshold and the wanted sparsity. */
  readonly handle: string;
}

/** For a drawing that stands alone. */
export const paper: FitColours = {
  ...paperColours,
  laws: { lognormal: "#0b5fa5", normal: "#8a3ea8", laplace: "#2e7d32" },
  kept: "#a9c8ea",
  raised: "#f6d9a8",
  pruned: "#e39a3b",
  handle: "#b3261e",
};

/** How the line of each law is drawn, so that they differ without colour too. */
export const dashes: Readonly<Record<LawKind, string | undefined>> = {
  lognormal: undefined,
  normal: "7 4",
  laplace: "2 3",
};
