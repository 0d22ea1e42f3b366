/** Promises, also those of another realm. */

/** Returns whether `value` is a promise, or behaves as one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
