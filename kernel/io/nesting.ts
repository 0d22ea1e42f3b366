/** How deep JSON nests, found without recursion: the question is asked of values that would overflow a stack. */

/**
 * Tells whether lists and objects nest deeper than `limit` levels; bytes count as one value.
 * @example isNestedDeeper([[1]], 1) // true
 */
export function isNestedDeeper(value: unknown, limit: number): boolean {
  let level = isContainer(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === limit) return true;
    const next: object[] = [];
    for (const container of level) {
      for (const item of Object.values(container)) if (isContainer(item)) next.push(item);
    }
    level = next;
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
