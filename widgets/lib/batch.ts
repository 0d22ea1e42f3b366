/** Several changes, one message per widget. */

let depth = 0;
const waiting = new Set<() => void>();

/**
 * Runs `change` and returns its result; what it sets on widgets is sent when it ends, one update per widget.
 * Observers are called at once. An error passes through, and what was set before it is sent.
 * @example batch(() => { slider.min = 10; slider.max = 20; slider.value = 15; })
 */
export function batch<Result>(change: () => Result): Result {
  depth++;
  try {
    return change();
  } finally {
    if (--depth === 0) {
      const flushes = [...waiting];
      waiting.clear();
      for (const flush of flushes) flush();
    }
  }
}

/** Calls `flush` now, or once at the end of the running {@link batch}. */
export function whenBatchEnds(flush: () => void): void {
  if (depth === 0) flush();
  else waiting.add(flush);
}
