/** The kernel half of the expression widget. */
import type { MimeBundle } from "../../src/display.js";
import { ValueError } from "../../src/errors.js";
import { isTensor, type Tensor } from "../../src/tensor/index.js";
import { DOMWidget, type DOMWidgetOptions, type DOMWidgetState } from "../lib/dom-widget.js";
import { evaluate, type Formula, variablesOf } from "./compute.js";
import { type Parsed, parseFormula, textOf } from "./compute-parse.js";
import { type ExpressionState, expressionSpec } from "./state.js";

/** The options of an {@link Expression}. */
export interface ExpressionOptions extends Partial<ExpressionState>, DOMWidgetOptions {}

/** What a variable may stand for. */
export type ExpressionInput = number | Tensor | ArrayLike<number>;

/** A formula that was read, to be evaluated at once and often. */
export interface CompiledExpression {
  readonly formula: string;
  /** The formula as a plain tree. */
  readonly tree: Formula;
  /** Its variables, parameters among them, in the order of the alphabet. */
  readonly variables: readonly string[];
  /**
   * Returns the values, in the shape of the first tensor or array; float64.
   * @param inputs one array for the first drawn variable, or every variable by name
   * @throws ValueError for a variable without a value; ShapeError for arrays of different lengths
   */
  evaluate(inputs: Tensor | Readonly<Record<string, ExpressionInput>>): Tensor<"float64">;
  /** Returns the derivative. @throws ValueError for a formula of more than 120 parts */
  derivative(variable: string): CompiledExpression;
}

/**
 * A formula that a person types: it is checked while it is typed, shown as mathematics, differentiated by each of its
 * variables, and drawn as a curve or a map. The parser is loaded with the first formula, so what needs it is awaited.
 * @throws ValueError for a formula of more than 500 characters, or none or more than two drawn variables
 * @example
 * const schedule = new Expression({ formula: "1 - (1 - t)^3", variables: ["t"], domain: [[0, 1]] });
 * (await schedule.evaluate({ t: [0, 0.5, 1] })).data // Float64Array [0, 0.875, 1]
 */
export class Expression extends DOMWidget<ExpressionState> {
  constructor(options: ExpressionOptions = {}) {
    super(expressionSpec, options);
  }

  /** What was typed. */
  get formula(): string {
    return this.get("formula");
  }

  set formula(formula: string) {
    this.set("formula", formula);
  }

  /** The variables that are drawn. */
  get variables(): readonly string[] {
    return this.get("variables");
  }

  set variables(variables: readonly string[]) {
    this.set("variables", variables);
  }

  /** From where to where each of them is drawn. */
  get domain(): readonly (readonly [number, number])[] {
    return this.get("domain");
  }

  set domain(domain: readonly (readonly [number, number])[]) {
    this.set("domain", domain);
  }

  /** The values of all other variables. */
  get parameters(): Readonly<Record<string, number>> {
    return this.get("parameters");
  }

  set parameters(parameters: Readonly<Record<string, number>>) {
    this.set("parameters", parameters);
  }

  /**
   * Resolves to the formula as a function, with the parameters of now.
   * @throws FormulaError (rejects) that says what is wrong and at which column
   * @example const f = await expression.compile(); f.evaluate({ x: 2 }).data[0]
   */
  async compile(): Promise<CompiledExpression> {
    const { formula, derivative } = await parseFormula(this.formula);
    return compiled(formula, this.formula, this.variables[0] as string, this.parameters, derivative);
  }

  /** Resolves to the values of the formula: {@link CompiledExpression.evaluate}. */
  async evaluate(inputs: Tensor | Readonly<Record<string, ExpressionInput>>): Promise<Tensor<"float64">> {
    return (await this.compile()).evaluate(inputs);
  }

  /** Resolves to the derivative by a variable. @example (await expression.derivative("x")).formula */
  async derivative(variable: string): Promise<CompiledExpression> {
    return (await this.compile()).derivative(variable);
  }

  protected override settle(next: ExpressionState & DOMWidgetState): Partial<ExpressionState & DOMWidgetState> {
    const { variables, domain } = next;
    const wrong = domain.find(([low, high]) => !(low < high));
    if (wrong !== undefined) {
      throw new ValueError(`Expression.domain: [${wrong.join(", ")}], expected a low end below the high one`);
    }
    // One range per variable: missing ones are those of the default.
    const ranges = variables.map((_, i) => domain[i] ?? ([-1, 1] as const));
    return { domain: ranges };
  }

  protected override fallback(): MimeBundle {
    const given = Object.entries(this.parameters).map(([name, value]) => `${name} = ${value}`);
    const text = `f(${this.variables.join(", ")}) = ${this.formula}${given.length > 0 ? `, ${given.join(", ")}` : ""}`;
    return { "text/plain": text };
  }
}

function compiled(
  tree: Formula,
  formula: string,
  main: string,
  parameters: Readonly<Record<string, number>>,
  derivative: Parsed["derivative"],
): CompiledExpression {
  return {
    formula,
    tree,
    variables: variablesOf(tree),
    evaluate: (inputs) => evaluated(tree, isTensor(inputs) ? { [main]: inputs } : inputs, parameters),
    derivative: (variable) => {
      const result = derivative(variable, tree);
      return compiled(result, textOf(result), main, parameters, derivative);
    },
  };
}

function evaluated(
  tree: Formula,
  inputs: Readonly<Record<string, ExpressionInput>>,
  parameters: Readonly<Record<string, number>>,
): Tensor<"float64"> {
  const all = { ...parameters, ...inputs };
  const arrays = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, isTensor(value) ? value.data : value]),
  );
  const data = evaluate(tree, arrays);
  const first = Object.values(inputs).find((value) => typeof value !== "number");
  const shape = first === undefined ? [] : isTensor(first) ? [...first.shape] : [data.length];
  return { data, shape, dtype: "float64" };
}
