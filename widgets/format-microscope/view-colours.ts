/** The colours of the drawings in a page: those of the style sheet, so that a change of theme needs no drawing. */
import type { MicroColours } from "./snapshot-colours.js";

/** For {@link MicroColours} in a view. */
export const screenColours: MicroColours = {
  ground: "var(--ground)",
  text: "var(--text)",
  muted: "var(--muted)",
  line: "var(--line)",
  soft: "var(--soft)",
  inside: "var(--inside)",
  under: "var(--under)",
  beyond: "var(--beyond)",
  underGround: "var(--under-ground)",
  beyondGround: "var(--beyond-ground)",
  chosen: "var(--chosen)",
  point: "var(--point)",
  bound: "var(--bound)",
};
