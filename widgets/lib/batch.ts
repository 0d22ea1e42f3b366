/** Several changes, one message per widget. */
import { isThenable } from "./thenable.js";

let depth = 0;
const waiting = new Set<() => void>();

/**
 * Runs `change` and returns its result; what is set on widgets is sent when it ends, one update per widget, and effects
 * run once. An async function ends when its promise is settled; what other code sets meanwhile waits too. Observers are
 * called at once. An error passes through, and what was set before it is sent. ipywidgets' `hold_sync`.
 * @example batch(() => { slider.min = 10; slider.max = 20; slider.value = 15; })
 * @example await batch(async () => { mask.rows = 64; mask.bits = await load(); })
 */
export function batch<Result>(change: () => Result): Result {
  depth++;
  let pending = false;
  try {
    const result = change();
    if (!isThenable(result)) return result;
    pending = true;
    // A promise after the one that came, so that all is sent before whoever awaits it goes on.
    return result.then(
      (value) => {
        end();
        return value;
      },
      (error: unknown) => {
        end();
        throw error;
      },
    ) as Result;
  } finally {
    if (!pending) end();
  }
}

function end(): void {
  if (--depth > 0) return;
  const flushes = [...waiting];
  waiting.clear();
  for (const flush of flushes) flush();
}

/** Calls `flush` now, or once at the end of the running {@link batch}. */
export function whenBatchEnds(flush: () => void): void {
  if (depth === 0) flush();
  else waiting.add(flush);
}
