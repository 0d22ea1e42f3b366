/**
 * The kinds of traits. Each function returns a {@link Trait}: its default, what it allows, how it travels.
 * Pure, without Jupyter and without the DOM, because a widget's `state.ts` is used by both halves.
 */
import { isTensor, type Tensor } from "../../src/tensor/index.js";
import { bytesOf, isBinary, isRecord } from "./equal.js";
import type { Trait } from "./spec.js";
import { decodeTensor, encodeTensor } from "./tensor-codec.js";

/** A whole number. @example int(3) */
export function int(initial: number): Trait<number> {
  return scalar(initial, "a whole number", Number.isSafeInteger);
}

/** A finite number. @example float(0.5) */
export function float(initial: number): Trait<number> {
  return scalar(initial, "a finite number", Number.isFinite);
}

/** True or false. @example bool(false) */
export function bool(initial: boolean): Trait<boolean> {
  return scalar(initial, "true or false", (value) => typeof value === "boolean");
}

/** A text. @example string("a label") */
export function string(initial: string): Trait<string> {
  return scalar(initial, "a string", (value) => typeof value === "string");
}

/** One of the given values. @example oneOf(["exact", "greedy-keep"], "exact") */
export function oneOf<Value extends string | number | boolean | null>(
  values: readonly Value[],
  initial: Value,
): Trait<Value> {
  const words = values.map((value) => JSON.stringify(value)).join(", ");
  return scalar<Value>(initial, `one of ${words}`, (value) => values.includes(value as Value));
}

/** What another trait allows, or null; null by default. @example nullable(int(0)) */
export function nullable<Value>(trait: Trait<Value>, initial: Value | null = null): Trait<Value | null> {
  const { encode, decode } = trait;
  return {
    ...trait,
    expects: `${trait.expects} or null`,
    initial: () => initial,
    accept: (value) => (value === null ? null : trait.accept(value)),
    ...(encode ? { encode: (value: Value | null): unknown => (value === null ? null : encode(value)) } : {}),
    ...(decode ? { decode: (wire: unknown): unknown => (wire === null ? null : decode(wire)) } : {}),
  };
}

/** What either of two traits allows; neither may have its own encoding. @example either(int(1), oneOf(["any"], "any")) */
export function either<A, B>(first: Trait<A>, second: Trait<B>): Trait<A | B> {
  return {
    expects: `${first.expects} or ${second.expects}`,
    initial: () => first.initial(),
    accept: (value) => first.accept(value) ?? second.accept(value),
  };
}

/** A list whose items another trait allows. @example list(string("")) */
export function list<Item>(item: Trait<Item>, initial: readonly Item[] = []): Trait<readonly Item[]> {
  const { encode, decode } = item;
  return {
    expects: `a list (each item ${item.expects})`,
    initial: () => [...initial],
    accept: (value) => acceptItems(item, value),
    ...(encode ? { encode: (items: readonly Item[]): unknown => items.map((one) => encode(one)) } : {}),
    ...(decode
      ? { decode: (wire: unknown): unknown => (Array.isArray(wire) ? wire.map((one) => decode(one)) : wire) }
      : {}),
  };
}

/** Two items, for example the ends of a range. @example pair(float(0), [0, 1]) */
export function pair<Item>(item: Trait<Item>, initial: readonly [Item, Item]): Trait<readonly [Item, Item]> {
  return {
    expects: `two items (each ${item.expects})`,
    initial: () => [...initial],
    accept: (value) => {
      const items = acceptItems(item, value);
      return items?.length === 2 ? (items as readonly [Item, Item]) : undefined;
    },
  };
}

/** Bytes: a `Uint8Array`; other views and array buffers are taken by their bytes. @example bytes() */
export function bytes(): Trait<Uint8Array> {
  return {
    expects: "bytes (a Uint8Array)",
    initial: () => new Uint8Array(0),
    accept: (value) => {
      if (value instanceof Uint8Array) return value;
      return isBinary(value) ? bytesOf(value) : undefined;
    },
  };
}

/** Any JSON, at most 100 levels deep; with binary parts inside when `binary` is set. @example json({}) */
export function json<Value>(initial: Value, options: { readonly binary?: boolean } = {}): Trait<Value> {
  const allowed = (value: unknown, depth: number): boolean => {
    if (value === null || typeof value === "boolean" || typeof value === "string") return true;
    if (typeof value === "number") return Number.isFinite(value);
    if (depth > 100) return false;
    if (Array.isArray(value)) return value.every((item) => allowed(item, depth + 1));
    if (isRecord(value)) return Object.values(value).every((item) => item === undefined || allowed(item, depth + 1));
    return options.binary === true && isBinary(value);
  };
  return {
    expects: options.binary ? "JSON with binary parts" : "JSON (finite numbers, no cycles)",
    initial: () => initial,
    accept: (value) => (value !== undefined && allowed(value, 0) ? (value as Value) : undefined),
  };
}

/**
 * A tensor, which travels as `{ dtype, shape, data }` with `data` binary. `allow` may restrict it further and
 * `expects` then says how. The caller keeps ownership: a tensor changed in place is not sent until it is set again.
 * @example tensor(zeros, { expects: "a float32 matrix", allow: (t) => t.dtype === "float32" && t.shape.length === 2 })
 */
export function tensor(
  initial: () => Tensor,
  options: { readonly expects?: string; readonly allow?: (value: Tensor) => boolean } = {},
): Trait<Tensor> {
  const { allow = () => true } = options;
  return {
    expects: options.expects ?? "a tensor ({ data, shape, dtype })",
    initial,
    accept: (value) => (isTensor(value) && allow(value) ? value : undefined),
    encode: encodeTensor,
    decode: decodeTensor,
  };
}

/** Anything; kept in the kernel half and never sent. @example local<readonly string[]>([]) */
export function local<Value>(initial: Value): Trait<Value> {
  return { expects: "a value", initial: () => initial, accept: (value) => value as Value, sync: false };
}

function scalar<Value>(initial: Value, expects: string, allowed: (value: unknown) => boolean): Trait<Value> {
  return {
    expects,
    initial: () => initial,
    accept: (value) => (allowed(value) ? (value as Value) : undefined),
  };
}

function acceptItems<Item>(item: Trait<Item>, value: unknown): readonly Item[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: Item[] = [];
  for (const one of value) {
    const accepted = item.accept(one);
    if (accepted === undefined) return undefined;
    items.push(accepted);
  }
  return items;
}
