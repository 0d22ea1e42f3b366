/** Widgets that a person sees: a {@link Widget} with a layout, a tooltip and CSS classes. */
import { type OwnWidgetSpec, specOfOwn } from "../esm/state.js";
import { Layout, type LayoutOptions } from "./layout.generated.js";
import { instanceOf } from "./reference.js";
import type { WidgetSpec } from "./spec.js";
import { bool, list, nullable, string } from "./traits.js";
import { Widget } from "./widget.js";

/** The values that every visible widget has. */
export interface DOMWidgetState {
  /** CSS classes of the widget's element. */
  _dom_classes: readonly string[];
  /** Size and position. */
  layout: Layout;
  /** Whether the Tab key reaches it; null leaves it to the front end. */
  tabbable: boolean | null;
  /** A text shown when the pointer rests on it. */
  tooltip: string | null;
}

/** What the constructor of every visible widget takes. */
export interface DOMWidgetOptions {
  readonly _dom_classes?: readonly string[];
  /** A Layout, or the options of a new one. @example { width: "50%" } */
  readonly layout?: Layout | LayoutOptions;
  readonly tabbable?: boolean | null;
  readonly tooltip?: string | null;
}

/** The options of a widget with this state: every value may be given, the layout also as its options. */
export type OptionsOf<State extends object> = Partial<State> & DOMWidgetOptions;

const merged = new WeakMap<object, WidgetSpec<object>>();

/**
 * A widget with a view. Extend it with a spec of your own:
 * @example
 * export class Dial extends DOMWidget<DialState> {
 *   constructor(options: OptionsOf<DialState> = {}) { super(dialSpec, options); }
 * }
 */
export class DOMWidget<State extends object> extends Widget<State & DOMWidgetState> {
  constructor(spec: WidgetSpec<State>, options: OptionsOf<State> = {}) {
    super(withDOMTraits(spec), options as Partial<State & DOMWidgetState>);
  }

  /** Size and position; `widget.layout.width = "50%"` changes it in place. */
  get layout(): Layout {
    return this.#own.get("layout");
  }

  set layout(value: Layout | LayoutOptions) {
    this.#own.set("layout", value as Layout);
  }

  /** Whether the Tab key reaches it; null leaves it to the front end. */
  get tabbable(): boolean | null {
    return this.#own.get("tabbable");
  }

  set tabbable(value: boolean | null) {
    this.#own.set("tabbable", value);
  }

  /** A text shown when the pointer rests on it. */
  get tooltip(): string | null {
    return this.#own.get("tooltip");
  }

  set tooltip(value: string | null) {
    this.#own.set("tooltip", value);
  }

  /** Adds a CSS class to the widget's element. */
  addClass(name: string): void {
    const classes = this.#own.get("_dom_classes");
    if (!classes.includes(name)) this.#own.set("_dom_classes", [...classes, name]);
  }

  /** Removes a CSS class from the widget's element. */
  removeClass(name: string): void {
    const classes = this.#own.get("_dom_classes");
    this.#own.set(
      "_dom_classes",
      classes.filter((one) => one !== name),
    );
  }

  /** Gives every view of the widget that can take it the focus of the keyboard; the last one keeps it. */
  focus(): void {
    this.send({ do: "focus" });
  }

  /** Takes the focus away from the widget's views. */
  blur(): void {
    this.send({ do: "blur" });
  }

  // The values every visible widget has; within this generic class TypeScript cannot see that State has no others.
  get #own(): Widget<DOMWidgetState> {
    return this as unknown as Widget<DOMWidgetState>;
  }
}

/** A class of widgets whose values are also typed as properties. */
export type DOMWidgetClass<State extends object> = new (options?: OptionsOf<State>) => DOMWidget<State> & State;

/**
 * Returns a class of widgets for a spec, to be used as it is or extended. The view is the text of an ES module that runs
 * in the page, in any front end that has Lowbit's widgets; or, with `model` and `view`, a class of a package that the
 * front end has.
 * @example
 * const Dial = defineWidget({
 *   name: "Dial",
 *   traits: { angle: traits.float(0) },
 *   esm: `export function render({ model, el }) { el.textContent = model.get("angle"); }`,
 * });
 * new Dial({ angle: 45 }).angle // 45
 */
export function defineWidget<State extends object>(
  spec: OwnWidgetSpec<State> | WidgetSpec<State>,
): DOMWidgetClass<State> {
  const whole = "esm" in spec ? specOfOwn(spec) : spec;
  const { [spec.name]: defined } = {
    [spec.name]: class extends DOMWidget<State> {
      constructor(options: OptionsOf<State> = {}) {
        super(whole, options);
      }
    },
  };
  return defined as unknown as DOMWidgetClass<State>;
}

function withDOMTraits<State extends object>(spec: WidgetSpec<State>): WidgetSpec<State & DOMWidgetState> {
  const known = merged.get(spec);
  if (known) return known as WidgetSpec<State & DOMWidgetState>;
  const traits = {
    _dom_classes: list(string("")),
    layout: instanceOf("Layout", () => Layout),
    tabbable: nullable(bool(false)),
    tooltip: nullable(string("")),
    ...spec.traits,
  };
  const result = { ...spec, traits } as unknown as WidgetSpec<State & DOMWidgetState>;
  merged.set(spec, result as unknown as WidgetSpec<object>);
  return result;
}
