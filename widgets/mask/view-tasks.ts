/** What the mask widget computes in the background, known to the page and to its worker. */
import type { Tensor } from "../../src/tensor/index.js";
import { defineSteppedTask, defineTask, kept } from "../dom/tasks.js";
import { diversityRows, type Edit } from "./compute.js";
import type { Region } from "./view-map-data.js";
import { type MapRequest, solveMap, solveRegion } from "./view-map-solve.js";

interface Pattern {
  readonly keep: number;
  readonly group: number;
}

/** The input of "mask.map"; `weights` is the key of a kept tensor. */
export interface MapInput extends MapRequest {
  readonly weights: number;
}

/** The input of "mask.region". */
export interface RegionInput {
  readonly weights: number;
  readonly region: Region;
  readonly pattern: Pattern;
  readonly edits: readonly Edit[];
}

/** Defines the tasks "mask.diversity", "mask.map" and "mask.region". */
export function defineMaskTasks(): void {
  defineTask("mask.diversity", ({ pattern, rows, cols }: { pattern: Pattern; rows: number; cols: number }) =>
    diversityRows(pattern, rows, cols),
  );
  defineSteppedTask("mask.map", (input: MapInput) => solveMap(kept<Tensor>(input.weights), input));
  defineSteppedTask("mask.region", (input: RegionInput) =>
    solveRegion(kept<Tensor>(input.weights), input.region, input),
  );
}
