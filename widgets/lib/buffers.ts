/**
 * Binary parts travel beside the JSON of a message: they are taken out of the state, at any depth, and their
 * paths are listed. Source: `messages.md` of `@jupyter-widgets/schema`, `buffer_paths`.
 */
import { ValueError } from "../../src/errors.js";
import { isBinary } from "./equal.js";
import { describe } from "./report.js";

/** Where a binary part belongs: object keys and array indices from the top of the state. */
export type BufferPath = readonly (string | number)[];

/** A state without its binary parts, the parts, and the path of each. */
export interface SplitState {
  readonly state: Record<string, unknown>;
  readonly bufferPaths: BufferPath[];
  readonly buffers: (ArrayBuffer | ArrayBufferView)[];
}

/**
 * Returns `state` without its binary parts: a key of an object goes away, an item of an array becomes null.
 * The argument is left as it is; what is not binary is shared, not copied, where no binary part is below it.
 * @example removeBuffers({ x: new Uint8Array(2), n: 3 }) // { state: { n: 3 }, bufferPaths: [["x"]], buffers: [...] }
 */
export function removeBuffers(state: Readonly<Record<string, unknown>>): SplitState {
  const bufferPaths: BufferPath[] = [];
  const buffers: (ArrayBuffer | ArrayBufferView)[] = [];
  const take = (value: ArrayBuffer | ArrayBufferView, path: BufferPath): void => {
    buffers.push(value);
    bufferPaths.push(path);
  };
  const strip = (value: unknown, path: BufferPath): unknown => {
    if (Array.isArray(value)) {
      return value.map(
        (item: unknown, i) => (isBinary(item) ? take(item, [...path, i]) : strip(item, [...path, i])) ?? null,
      );
    }
    return typeof value === "object" && value !== null ? stripRecord(value as Record<string, unknown>, path) : value;
  };
  const stripRecord = (record: Readonly<Record<string, unknown>>, path: BufferPath): Record<string, unknown> => {
    const kept: [string, unknown][] = [];
    for (const [key, value] of Object.entries(record)) {
      if (isBinary(value)) take(value, [...path, key]);
      else kept.push([key, strip(value, [...path, key])]);
    }
    return Object.fromEntries(kept);
  };
  return { state: stripRecord(state, []), bufferPaths, buffers };
}

/**
 * Puts each buffer back at its path, changing `state`. Paths come from outside, so every step must be an own key
 * or a valid index: nothing is ever looked up on a prototype.
 * @throws ValueError when the paths are malformed, lead nowhere, or are not as many as the buffers
 * @example putBuffers(state, [["x"]], [bytes]); // state.x === bytes
 */
export function putBuffers(state: object, paths: unknown, buffers: readonly DataView[]): void {
  if (!Array.isArray(paths)) throw new ValueError(`putBuffers: ${describe(paths)}, expected a list of paths`);
  if (paths.length !== buffers.length) {
    throw new ValueError(`putBuffers: ${buffers.length} buffers for ${paths.length} paths, expected as many`);
  }
  paths.forEach((path: unknown, i) => {
    if (!Array.isArray(path) || path.length === 0) {
      throw new ValueError(`putBuffers: path ${describe(path)}, expected keys and indices`);
    }
    let parent: unknown = state;
    for (const step of path.slice(0, -1)) parent = member(parent, step, path);
    place(parent, path[path.length - 1], buffers[i], path);
  });
}

function member(parent: unknown, step: unknown, path: readonly unknown[]): unknown {
  if (isStep(step) && typeof parent === "object" && parent !== null && Object.hasOwn(parent, step)) {
    return (parent as Record<string | number, unknown>)[step];
  }
  throw new ValueError(`putBuffers: path ${describe(path)}, expected a path inside the state`);
}

function place(parent: unknown, step: unknown, buffer: DataView | undefined, path: readonly unknown[]): void {
  const inside = Array.isArray(parent)
    ? Number.isInteger(step) && Object.hasOwn(parent, step as number)
    : typeof parent === "object" && parent !== null && !isView(parent) && typeof step === "string";
  if (!inside) throw new ValueError(`putBuffers: path ${describe(path)}, expected a path inside the state`);
  // defineProperty, because assigning to "__proto__" would change the prototype.
  Object.defineProperty(parent, step as PropertyKey, {
    value: buffer,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function isView(value: object): boolean {
  return ArrayBuffer.isView(value);
}

function isStep(step: unknown): step is string | number {
  return typeof step === "string" || typeof step === "number";
}
