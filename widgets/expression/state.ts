/** The contract of the expression widget: what its kernel half and its view agree on. */
import { isRecord } from "../lib/equal.js";
import type { Trait, WidgetSpec } from "../lib/spec.js";
import { float, list, pair, string } from "../lib/traits.js";

/** The values of an expression. */
export interface ExpressionState {
  /** What was typed, at most 500 characters. */
  formula: string;
  /** The variables that are drawn: one gives a curve, two a map. */
  variables: readonly string[];
  /** From where to where each of them is drawn. */
  domain: readonly (readonly [number, number])[];
  /** The values of all other variables. */
  parameters: Readonly<Record<string, number>>;
}

/** A formula to begin with. */
export interface Preset extends ExpressionState {
  readonly name: string;
}

/** What a person can begin with. */
export const presets: readonly Preset[] = [
  {
    name: "Density schedule d(t)",
    formula: "final + (1 - final) * (1 - t)^3",
    variables: ["t"],
    domain: [[0, 1]],
    parameters: { final: 0.1 },
  },
  {
    name: "Loss surface f(x, y)",
    formula: "(x^2 - 1)^2 + y^2 + 0.3 x",
    variables: ["x", "y"],
    domain: [
      [-2, 2],
      [-1.5, 1.5],
    ],
    parameters: {},
  },
  {
    name: "Clipping rule clip(x, a)",
    formula: "clip(x, a)",
    variables: ["x"],
    domain: [[-3, 3]],
    parameters: { a: 1 },
  },
];

const parameters: Trait<Readonly<Record<string, number>>> = {
  expects: "a record of finite numbers",
  initial: () => ({}),
  accept: (value) =>
    isRecord(value) && Object.values(value).every((number) => Number.isFinite(number))
      ? (value as Record<string, number>)
      : undefined,
};

const formula: Trait<string> = {
  ...string("x^2"),
  expects: "a formula of at most 500 characters",
  accept: (value) => (typeof value === "string" && value.length <= 500 ? value : undefined),
};

/** Both halves use it: the kernel half to check and send, the view to read and write. */
export const expressionSpec: WidgetSpec<ExpressionState> = {
  name: "Expression",
  model: { module: "lowbit", version: "^0.1.0", name: "ExpressionModel" },
  view: { module: "lowbit", version: "^0.1.0", name: "ExpressionView" },
  traits: {
    formula,
    variables: {
      ...list(string("x"), ["x"]),
      expects: "one or two names",
      accept: (value) =>
        Array.isArray(value) && [1, 2].includes(value.length) && value.every((name) => typeof name === "string")
          ? (value as string[])
          : undefined,
    },
    domain: list(pair(float(0), [0, 1]), [[-1, 1]]),
    parameters,
  },
};
