/** One widget of a notebook as a JavaScript module for any page. */
import { asset, builtScript, iconNames, iconStyles } from "./assets.js";
import { bound, modelIdOf, reachable, type SavedModels, waitingForKernel } from "./closures.js";
import { scriptJson } from "./escape.js";
import { boundFunctions, bundleModules } from "./modules.js";
import { ExportError, type ExportNotebook, outputsOf } from "./notebook.js";
import { widgetStateOf } from "./page.js";
import { piecesFor } from "./pieces.js";

/** How a widget is exported. */
export interface SnippetOptions {
  /** The folder of the notebook. */
  readonly folder: string;
  /** The `name` of the elements that show the widget. */
  readonly name: string;
  /** Which of the shown widgets, counted from "1", or its id. Default: the only one. */
  readonly widget?: string;
}

/**
 * Returns a module that defines `<lowbit-widget>` and shows the widget in the elements of this name. It needs nothing
 * else, asks the network for nothing, and may stand inline in a `<script type="module">`.
 * @throws ExportError when there is no such widget, or its state was not saved
 * @example await exportSnippet(notebook, { folder: "notebooks", name: "mask", widget: "2" })
 */
export async function exportSnippet(notebook: ExportNotebook, options: SnippetOptions): Promise<string> {
  const models = widgetStateOf(notebook)?.state ?? {};
  const id = chosen(notebook, models, options.widget);
  const state = parts(id, models);
  const modules = await bundleModules(boundFunctions(state), options.folder);
  const only = { ...notebook, cells: [] };
  const names = ["runtime", ...(modules === "" ? [] : ["kernel"]), ...piecesFor(only, state, modules)];
  const programs = [...names.map((name) => [name, builtScript(name).text]), ...(modules ? [["modules", modules]] : [])];
  const snippet = {
    name: options.name,
    model: id,
    still: waitingForKernel(notebook, models).get(id) ?? [],
    state,
    style: `${asset("snippet.css")}\n${iconStyles(iconNames(state))}`,
  };
  return `// A widget of Lowbit: <lowbit-widget name=${scriptJson(options.name)}></lowbit-widget>
const pieces = globalThis[Symbol.for("lowbit.programs")] ??= new Map();
const load = async (name) => {
  const run = pieces.get(name);
  if (run === undefined) throw new Error("this snippet was exported without " + name);
  pieces.set(name, () => undefined);
  run();
};
globalThis[Symbol.for("lowbit.load")] = load;
globalThis[Symbol.for("lowbit.has")] = (name) => pieces.has(name);
const add = (name, run) => { if (name === "modules" || !pieces.has(name)) pieces.set(name, run); };
${programs.map(([name, text]) => `add(${scriptJson(name)}, () => {\n${text}\n});`).join("\n")}
load("runtime");
globalThis[Symbol.for("lowbit.pieces")].runtime.addSnippet(${scriptJson(snippet)});
/*!
${names.map((name) => asset(`${name}.txt`).replaceAll("*/", "* /")).join("\n")}*/
`;
}

function chosen(notebook: ExportNotebook, models: SavedModels, wanted: string | undefined): string {
  const shown = [...new Set(notebook.cells.flatMap(outputsOf).map(modelIdOf))].filter((id) => id !== undefined);
  const list = shown.map((id, i) => `${i + 1}: ${String(models[id]?.model_name ?? "no state")} ${id}`).join("; ");
  const id = wanted === undefined ? (shown.length === 1 ? shown[0] : undefined) : (shown[Number(wanted) - 1] ?? wanted);
  if (id !== undefined && Object.hasOwn(models, id)) return id;
  const asked = wanted === undefined ? "no --widget" : `--widget ${wanted}`;
  throw new ExportError(`export: ${asked}, expected one of those shown with their state: ${list || "none"}`);
}

/** The widget, what it contains, and the links and Bindings between these, with what they refer to. */
function parts(id: string, models: SavedModels): SavedModels {
  const kept = reachable(id, models);
  for (const [other, model] of Object.entries(models)) {
    const ends = bound({ [other]: model });
    if ([...ends].some((end) => kept.has(end))) for (const one of reachable(other, models)) kept.add(one);
  }
  return Object.fromEntries(Object.entries(models).filter(([one]) => kept.has(one)));
}
