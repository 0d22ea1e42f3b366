/** What the expression widget computes in the background, known to the page and to its worker. */
import { defineTask } from "../dom/tasks.js";
import { evaluate, type Formula } from "./compute.js";

/** The input of "expression.grid". */
export interface GridInput {
  readonly formula: Formula;
  /** The drawn variables and their places along each axis. */
  readonly axes: readonly (readonly [name: string, places: Float64Array])[];
  readonly parameters: Readonly<Record<string, number>>;
}

/** The values at every place, row by row: the last axis of the input runs slowest. */
export interface GridOutput {
  readonly values: Float64Array;
}

/** Makes the task known. */
export function defineExpressionTasks(): void {
  defineTask("expression.grid", gridOf);
}

function gridOf({ formula, axes, parameters }: GridInput): GridOutput {
  const [first, second] = axes;
  if (first === undefined) return { values: evaluate(formula, parameters) };
  const [name, places] = first;
  if (second === undefined) return { values: evaluate(formula, { ...parameters, [name]: places }) };
  const [other, rows] = second;
  const length = places.length * rows.length;
  const x = Float64Array.from({ length }, (_, i) => places[i % places.length] as number);
  const y = Float64Array.from({ length }, (_, i) => rows[Math.floor(i / places.length)] as number);
  return { values: evaluate(formula, { ...parameters, [name]: x, [other]: y }) };
}
