/** The contract of a widget, shared by its kernel half and its view so that the two cannot drift. */

/**
 * One synchronised value of a widget: its default, what is allowed, and how it travels.
 * Make them with the functions of `traits.ts`; `{ ...int(3), echo: false }` changes one detail.
 */
export interface Trait<Value> {
  /** What is allowed, in words; completes "expected ...". */
  readonly expects: string;
  /** Returns a fresh default. */
  initial(): Value;
  /** Returns the value as it is kept; `undefined` when it is not allowed (a trait's value is never undefined). */
  accept(value: unknown): Value | undefined;
  /**
   * Returns what travels: JSON, with binary parts and widgets inside. Default: the value itself. A record with a binary
   * part above 1 MiB may hold a `recipe` or a `preview` beside it: that is what is saved with a notebook.
   * @param state all values of the widget, where they are known: what a preview shows may depend on them
   */
  encode?(value: Value, state?: Readonly<Record<string, unknown>>): unknown;
  /** Undoes `encode` on what arrived; `accept` judges the result. Default: the value itself. */
  decode?(wire: unknown): unknown;
  /** Whether a front end's change is repeated to all front ends. Default true; false for large values. */
  readonly echo?: boolean;
  /** Whether the value travels at all. Default true; false for what only the kernel half knows. */
  readonly sync?: boolean;
}

/** A class of the front end: the package that has it, a range of its versions, and the class's name. */
export interface FrontEndClass {
  readonly module: string;
  readonly version: string;
  readonly name: string;
}

/** The traits of a widget by name. */
export type Traits<State extends object> = { readonly [Name in keyof State]-?: Trait<State[Name]> };

/**
 * What both halves of a widget agree on.
 * @example
 * export interface DialState { value: number }
 * export const dialSpec: WidgetSpec<DialState> = {
 *   name: "Dial",
 *   model: { module: "lowbit", version: "^0.1.0", name: "DialModel" },
 *   view: { module: "lowbit", version: "^0.1.0", name: "DialView" },
 *   traits: { value: float(0) },
 * };
 */
export interface WidgetSpec<State extends object> {
  /** The name a user knows the widget by; error messages start with it. */
  readonly name: string;
  readonly model: FrontEndClass;
  /** The class that shows it; its `name` is null for models without a view. */
  readonly view: Omit<FrontEndClass, "name"> & { readonly name: string | null };
  readonly traits: Traits<State>;
}
