/** The browser half of the expression widget. */

import { ValueError } from "../../src/errors.js";
import { runInBackground } from "../dom/background.js";
import { element, keepKeys, onNextFrame, setText } from "../dom/elements.js";
import { type PlotFigure, type PlotHandle, plot } from "../dom/plot.js";
import type { RenderProps, ViewModel } from "../dom/view-model.js";
import { type Formula, variablesOf } from "./compute.js";
import { columnOf, FormulaError, type Parsed, parseFormula } from "./compute-parse.js";
import { type ExpressionState, type Preset, presets } from "./state.js";
import { functionOf, mathElement, partialBy } from "./view-math.js";
import { defineExpressionTasks, type GridInput, type GridOutput } from "./view-tasks.js";

type ExpressionModel = ViewModel<ExpressionState>;

const curvePoints = 401;
const mapSides = [81, 61] as const;

/**
 * Draws an expression into `el` and keeps it up to date with its model; returns what undoes both.
 * @example const stop = render({ model, el: document.body })
 */
export function render({ model, el }: RenderProps<ExpressionState>): () => void {
  defineExpressionTasks();
  const parts = createParts(model);
  el.append(parts.root);
  const giveBackShortcuts = keepKeys(parts.root);
  let handle: PlotHandle | undefined;
  let running = new AbortController();
  const draw = async (): Promise<void> => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const state = readState(model);
    try {
      const parsed = await parseFormula(state.formula);
      if (signal.aborted) return;
      refuseUnknown(parsed.formula, state);
      showFormula(parts, parsed, state);
      const figure = await figureOf(parsed.formula, state, signal);
      if (signal.aborted) return;
      if (handle === undefined) handle = plot(parts.plot, figure, { label: `plot of ${state.formula}` });
      else await handle.update(figure);
      showProblem(
        parts,
        hasValues(figure) ? undefined : new ValueError("no finite value in this range, nothing to draw"),
      );
    } catch (error) {
      if (!signal.aborted) showProblem(parts, error);
    }
  };
  const frame = onNextFrame(() => {
    showInputs(parts, model);
    void draw();
  });
  model.on("change", frame.request);
  showInputs(parts, model);
  void draw();
  return () => {
    model.off("change", frame.request);
    frame.cancel();
    running.abort();
    giveBackShortcuts();
    handle?.dispose();
    parts.root.remove();
  };
}

interface Parts {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly preset: HTMLSelectElement;
  readonly numbers: HTMLElement;
  readonly problem: HTMLElement;
  readonly caret: HTMLElement;
  readonly math: HTMLElement;
  readonly plot: HTMLElement;
}

let count = 0;

function createParts(model: ExpressionModel): Parts {
  const id = `lowbit-expression-${++count}`;
  const input = element("input", {
    type: "text",
    id,
    spellcheck: "false",
    autocomplete: "off",
    maxlength: 500,
    "aria-describedby": `${id}-problem`,
  });
  const options = presets.map(({ name }, i) => element("option", { value: i }, name));
  const preset = element(
    "select",
    { "aria-label": "begin with" },
    element("option", { value: "" }, "Begin with …"),
    ...options,
  );
  const label = element("label", { for: id }, "Formula");
  const caret = element("code", { class: "lowbit-expression-caret", "aria-hidden": "true", hidden: true });
  const problem = element("p", {
    class: "lowbit-expression-problem",
    id: `${id}-problem`,
    role: "alert",
    hidden: true,
  });
  const numbers = element("div", { class: "lowbit-expression-numbers" });
  const math = element("div", { class: "lowbit-expression-math" });
  const place = element("div", { class: "lowbit-expression-plot" });
  const line = element("div", { class: "lowbit-expression-line" }, label, input, preset);
  const root = element(
    "div",
    { class: "lowbit-explorer lowbit-expression", role: "group", "aria-label": "expression" },
    line,
    caret,
    problem,
    numbers,
    math,
    place,
  );
  const change = (values: Partial<ExpressionState>): void => {
    model.set(values);
    model.save_changes();
  };
  input.addEventListener("input", () => change({ formula: input.value }));
  preset.addEventListener("change", () => {
    const { name: _, ...state } = presets[Number(preset.value)] as Preset;
    preset.value = "";
    change(state);
  });
  return { root, input, preset, numbers, problem, caret, math, plot: place };
}

function readState(model: ExpressionModel): ExpressionState {
  return {
    formula: model.get("formula"),
    variables: model.get("variables"),
    domain: model.get("domain"),
    parameters: model.get("parameters"),
  };
}

/** One field for each parameter and each end of a range; fields that are there already keep what is typed in them. */
function showInputs({ input, numbers }: Parts, model: ExpressionModel): void {
  const { formula, variables, domain, parameters } = readState(model);
  if (input.value !== formula) input.value = formula;
  const fields = [
    ...Object.entries(parameters).map(([name, value]) => ({
      label: name,
      value,
      change: (next: number): Partial<ExpressionState> => ({
        parameters: { ...model.get("parameters"), [name]: next },
      }),
    })),
    ...variables.flatMap((name, axis) =>
      (["from", "to"] as const).map((word, end) => ({
        label: `${name} ${word}`,
        value: domain[axis]?.[end] ?? 0,
        change: (next: number): Partial<ExpressionState> => ({
          domain: model
            .get("domain")
            .map((range, i) => (i === axis ? (end === 0 ? [next, range[1]] : [range[0], next]) : range)),
        }),
      })),
    ),
  ];
  const names = fields.map(({ label }) => label).join();
  if (numbers.dataset.fields !== names) {
    numbers.dataset.fields = names;
    numbers.replaceChildren(
      ...fields.map(({ label, change }) => {
        const field = element("input", { type: "number", step: "any", "aria-label": label });
        field.addEventListener("change", () => {
          const values = Number.isFinite(field.valueAsNumber) ? change(field.valueAsNumber) : {};
          // A range that ends before it begins is not taken.
          if (values.domain?.some(([low, high]) => !(low < high))) return;
          model.set(values);
          model.save_changes();
        });
        return element("label", {}, `${label} `, field);
      }),
    );
  }
  fields.forEach(({ value }, i) => {
    const field = numbers.querySelectorAll("input")[i];
    if (field !== undefined && field !== document.activeElement) field.value = String(value);
  });
}

/** The formula and its derivatives as mathematics. */
function showFormula({ math }: Parts, { formula, derivative }: Parsed, { variables }: ExpressionState): void {
  const rows: Element[] = [mathElement(functionOf(variables), formula)];
  for (const name of variablesOf(formula)) {
    try {
      rows.push(mathElement(partialBy(name), derivative(name)));
    } catch (error) {
      rows.push(element("p", {}, error instanceof Error ? error.message : String(error)));
    }
  }
  math.replaceChildren(...rows.map((row) => element("div", {}, row)));
}

/** Says what is wrong, with an arrow below the column; undefined takes it away. */
function showProblem({ input, problem, caret }: Parts, error: unknown): void {
  const text = error === undefined ? "" : error instanceof Error ? error.message : String(error);
  setText(problem, text);
  problem.hidden = text === "";
  input.setAttribute("aria-invalid", String(text !== ""));
  caret.hidden = !(error instanceof FormulaError);
  if (error instanceof FormulaError) setText(caret, `${input.value}\n${" ".repeat(error.column - 1)}↑`);
}

async function figureOf(formula: Formula, state: ExpressionState, signal: AbortSignal): Promise<PlotFigure> {
  const { variables, domain, parameters } = state;
  const sides = variables.length === 1 ? [curvePoints] : mapSides;
  const axes = variables.map((name, i) => [name, places(domain[i] ?? [-1, 1], sides[i] as number)] as const);
  const order: GridInput = { formula, axes, parameters };
  const { values } = await runInBackground<GridOutput>("expression.grid", order, signal);
  const [x, y] = axes.map(([, at]) => at) as [Float64Array, Float64Array | undefined];
  const titles = { xaxis: { title: { text: variables[0] } }, yaxis: { title: { text: variables[1] ?? "f" } } };
  const layout = { ...titles, height: 320, margin: { t: 16, b: 48, l: 60, r: 24 } };
  if (y === undefined) return { data: [{ x, y: finite(values), mode: "lines" }], layout };
  const z = Array.from(y, (_, row) => finite(values.subarray(row * x.length, (row + 1) * x.length)));
  return {
    data: [{ type: "contour", x, y, z, contours: { coloring: "heatmap" }, colorbar: { title: { text: "f" } } }],
    layout,
  };
}

/** A name that is neither a variable nor a parameter is a slip of the pen. */
function refuseUnknown(formula: Formula, { formula: text, variables, parameters }: ExpressionState): void {
  const known = [...variables, ...Object.keys(parameters)];
  const name = variablesOf(formula).find((one) => !known.includes(one));
  if (name === undefined) return;
  throw new FormulaError(`no variable ${name}, expected one of ${known.join(", ")}`, columnOf(text, name));
}

function hasValues({ data }: PlotFigure): boolean {
  const trace = data?.[0];
  const rows = [(trace?.z ?? trace?.y) as Float64Array | Float64Array[]].flat();
  return rows.some((row) => row.some(Number.isFinite));
}

function places([low, high]: readonly [number, number], points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1));
}

/** Poles are gaps. */
function finite(values: Float64Array): Float64Array {
  return values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
}
