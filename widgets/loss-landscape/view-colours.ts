/** The colours of the contours in a page: those of the style sheet, so that a change of theme needs no drawing. */
import type { LandscapeColours } from "./snapshot-contour.js";

/** For {@link LandscapeColours} in a view. */
export const screenColours: LandscapeColours = {
  ground: "var(--ground)",
  text: "var(--text)",
  muted: "var(--muted)",
  line: "var(--line)",
  soft: "var(--gap)",
  path: "var(--path)",
  casing: "var(--casing)",
};
