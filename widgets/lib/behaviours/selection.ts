/**
 * Widgets that choose among options. The front end knows labels and indices only; the options' values stay here.
 * As ipywidgets: `options`, `value`, `label` and `index` follow each other, and the first option is chosen at first.
 */
import { ValueError } from "../../../src/errors.js";
import { DOMWidget, type DOMWidgetState } from "../dom-widget.js";
import { equal } from "../equal.js";
import { describe } from "../report.js";
import type { Traits } from "../spec.js";
import { int, list, local, nullable, string } from "../traits.js";

/** A choice: a value, which is its own label, or a label and a value. */
export type Option<Value> = Value | readonly [label: string, value: Value];

/** What every selection has. */
export interface OptionsState<Value> {
  /** The choices; setting them chooses the first one, or nothing where several can be chosen or nothing was chosen. */
  options: readonly Option<Value>[];
  /** The labels, as the front end shows them; follows `options`. */
  _options_labels: readonly string[];
}

/** One choice, or none. */
export interface SelectionState<Value> extends OptionsState<Value> {
  /** The chosen value; null when nothing is chosen. */
  value: Value | null;
  /** Its label. */
  label: string | null;
  /** Its position among the options, from 0. */
  index: number | null;
}

/** Several choices, or the two ends of a range of choices. */
export interface MultipleSelectionState<Value> extends OptionsState<Value> {
  /** The chosen values, in the order in which they were chosen. */
  value: readonly Value[];
  /** Their labels. */
  label: readonly string[];
  /** Their positions among the options, from 0. */
  index: readonly number[];
}

/** The traits of a selection of one option. */
export const singleSelectionTraits: Traits<SelectionState<unknown>> = {
  options: {
    ...local<readonly unknown[]>([]),
    expects: "a list of values, or of [label, value]",
    accept: acceptOptions,
  },
  _options_labels: list(string("")),
  value: local<unknown>(null),
  label: { ...nullable(string("")), sync: false },
  index: nullable(int(0)),
};

/** The traits of a selection of several options, or of a range of them. */
export const multipleSelectionTraits: Traits<MultipleSelectionState<unknown>> = {
  options: singleSelectionTraits.options,
  _options_labels: list(string("")),
  value: {
    ...local<readonly unknown[]>([]),
    expects: "a list of values",
    accept: (value) => (Array.isArray(value) ? value : undefined),
  },
  label: { ...list(string("")), sync: false },
  index: list(int(0)),
};

/** Chooses one of the options. @throws ValueError for a value or label that is no option, or an index outside */
export class SelectionWidget<State extends SelectionState<unknown>> extends DOMWidget<State> {
  protected override settle(
    next: State & DOMWidgetState,
    changed: ReadonlySet<string>,
  ): Partial<State & DOMWidgetState> {
    const options = next.options.map(labelled);
    // As in ipywidgets: where nothing was chosen, new options do not choose.
    const none = this.isMade && next.index === null && !["index", "value", "label"].some((name) => changed.has(name));
    const index = none ? null : chosenPosition(this, next, options, changed);
    const chosen = index === null ? undefined : options[index];
    if (index !== null && chosen === undefined) {
      throw new ValueError(`${this.constructor.name}.index: ${index}, expected null or 0..${options.length - 1}`);
    }
    const value = chosen ? chosen[1] : null;
    const corrections = { index, value, label: chosen?.[0] ?? null, _options_labels: options.map(([label]) => label) };
    return corrections as unknown as Partial<State & DOMWidgetState>;
  }
}

/** Chooses one of the options, always. @throws ValueError as {@link SelectionWidget}, and when there is no option */
export class NonemptySelectionWidget<State extends SelectionState<unknown>> extends SelectionWidget<State> {
  protected override settle(
    next: State & DOMWidgetState,
    changed: ReadonlySet<string>,
  ): Partial<State & DOMWidgetState> {
    refuseEmpty(this, next.options);
    return super.settle(next, changed);
  }
}

/** Chooses any number of the options. @throws ValueError for a value or label that is no option, or an index outside */
export class MultipleSelectionWidget<State extends MultipleSelectionState<unknown>> extends DOMWidget<State> {
  protected override settle(
    next: State & DOMWidgetState,
    changed: ReadonlySet<string>,
  ): Partial<State & DOMWidgetState> {
    const options = next.options.map(labelled);
    const index = this.positions(next, options, changed);
    const chosen = index.map((position) => {
      const option = options[position];
      if (option) return option;
      throw new ValueError(`${this.constructor.name}.index: ${position}, expected 0..${options.length - 1}`);
    });
    const corrections = {
      index,
      value: chosen.map(([, value]) => value),
      label: chosen.map(([label]) => label),
      _options_labels: options.map(([label]) => label),
    };
    return corrections as unknown as Partial<State & DOMWidgetState>;
  }

  /** Returns the chosen positions, from whichever of index, value, label and options was set. */
  protected positions(next: State, options: readonly Labelled[], changed: ReadonlySet<string>): readonly number[] {
    if (changed.has("index")) return next.index;
    if (changed.has("value")) return next.value.map((value) => positionOf(this, "value", 1, value, options));
    if (changed.has("label")) return next.label.map((label) => positionOf(this, "label", 0, label, options));
    return changed.has("options") ? [] : next.index;
  }
}

/** Chooses a range of options by its two ends; at first, and after new options, the first option twice. */
export class RangeSelectionWidget<
  State extends MultipleSelectionState<unknown>,
> extends MultipleSelectionWidget<State> {
  protected override positions(
    next: State,
    options: readonly Labelled[],
    changed: ReadonlySet<string>,
  ): readonly number[] {
    refuseEmpty(this, options);
    const set = ["index", "value", "label"].some((name) => changed.has(name));
    const index = set || !changed.has("options") ? super.positions(next, options, changed) : [0, 0];
    if (index.length === 2) return index;
    throw new ValueError(`${this.constructor.name}: ${index.length} ends, expected the two ends of a range`);
  }
}

type Labelled = readonly [label: string, value: unknown];

function labelled(option: unknown): Labelled {
  return Array.isArray(option) ? (option as unknown as Labelled) : [String(option), option];
}

// A function, because private methods do not exist yet when the base constructor calls settle().
function chosenPosition(
  widget: object,
  next: SelectionState<unknown>,
  options: readonly Labelled[],
  changed: ReadonlySet<string>,
): number | null {
  if (changed.has("index")) return next.index;
  if (changed.has("value")) return next.value === null ? null : positionOf(widget, "value", 1, next.value, options);
  if (changed.has("label")) return next.label === null ? null : positionOf(widget, "label", 0, next.label, options);
  if (changed.has("options")) return options.length > 0 ? 0 : null;
  return next.value === null && next.label === null ? null : next.index;
}

function positionOf(widget: object, name: string, part: 0 | 1, wanted: unknown, options: readonly Labelled[]): number {
  const position = options.findIndex((option) => equal(option[part], wanted));
  if (position >= 0) return position;
  const known = options.map((option) => describe(option[part])).join(", ");
  throw new ValueError(
    `${widget.constructor.name}.${name}: ${describe(wanted)}, expected one of ${known || "no options"}`,
  );
}

function refuseEmpty(widget: object, options: readonly unknown[]): void {
  if (options.length === 0) throw new ValueError(`${widget.constructor.name}.options: none, expected at least one`);
}

function acceptOptions(value: unknown): readonly unknown[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const fine = value.every((one) => !Array.isArray(one) || (one.length === 2 && typeof one[0] === "string"));
  return fine ? value : undefined;
}
