/** Values of two widgets that follow each other in the kernel. */
import { ValueError } from "../../src/errors.js";
import { equal } from "./equal.js";
import { describe } from "./report.js";
import type { Widget } from "./widget.js";

/** The names of a widget's values, and of its methods, which are refused at run time: so TypeScript infers the name. */
export type TraitName<Of extends Widget> = keyof Of & string;
/** The type of one of a widget's values. */
export type TraitValue<Of extends Widget, Name> = Name extends keyof Of ? Of[Name] : never;
/** One value of a widget. @example [slider, "value"] */
export type LinkEnd<Of extends Widget, Name extends keyof Of & string> = readonly [widget: Of, name: Name];

/** A link between values. */
export interface ValueLink {
  /** Ends it; the values stay as they are. */
  unlink(): void;
}

/** How values change on their way. */
export interface LinkOptions<First, Second> {
  /** From the first value to the second, and back. Default: as they are. */
  readonly transform?: readonly [forward: (value: First) => Second, back: (value: Second) => First];
}

/** How a value changes on its way. */
export interface DirectionalLinkOptions<First, Second> {
  /** From the first value to the second. Default: as it is. */
  readonly transform?: (value: First) => Second;
}

type End = readonly [widget: Widget<Record<string, unknown>>, name: string];
type Carry = (value: unknown) => unknown;

/**
 * Keeps two values the same, as ipywidgets' `link`: the second takes the first one's value now, then each follows the
 * other. It works where the kernel runs; {@link jslink} also works without one.
 * @throws ValueError when a name is unknown or a value is refused
 * @example const both = link([slider, "value"], [text, "value"]); both.unlink();
 */
export function link<
  First extends Widget,
  FirstName extends keyof First & string,
  Second extends Widget,
  SecondName extends keyof Second & string,
>(
  first: LinkEnd<First, FirstName>,
  second: LinkEnd<Second, SecondName>,
  options: LinkOptions<TraitValue<First, FirstName>, TraitValue<Second, SecondName>> = {},
): ValueLink {
  const [forward, back] = options.transform ?? [same, same];
  return connect("link", first as unknown as End, second as unknown as End, forward as Carry, back as Carry);
}

/**
 * Makes the second value follow the first, as ipywidgets' `dlink`.
 * @throws ValueError when a name is unknown or a value is refused
 * @example dlink([slider, "value"], [label, "value"], { transform: (value) => `${value} %` })
 */
export function dlink<
  First extends Widget,
  FirstName extends keyof First & string,
  Second extends Widget,
  SecondName extends keyof Second & string,
>(
  first: LinkEnd<First, FirstName>,
  second: LinkEnd<Second, SecondName>,
  options: DirectionalLinkOptions<TraitValue<First, FirstName>, TraitValue<Second, SecondName>> = {},
): ValueLink {
  const forward = (options.transform ?? same) as Carry;
  return connect("dlink", first as unknown as End, second as unknown as End, forward, undefined);
}

function same<Value>(value: unknown): Value {
  return value as Value;
}

function connect(name: string, first: End, second: End, forward: Carry, back: Carry | undefined): ValueLink {
  let busy = false;
  const carry = (from: End, to: End, map: Carry): void => {
    if (busy) return;
    busy = true;
    try {
      const value = from[0].get(from[1]);
      to[0].set(to[1], map(value));
      if (!equal(from[0].get(from[1]), value)) throw broken(name, from, value);
    } finally {
      busy = false;
    }
  };
  const onFirst = (): void => carry(first, second, forward);
  const onSecond = (): void => carry(second, first, back as Carry);
  // Both names are checked before anything is changed.
  second[0].get(second[1]);
  onFirst();
  first[0].observe(onFirst, first[1]);
  if (back) second[0].observe(onSecond, second[1]);
  return {
    unlink: () => {
      first[0].unobserve(onFirst, first[1]);
      second[0].unobserve(onSecond, second[1]);
    },
  };
}

function broken(name: string, [widget, trait]: End, value: unknown): ValueError {
  const now = describe(widget.get(trait));
  return new ValueError(`${name}: ${trait} became ${now} while ${describe(value)} was passed on, expected it to stay`);
}
