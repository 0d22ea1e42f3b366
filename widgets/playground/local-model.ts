/** A model without a kernel: what a view needs of Backbone's model, in one page. */
import type { ViewModel } from "../dom/view-model.js";

/** A model that keeps its state and tells its views; `saves` counts how often a view asked to save. */
export class LocalModel<State extends object> implements ViewModel<State> {
  #state: State;
  #saves = 0;
  readonly #handlers: Map<string, Set<() => void>> = new Map();

  constructor(state: State) {
    this.#state = state;
  }

  get<Name extends keyof State & string>(name: Name): State[Name] {
    return this.#state[name];
  }

  set(values: Partial<State>): void {
    const changed = Object.entries(values).filter(([name, value]) => this.#state[name as keyof State] !== value);
    this.#state = { ...this.#state, ...values };
    for (const [name] of changed) this.#tell(`change:${name}`);
    if (changed.length > 0) this.#tell("change");
  }

  save_changes(): void {
    this.#saves++;
  }

  on(event: string, handler: () => void): void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
  }

  off(event: string, handler: () => void): void {
    this.#handlers.get(event)?.delete(handler);
  }

  /** How often a view asked to send its changes. */
  get saves(): number {
    return this.#saves;
  }

  #tell(event: string): void {
    for (const handler of this.#handlers.get(event) ?? []) handler();
  }
}
