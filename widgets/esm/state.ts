/** The contract of widgets whose view is written in a cell: the view travels with the state, as text. */
import type { Trait, Traits, WidgetSpec } from "../lib/spec.js";
import { string } from "../lib/traits.js";

/** What every such widget has beside its own values. */
export interface EsmState {
  /** The view: an ES module whose `render({ model, el })` draws into `el`, as in anywidget. */
  _esm: string;
  /** Its style sheet; empty for none. */
  _css: string;
}

/** A widget with a view of its own, as a user describes it. */
export interface OwnWidgetSpec<State extends object> {
  /** The name a user knows the widget by; error messages start with it. */
  readonly name: string;
  readonly traits: Traits<State>;
  /**
   * The view: the text of an ES module that runs in the page and exports `render({ model, el })`, by name or as a part
   * of its default export. It may return a function that undoes what it did. It sees nothing of the kernel's variables.
   */
  readonly esm: string;
  /** A style sheet for the view. */
  readonly css?: string;
}

const frontEnd = { module: "lowbit", version: "^0.1.0" } as const;

/** What front ends know of these widgets; the values of each one's own arrive as they travel. */
export const esmSpec: WidgetSpec<EsmState> = {
  name: "EsmWidget",
  model: { ...frontEnd, name: "EsmModel" },
  view: { ...frontEnd, name: "EsmView" },
  traits: { _esm: string(""), _css: string("") },
};

/** Returns the spec of a widget with a view of its own. */
export function specOfOwn<State extends object>({
  name,
  traits,
  esm,
  css = "",
}: OwnWidgetSpec<State>): WidgetSpec<State> {
  const fixed = (text: string): Trait<string> => ({ ...string(text), echo: false });
  return { ...esmSpec, name, traits: { ...traits, _esm: fixed(esm), _css: fixed(css) } as unknown as Traits<State> };
}
