/** Output that code hands over instead of putting it out: see `Host.capture`. */
import type { HostOutput, JsonObject, OutputSink } from "../../src/display.js";
import { type Capture, currentContext, hasSafeAsyncContext, knowsContext, runInContext } from "./context.js";

/** Captures whose promise is open. Used only where a continuation does not know which capture it belongs to. */
const pending: Capture[] = [];
const keepsContext = hasSafeAsyncContext();

/** Runs `action` and gives `sink` what it puts out, until it has returned; of a promise, until that is settled. */
export function capture<Result>(sink: OutputSink, action: () => Result): Result {
  const context = currentContext();
  if (!context) return action();
  const begun: Capture = { sink, over: false, awaited: false, outer: context.capture };
  // Before the first await in `action` asks to go on, and after the code that called this has awaited or ended.
  if (!keepsContext) Promise.resolve().then(() => (begun.awaited = true));
  let open = false;
  try {
    const result = runInContext({ ...context, capture: begun }, action);
    if (isThenable(result)) {
      open = true;
      pending.push(begun);
      const end = (): void => close(begun);
      result.then(end, end);
    }
    return result;
  } finally {
    if (!open) close(begun);
  }
}

/** Offers an output to the capture that runs; returns whether it was kept there. */
export function offer(type: HostOutput["type"], content: () => JsonObject): boolean {
  const taker = findCapture(type);
  return taker?.sink({ type, content: content() }) === true;
}

/** Returns whether a capture runs; what it does not keep goes where the front end puts it, which is not the cell. */
export function isCaptured(): boolean {
  return findCapture("stream") !== undefined;
}

function findCapture(type: HostOutput["type"]): Capture | undefined {
  let found = currentContext()?.capture;
  while (found?.over) found = found.outer;
  // The result of a cell is never part of what ran before it.
  if (found || knowsContext() || type === "execute_result") return found;
  return pending.filter(({ awaited }) => awaited).at(-1);
}

function close(capture: Capture): void {
  capture.over = true;
  const index = pending.indexOf(capture);
  if (index >= 0) pending.splice(index, 1);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
