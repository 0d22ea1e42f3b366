/**
 * Which cell a piece of work belongs to, so that late output goes to the cell that started it.
 *
 * From Node 24 on, and on 22 with the async-context frame, AsyncLocalStorage knows. Before, an active one turns a
 * stop into an abort of the process; there the context follows timers, and whatever runs without one belongs to the
 * cell that is running or ran last.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { OutputSink } from "../../src/display.js";

/** A cell, or a message from a widget, and what it started. */
export interface WorkContext {
  /** The header, as JSON, that its output answers. */
  readonly parent: string;
  /** Timers that have not fired yet: they end when the cell is stopped. */
  readonly timers: Set<NodeJS.Timeout | NodeJS.Immediate>;
  /** Whether who sent it takes questions: then a person may be looking on. */
  readonly watched: boolean;
  /** Called when the cell is stopped. */
  readonly stopHandlers: Set<() => void>;
  /** What its output is part of: the cell's id in the notebook, or the message's when it has none. */
  readonly cell: string;
  /** Who takes its output instead of the front end. */
  readonly capture?: Capture;
}

/** A running capture of output. */
export interface Capture {
  readonly sink: OutputSink;
  over: boolean;
  /** Whether code may run that goes on after an await in it: not before the code that began it awaits or ends. */
  awaited: boolean;
  /** The capture that it runs in. */
  readonly outer: Capture | undefined;
}

/** Tells whether this Node keeps AsyncLocalStorage intact through a stop. */
export function hasSafeAsyncContext(
  version: string = process.version,
  flags: readonly string[] = process.execArgv,
): boolean {
  return Number(/^v?(\d+)/.exec(version)?.[1]) >= 24 || flags.includes("--experimental-async-context-frame");
}

const storage = hasSafeAsyncContext() ? new AsyncLocalStorage<WorkContext>() : undefined;
let explicit: WorkContext | undefined;
/** Whether the running code was called, and does not go on after an await: then `explicit` is surely its context. */
let called = false;
let fallback: WorkContext | undefined;
let failed: WorkContext | undefined;

/** Returns a fresh context for work that answers this header. */
export function createContext(parent: string, watched = false, cell: string = parent): WorkContext {
  return { parent, timers: new Set(), watched, stopHandlers: new Set(), cell };
}

/** Returns the context of the code that is running now; undefined before the first cell. */
export function currentContext(): WorkContext | undefined {
  return storage?.getStore() ?? explicit ?? fallback;
}

/** Returns whether {@link currentContext} is surely that of the code that is running now. */
export function knowsContext(): boolean {
  return storage !== undefined || called;
}

/** Makes `context` the one that work without a context of its own belongs to: the running cell, then the last. */
export function setFallbackContext(context: WorkContext): void {
  fallback = context;
}

/** Runs `action`, and what it schedules, in a context. */
export function runInContext<Result>(context: WorkContext | undefined, action: () => Result): Result {
  if (!context) return action();
  if (storage) return storage.run(context, action);
  const before = explicit;
  explicit = context;
  try {
    return call(context, action);
  } finally {
    explicit = before;
  }
}

const afterThisTurn = globalThis.setImmediate;

/**
 * Runs `action` as the first code of a turn of the event loop. What its promises do next, in the same turn, belongs to
 * the context too, so it stays set until the turn is over.
 */
export function runTask(context: WorkContext | undefined, action: () => unknown): void {
  if (!context || storage) {
    runInContext(context, action);
    return;
  }
  explicit = context;
  afterThisTurn(() => {
    if (explicit === context) explicit = undefined;
  });
  call(context, action);
}

function call<Result>(context: WorkContext, action: () => Result): Result {
  const before = called;
  called = true;
  try {
    return action();
  } catch (error) {
    failed = context;
    throw error;
  } finally {
    called = before;
  }
}

/** Returns the context in which the last uncaught error was thrown, once. */
export function takeFailedContext(): WorkContext | undefined {
  const context = failed ?? currentContext();
  failed = undefined;
  return context;
}

/** Forgets a context that a stop left behind: a terminated function never reaches its `finally`. */
export function resetContext(): void {
  explicit = undefined;
  called = false;
}
