/** The invisible widget that records which function of which module a page has to run when a widget changes. */
import type { Json, JsonObject } from "../../src/display.js";
import type { WidgetSpec } from "./spec.js";
import { bool, json, nullable, oneOf, string } from "./traits.js";

/** What is recorded. References are texts, `"IPY_MODEL_<id>"`, so that a front end leaves them alone. */
export interface BindingState {
  /** interact: called with values, its output shown; effect: called with widgets, which it reads and changes. */
  kind: "interact" | "effect";
  /** The module that exports the function: `"./file.ts"` beside the notebook, or a package specifier. */
  module: string;
  /** The name under which it is exported. */
  name: string;
  /** The widgets by argument name. */
  inputs: Readonly<Record<string, string>>;
  /** The Output widget that takes what is put out; null with an effect. */
  output: string | null;
  /** The button without which nothing runs; null where a change of an input does. */
  button: string | null;
  /** Whether the function runs at the press of the button only. */
  manual: boolean;
  /** Whether what the function returns is shown. */
  display: boolean;
  /** Arguments that are no widgets, by name. */
  fixed: JsonObject;
  /** The options of inputs that are selections, by argument name: a front end knows their labels only. */
  options: Readonly<Record<string, readonly Json[]>>;
}

/** The contract of a binding's model. It has no view. */
export const bindingSpec: WidgetSpec<BindingState> = {
  name: "Binding",
  model: { module: "lowbit", version: "^0.1.0", name: "BindingModel" },
  view: { module: "lowbit", version: "^0.1.0", name: null },
  traits: {
    kind: oneOf(["interact", "effect"], "interact"),
    module: string(""),
    name: string(""),
    inputs: json<Readonly<Record<string, string>>>({}),
    output: nullable(string("")),
    button: nullable(string("")),
    manual: bool(false),
    display: bool(true),
    fixed: json<JsonObject>({}),
    options: json<Readonly<Record<string, readonly Json[]>>>({}),
  },
};
