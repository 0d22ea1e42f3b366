/** Timers that remember their cell: for late output, and so that stopping a cell stops what it scheduled. */
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import { currentContext, runInContext, type WorkContext } from "./context.js";

type Callback = (...args: unknown[]) => unknown;

/** The timer whose callback is running; stays set when a stop ends the callback. */
let firing: NodeJS.Timeout | undefined;

/** Replaces the global timers, those of `node:timers`, and the promise versions. */
export function installTimers(): void {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearImmediate } = globalThis;
  const later = (callback: Callback, delay?: number, ...args: unknown[]): NodeJS.Timeout => {
    checkCallback("setTimeout", callback);
    const context = currentContext();
    const timer: NodeJS.Timeout = setTimeout(() => {
      context?.timers.delete(timer);
      fire(context, timer, callback, args);
    }, delay);
    context?.timers.add(timer);
    return timer;
  };
  const every = (callback: Callback, delay?: number, ...args: unknown[]): NodeJS.Timeout => {
    checkCallback("setInterval", callback);
    const context = currentContext();
    const timer: NodeJS.Timeout = setInterval(() => fire(context, timer, callback, args), delay);
    context?.timers.add(timer);
    return timer;
  };
  const soon = (callback: Callback, ...args: unknown[]): NodeJS.Immediate => {
    checkCallback("setImmediate", callback);
    const context = currentContext();
    const timer: NodeJS.Immediate = setImmediate(() => {
      context?.timers.delete(timer);
      runInContext(context, () => callback(...args));
    });
    context?.timers.add(timer);
    return timer;
  };
  const clear = (timer: unknown): void => {
    currentContext()?.timers.delete(timer as NodeJS.Timeout);
    clearTimeout(timer as NodeJS.Timeout);
  };
  const wait = (delay?: number, value?: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { signal } = options ?? {};
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => {
        clear(timer);
        reject(signal?.reason);
      };
      const timer = later(() => {
        signal?.removeEventListener("abort", abort);
        resolve(value);
      }, delay);
      signal?.addEventListener("abort", abort, { once: true });
    });
  Object.defineProperty(later, promisify.custom, { value: wait });
  Object.defineProperty(soon, promisify.custom, { value: timersPromises.setImmediate });
  const replaced = {
    setTimeout: later,
    setInterval: every,
    setImmediate: soon,
    clearTimeout: clear,
    clearInterval: clear,
  };
  Object.assign(globalThis, replaced);
  Object.assign(timers, replaced, { clearImmediate });
  Object.assign(timersPromises, { setTimeout: wait });
}

function fire(context: WorkContext | undefined, timer: NodeJS.Timeout, callback: Callback, args: unknown[]): void {
  firing = timer;
  runInContext(context, () => callback(...args));
  firing = undefined;
}

function checkCallback(name: string, callback: unknown): void {
  if (typeof callback === "function") return;
  throw new TypeError(`${name}: the callback is ${typeof callback}, expected a function`);
}

/** Ends the timers of a stopped cell and the one whose callback the stop ended. */
export function stopTimers(context: WorkContext | undefined): void {
  for (const timer of context?.timers ?? []) clearAny(timer);
  context?.timers.clear();
  if (firing) clearAny(firing);
  firing = undefined;
}

function clearAny(timer: NodeJS.Timeout | NodeJS.Immediate): void {
  if ("refresh" in timer) globalThis.clearTimeout(timer);
  else globalThis.clearImmediate(timer);
}
