/** What the landscape widget computes in the background, known to the page and to its worker. */
import { defineTask } from "../dom/tasks.js";
import { type Contours, contoursOf, type Landscape } from "./compute.js";

/** The input of "landscape.contours". */
export interface ContoursInput {
  readonly landscape: Landscape;
  readonly levels: readonly number[];
}

/** Defines the task "landscape.contours". */
export function defineLandscapeTasks(): void {
  defineTask("landscape.contours", ({ landscape, levels }: ContoursInput): Contours[][] =>
    contoursOf(landscape, levels),
  );
}
