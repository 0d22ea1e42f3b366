/** What a person types as a formula: parsed and differentiated by mathjs, which is loaded with the first formula. */
import { ValueError } from "../../src/errors.js";
import { constants, type Formula, functions, sizeOf } from "./compute.js";

/** A formula that cannot be read: why, and where. */
export class FormulaError extends ValueError {
  /** The column, counted from 1. */
  readonly column: number;

  constructor(message: string, column: number) {
    super(`${message} (column ${column})`);
    this.column = column;
  }
}

/** The longest text of a formula. */
export const maxLength = 500;
/** The most numbers, variables and calls in one. */
export const maxSize = 300;
/** The most in one that is differentiated, which makes it longer. */
const maxDifferentiated = 120;

/** What is used of mathjs's nodes. */
interface MathNode {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly op?: string;
  readonly fn?: MathNode | string;
  readonly args?: readonly MathNode[];
  readonly content?: MathNode;
  readonly condition?: MathNode;
  readonly trueExpr?: MathNode;
  readonly falseExpr?: MathNode;
}

interface Mathjs {
  parse(text: string): MathNode;
  derivative(formula: string, variable: string): MathNode;
}

let loading: Promise<Mathjs> | undefined;

function load(): Promise<Mathjs> {
  loading ??= import("mathjs").then(
    ({ create, derivativeDependencies, parseDependencies }) =>
      create({ ...parseDependencies, ...derivativeDependencies }, {}) as unknown as Mathjs,
  );
  return loading;
}

/** A formula that was read. */
export interface Parsed {
  readonly text: string;
  readonly formula: Formula;
  /** Returns the derivative by a variable, of the formula or of `of`. @throws ValueError for one of more than 120 parts */
  derivative(variable: string, of?: Formula): Formula;
}

/**
 * Resolves to the formula of a text: numbers, variables, + - * / ^, comparisons, `a ? b : c`, and the listed functions.
 * No assignments, functions of one's own, texts, lists, units or properties: nothing that is typed is run as code.
 * @throws FormulaError (rejects) that says in words what is wrong and at which column
 * @example (await parseFormula("1 - (1 - t)^3")).derivative("t")
 */
export async function parseFormula(text: string): Promise<Parsed> {
  if (text.trim() === "") throw new FormulaError("nothing is typed, expected a formula", 1);
  if (text.length > maxLength)
    throw new FormulaError(`${text.length} characters, expected at most ${maxLength}`, maxLength);
  // mathjs descends once per bracket.
  const depth = deepest(text);
  if (depth > 50) throw new FormulaError(`${depth} brackets inside each other, expected at most 50`, 1);
  const mathjs = await load();
  const formula = toFormula(parseText(mathjs, text), text);
  const size = sizeOf(formula);
  if (size > maxSize) throw new FormulaError(`a formula of ${size} parts, expected at most ${maxSize}`, 1);
  return { text, formula, derivative: (variable, of = formula) => differentiate(mathjs, of, variable) };
}

function deepest(text: string): number {
  let [depth, most] = [0, 0];
  for (const character of text) {
    if ("([{".includes(character)) most = Math.max(most, ++depth);
    else if (")]}".includes(character)) depth--;
  }
  // Signs and powers nest too.
  const runs = text.match(/(?:[-+~!^?]\s*){20,}/g) ?? [];
  return Math.max(most, ...runs.map((run) => run.length));
}

function parseText(mathjs: Mathjs, text: string): MathNode {
  try {
    return mathjs.parse(text);
  } catch (error) {
    const { message, char } = error as { readonly message?: string; readonly char?: number };
    const words = (message ?? "not a formula").replace(/ \(char \d+\)$/, "");
    throw new FormulaError(`${words[0]?.toLowerCase()}${words.slice(1)}`, Math.min(char ?? 1, text.length + 1));
  }
}

const operators: ReadonlySet<string> = new Set(["+", "-", "*", "/", "^", "<", "<=", ">", ">="]);
const refused: Readonly<Record<string, readonly [words: string, sign: string]>> = {
  AssignmentNode: ["an assignment", "="],
  FunctionAssignmentNode: ["a function of your own", "="],
  AccessorNode: ["a property or an index", "."],
  IndexNode: ["an index", "["],
  ArrayNode: ["a list", "["],
  BlockNode: ["several formulas", ";"],
  ObjectNode: ["an object", "{"],
  RangeNode: ["a range", ":"],
  RelationalNode: ["several comparisons in a row", "<"],
};

function toFormula(node: MathNode, text: string): Formula {
  const inner = (part: MathNode | undefined): Formula => toFormula(part as MathNode, text);
  const at = (sign: string): number => columnOf(text, sign);
  const { type, name = "", args = [] } = node;
  if (type === "ParenthesisNode") return inner(node.content);
  if (type === "ConstantNode") {
    if (typeof node.value === "number" && Number.isFinite(node.value)) return { kind: "number", value: node.value };
    if (node.value === Number.POSITIVE_INFINITY)
      throw new FormulaError("a number above 1.8e308, expected a smaller one", 1);
    throw new FormulaError(`${JSON.stringify(node.value)}, expected a number`, at(String(node.value)));
  }
  if (type === "SymbolNode") return symbolOf(name, at(name), text === "");
  if (type === "ConditionalNode") {
    return { kind: "call", name: "?:", inputs: [inner(node.condition), inner(node.trueExpr), inner(node.falseExpr)] };
  }
  if (type === "OperatorNode") {
    const { op = "" } = node;
    if (args.length === 1 && op === "-") return { kind: "call", name: "negative", inputs: [inner(args[0])] };
    if (args.length === 1 && op === "+") return inner(args[0]);
    if (args.length === 2 && operators.has(op)) return { kind: "call", name: op, inputs: args.map(inner) };
    throw new FormulaError(`the operator ${op}, expected one of ${[...operators].join(" ")}`, at(op));
  }
  if (type === "FunctionNode") return callOf(node, args.length, () => args.map(inner), at);
  const [words, sign] = refused[type] ?? ["something", ""];
  throw new FormulaError(`${words}, expected one formula of numbers, variables and functions`, at(sign));
}

/** The column of a sign or a whole word, counted from 1. */
/** Returns where a name or a sign stands in a formula, counted from 1; 1 when it does not. */
export function columnOf(text: string, sign: string): number {
  // A property's dot is not that of a number.
  if (sign === ".") return Math.max(0, text.search(/\[|\.(?=[A-Za-z_])/)) + 1;
  const word = /^[A-Za-z_]\w*$/.test(sign);
  return Math.max(0, word ? text.search(new RegExp(`(?<!\\w)${sign}(?!\\w)`)) : text.indexOf(sign)) + 1;
}

function symbolOf(name: string, column: number, own: boolean): Formula {
  const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
  if (constant !== undefined) return { kind: "number", value: constant };
  if (Object.hasOwn(functions, name))
    throw new FormulaError(`${name} without its brackets, expected ${name}(…)`, column);
  // Our own names end in a sign that a person's cannot end in.
  if (!own && !/^[A-Za-z](\w{0,18}[A-Za-z0-9])?$/.test(name))
    throw new FormulaError(`the name ${name}, expected letters and digits`, column);
  return { kind: "variable", name };
}

function callOf({ fn }: MathNode, count: number, inputs: () => Formula[], at: (sign: string) => number): Formula {
  const called = typeof fn === "string" ? fn : (fn?.name ?? "");
  const name = called === "pow" ? "^" : called;
  const known = /^[a-z^]/.test(name) && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known === undefined || name === "negative") {
    const listed = Object.keys(functions).filter((one) => /^[a-z]/.test(one) && one !== "negative");
    throw new FormulaError(`no function ${called || "of this form"}, expected one of ${listed.join(", ")}`, at(called));
  }
  if (!known.inputs.includes(count)) {
    throw new FormulaError(`${called} of ${count}, expected ${known.inputs.join(" or ")} in its brackets`, at(called));
  }
  return { kind: "call", name, inputs: inputs() };
}

/** Partial derivatives of what mathjs does not differentiate; a and b stand for the inputs. Steps have slope 0. */
const slopes: Readonly<Record<string, readonly string[]>> = {
  clip: ["abs(a) < b", "(a > b) - (a < -b)"],
  min: ["a < b", "b <= a"],
  max: ["a > b", "b >= a"],
  relu: ["a > 0"],
  sigmoid: ["sigmoid(a) * (1 - sigmoid(a))"],
  erf: ["2 / sqrt(pi) * exp(-a^2)"],
  log2: ["1 / (a * log(2))"],
  sign: ["0"],
  floor: ["0"],
  ceil: ["0"],
  round: ["0"],
  "?:": ["0", "c", "1 - c"],
};
const comparisons: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

/**
 * The derivative: mathjs differentiates the formula with a variable in the place of each part that it does not know, and
 * the chain rule adds those parts' own slopes.
 */
function differentiate(mathjs: Mathjs, formula: Formula, variable: string): Formula {
  const size = sizeOf(formula);
  if (size > maxDifferentiated) {
    throw new ValueError(`Expression.derivative: a formula of ${size} parts, expected at most ${maxDifferentiated}`);
  }
  const parts: Formula[] = [];
  const hidden = hideUnknown(formula, parts);
  const by = (name: string): Formula => {
    return restore(toFormula(derived(mathjs, textOf(hidden), name), ""), parts);
  };
  let sum = by(variable);
  parts.forEach((part, i) => {
    const slope = slopeOf(mathjs, part, variable);
    if (!isNumber(slope, 0)) sum = plus(sum, times(by(`part${i}_`), slope));
  });
  return sum;
}

function derived(mathjs: Mathjs, text: string, variable: string): MathNode {
  try {
    return mathjs.derivative(text, variable);
  } catch (error) {
    throw new ValueError(
      `Expression.derivative: ${text} by ${variable}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** The derivative of one part that mathjs does not know. */
function slopeOf(mathjs: Mathjs, part: Formula, variable: string): Formula {
  const { name, inputs } = part as Extract<Formula, { kind: "call" }>;
  if (comparisons.has(name)) return { kind: "number", value: 0 };
  const stand = new Map(["a", "b"].map((letter, i) => [letter, inputs[i]]));
  return inputs.reduce<Formula>(
    (sum, input, i) => {
      const inner = differentiate(mathjs, input, variable);
      const text = slopes[name]?.[i] ?? "0";
      const outer =
        name === "?:" ? chosen(inputs[0] as Formula, i) : replaced(toFormula(mathjs.parse(text), text), stand);
      return plus(sum, times(outer, inner));
    },
    { kind: "number", value: 0 },
  );
}

/** 1 where the branch is the one that is taken. */
function chosen(condition: Formula, branch: number): Formula {
  const [one, zero]: [Formula, Formula] = [
    { kind: "number", value: 1 },
    { kind: "number", value: 0 },
  ];
  if (branch === 0) return zero;
  return { kind: "call", name: "?:", inputs: branch === 1 ? [condition, one, zero] : [condition, zero, one] };
}

function hideUnknown(formula: Formula, parts: Formula[]): Formula {
  if (formula.kind !== "call") return formula;
  if (formula.name in slopes || comparisons.has(formula.name)) {
    parts.push(formula);
    return { kind: "variable", name: `part${parts.length - 1}_` };
  }
  return { ...formula, inputs: formula.inputs.map((input) => hideUnknown(input, parts)) };
}

function restore(formula: Formula, parts: readonly Formula[]): Formula {
  return replaced(formula, new Map(parts.map((part, i) => [`part${i}_`, part])));
}

function replaced(formula: Formula, by: ReadonlyMap<string, Formula | undefined>): Formula {
  if (formula.kind === "variable") return by.get(formula.name) ?? formula;
  if (formula.kind === "number") return formula;
  return { ...formula, inputs: formula.inputs.map((input) => replaced(input, by)) };
}

function isNumber(formula: Formula, value: number): boolean {
  return formula.kind === "number" && formula.value === value;
}

function plus(a: Formula, b: Formula): Formula {
  if (isNumber(a, 0)) return b;
  return isNumber(b, 0) ? a : { kind: "call", name: "+", inputs: [a, b] };
}

function times(a: Formula, b: Formula): Formula {
  if (isNumber(a, 0) || isNumber(b, 0)) return { kind: "number", value: 0 };
  if (isNumber(a, 1)) return b;
  return isNumber(b, 1) ? a : { kind: "call", name: "*", inputs: [a, b] };
}

/** Returns a formula as text that is read as the same formula. @example textOf(formula) // "(x ^ 2) + 1" */
export function textOf(formula: Formula): string {
  const constant = Object.keys(constants).find(
    (name) => formula.kind === "number" && formula.value === constants[name],
  );
  if (constant !== undefined) return constant;
  if (formula.kind === "number") return formula.value < 0 ? `(${formula.value})` : String(formula.value);
  if (formula.kind === "variable") return formula.name;
  const texts = formula.inputs.map(textOf);
  if (formula.name === "negative") return `(-${texts[0]})`;
  if (formula.name === "?:") return `(${texts[0]} ? ${texts[1]} : ${texts[2]})`;
  return /^\w/.test(formula.name) ? `${formula.name}(${texts.join(", ")})` : `(${texts.join(` ${formula.name} `)})`;
}
