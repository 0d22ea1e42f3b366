/** The colours of the drawings in a page: those of the style sheet, so that a change of theme needs no drawing. */
import type { FitColours } from "./snapshot-colours.js";

/** For {@link FitColours} in a view. */
export const screenColours: FitColours = {
  ground: "var(--ground)",
  text: "var(--text)",
  muted: "var(--muted)",
  line: "var(--line)",
  soft: "var(--soft)",
  laws: { lognormal: "var(--lognormal)", normal: "var(--normal)", laplace: "var(--laplace)" },
  kept: "var(--kept)",
  raised: "var(--raised-part)",
  pruned: "var(--pruned)",
  handle: "var(--handle)",
};
