/** What the microscope computes in the background, known to the page and to its worker. */
import type { Tensor } from "../../src/tensor/index.js";
import { defineSteppedTask, kept } from "../dom/tasks.js";
import { analyze, compareOne } from "./compute.js";
import type { Settings } from "./compute-chunks.js";

/** The input of both tasks; `values` is the key of a kept tensor. */
export interface MicroscopeInput {
  readonly values: number;
  readonly settings: Settings;
}

/** Defines the tasks "microscope.analyze" and "microscope.compare". */
export function defineMicroscopeTasks(): void {
  defineSteppedTask("microscope.analyze", ({ values, settings }: MicroscopeInput) =>
    analyze(kept<Tensor>(values), settings),
  );
  defineSteppedTask("microscope.compare", ({ values, settings }: MicroscopeInput) =>
    compareOne(kept<Tensor>(values), settings),
  );
}
