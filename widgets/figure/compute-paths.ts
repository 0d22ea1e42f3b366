/** Places inside a trace or a layout, written as Plotly writes them: "marker.color", "y[3]", "xaxis.range[0]". */
import { ValueError } from "../../src/errors.js";
import { isTensor, type Tensor } from "../../src/tensor/index.js";

/** A step: a key of a record, or an index of a list. */
export type Step = string | number;

const maxSteps = 16;
const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Returns the steps of a path.
 * @throws ValueError for an empty path, more than 16 steps, or a key that every object has
 * @example parsePath("xaxis.range[0]") // ["xaxis", "range", 0]
 */
export function parsePath(path: string): Step[] {
  const parts = path.match(/[^.[\]]+|\[\d{1,9}\]/g) ?? [];
  const written = parts.map((part, i) => (i > 0 && !part.startsWith("[") ? `.${part}` : part)).join("");
  const steps = parts.map((part) => (part.startsWith("[") ? Number(part.slice(1, -1)) : part));
  const fine = written === path && steps.length > 0 && steps.length <= maxSteps && typeof steps[0] === "string";
  if (!fine || steps.some((step) => forbidden.has(String(step)))) {
    throw new ValueError(`Figure: path ${JSON.stringify(path)}, expected one like "marker.color" or "xaxis.range[0]"`);
  }
  return steps;
}

/** Returns what is at the steps; undefined when they lead nowhere. */
export function valueAt(value: unknown, steps: readonly Step[]): unknown {
  let found: unknown = value;
  for (const step of steps) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<Step, unknown>)[step];
  }
  return found;
}

/**
 * Returns a copy of `value` with `next` at the steps; everything beside the way is shared. Records and lists on the way
 * are made when they are missing; null takes the place away.
 */
export function withValueAt(value: unknown, [step, ...rest]: readonly Step[], next: unknown): unknown {
  if (step === undefined) return next;
  if (isTensor(value) && typeof step === "number") return withNumber(value, step, next);
  const inner = typeof value === "object" && value !== null ? (value as Record<Step, unknown>)[step] : undefined;
  if (next === null && rest.length > 0 && inner === undefined) return value;
  const changed = withValueAt(inner, rest, next);
  if (typeof step === "number") {
    const list = Array.isArray(value) ? [...value] : [];
    if (step > list.length + 1000) throw new ValueError(`Figure: index ${step} of a list of ${list.length}`);
    list[step] = changed;
    return Array.from(list, (item) => item ?? null);
  }
  const record: Record<string, unknown> = { ...(isPlain(value) ? value : {}) };
  if (changed === null) delete record[step];
  else record[step] = changed;
  return record;
}

function withNumber(tensor: Tensor, index: number, next: unknown): Tensor {
  if (tensor.shape.length !== 1 || index >= tensor.data.length) {
    throw new ValueError(`Figure: index ${index} of an array of shape [${tensor.shape.join(", ")}]`);
  }
  const data = tensor.data.slice();
  data[index] = next === null ? Number.NaN : Number(next);
  return { ...tensor, data };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isTensor(value);
}
