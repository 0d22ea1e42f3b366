/** What the explorer computes in the background, known to the page and to its worker. */
import type { Tensor } from "../../src/tensor/index.js";
import { defineSteppedTask, kept } from "../dom/tasks.js";
import { measure, type Pruning, summarize } from "./compute.js";

/** The input of "lognormal.summary"; `gradients` is the key of a kept tensor. */
export interface SummaryInput {
  readonly gradients: number;
  readonly bins: number;
}

/** The input of "lognormal.measure". */
export interface MeasureInput extends Pruning {
  readonly gradients: number;
}

/** Defines the tasks "lognormal.summary" and "lognormal.measure". */
export function defineLognormalTasks(): void {
  defineSteppedTask("lognormal.summary", ({ gradients, bins }: SummaryInput) =>
    summarize(kept<Tensor>(gradients), bins),
  );
  defineSteppedTask("lognormal.measure", (input: MeasureInput) => measure(kept<Tensor>(input.gradients), input));
}
