/** Traits whose values are widgets. They travel as `"IPY_MODEL_<id>"`. */
import { isBinary, isRecord } from "./equal.js";
import { referencePrefix } from "./protocol.js";
import { findWidget } from "./registry.js";
import type { Trait } from "./spec.js";
import { Widget } from "./widget.js";

/** A class of widgets that can be made from options. */
export interface WidgetClass<Instance extends Widget, Options extends object> {
  new (options?: Options): Instance;
}

/** Any open widget. There is no sensible default, so use it inside `nullable` or `list`. @example list(anyWidget()) */
export function anyWidget(): Trait<Widget> {
  return {
    expects: "an open widget",
    initial: () => {
      throw new Error("anyWidget: no default, expected to be used inside nullable or list");
    },
    accept: (value) => (value instanceof Widget && value.isOpen ? value : undefined),
    encode: encodeReference,
    decode: decodeReference,
  };
}

/**
 * A widget of one class, made anew by default. A user may also give its options, as in ipywidgets:
 * `new Button({ layout: { width: "50%" } })`; a front end may only refer to a widget that exists.
 * @param name the class's name, for messages
 * @param type returns the class; a function, because classes and specs refer to each other
 * @example instanceOf("Layout", () => Layout)
 */
export function instanceOf<Instance extends Widget, Options extends object>(
  name: string,
  type: () => WidgetClass<Instance, Options>,
): Trait<Instance> {
  return {
    expects: `an open ${name}, or an object with its options`,
    initial: () => new (type())(),
    accept: (value) => {
      if (value instanceof Widget) return value instanceof type() && value.isOpen ? value : undefined;
      return isRecord(value) ? new (type())(value as Options) : undefined;
    },
    encode: encodeReference,
    decode: decodeReference,
  };
}

/** JSON with binary parts and widgets at any depth. @example anything({}) */
export function anything<Value>(initial: Value): Trait<Value> {
  return {
    expects: "JSON with binary parts and widgets (finite numbers, no cycles)",
    initial: () => initial,
    accept: (value) => (value !== undefined && isTree(value, 0) ? (value as Value) : undefined),
    encode: packReferences,
    decode: unpackReferences,
  };
}

/** Returns `value` with every widget in it, at any depth, replaced by its reference. */
function packReferences(value: unknown): unknown {
  if (value instanceof Widget) return encodeReference(value);
  if (Array.isArray(value)) return value.map(packReferences);
  return isRecord(value) ? mapValues(value, packReferences) : value;
}

/** Returns `value` with every reference in it, at any depth, replaced by its widget; unknown ones stay strings. */
function unpackReferences(value: unknown): unknown {
  if (typeof value === "string") return decodeReference(value) ?? value;
  if (Array.isArray(value)) return value.map(unpackReferences);
  return isRecord(value) ? mapValues(value, unpackReferences) : value;
}

function encodeReference(widget: Widget): string {
  return `${referencePrefix}${widget.id}`;
}

function decodeReference(wire: unknown): unknown {
  if (typeof wire !== "string" || !wire.startsWith(referencePrefix)) return undefined;
  return findWidget(wire.slice(referencePrefix.length));
}

function mapValues(record: Record<string, unknown>, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function isTree(value: unknown, depth: number): boolean {
  if (value === null || ["boolean", "string"].includes(typeof value)) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (value instanceof Widget) return value.isOpen;
  if (isBinary(value)) return true;
  if (depth > 100) return false;
  if (Array.isArray(value)) return value.every((item) => isTree(item, depth + 1));
  return isRecord(value) && Object.values(value).every((item) => isTree(item, depth + 1));
}
