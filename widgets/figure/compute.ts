/** Changes of a figure as data: both halves apply the same ones, so that they show the same figure. */
import { ValueError } from "../../src/errors.js";
import { isTensor, type Tensor, type TensorData } from "../../src/tensor/index.js";
import { parsePath, type Step, valueAt, withValueAt } from "./compute-paths.js";
import { type FigureTrace, figureValue } from "./compute-values.js";

/** One change of a figure's traces; the names and rules are those of Plotly's functions. */
export type FigureEdit =
  /** Sets values by path; a list gives each trace its own, null takes a value away. */
  | { readonly do: "restyle"; readonly values: Values; readonly traces: readonly number[] }
  | { readonly do: "add"; readonly added: readonly FigureTrace[]; readonly at: readonly number[] | null }
  | { readonly do: "delete"; readonly traces: readonly number[] }
  | { readonly do: "move"; readonly traces: readonly number[]; readonly to: readonly number[] | null }
  /** Adds points at the end (or the start) of arrays: one array per trace and path. */
  | {
      readonly do: "extend" | "prepend";
      readonly values: Values;
      readonly traces: readonly number[];
      readonly maxPoints: number | null;
    };

/** Values by path. */
export type Values = Readonly<Record<string, unknown>>;
type Traces = readonly FigureTrace[];

/**
 * Returns the traces after the edits, oldest first; what an edit does not touch is shared, not copied.
 * @throws ValueError for a trace that is not there, a malformed path, or points for what is no array
 * @example withEdits([{ y: [1] }], [{ do: "restyle", values: { name: "a" }, traces: [0] }]) // [{ y: [1], name: "a" }]
 */
export function withEdits(traces: Traces, edits: readonly FigureEdit[]): Traces {
  return edits.reduce(withEdit, traces);
}

function withEdit(traces: Traces, edit: FigureEdit): Traces {
  switch (edit.do) {
    case "restyle":
      return restyled(traces, edit.values, places(traces, edit.traces));
    case "add":
      return added(traces, edit.added, edit.at);
    case "delete": {
      const gone = new Set(places(traces, edit.traces));
      return traces.filter((_, i) => !gone.has(i));
    }
    case "move":
      return moved(traces, places(traces, edit.traces), edit.to);
    default:
      return extended(traces, edit);
  }
}

/** Indices from 0; negative ones count from the end, as in Plotly. */
function places(traces: Traces, indices: readonly number[]): number[] {
  return indices.map((index) => {
    const place = index < 0 ? traces.length + index : index;
    if (Number.isInteger(place) && place >= 0 && place < traces.length) return place;
    throw new ValueError(`Figure: trace ${index}, expected one of ${traces.length} (negative: from the end)`);
  });
}

function restyled(traces: Traces, values: Values, indices: readonly number[]): Traces {
  const result = [...traces];
  for (const [path, given] of Object.entries(values)) {
    const steps = parsePath(path);
    indices.forEach((index, i) => {
      const value: unknown = Array.isArray(given) ? given[i % given.length] : given;
      if (value !== undefined) result[index] = withValueAt(result[index], steps, figureValue(value)) as FigureTrace;
    });
  }
  return result;
}

function added(traces: Traces, more: Traces, at: readonly number[] | null): Traces {
  const all = [...traces, ...more.map((trace) => figureValue(trace) as FigureTrace)];
  if (at === null) return all;
  return moved(
    all,
    more.map((_, i) => traces.length + i),
    at,
  );
}

/** Takes the traces out, then puts each at its new place, the lowest place first. */
function moved(traces: Traces, from: readonly number[], to: readonly number[] | null): Traces {
  const moving = from.map((index) => traces[index] as FigureTrace);
  const rest = traces.filter((_, i) => !from.includes(i));
  if (to === null) return [...rest, ...moving];
  if (to.length !== from.length) {
    throw new ValueError(`Figure: ${to.length} places for ${from.length} traces, expected as many`);
  }
  const targets = places(traces, to).map((place, i) => ({ place, trace: moving[i] as FigureTrace }));
  for (const { place, trace } of targets.sort((a, b) => a.place - b.place)) rest.splice(place, 0, trace);
  return rest;
}

function extended(traces: Traces, edit: Extract<FigureEdit, { do: "extend" | "prepend" }>): Traces {
  const indices = places(traces, edit.traces);
  const result = [...traces];
  for (const [path, perTrace] of Object.entries(edit.values)) {
    if (!Array.isArray(perTrace) || perTrace.length !== indices.length) {
      throw new ValueError(`Figure.${edit.do}Traces: ${path}, expected one list of points per trace`);
    }
    const steps = parsePath(path);
    indices.forEach((index, i) => {
      const points = joined(valueAt(result[index], steps), perTrace[i], edit);
      result[index] = withValueAt(result[index], steps, points) as FigureTrace;
    });
  }
  return result;
}

/** The array with the points at its end or start, cut to `maxPoints` at the other end. */
function joined(array: unknown, points: unknown, edit: Extract<FigureEdit, { do: "extend" | "prepend" }>): unknown {
  const more = isTensor(points) ? points.data : (points as ArrayLike<unknown>);
  const old = isTensor(array) ? array.data : array;
  if (!isList(old) || !isList(more) || (isTensor(array) && array.shape.length !== 1)) {
    throw new ValueError(`Figure.${edit.do}Traces: points for ${describe(array)}, expected an array with one axis`);
  }
  const [first, second] = edit.do === "extend" ? [old, more] : [more, old];
  const length = first.length + second.length;
  const kept = Math.min(length, edit.maxPoints ?? length);
  const start = edit.do === "extend" ? length - kept : 0;
  const at = (i: number): unknown => (i < first.length ? first[i] : second[i - first.length]);
  if (!isTensor(array)) return Array.from({ length: kept }, (_, i) => at(start + i) ?? null);
  const data = new (array.data.constructor as new (size: number) => TensorData)(kept);
  for (let i = 0; i < kept; i++) data[i] = Number(at(start + i) ?? Number.NaN);
  return { data, shape: [kept], dtype: array.dtype } as Tensor;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function describe(value: unknown): string {
  return value === undefined ? "what is not there" : isTensor(value) ? `shape [${value.shape.join(", ")}]` : "no array";
}

const axisRange = /^((?:scene\d*\.)?[xyz]axis\d*)\.range(?:\[[01]\])?$/;

/**
 * Returns a layout with values set by path; null takes one away. As in Plotly, a range ends an axis's autorange.
 * @throws ValueError for a malformed path, or a value that is no JSON
 * @example relayout({}, { "xaxis.range": [0, 5] }) // { xaxis: { autorange: false, range: [0, 5] } }
 */
export function relayout(layout: Values, values: Values): Values {
  let result: unknown = layout;
  for (const [path, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const axis = axisRange.exec(path)?.[1];
    if (axis !== undefined && value !== null) {
      result = withValueAt(result, [...parsePath(axis), "autorange"] satisfies Step[], false);
    }
    result = withValueAt(result, parsePath(path), figureValue(value));
  }
  return result as Values;
}
