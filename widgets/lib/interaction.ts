/** A function that runs whenever one of its controls changes, and shows what comes of it. */
import { clearOutput, display } from "../../src/display.js";
import { isThenable } from "./thenable.js";
import type { Widget } from "./widget.js";

/** An argument that is no widget: `{ value }`. */
export interface ValueSource {
  readonly value: unknown;
}

/** A widget that takes what is put out while something runs in it; Output is one. */
export interface Capturing {
  /** Runs `action`; what it puts out while `wanted` returns false is dropped. Errors are shown and thrown. */
  captureWhile<Result>(wanted: () => boolean, action: () => Result): Result;
}

/** What a click on a button is told. */
interface ButtonLike {
  disabled: boolean;
  onClick(handler: () => unknown): void;
  offClick(handler: () => unknown): void;
}

/** What an {@link Interaction} is made of. */
export interface InteractionParts {
  readonly fn: (values: never) => unknown;
  readonly inputs: Readonly<Record<string, ValueSource>>;
  readonly output: Capturing;
  /** With a button it runs at its press only, and not at once. */
  readonly button?: Widget | undefined;
  /** Whether what it returns is shown. */
  readonly display: boolean;
}

/** The running half of `interact`; the same in a kernel and in an exported page. */
export class Interaction {
  /** What the last run returned; of an async function what it resolved with. */
  result: unknown;
  readonly #parts: InteractionParts;
  #turn = 0;

  constructor(parts: InteractionParts) {
    this.#parts = parts;
  }

  /** Starts to listen to the controls. */
  connect(): void {
    const button = this.#button;
    if (button) button.onClick(this.update);
    else for (const widget of this.#widgets) widget.observe(this.update, "value");
  }

  /** Stops listening. */
  disconnect(): void {
    this.#turn++;
    this.#button?.offClick(this.update);
    for (const widget of this.#widgets) widget.unobserve(this.update, "value");
  }

  /** Runs the function with the values of now. An error is shown in the output; output of an older run is dropped. */
  readonly update = (): Promise<void> | undefined => {
    const { output } = this.#parts;
    const button = this.#button;
    const turn = ++this.#turn;
    const isNewest = (): boolean => turn === this.#turn;
    const done = (): undefined => {
      if (button && isNewest()) button.disabled = false;
      return undefined;
    };
    if (button) button.disabled = true;
    try {
      const running = output.captureWhile(isNewest, () => this.#run(isNewest));
      return isThenable(running) ? Promise.resolve(running).then(done, done) : done();
    } catch {
      // The output shows it.
      return done();
    }
  };

  #run(isNewest: () => boolean): unknown {
    clearOutput({ wait: true });
    const entries = Object.entries(this.#parts.inputs).map(([name, source]) => [name, source.value]);
    const { fn } = this.#parts;
    const result = fn(Object.fromEntries(entries) as never);
    const take = (value: unknown): void => {
      if (!isNewest()) return;
      this.result = value;
      if (this.#parts.display && value !== undefined && value !== null) display(value);
    };
    return isThenable(result) ? result.then(take) : take(result);
  }

  get #button(): ButtonLike | undefined {
    return this.#parts.button as unknown as ButtonLike | undefined;
  }

  get #widgets(): Widget<{ value: unknown }>[] {
    const isWatched = (source: unknown): boolean => typeof (source as { observe?: unknown }).observe === "function";
    return Object.values(this.#parts.inputs).filter(isWatched) as unknown as Widget<{ value: unknown }>[];
  }
}
