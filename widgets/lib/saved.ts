/** What of a widget's state is saved with a notebook. Both savers, in the page and in `lowbit run`, go by this rule. */
import { isBinary, isRecord } from "./equal.js";

/** Binary parts above this are sent but never saved; bytes. */
export const savedBytes: number = 2 ** 20;

/** Where a saved state names its values that were too large, and have neither a recipe nor a preview. */
export const unsavedKey = "_unsaved" as const;

/**
 * Returns an encoded value without its binary parts above 1 MiB; undefined when one of them is not in a record with a
 * `recipe` or a `preview`, so that nothing could stand for it.
 * @example savedForm({ dtype: "float32", shape: [4096, 4096], data, recipe }) // { dtype, shape, recipe }
 */
export function savedForm(wire: unknown): unknown {
  if (isBinary(wire)) return wire.byteLength > savedBytes ? undefined : wire;
  if (Array.isArray(wire)) {
    const items = wire.map(savedForm);
    return items.some((item, i) => item === undefined && wire[i] !== undefined) ? undefined : items;
  }
  if (!isRecord(wire)) return wire;
  const replaced = isRecord(wire.recipe) || isRecord(wire.preview);
  const kept: [string, unknown][] = [];
  for (const [key, value] of Object.entries(wire)) {
    const saved = savedForm(value);
    if (saved !== undefined) kept.push([key, saved]);
    else if (value !== undefined && !(replaced && isBinary(value))) return undefined;
  }
  return Object.fromEntries(kept);
}
