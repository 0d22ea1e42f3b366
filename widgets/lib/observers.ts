/** Who wants to hear of a change. */
import { callSafely } from "./report.js";
import { untracked } from "./tracking.js";

type Handler = (argument: never) => unknown;

interface Entry {
  readonly handler: Handler;
  /** undefined: every name. */
  readonly name: string | undefined;
}

/** Handlers by name, called in the order in which they were added; one that throws is reported and the rest go on. */
export class Observers {
  #entries: readonly Entry[] = [];

  /** Adds `handler` for one name, or for every name; adding the same twice changes nothing. */
  add(handler: Handler, name: string | undefined): void {
    if (this.#entries.some((entry) => entry.handler === handler && entry.name === name)) return;
    this.#entries = [...this.#entries, { handler, name }];
  }

  /** Removes what {@link Observers.add} added. */
  remove(handler: Handler, name: string | undefined): void {
    this.#entries = this.#entries.filter((entry) => entry.handler !== handler || entry.name !== name);
  }

  /** Removes every handler of one name; without a name, every handler. */
  clear(name: string | undefined): void {
    this.#entries = name === undefined ? [] : this.#entries.filter((entry) => entry.name !== name);
  }

  /** Calls the handlers of `name` with `argument`; `where` names the place when one throws. */
  call(where: string, name: string, argument: unknown): void {
    for (const { handler, name: wanted } of this.#entries) {
      if (wanted !== undefined && wanted !== name) continue;
      untracked(() => callSafely(where, handler as (argument: unknown) => unknown, argument));
    }
  }
}
