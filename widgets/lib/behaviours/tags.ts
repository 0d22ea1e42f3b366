/** Lists of texts, colours or numbers that a person makes one by one. */
import { ValueError } from "../../../src/errors.js";
import { DOMWidget, type DOMWidgetState } from "../dom-widget.js";

interface Tags {
  readonly value: readonly (string | number)[];
  readonly allowed_tags: readonly (string | number)[];
  readonly min?: number | null;
  readonly max?: number | null;
}

/** Holds what is allowed, as ipywidgets does. @throws ValueError for "", a tag that is not allowed, a number outside */
export class TagsWidget<State extends object> extends DOMWidget<State> {
  protected override settle(next: State & DOMWidgetState): Partial<State & DOMWidgetState> {
    const { value, allowed_tags: allowed, min, max } = next as unknown as Tags;
    const isAllowed = (tag: string | number): boolean => tag !== "" && (allowed.length === 0 || allowed.includes(tag));
    const isInside = (tag: string | number): boolean =>
      typeof tag !== "number" || (tag >= (min ?? tag) && tag <= (max ?? tag));
    const bad = value.find((tag) => !isAllowed(tag) || !isInside(tag));
    if (bad === undefined) return {};
    const expected = isAllowed(bad)
      ? `${min ?? "-infinity"}..${max ?? "infinity"}`
      : allowed.length > 0
        ? `one of ${JSON.stringify(allowed)}`
        : "no empty text";
    throw new ValueError(`${this.constructor.name}.value: ${JSON.stringify(bad)}, expected ${expected}`);
  }
}
