/** A value that is kept beside the edits made to it, put together when it is read. */

/**
 * Returns `withEdits`, which puts value and edits together once for each list of edits: a large value is copied once,
 * not for each reading. Without edits the value itself comes back.
 */
export function onceForEdits<Value extends object, Edit>(
  withEdits: (base: Value, edits: readonly Edit[]) => Value,
): (base: Value, edits: readonly Edit[]) => Value {
  const last = new WeakMap<readonly Edit[], { readonly base: Value; readonly result: Value }>();
  return (base, edits) => {
    if (edits.length === 0) return base;
    const known = last.get(edits);
    if (known?.base === base) return known.result;
    const result = withEdits(base, edits);
    last.set(edits, { base, result });
    return result;
  };
}
