/**
 * Which widgets wait for the kernel. A callback that a module names is a Binding in the saved state and runs in the
 * page; what a cell passes otherwise is a closure, which no file can hold. The saved state does not tell of closures, so
 * the code of the cells is read for calls that take one.
 */
import { type ExportNotebook, loose, outputsOf, textOf } from "./notebook.js";

/** MIME type of a widget's view. */
export const viewType = "application/vnd.jupyter.widget-view+json";

/** What the exporter reads of one saved widget. */
export interface SavedModel {
  readonly model_name?: unknown;
  readonly model_module?: unknown;
  readonly state?: unknown;
}

/** The saved widgets by id. */
export type SavedModels = Readonly<Record<string, SavedModel>>;

/** Calls on a widget that take a callback: ours, and those of ipywidgets. */
const listening = /([A-Za-z_$][\w$]*)\s*\.\s*(?:observe|onClick|on_click|on_submit|onSubmit|on)\s*\(/g;

/** Calls that read widgets inside a callback. */
const reacting =
  /(?<![\w$.])(?:[A-Za-z_$][\w$]*\s*\.\s*)?(?:effect|derived|interact|interactive|interactiveOutput|interactive_output)\s*\(/g;

/** A variable whose property is read; one that is only written to calls nothing. */
const reading = /(?<![\w$.])([A-Za-z_$][\w$]*)\s*\.\s*[A-Za-z_$][\w$]*(?![\w$])(?!\s*=(?!=))/g;

/** Ties in the kernel that name their widgets; jslink and jsdlink are ties in the page. */
const tying = /(?<![\w$.])(?:[A-Za-z_$][\w$]*\s*\.\s*)?d?link\s*\(/g;

/** Returns the id of the widget that an output shows. */
export function modelIdOf(output: unknown): string | undefined {
  const id = loose(loose(loose(output).data)[viewType]).model_id;
  return typeof id === "string" ? id : undefined;
}

/** Returns the ids of a widget and of all that it contains. */
export function reachable(id: string, models: SavedModels, seen: Set<string> = new Set()): Set<string> {
  const model = Object.hasOwn(models, id) ? models[id] : undefined;
  if (model === undefined || seen.has(id)) return seen;
  seen.add(id);
  for (const found of JSON.stringify(model.state ?? {}).matchAll(/"IPY_MODEL_([^"\\]+)"/g)) {
    reachable(found[1] ?? "", models, seen);
  }
  return seen;
}

/** Returns the ids that a Binding or a link in the page moves, or that move one. */
export function bound(models: SavedModels): Set<string> {
  const ids = new Set<string>();
  for (const { model_name, state } of Object.values(models)) {
    if (typeof model_name !== "string" || !/^(?:Binding|Link|DirectionalLink)Model$/.test(model_name)) continue;
    for (const found of JSON.stringify(state ?? {}).matchAll(/"IPY_MODEL_([^"\\]+)"/g)) ids.add(found[1] ?? "");
  }
  return ids;
}

/**
 * Returns, by the id of a shown widget, the ids of its controls that only a closure answers to: those of interactive
 * boxes without a Binding, and of what a cell shows that names a variable which some cell observes.
 */
export function waitingForKernel(notebook: ExportNotebook, models: SavedModels): Map<string, readonly string[]> {
  const names = observedNames(notebook, countBindings(models));
  const moved = bound(models);
  const waiting = new Map<string, readonly string[]>();
  for (const cell of notebook.cells) {
    const code = withoutTexts(textOf(cell.source));
    const named = [...names].some((name) =>
      new RegExp(`(?<![\\w$.])${escapeName(name)}(?![\\w$]|\\s*:(?!:))`).test(code),
    );
    for (const output of outputsOf(cell)) {
      const id = modelIdOf(output);
      if (id === undefined) continue;
      const inside = [...reachable(id, models)];
      const controls = inside.filter((one) => isControl(models[one]) && !moved.has(one));
      const interactive = inside.some((one) => isInteractive(models[one]));
      if (controls.length > 0 && (interactive || named)) waiting.set(id, controls);
    }
  }
  return waiting;
}

/** The variables whose changes call something. What is global or a module, such as `Math`, has no changes. */
function observedNames(notebook: ExportNotebook, bindings: number): Set<string> {
  const names = new Set<string>();
  const fixed = new Set([...Object.getOwnPropertyNames(globalThis), "document", "window"]);
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    const code = withoutTexts(textOf(cell.source));
    for (const found of code.matchAll(listening)) names.add(found[1] ?? "");
    for (const call of code.matchAll(reacting)) {
      const inside = argumentsOf(code, call.index + call[0].length);
      const inline = /=>|\bfunction\b/.test(inside);
      // Called with a function's name alone; there is a Binding for each that a module exports.
      if (bindings > 0 && !inline) continue;
      for (const read of inside.matchAll(inline ? reading : /[{,]\s*([A-Za-z_$][\w$]*)/g)) names.add(read[1] ?? "");
    }
    for (const call of code.matchAll(tying)) {
      const inside = argumentsOf(code, call.index + call[0].length);
      for (const end of inside.matchAll(/[[(]\s*([A-Za-z_$][\w$]*)\s*,/g)) names.add(end[1] ?? "");
    }
    for (const module of code.matchAll(/\bimport\s*\*\s*as\s+([A-Za-z_$][\w$]*)/g)) fixed.add(module[1] ?? "");
  }
  for (const name of fixed) names.delete(name);
  return names;
}

function countBindings(models: SavedModels): number {
  return Object.values(models).filter(({ model_name }) => model_name === "BindingModel").length;
}

/** A core widget that a person moves. */
function isControl(model: SavedModel | undefined): boolean {
  return model?.model_module === "@jupyter-widgets/controls" && typeof loose(model.state).disabled === "boolean";
}

function isInteractive(model: SavedModel | undefined): boolean {
  const classes = loose(model?.state)._dom_classes;
  return Array.isArray(classes) && classes.includes("widget-interact");
}

/** The text between the parenthesis before `start` and the one that closes it. */
function argumentsOf(code: string, start: number): string {
  let depth = 1;
  let at = start;
  while (at < code.length && depth > 0) {
    if (code[at] === "(") depth++;
    if (code[at] === ")") depth--;
    at++;
  }
  return code.slice(start, at);
}

/** Code alone: comments are left out, texts are empty, and of a template what it computes is kept. */
function withoutTexts(code: string): string {
  const skipped = /\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`/g;
  return code.replace(skipped, (found) => {
    if (found.startsWith("/")) return " ";
    if (!found.startsWith("`")) return '""';
    return `(${[...found.matchAll(/\$\{([^{}]*)\}/g)].map(([, computed]) => computed).join(",")})`;
  });
}

function escapeName(name: string): string {
  return name.replaceAll("$", "\\$");
}
