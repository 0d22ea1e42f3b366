/** Timers that remember their cell: for late output, and so that stopping a cell stops what it scheduled. */
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import { currentContext, runTask, type WorkContext } from "./context.js";

type Callback = (...args: unknown[]) => unknown;
type Timer = NodeJS.Timeout | NodeJS.Immediate;

/** Node's own functions, before they are replaced. */
const native = { setTimeout, setInterval, setImmediate, clearTimeout, clearImmediate };

/** Which cell a timer belongs to, as long as it is waiting. */
const owners = new WeakMap<Timer, WorkContext>();
/** Contexts that have timers waiting. */
const waiting = new Set<WorkContext>();
/** The timer whose callback is running; stays set when a stop ends the callback. */
let firing: Timer | undefined;

/** Replaces the global timers, those of `node:timers`, and the promise versions. */
export function installTimers(): void {
  Object.defineProperty(later, promisify.custom, { value: wait });
  Object.defineProperty(soon, promisify.custom, { value: timersPromises.setImmediate });
  const replaced = {
    setTimeout: later,
    setInterval: every,
    setImmediate: soon,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
  Object.assign(globalThis, replaced);
  Object.assign(timers, replaced);
  Object.assign(timersPromises, { setTimeout: wait });
}

function later(callback: Callback, delay?: number, ...args: unknown[]): NodeJS.Timeout {
  checkCallback("setTimeout", callback);
  const context = currentContext();
  const timer: NodeJS.Timeout = native.setTimeout(() => {
    disown(timer);
    fire(context, timer, callback, args);
  }, delay);
  return own(timer, context);
}

function every(callback: Callback, delay?: number, ...args: unknown[]): NodeJS.Timeout {
  checkCallback("setInterval", callback);
  const context = currentContext();
  const timer: NodeJS.Timeout = native.setInterval(() => fire(context, timer, callback, args), delay);
  return own(timer, context);
}

function soon(callback: Callback, ...args: unknown[]): NodeJS.Immediate {
  checkCallback("setImmediate", callback);
  const context = currentContext();
  const timer: NodeJS.Immediate = native.setImmediate(() => {
    disown(timer);
    fire(context, timer, callback, args);
  });
  return own(timer, context);
}

/** `setTimeout` of `node:timers/promises`, over the timers of this module. */
function wait(delay?: number, value?: unknown, options?: { readonly signal?: AbortSignal }): Promise<unknown> {
  const { signal } = options ?? {};
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
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
}

function clear(timer: unknown): void {
  if (typeof timer === "object" && timer !== null) disown(timer as Timer);
  clearNative(timer as Timer);
}

function clearNative(timer: Timer): void {
  if (typeof timer === "object" && timer !== null && !("refresh" in timer)) native.clearImmediate(timer);
  else native.clearTimeout(timer as NodeJS.Timeout);
}

function own<Kind extends Timer>(timer: Kind, context: WorkContext | undefined): Kind {
  if (!context) return timer;
  owners.set(timer, context);
  context.timers.add(timer);
  waiting.add(context);
  return timer;
}

function disown(timer: Timer): void {
  const context = owners.get(timer);
  if (!context) return;
  context.timers.delete(timer);
  if (context.timers.size === 0) waiting.delete(context);
}

function fire(context: WorkContext | undefined, timer: Timer, callback: Callback, args: unknown[]): void {
  firing = timer;
  runTask(context, () => callback(...args));
  firing = undefined;
}

function checkCallback(name: string, callback: unknown): void {
  if (typeof callback === "function") return;
  throw new TypeError(`${name}: the callback is ${typeof callback}, expected a function`);
}

/** Ends the waiting timers of a cell, without one those of all cells, and the timer whose callback a stop ended. */
export function stopTimers(context: WorkContext | undefined): void {
  for (const one of context ? [context] : [...waiting]) {
    for (const timer of one.timers) clearNative(timer);
    one.timers.clear();
    waiting.delete(one);
  }
  if (firing) clear(firing);
  firing = undefined;
}
