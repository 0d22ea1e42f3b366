/** Widgets that hold others. */
import { ValueError } from "../../../src/errors.js";
import { DOMWidget, type DOMWidgetState, type OptionsOf } from "../dom-widget.js";
import type { WidgetSpec } from "../spec.js";
import type { Widget } from "../widget.js";

/** A list of widgets. */
export interface ContainerState {
  children: readonly Widget[];
}

/** A container; the children may be given alone, as in ipywidgets: `new VBox([slider, button])`. */
export class ContainerWidget<State extends ContainerState> extends DOMWidget<State> {
  constructor(
    spec: WidgetSpec<State>,
    children: readonly Widget[] | OptionsOf<State> = {},
    options: OptionsOf<State> = {},
  ) {
    super(spec, (Array.isArray(children) ? { ...options, children } : children) as OptionsOf<State & DOMWidgetState>);
  }
}

/** Pages with a title each, of which at most one is open. */
export interface PagesState extends ContainerState {
  /** The position of the child that is open; null when none is. */
  selected_index: number | null;
  /** One for each child. */
  titles: readonly string[];
}

/**
 * A container that opens one of its children. As in ipywidgets each child has a title, "" where none is given, and none
 * is open when the child that was goes away.
 * @throws ValueError for a `selected_index` that is no child's
 */
export class PagesWidget<State extends PagesState> extends ContainerWidget<State> {
  /** Names one page. @throws ValueError when there is no such child @example tab.setTitle(0, "weights") */
  setTitle(index: number, title: string): void {
    this.getTitle(index);
    const { titles } = this as unknown as PagesState;
    this.set({ titles: titles.map((old, i) => (i === index ? title : old)) } as unknown as Partial<
      State & DOMWidgetState
    >);
  }

  /** Returns the name of one page. @throws ValueError when there is no such child */
  getTitle(index: number): string {
    const title = (this as unknown as PagesState).titles[index];
    if (title === undefined) throw new ValueError(`${this.constructor.name}: page ${index}, expected that of a child`);
    return title;
  }

  protected override settle(
    next: State & DOMWidgetState,
    changed: ReadonlySet<string>,
  ): Partial<State & DOMWidgetState> {
    const count = next.children.length;
    const isOutside = next.selected_index !== null && !(next.selected_index >= 0 && next.selected_index < count);
    if (isOutside && changed.has("selected_index")) {
      const expected = count === 0 ? "null, because there is no child" : `null or 0..${count - 1}`;
      throw new ValueError(`${this.constructor.name}.selected_index: ${next.selected_index}, expected ${expected}`);
    }
    const selected_index = this.choose(isOutside ? null : next.selected_index, next, changed);
    const titles = next.children.map((_, i) => next.titles[i] ?? "");
    return { selected_index, titles } as unknown as Partial<State & DOMWidgetState>;
  }

  /** Returns which page is open. @param index what would be, or null for none */
  protected choose(index: number | null, _next: PagesState, _changed: ReadonlySet<string>): number | null {
    return index;
  }
}

/** Pages behind tabs: one is open where there is any. When the open one goes, the last is. */
export class TabsWidget<State extends PagesState> extends PagesWidget<State> {
  protected override choose(index: number | null, next: PagesState, changed: ReadonlySet<string>): number | null {
    if (index !== null || !changed.has("children") || next.children.length === 0) return index;
    return next.selected_index === null ? 0 : next.children.length - 1;
  }
}
