/** The widget that shows cell outputs, and takes those of code that runs in it. */
import { clearOutput, type HostOutput, host, type JsonObject, type MimeBundle } from "../../../src/display.js";
import { DOMWidget, type DOMWidgetState, type OptionsOf } from "../dom-widget.js";
import { equal } from "../equal.js";
import { findWidget } from "../registry.js";
import type { WidgetSpec } from "../spec.js";
import { isThenable } from "../thenable.js";
import { untracked } from "../tracking.js";
import { OutputList, viewsIn } from "./output-list.js";

/** A list of outputs in nbformat's form. */
export interface OutputsState {
  /** The message whose outputs the front end puts in here; "" for none. */
  msg_id: string;
  outputs: readonly JsonObject[];
}

/** What {@link OutputWidget.capture} takes. */
export interface CaptureOptions {
  /** Clears the outputs first. Default false. */
  readonly clear?: boolean;
  /** With `clear`: only when the next output arrives. Default false. */
  readonly wait?: boolean;
}

/** Between two messages with the outputs of a promise that goes on, in milliseconds. */
const pause = 50;

/** Keeps widgets alive whose views are among the outputs. */
const shownIn = new WeakMap<object, readonly unknown[]>();

/**
 * Shows what is appended to it, and what is put out by code that runs in it.
 * @example
 * const log = new Output();
 * log.capture(() => console.log("printed in the widget"));
 */
export class OutputWidget<State extends OutputsState> extends DOMWidget<State> {
  /** What the front end shows or will show: it learns of what is captured before this widget's `outputs` do. */
  readonly #list: OutputList = new OutputList();
  #captures = 0;
  /** Outputs were set here that the front end did not know: what it sends may be older. */
  #ahead = false;
  #sentAt = 0;
  #sending = false;

  constructor(spec: WidgetSpec<State>, options: OptionsOf<State> = {}) {
    super(spec, options);
    this.#list.items = this.get("outputs");
    this.observe(() => this.#replaced(), "outputs" as keyof State & string);
  }

  /**
   * Runs `action` and shows here what it prints, displays or clears, and an error that it throws; also that of an async
   * function after its awaits, until its promise is settled. Captures may be nested: the inner one takes it.
   * On Node 24 and up captures that overlap are kept apart; before, output that is made after an await goes to the
   * capture that was begun last, and what other code puts out meanwhile goes there too.
   * @returns what `action` returns; of an async function its promise
   * @throws what `action` throws
   * @example log.capture(() => console.log("here"), { clear: true })
   * @example await log.capture(async () => { await train(); console.log("trained"); })
   */
  capture<Result>(action: () => Result, options: CaptureOptions = {}): Result {
    return this.captureWhile(
      () => true,
      () => {
        if (options.clear) clearOutput({ wait: options.wait ?? false });
        return action();
      },
    );
  }

  /** Returns `fn` as a function each of whose calls is captured. @example button.onClick(log.captured(() => console.log("clicked"))) */
  captured<Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result,
    options: CaptureOptions = {},
  ): (...args: Args) => Result {
    return (...args) => this.capture(() => fn(...args), options);
  }

  /** Clears the outputs; with `wait` when the next output arrives. */
  clearOutput(options: { readonly wait?: boolean } = {}): void {
    this.capture(() => clearOutput(options));
  }

  /** As {@link OutputWidget.capture}; what is put out while `wanted` returns false is dropped. */
  captureWhile<Result>(wanted: () => boolean, action: () => Result): Result {
    const kernel = host();
    if (!kernel.capture) return action();
    const messageId = kernel.messageId?.() ?? "";
    // The front end catches what answers this message, as long as the code runs; later the outputs are sent as state.
    let direct = messageId === "" || !this.isOpen;
    const sink = (output: HostOutput): boolean => {
      if (!wanted()) return true;
      this.#list.add(output);
      this.#hold();
      if (direct) this.#sendSoon();
      return direct;
    };
    const leave = direct ? () => undefined : this.#enter(messageId);
    const guarded = (): Result => {
      try {
        return action();
      } catch (error) {
        kernel.showError?.(error);
        throw error;
      }
    };
    try {
      const result = kernel.capture(sink, guarded);
      if (!isThenable(result)) return result;
      direct = true;
      return this.#settle(result, (error) => kernel.capture?.(sink, () => kernel.showError?.(error))) as Result;
    } finally {
      leave();
      if (direct) this.#send();
    }
  }

  /** Adds text as if printed. */
  appendStdout(text: string): void {
    this.#append({ output_type: "stream", name: "stdout", text });
  }

  /** Adds text as if printed to stderr. */
  appendStderr(text: string): void {
    this.#append({ output_type: "stream", name: "stderr", text });
  }

  /** Adds a value in its representations by MIME type. @example log.appendDisplay({ "text/html": "<b>3</b>" }) */
  appendDisplay(data: MimeBundle, metadata: JsonObject = {}): void {
    this.#append({ output_type: "display_data", data, metadata });
  }

  /** Removes every output. */
  clear(): void {
    this.#setOutputs([]);
  }

  #enter(messageId: string): () => void {
    this.#set({ msg_id: messageId });
    this.#captures++;
    return () => {
      if (--this.#captures === 0) this.#set({ msg_id: "" });
    };
  }

  #settle(result: PromiseLike<unknown>, showError: (error: unknown) => void): PromiseLike<unknown> {
    return result.then(
      (value) => {
        this.#send();
        return value;
      },
      (error: unknown) => {
        showError(error);
        this.#send();
        throw error;
      },
    );
  }

  #sendSoon(): void {
    if (Date.now() - this.#sentAt >= pause) this.#send();
    if (this.#sending) return;
    this.#sending = true;
    Promise.resolve().then(() => {
      this.#sending = false;
      this.#send();
    });
  }

  #send(): void {
    if (
      equal(
        untracked(() => this.get("outputs")),
        this.#list.items,
      )
    )
      return;
    this.#sentAt = Date.now();
    this.#setOutputs(this.#list.items);
  }

  /** The front end, or a program, has set `outputs`. */
  #replaced(): void {
    const outputs = this.get("outputs");
    if (outputs === this.#list.items) return;
    const isOld = this.#ahead && outputs.length < this.#list.items.length;
    if (isOld && equal(outputs, this.#list.items.slice(0, outputs.length))) {
      this.#setOutputs(this.#list.items);
      return;
    }
    this.#list.items = outputs;
    this.#hold();
  }

  #hold(): void {
    shownIn.set(
      this,
      viewsIn(this.#list.items).map((id) => findWidget(id)),
    );
  }

  #append(output: JsonObject): void {
    this.#setOutputs([...this.#list.items, output]);
  }

  #setOutputs(outputs: readonly JsonObject[]): void {
    this.#list.items = outputs;
    this.#hold();
    this.#ahead = true;
    this.#set({ outputs });
  }

  #set(values: Partial<OutputsState>): void {
    this.set(values as unknown as Partial<State & DOMWidgetState>);
  }
}
