/** The colours of the microscope's drawings. */
import { type ChartColours, paperColours } from "../lib/axes.js";

/** What the drawings colour. */
export interface MicroColours extends ChartColours {
  /** Values that have codes of their own, and those that under- or overflow. */
  readonly inside: string;
  readonly under: string;
  readonly beyond: string;
  /** The grounds of the two regions. */
  readonly underGround: string;
  readonly beyondGround: string;
  /** The selected value. */
  readonly chosen: string;
  /** The points and the bound of the errors. */
  readonly point: string;
  readonly bound: string;
}

/** For a drawing that stands alone. */
export const paper: MicroColours = {
  ...paperColours,
  inside: "#7fabd9",
  under: "#c98426",
  beyond: "#c0392b",
  underGround: "#fbf1e1",
  beyondGround: "#fbe9e7",
  chosen: "#b3261e",
  point: "#0b5fa5",
  bound: "#2e7d32",
};
