/** The kernel half of a widget: its values, kept the same here and in every front end that shows it. */
import { type BufferLike, displaySymbol, type Json, type MimeBundle } from "../../src/display.js";
import { ValueError } from "../../src/errors.js";
import type { SplitState } from "./buffers.js";
import { changesOf } from "./changes.js";
import { equal } from "./equal.js";
import { randomId } from "./identity.js";
import { type CustomMessage, Link, openWidgetComm } from "./link.js";
import { Observers } from "./observers.js";
import { viewMimeType } from "./protocol.js";
import { connect, forget, keep, type OpenWidget, remember, takeAdoption } from "./registry.js";
import { describe } from "./report.js";
import type { FrontEndClass, Trait, WidgetSpec } from "./spec.js";
import { type Difference, Store } from "./store.js";
import { noteRead, type Readable } from "./tracking.js";
import { int, nullable } from "./traits.js";

/** What an observer is told; as in ipywidgets, with `value` for its `new`. */
export interface Change<State extends object, Name extends keyof State = keyof State> {
  readonly name: Name;
  readonly old: State[Name];
  readonly value: State[Name];
  readonly owner: Widget;
}

/** What {@link Widget.on} can wait for, and what the handler is given. */
export interface WidgetEvents {
  /** The front end sent a custom message. */
  readonly message: CustomMessage;
  /** The widget was closed, here or by the front end. */
  readonly close: Widget;
}

const viewCount: Trait<unknown> = nullable(int(0)) as Trait<unknown>;

/**
 * A model with typed, synchronised values. It opens itself in the front end when it is made, sends what changes
 * (not what is set to the same value), and takes what the front end changes. Values can be read and written as
 * properties: `slider.value = 3`. Without a kernel everything works but nothing is sent.
 *
 * @throws ValueError for an unknown option or a value that its trait does not allow
 * @example
 * class Dial extends DOMWidget<DialState> {
 *   constructor(options: Partial<DialState> = {}) { super(dialSpec, options); }
 * }
 */
export class Widget<State extends object = object> implements OpenWidget {
  // Defined, not declared: isolated declarations have no way to write a method whose name is an imported symbol.
  static {
    Object.defineProperty(Widget.prototype, displaySymbol, {
      configurable: true,
      value(this: Widget): MimeBundle {
        return this.mimeBundle();
      },
    });
  }

  /** The model's id: what the front end knows it by. */
  readonly id: string;
  /** The front end's class of the model. */
  readonly model: FrontEndClass;
  readonly #store: Store;
  readonly #link: Link;
  readonly #hasView: boolean;
  readonly #observers: Observers = new Observers();
  readonly #listeners: Observers = new Observers();

  constructor(spec: WidgetSpec<State>, options: Partial<State> = {}) {
    const adopted = takeAdoption();
    connect();
    this.id = adopted?.id ?? randomId();
    this.model = spec.model;
    this.#hasView = spec.view.name !== null;
    const traits = new Map([["_view_count", viewCount], ...Object.entries<Trait<unknown>>(spec.traits)]);
    // A plain Widget has its properties to itself: those of the class are everybody's.
    defineProperties(new.target === (Widget as unknown) ? this : new.target.prototype, spec.name, traits.keys());
    this.#store = new Store(spec as unknown as WidgetSpec<object>, traits, (next, changed) =>
      this.settle(next as State, changed),
    );
    this.#store.initialize({ ...options, ...(adopted?.state && this.#store.decodeSaved(adopted.state)) });
    const comm = adopted?.comm ?? openWidgetComm(this.id, this.#store);
    this.#link = new Link(this.#store, comm, {
      changed: (differences) => this.#changed(differences),
      message: (message) => this.#listeners.call(`${spec.name}: message handler`, "message", message),
      closed: () => this.#closed(),
      shown: (shown) => keep(this, shown),
    });
    remember(this, comm);
  }

  /** Returns the current value. @throws ValueError for a name that the widget does not have */
  get<Name extends keyof State & string>(name: Name): State[Name] {
    noteRead(this as unknown as Readable, name);
    return this.#store.get(name) as State[Name];
  }

  /**
   * Sets one value, or several at once: they are checked together, sent in one message, and only then observed.
   * @throws ValueError for an unknown name or a value that is not allowed; nothing is changed then
   * @example slider.set({ min: 10, max: 20, value: 15 })
   */
  set<Name extends keyof State & string>(name: Name, value: State[Name]): void;
  set(values: Partial<State>): void;
  set(nameOrValues: string | Partial<State>, value?: unknown): void {
    const values = typeof nameOrValues === "string" ? { [nameOrValues]: value } : nameOrValues;
    this.#link.assign(this.#store.check(new Map(Object.entries(values))));
  }

  /**
   * Calls `handler` after each change of the named values (of any when left out), made here or by the front end.
   * What a handler throws is reported and stops nothing.
   * @example slider.observe(({ old, value }) => console.log(old, "->", value), "value")
   */
  observe<Name extends keyof State & string>(
    handler: (change: Change<State, Name>) => unknown,
    names?: Name | readonly Name[],
  ): void {
    for (const name of listOf(names)) {
      if (name !== undefined) this.#store.trait(name);
      this.#observers.add(handler, name);
    }
  }

  /** Undoes {@link Widget.observe} with the same arguments. */
  unobserve<Name extends keyof State & string>(
    handler: (change: Change<State, Name>) => unknown,
    names?: Name | readonly Name[],
  ): void {
    for (const name of listOf(names)) this.#observers.remove(handler, name);
  }

  /** Removes every observer of one value; without a name, every observer. @example slider.unobserveAll("value") */
  unobserveAll(name?: keyof State & string): void {
    if (name !== undefined) this.#store.trait(name);
    this.#observers.clear(name);
  }

  /**
   * Returns the changes of a value as a stream, from now on. A slow reader gets the newest value and not the ones between;
   * the stream ends when the widget closes, or when its reader leaves the loop.
   * @throws ValueError for an unknown name
   * @example for await (const value of slider.changes("value")) console.log(value);
   */
  changes<Name extends keyof State & string>(name: Name): AsyncIterableIterator<State[Name]> {
    this.#store.trait(name);
    return changesOf(this as never, name) as AsyncIterableIterator<State[Name]>;
  }

  /** Calls `handler` on every event of this kind. @example widget.on("message", ({ content }) => console.log(content)) */
  on<Event extends keyof WidgetEvents>(event: Event, handler: (argument: WidgetEvents[Event]) => unknown): void {
    this.#listeners.add(handler, event);
  }

  /** Undoes {@link Widget.on} with the same arguments. */
  off<Event extends keyof WidgetEvents>(event: Event, handler: (argument: WidgetEvents[Event]) => unknown): void {
    this.#listeners.remove(handler, event);
  }

  /** Sends a custom message to every view of this widget. @example widget.send({ goto: [3, 5] }) */
  send(content: Json, buffers: readonly BufferLike[] = []): void {
    this.#link.sendCustom(content, buffers);
  }

  /** Sends the named values (all when none is named) whether or not they changed: after a change in place. */
  sendState(...names: (keyof State & string)[]): void {
    this.#link.sendState(names.length > 0 ? names : this.#store.traits.keys());
  }

  /** Closes the widget here and in the front end; its views go away. Its values can still be read. */
  close(): void {
    this.#link.close();
  }

  /** Whether the widget has not been closed. */
  get isOpen(): boolean {
    return this.#link.isOpen;
  }

  /** Returns the whole state as it travels, with the names of the front end's classes. */
  encodedState(): SplitState {
    return this.#store.splitAll();
  }

  /** Returns the widget as text: its name and the values that are not the default. */
  toString(): string {
    const shown: string[] = [];
    for (const [name, trait] of this.#store.traits) {
      const value = this.#store.get(name);
      if (name.startsWith("_") || value instanceof Widget || equal(value, trait.initial())) continue;
      shown.push(`${name}: ${textOf(value)}`);
    }
    return shown.length === 0 ? `${this.#store.name}()` : `${this.#store.name}({ ${shown.join(", ")} })`;
  }

  /** Returns what shows it: the live view, and for places without one {@link Widget.fallback} and text. */
  mimeBundle(): MimeBundle {
    const plain = { "text/plain": this.toString(), ...this.fallback() };
    if (!this.isOpen || !this.#hasView) return plain;
    return { [viewMimeType]: { version_major: 2, version_minor: 0, model_id: this.id }, ...plain };
  }

  /** Representations for places that cannot show the view, for example `image/svg+xml`. Default: none but text. */
  protected fallback(): MimeBundle {
    return {};
  }

  /**
   * Returns corrections to a state that is about to become current, where values depend on each other: a slider
   * clamps `value` into `[min, max]`. May throw a ValueError to refuse the change. Also called by the constructor,
   * before fields of a subclass exist.
   * @param _next the whole state as it would be
   * @param _changed the names that were set
   */
  protected settle(_next: State, _changed: ReadonlySet<string>): Partial<State> {
    return {};
  }

  /** Whether the constructor has ended: `settle` is also called for the first values. */
  protected get isMade(): boolean {
    return this.#link !== undefined;
  }

  #changed(differences: readonly Difference[]): void {
    for (const { name, old, value } of differences) {
      this.#observers.call(`${this.#store.name}: observer of ${name}`, name, { name, old, value, owner: this });
    }
  }

  #closed(): void {
    forget(this);
    this.#listeners.call(`${this.#store.name}: close handler`, "close", this);
  }
}

/** Gives a class of widgets one property per trait, so that `slider.value = 3` is `slider.set("value", 3)`. */
function defineProperties(holder: object, widget: string, names: Iterable<string>): void {
  for (const name of names) {
    if (name in Widget.prototype) throw new ValueError(`${widget}: trait ${name}, expected a name that Widget has not`);
    if (name in holder) continue;
    Object.defineProperty(holder, name, {
      configurable: true,
      get(this: Widget<Record<string, unknown>>): unknown {
        return this.get(name);
      },
      set(this: Widget<Record<string, unknown>>, value: unknown): void {
        this.set(name, value);
      },
    });
  }
}

function textOf(value: unknown): string {
  if (value instanceof Widget) return value.toString();
  return Array.isArray(value) && value[0] instanceof Widget ? `[${value.join(", ")}]` : describe(value);
}

function listOf<Name>(names: Name | readonly Name[] | undefined): readonly (Name | undefined)[] {
  return Array.isArray(names) ? names : [names as Name | undefined];
}
