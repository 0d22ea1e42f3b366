/** Formulas as plain trees: evaluated over arrays, and written as MathML. Parsing is in `compute-parse.ts`. */
import { ShapeError, ValueError } from "../../src/errors.js";
import { erf, exp, log } from "../../src/math/index.js";

/** A formula: a number, a variable, or a call; operators are calls too ("+", "^", "<", "?:"). */
export type Formula =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly inputs: readonly Formula[] };

type Rule = (...inputs: number[]) => number;

const sigmoid = (x: number): number => 1 / (1 + exp(-x));
/** Ties go away from zero, as a person rounds. */
const round = (x: number): number => Math.sign(x) * Math.round(Math.abs(x));
const truth = (holds: boolean): number => (holds ? 1 : 0);

/** Every function and operator that a formula may use, by name; comparisons are 1 where they hold, else 0. */
export const functions: Readonly<Record<string, { readonly inputs: readonly number[]; readonly rule: Rule }>> = {
  "+": { inputs: [2], rule: (a = 0, b = 0) => a + b },
  "-": { inputs: [2], rule: (a = 0, b = 0) => a - b },
  "*": { inputs: [2], rule: (a = 0, b = 0) => a * b },
  "/": { inputs: [2], rule: (a = 0, b = 0) => a / b },
  "^": { inputs: [2], rule: (a = 0, b = 0) => a ** b },
  negative: { inputs: [1], rule: (a = 0) => -a },
  "<": { inputs: [2], rule: (a = 0, b = 0) => truth(a < b) },
  "<=": { inputs: [2], rule: (a = 0, b = 0) => truth(a <= b) },
  ">": { inputs: [2], rule: (a = 0, b = 0) => truth(a > b) },
  ">=": { inputs: [2], rule: (a = 0, b = 0) => truth(a >= b) },
  "?:": { inputs: [3], rule: (condition = 0, a = 0, b = 0) => (condition !== 0 ? a : b) },
  abs: { inputs: [1], rule: Math.abs },
  sqrt: { inputs: [1], rule: Math.sqrt },
  cbrt: { inputs: [1], rule: Math.cbrt },
  exp: { inputs: [1], rule: exp },
  log: { inputs: [1, 2], rule: (x = 0, base) => (base === undefined ? log(x) : log(x) / log(base)) },
  log2: { inputs: [1], rule: (x = 0) => log(x) / Math.LN2 },
  log10: { inputs: [1], rule: (x = 0) => log(x) / Math.LN10 },
  sin: { inputs: [1], rule: Math.sin },
  cos: { inputs: [1], rule: Math.cos },
  tan: { inputs: [1], rule: Math.tan },
  sec: { inputs: [1], rule: (x = 0) => 1 / Math.cos(x) },
  csc: { inputs: [1], rule: (x = 0) => 1 / Math.sin(x) },
  cot: { inputs: [1], rule: (x = 0) => 1 / Math.tan(x) },
  asin: { inputs: [1], rule: Math.asin },
  acos: { inputs: [1], rule: Math.acos },
  atan: { inputs: [1], rule: Math.atan },
  sinh: { inputs: [1], rule: Math.sinh },
  cosh: { inputs: [1], rule: Math.cosh },
  tanh: { inputs: [1], rule: Math.tanh },
  sech: { inputs: [1], rule: (x = 0) => 1 / Math.cosh(x) },
  sign: { inputs: [1], rule: Math.sign },
  floor: { inputs: [1], rule: Math.floor },
  ceil: { inputs: [1], rule: Math.ceil },
  round: { inputs: [1], rule: round },
  min: { inputs: [2], rule: Math.min },
  max: { inputs: [2], rule: Math.max },
  clip: { inputs: [2], rule: (x = 0, a = 0) => Math.min(Math.max(x, -a), a) },
  relu: { inputs: [1], rule: (x = 0) => Math.max(x, 0) },
  sigmoid: { inputs: [1], rule: sigmoid },
  erf: { inputs: [1], rule: erf },
};

/** The constants that a formula may name. */
export const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E, tau: 2 * Math.PI };

/** Returns the names of a formula's variables, in the order of the alphabet. */
export function variablesOf(formula: Formula): string[] {
  const names = new Set<string>();
  const visit = (part: Formula): void => {
    if (part.kind === "variable") names.add(part.name);
    else if (part.kind === "call") for (const input of part.inputs) visit(input);
  };
  visit(formula);
  return [...names].sort();
}

/** Returns how many numbers, variables and calls a formula has. */
export function sizeOf(formula: Formula): number {
  return formula.kind === "call" ? formula.inputs.reduce((sum, input) => sum + sizeOf(input), 1) : 1;
}

/** What a variable stands for: one number, or one per result. */
export type Inputs = Readonly<Record<string, number | ArrayLike<number>>>;

const block = 1024;

/**
 * Returns the formula's value at every place of its inputs (one value when all of them are numbers). Each operation runs
 * over 1,024 places at a time, so that the tree is walked once per block and intermediate results stay small.
 * @throws ValueError for a variable that has no input; ShapeError for arrays of different lengths
 * @example evaluate(formula, { x: Float64Array.of(0, 1, 2), a: 3 }) // Float64Array of 3
 */
export function evaluate(formula: Formula, inputs: Inputs): Float64Array {
  const names = variablesOf(formula);
  const missing = names.find((name) => !Object.hasOwn(inputs, name));
  if (missing !== undefined)
    throw new ValueError(`Expression.evaluate: nothing for ${missing}, expected a number or an array`);
  const arrays = Object.entries(inputs).filter(
    (entry): entry is [string, ArrayLike<number>] => typeof entry[1] !== "number",
  );
  const length = arrays[0]?.[1].length ?? 1;
  const odd = arrays.find(([, array]) => array.length !== length);
  if (odd !== undefined) {
    throw new ShapeError(
      `Expression.evaluate: ${odd[1].length} numbers for ${odd[0]}, expected ${length} as for ${arrays[0]?.[0]}`,
    );
  }
  const result = new Float64Array(length);
  for (let start = 0; start < length; start += block) {
    const count = Math.min(block, length - start);
    result.set(valuesOf(formula, inputs, start, count), start);
  }
  return result;
}

function valuesOf(formula: Formula, inputs: Inputs, start: number, count: number): Float64Array {
  const out = new Float64Array(count);
  if (formula.kind === "number") return out.fill(formula.value);
  if (formula.kind === "variable") {
    const input = inputs[formula.name];
    if (typeof input === "number") return out.fill(input);
    for (let i = 0; i < count; i++) out[i] = input?.[start + i] as number;
    return out;
  }
  const { rule } = functions[formula.name] as { readonly rule: Rule };
  const [a, b, c] = formula.inputs.map((part) => valuesOf(part, inputs, start, count));
  if (a === undefined) return out;
  if (b === undefined) for (let i = 0; i < count; i++) out[i] = rule(a[i] as number);
  else if (c === undefined) for (let i = 0; i < count; i++) out[i] = rule(a[i] as number, b[i] as number);
  else for (let i = 0; i < count; i++) out[i] = rule(a[i] as number, b[i] as number, c[i] as number);
  return out;
}

/** A node of MathML: its tag, and its text or children. Attributes are never needed. */
export interface MathNode {
  readonly tag: "mrow" | "mi" | "mn" | "mo" | "mfrac" | "msup" | "msqrt" | "mtext";
  readonly text?: string;
  readonly children?: readonly MathNode[];
}

const binding: Readonly<Record<string, number>> = {
  "?:": 0,
  "<": 1,
  "<=": 1,
  ">": 1,
  ">=": 1,
  "+": 2,
  "-": 2,
  "*": 3,
  "/": 4,
  negative: 3,
  "^": 5,
};
const signs: Readonly<Record<string, string>> = {
  "+": "+",
  "-": "−",
  "*": "·",
  "<": "<",
  "<=": "≤",
  ">": ">",
  ">=": "≥",
};
const greek: Readonly<Record<string, string>> = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  theta: "θ",
  lambda: "λ",
  mu: "μ",
  sigma: "σ",
  tau: "τ",
  pi: "π",
  phi: "φ",
};

/** Returns a formula as nodes of MathML, with brackets where they are needed. @example mathOf(formula) */
export function mathOf(formula: Formula): MathNode {
  if (formula.kind === "number") return numberNode(formula.value);
  if (formula.kind === "variable") return { tag: "mi", text: greek[formula.name] ?? formula.name };
  const { name, inputs } = formula;
  const [a, b, c] = inputs as readonly [Formula, Formula, Formula];
  if (name === "/") return { tag: "mfrac", children: [mathOf(a), mathOf(b)] };
  if (name === "^") return { tag: "msup", children: [bracketed(a, 5.5), mathOf(b)] };
  if (name === "sqrt") return { tag: "msqrt", children: [mathOf(a)] };
  if (name === "negative") return row({ tag: "mo", text: "−" }, bracketed(a, 3));
  if (name === "abs") return row({ tag: "mo", text: "|" }, mathOf(a), { tag: "mo", text: "|" });
  if (name === "?:") {
    return row(
      mathOf(b),
      { tag: "mtext", text: " if " },
      mathOf(a),
      { tag: "mtext", text: ", else " },
      bracketed(c, 0),
    );
  }
  const sign = signs[name];
  if (sign !== undefined) {
    const strength = binding[name] as number;
    return row(
      bracketed(a, strength),
      { tag: "mo", text: sign },
      bracketed(b, name === "-" ? strength + 0.5 : strength),
    );
  }
  const listed = inputs.flatMap((input, i) =>
    i === 0 ? [mathOf(input)] : [{ tag: "mo", text: "," } as const, mathOf(input)],
  );
  return row(
    { tag: "mi", text: name === "log" && inputs.length === 1 ? "ln" : name },
    { tag: "mo", text: "(" },
    ...listed,
    { tag: "mo", text: ")" },
  );
}

function numberNode(value: number): MathNode {
  const constant = Object.keys(constants).find((name) => constants[name] === value);
  if (constant !== undefined) return { tag: "mi", text: greek[constant] ?? constant };
  const text = String(Number(value.toPrecision(10)));
  const [, digits, power] = /^(.*)e\+?(-?\d+)$/.exec(text) ?? [];
  if (power === undefined) return { tag: "mn", text: text.replace("-", "−") };
  const ten: MathNode = {
    tag: "msup",
    children: [
      { tag: "mn", text: "10" },
      { tag: "mn", text: power.replace("-", "−") },
    ],
  };
  return row({ tag: "mn", text: digits as string }, { tag: "mo", text: "·" }, ten);
}

function bracketed(formula: Formula, strength: number): MathNode {
  const own =
    formula.kind === "call" ? (binding[formula.name] ?? 9) : formula.kind === "number" && formula.value < 0 ? 2 : 9;
  const inner = mathOf(formula);
  return own < strength ? row({ tag: "mo", text: "(" }, inner, { tag: "mo", text: ")" }) : inner;
}

function row(...children: MathNode[]): MathNode {
  return { tag: "mrow", children };
}
