/** What the mask widget computes in the background, known to the page and to its worker. */
import type { Tensor } from "../../src/tensor/index.js";
import { defineTask } from "../dom/background.js";
import { analyze, diversityRows } from "./compute.js";

interface Pattern {
  readonly keep: number;
  readonly group: number;
}

/** Defines the tasks "mask.analyze" and "mask.diversity". */
export function defineMaskTasks(): void {
  defineTask("mask.analyze", ({ weights, pattern }: { weights: Tensor; pattern: Pattern }) =>
    analyze(weights, pattern),
  );
  defineTask("mask.diversity", ({ pattern, rows, cols }: { pattern: Pattern; rows: number; cols: number }) =>
    diversityRows(pattern, rows, cols),
  );
}
