/** Functions that run again when a value they read has changed, and values that follow others. */
import { ValueError } from "../../src/errors.js";
import { whenBatchEnds } from "./batch.js";
import { openBinding } from "./binding.js";
import { equal } from "./equal.js";
import { Observers } from "./observers.js";
import { reportError } from "./report.js";
import { isThenable } from "./thenable.js";
import { noteRead, type Readable, Reader, untracked } from "./tracking.js";
import type { Widget } from "./widget.js";

/** Runs of one effect, each caused by the one before, after which it counts as a loop. */
const mostRuns = 100;

class Effect {
  readonly run: () => unknown;
  readonly #reader: Reader = new Reader(() => this.#schedule());
  #disposed = false;

  constructor(run: () => unknown) {
    this.run = run;
  }

  /** Runs and watches. A rejected promise is reported; an exception passes through. */
  start(): void {
    if (this.#disposed) return;
    const result = this.#reader.read(this.run);
    // It may have ended itself.
    if (this.#disposed) this.#reader.stop();
    if (isThenable(result)) result.then(undefined, (error: unknown) => reportError("effect", error));
  }

  dispose(): void {
    this.#disposed = true;
    this.#reader.stop();
    waiting.delete(this);
  }

  #schedule(): void {
    if (this.#disposed || waiting.has(this)) return;
    waiting.add(this);
    if (!flushing) whenBatchEnds(flushSoon);
  }
}

const waiting = new Set<Effect>();
let flushing = false;
let flushPlanned = false;

const flushSoon = (): void => {
  if (flushPlanned) return;
  flushPlanned = true;
  Promise.resolve().then(flush);
};

function flush(): void {
  flushPlanned = false;
  flushing = true;
  const runs = new Map<Effect, number>();
  try {
    for (const effect of waiting) {
      waiting.delete(effect);
      const count = (runs.get(effect) ?? 0) + 1;
      runs.set(effect, count);
      if (count > mostRuns) stopLoop(effect);
      else runAgain(effect);
    }
  } finally {
    flushing = false;
  }
}

function runAgain(effect: Effect): void {
  try {
    effect.start();
  } catch (error) {
    reportError("effect", error);
  }
}

function stopLoop(effect: Effect): void {
  effect.dispose();
  const text = `it changed what it reads ${mostRuns} times in a row and was stopped, expected a value that settles`;
  reportError("effect", new ValueError(`effect: ${text}`));
}

/**
 * Runs `run` now, and again whenever a widget's value that it read has changed: once for all changes that are made in one
 * go (until the running code awaits or ends, or its `batch` ends). What is read after an `await` is not watched. An error
 * of a later run is reported and the effect lives on; one that keeps changing what it reads is stopped.
 *
 * It lives as long as something that it reads. With `widgets` they are passed to `run`; then a page that was exported
 * can run it too, when a module exports `run`.
 * @returns a function that ends it
 * @throws what the first run throws
 * @example const stop = effect(() => { label.value = `kept: ${density.value}`; });
 * @example effect(showDensity, { density, label }) // export function showDensity({ density, label }) { … }
 */
export function effect(run: () => unknown): () => void;
export function effect<Widgets extends Readonly<Record<string, Widget>>>(
  // Widgets itself, in a form that TypeScript does not infer from: what counts are the widgets that are given.
  run: (widgets: [Widgets][Widgets extends unknown ? 0 : never]) => unknown,
  widgets: Widgets,
): () => void;
export function effect(run: (widgets: never) => unknown, widgets: Readonly<Record<string, Widget>> = {}): () => void {
  const made = new Effect(() => run(widgets as never));
  made.start();
  const closeBinding = openBinding({ kind: "effect", fn: run, inputs: widgets });
  return () => {
    made.dispose();
    closeBinding();
  };
}

/** A value that is computed from others; see {@link derived}. */
export interface Derived<Value> {
  /** The value, up to date. Read inside an effect or another derived value, it is watched. */
  readonly value: Value;
  /** Calls `handler` with each new value, once per batch of changes; returns a function that ends it. */
  observe(handler: (value: Value) => unknown): () => void;
}

/**
 * Returns a value that follows what `compute` reads: computed when it is first asked for, and again when it is asked for
 * after a change.
 * @example const kept = derived(() => slider.max - slider.value); kept.value
 */
export function derived<Value>(compute: () => Value): Derived<Value> {
  const dependents = new Observers();
  let current: { readonly value: Value } | undefined;
  const reader = new Reader(() => {
    current = undefined;
    dependents.call("derived", "value", undefined);
  });
  const source: Readable = {
    observe: (handler, name) => dependents.add(handler, name),
    unobserve: (handler, name) => dependents.remove(handler, name),
  };
  const made: Derived<Value> = {
    get value() {
      noteRead(source, "value");
      current ??= { value: reader.read(compute) };
      return current.value;
    },
    observe: (handler) => {
      let last = made.value;
      return effect(() => {
        const { value } = made;
        if (equal(value, last)) return;
        last = value;
        untracked(() => handler(value));
      });
    },
  };
  return made;
}
