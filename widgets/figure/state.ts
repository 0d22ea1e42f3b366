/** The contract of the figure widget: what its kernel half and its view agree on. */
import { isTensor, type Tensor } from "../../src/tensor/index.js";
import { bytesOf, isBinary, isRecord } from "../lib/equal.js";
import { savedBytes } from "../lib/saved.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";
import { decodeTensor, encodeTensor } from "../lib/tensor-codec.js";
import { list, string } from "../lib/traits.js";
import type { FigureEdit, Values } from "./compute.js";
import { decimate } from "./compute-decimate.js";
import { type FigureTrace, figureValue, mapTensors } from "./compute-values.js";

/** The values of a figure. */
export interface FigureState {
  /** The traces, as they were last sent whole. */
  data: readonly FigureTrace[];
  /** What was changed of them since, oldest first. */
  edits: readonly FigureEdit[];
  /** Plotly's layout; what a person zooms and turns is in it. (A widget's `layout` is its box.) */
  plotLayout: Values;
  /** Plotly's config. */
  config: Values;
  /** The events that the kernel wants to hear of. */
  listening: readonly string[];
}

/** In a trace that was saved with fewer points: how many of how many. */
export const previewKey = "_preview" as const;
/** Beside it: coordinates of those points that the whole trace only counts. */
const countedKey = "_counted";

/** JSON with tensors inside, which travel as binary parts. */
function values<Value>(initial: Value, allowed: (value: unknown) => boolean, expects: string): Trait<Value> {
  return {
    expects,
    initial: () => initial,
    accept: (value) => {
      try {
        return allowed(value) ? (figureValue(value) as Value) : undefined;
      } catch {
        return undefined;
      }
    },
    encode: (value) => mapTensors(value, encodeTensor),
    decode: (wire) => decodeTensors(wire, false),
  };
}

const isEdit = (edit: unknown): boolean =>
  isRecord(edit) && ["restyle", "add", "delete", "move", "extend", "prepend"].includes(edit.do as string);

const json = "JSON, typed arrays and tensors";
const traces = values<readonly FigureTrace[]>(
  [],
  (value) => Array.isArray(value) && value.every((trace) => isRecord(trace)),
  `a list of traces (records of ${json})`,
);
const record = values<Values>({}, isRecord, `a record of ${json}`);

/** Both halves use it: the kernel half to check and send, the view to read and write. */
export const figureSpec: WidgetSpec<FigureState> = {
  name: "Figure",
  model: { module: "lowbit", version: "^0.1.0", name: "FigureModel" },
  view: { module: "lowbit", version: "^0.1.0", name: "FigureView" },
  traits: {
    data: {
      ...traces,
      encode: (data) => encodeTraces(data),
      decode: (wire) => (Array.isArray(wire) ? wire.map(decodeTrace) : wire),
    },
    edits: values<readonly FigureEdit[]>([], (value) => Array.isArray(value) && value.every(isEdit), "a list of edits"),
    plotLayout: record,
    config: record,
    listening: list(string("")),
  },
};

/** Every trace as it travels; those that are too large to be saved have fewer points of themselves beside each array. */
function encodeTraces(data: readonly FigureTrace[]): unknown {
  const large = data.filter(isUnsaved).length;
  return data.map((trace) => {
    if (!isUnsaved(trace)) return mapTensors(trace, encodeTensor);
    // Coordinates that the trace only counts are written out.
    let arrays = (trace.x === undefined ? 1 : 0) + (trace.y === undefined ? 1 : 0);
    mapTensors(trace, () => arrays++);
    // Eight bytes for every number, so that all previews of a figure are at most 1 MiB.
    const fewer = decimate(trace, Math.floor(savedBytes / 8 / arrays / large));
    if (fewer === undefined) return mapTensors(trace, encodeTensor);
    const previews = new Map<string, Tensor>();
    mapTensors(fewer.trace, (tensor, path) => previews.set(path, tensor));
    const encoded = mapTensors(trace, (tensor, path) => {
      const { recipe: _, ...wire } = encodeTensor(tensor);
      const preview = previews.get(path);
      return preview === undefined ? wire : { ...wire, preview: encodeTensor(preview) };
    }) as object;
    const counted = Object.entries(fewer.trace).filter(([name]) => !(name in trace));
    return {
      ...encoded,
      [previewKey]: fewer.note,
      [countedKey]: mapTensors(Object.fromEntries(counted), encodeTensor),
    };
  });
}

/** Whether an array of the trace is neither small enough to be saved nor drawn from a recipe. */
function isUnsaved(trace: FigureTrace): boolean {
  let unsaved = false;
  mapTensors(trace, (tensor) => {
    const { data, recipe } = encodeTensor(tensor);
    unsaved ||= bytesOf(data).byteLength > savedBytes && recipe === undefined;
  });
  return unsaved;
}

/** A trace that arrived; when an array is missing, all of its arrays have fewer points. */
function decodeTrace(wire: unknown): unknown {
  if (!isRecord(wire) || typeof wire[previewKey] !== "string") return decodeTensors(wire, false);
  const { [previewKey]: note, [countedKey]: counted, ...rest } = wire;
  const decoded = (value: unknown, previews: boolean): object => decodeTensors(value, previews) as object;
  if (hasGap(rest)) return { ...decoded(rest, true), ...decoded(counted ?? {}, false), [previewKey]: note };
  // All of it arrived, or it was saved with fewer points before and is complete as that.
  return counted === undefined ? { ...decoded(rest, false), [previewKey]: note } : decoded(rest, false);
}

function decodeTensors(wire: unknown, previews: boolean): unknown {
  if (Array.isArray(wire)) return wire.map((item) => decodeTensors(item, previews));
  if (!isRecord(wire)) return wire;
  if (!isTensorWire(wire)) {
    return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, decodeTensors(value, previews)]));
  }
  const tensor = decodeTensor(previews && isRecord(wire.preview) ? wire.preview : wire);
  if (tensor === undefined) throw new TypeError("Figure: an array that does not fit its shape");
  return tensor;
}

function isTensorWire(wire: Record<string, unknown>): boolean {
  const has = isBinary(wire.data) || isRecord(wire.recipe) || isRecord(wire.preview);
  return has && typeof wire.dtype === "string" && Array.isArray(wire.shape);
}

function some(wire: unknown, test: (record: Record<string, unknown>) => boolean): boolean {
  if (Array.isArray(wire)) return wire.some((item) => some(item, test));
  if (!isRecord(wire)) return false;
  return isTensorWire(wire) ? test(wire) : Object.values(wire).some((value) => some(value, test));
}

const hasGap = (wire: unknown): boolean => some(wire, ({ data, recipe }) => !isBinary(data) && !isRecord(recipe));

/** How much an edit adds to each message; bytes, roughly. */
export function weightOf(value: unknown): number {
  if (isTensor(value)) return value.data.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + weightOf(item), 8);
  if (isRecord(value)) return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + weightOf(item), 8);
  return typeof value === "string" ? value.length : 8;
}
