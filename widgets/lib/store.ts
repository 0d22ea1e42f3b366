/** The values of one widget: checked on the way in, compared, encoded on the way out. Knows nothing of comms. */
import { ValueError } from "../../src/errors.js";
import { removeBuffers, type SplitState } from "./buffers.js";
import { equal } from "./equal.js";
import { describe } from "./report.js";
import type { Trait, WidgetSpec } from "./spec.js";

/** One value that changed. */
export interface Difference {
  readonly name: string;
  readonly old: unknown;
  readonly value: unknown;
}

/** Returns corrections to `next`, given the names that were set; may throw to refuse the change. */
export type Settle = (next: Readonly<Record<string, unknown>>, changed: ReadonlySet<string>) => object;

/** Values by trait name. Names and values are checked here, so nothing that a trait refuses is ever kept. */
export class Store {
  readonly name: string;
  readonly traits: ReadonlyMap<string, Trait<unknown>>;
  readonly #identity: Readonly<Record<string, string | null>>;
  readonly #settle: Settle;
  readonly #values: Map<string, unknown> = new Map();

  constructor(spec: WidgetSpec<object>, traits: ReadonlyMap<string, Trait<unknown>>, settle: Settle) {
    this.name = spec.name;
    this.traits = traits;
    this.#settle = settle;
    this.#identity = {
      _model_module: spec.model.module,
      _model_module_version: spec.model.version,
      _model_name: spec.model.name,
      _view_module: spec.view.module,
      _view_module_version: spec.view.version,
      _view_name: spec.view.name,
    };
  }

  /** Takes the first values; what is not given (or undefined) gets its default. */
  initialize(options: Readonly<Record<string, unknown>>): void {
    const given = new Map(Object.entries(options).filter(([, value]) => value !== undefined));
    // Only what is not given: a default layout is a widget, and an unused one would stay open in the front end.
    for (const [name, trait] of this.traits) if (!given.has(name)) this.#values.set(name, trait.initial());
    this.assign(this.check(given));
  }

  get(name: string): unknown {
    this.trait(name);
    return this.#values.get(name);
  }

  /** Returns the trait. @throws ValueError for an unknown name */
  trait(name: string): Trait<unknown> {
    const trait = this.traits.get(name);
    if (trait) return trait;
    const names = [...this.traits.keys()].filter((known) => !known.startsWith("_"));
    throw new ValueError(`${this.name}: name ${describe(name)}, expected one of ${names.join(", ")}`);
  }

  /** Returns the values as they would be kept, corrections included. @throws ValueError when one is not allowed */
  check(values: ReadonlyMap<string, unknown>): Map<string, unknown> {
    const accepted = new Map<string, unknown>();
    for (const [name, value] of values) accepted.set(name, this.#accept(name, value));
    const next = Object.fromEntries([...this.#values, ...accepted]);
    for (const [name, value] of Object.entries(this.#settle(next, new Set(values.keys())))) {
      accepted.set(name, this.#accept(name, value));
    }
    return accepted;
  }

  /** Keeps values that {@link Store.check} returned; returns those that are different from before. */
  assign(values: ReadonlyMap<string, unknown>): Difference[] {
    const differences: Difference[] = [];
    for (const [name, value] of values) {
      const old = this.#values.get(name);
      if (equal(old, value)) continue;
      this.#values.set(name, value);
      differences.push({ name, old, value });
    }
    return differences;
  }

  /** Returns what arrived from a front end as a value of the trait. @throws ValueError when it is not allowed */
  decode(name: string, wire: unknown): unknown {
    const trait = this.trait(name);
    const value = trait.decode ? trait.decode(wire) : wire;
    const accepted = value === undefined ? undefined : trait.accept(value);
    if (accepted === undefined) throw this.#refusal(name, trait, wire);
    return accepted;
  }

  /** Returns the values of a saved state. Names that are no traits are passed over. @throws ValueError as `decode` */
  decodeSaved(state: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const names = Object.keys(state).filter((name) => this.traits.has(name) && this.trait(name).sync !== false);
    const values = Object.fromEntries(names.map((name) => [name, this.decode(name, state[name])]));
    // The values of a selection's options are not saved, its labels are.
    return this.traits.has("options") && "_options_labels" in values
      ? { options: values._options_labels, ...values }
      : values;
  }

  /** Returns the current value as it travels, binary parts still inside. */
  encode(name: string): unknown {
    const { encode } = this.trait(name);
    const value = this.#values.get(name);
    return encode ? encode(value, Object.fromEntries(this.#values)) : value;
  }

  /** Returns the named values as they travel, binary parts taken out; what does not travel is left out. */
  split(names: Iterable<string>): SplitState {
    const travelling = [...names].filter((name) => this.trait(name).sync !== false);
    return removeBuffers(Object.fromEntries(travelling.map((name) => [name, this.encode(name)])));
  }

  /** Returns the whole state as it travels, with the names of the front end's classes. */
  splitAll(): SplitState {
    const split = this.split(this.traits.keys());
    return { ...split, state: { ...this.#identity, ...split.state } };
  }

  #accept(name: string, value: unknown): unknown {
    const trait = this.trait(name);
    const accepted = trait.accept(value);
    if (accepted === undefined) throw this.#refusal(name, trait, value);
    return accepted;
  }

  #refusal(name: string, trait: Trait<unknown>, value: unknown): ValueError {
    return new ValueError(`${this.name}.${name}: ${describe(value)}, expected ${trait.expects}`);
  }
}
