/** Links between values that the page keeps: they work without a kernel, and in a notebook's saved state. */
import type { LinkEnd, ValueLink } from "./link-values.js";
import { anyWidget } from "./reference.js";
import { tie } from "./registry.js";
import type { Trait, WidgetSpec } from "./spec.js";
import { Widget } from "./widget.js";

type End = readonly [widget: Widget, name: string];

/** What a link knows: its two ends. */
export interface LinkState {
  source: End;
  target: End;
}

const reference = anyWidget();

function end(): Trait<End> {
  return {
    expects: "an open widget and the name of one of its values",
    initial: () => {
      throw new Error("link: no default, expected two ends");
    },
    accept: (value) => {
      if (!Array.isArray(value) || value.length !== 2 || typeof value[1] !== "string") return undefined;
      return reference.accept(value[0]) === undefined ? undefined : (value as unknown as End);
    },
    encode: ([widget, name]) => [reference.encode?.(widget), name],
    decode: (wire) => (Array.isArray(wire) ? [reference.decode?.(wire[0]), wire[1]] : wire),
  };
}

function linkSpec(name: string): WidgetSpec<LinkState> {
  const controls = { module: "@jupyter-widgets/controls", version: "2.0.0" };
  return {
    name,
    model: { ...controls, name: `${name}Model` },
    view: { ...controls, name: null },
    traits: { source: end(), target: end() },
  };
}

const bothWays = linkSpec("Link");
const oneWay = linkSpec("DirectionalLink");

class PageLink extends Widget<LinkState> implements ValueLink {
  constructor(spec: WidgetSpec<LinkState>, source: End, target: End) {
    for (const [widget, name] of [source, target]) (widget as Widget<Record<string, unknown>>).get(name);
    super(spec, { source, target });
    // It lives as long as one of its ends, and each end as long as the other.
    for (const [widget] of [source, target]) tie(widget, this);
  }

  unlink(): void {
    this.close();
  }
}

/**
 * Keeps two values the same in the page, as ipywidgets' `jslink`: without a round trip, also when there is no kernel.
 * @returns the link, itself a widget without a view; `unlink()` ends it
 * @throws ValueError when a name is unknown
 * @example jslink([play, "value"], [slider, "value"])
 */
export function jslink<
  First extends Widget,
  FirstName extends keyof First & string,
  Second extends Widget,
  SecondName extends keyof Second & string,
>(source: LinkEnd<First, FirstName>, target: LinkEnd<Second, SecondName>): Widget<LinkState> & ValueLink {
  return new PageLink(bothWays, source as unknown as End, target as unknown as End);
}

/**
 * Makes the second value follow the first in the page, as ipywidgets' `jsdlink`.
 * @returns the link, itself a widget without a view; `unlink()` ends it
 * @throws ValueError when a name is unknown
 * @example jsdlink([slider, "value"], [progress, "value"])
 */
export function jsdlink<
  First extends Widget,
  FirstName extends keyof First & string,
  Second extends Widget,
  SecondName extends keyof Second & string,
>(source: LinkEnd<First, FirstName>, target: LinkEnd<Second, SecondName>): Widget<LinkState> & ValueLink {
  return new PageLink(oneWay, source as unknown as End, target as unknown as End);
}
