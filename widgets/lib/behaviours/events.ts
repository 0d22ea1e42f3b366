/** Widgets whose view tells of an act: a click, a submission. */
import { DOMWidget, type DOMWidgetState, type OptionsOf } from "../dom-widget.js";
import { isRecord } from "../equal.js";
import { Observers } from "../observers.js";
import type { WidgetSpec } from "../spec.js";

/** A widget that can be clicked. */
export class ClickableWidget<State extends object> extends DOMWidget<State> {
  readonly #clicks: Observers = new Observers();

  constructor(spec: WidgetSpec<State>, options: OptionsOf<State> = {}) {
    super(spec, options);
    this.on("message", ({ content }) => {
      if (isRecord(content) && content.event === "click") this.click();
    });
  }

  /** Calls `handler` with this widget on every click. @example button.onClick(() => console.log("clicked")) */
  onClick(handler: (widget: this) => unknown): void {
    this.#clicks.add(handler as (widget: never) => unknown, undefined);
  }

  /** Undoes {@link ClickableWidget.onClick}. */
  offClick(handler: (widget: this) => unknown): void {
    this.#clicks.remove(handler as (widget: never) => unknown, undefined);
  }

  /** Names of icons may begin as their classes do, as in ipywidgets: "fa-check" is "check". */
  protected override settle(next: State & DOMWidgetState): Partial<State & DOMWidgetState> {
    const { icon } = next as { readonly icon?: string };
    return (icon?.includes("fa-") ? { icon: icon.replaceAll("fa-", "") } : {}) as Partial<State & DOMWidgetState>;
  }

  /** Calls the handlers as a click does. */
  click(): void {
    this.#clicks.call(`${this.constructor.name}: click handler`, "click", this);
  }
}

/** A widget whose text can be submitted with the Enter key. */
export class SubmittableWidget<State extends object> extends DOMWidget<State> {
  readonly #submissions: Observers = new Observers();

  constructor(spec: WidgetSpec<State>, options: OptionsOf<State> = {}) {
    super(spec, options);
    this.on("message", ({ content }) => {
      if (!isRecord(content) || content.event !== "submit") return;
      this.#submissions.call(`${this.constructor.name}: submit handler`, "submit", this);
    });
  }

  /** Calls `handler` with this widget each time the Enter key is pressed in it. */
  onSubmit(handler: (widget: this) => unknown): void {
    this.#submissions.add(handler as (widget: never) => unknown, undefined);
  }

  /** Undoes {@link SubmittableWidget.onSubmit}. */
  offSubmit(handler: (widget: this) => unknown): void {
    this.#submissions.remove(handler as (widget: never) => unknown, undefined);
  }
}
