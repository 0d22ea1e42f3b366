/** A notebook as one HTML file. */
import { asset, builtScript, iconNames, iconStyles, type Script, scriptOf } from "./assets.js";
import { modelIdOf, reachable, type SavedModels, waitingForKernel } from "./closures.js";
import { escapeHtml, scriptJson } from "./escape.js";
import { highlight } from "./highlight.js";
import { createMarkdown, type Heading, type MarkdownRenderer } from "./markdown.js";
import { boundFunctions, bundleModules } from "./modules.js";
import {
  type ExportCell,
  type ExportNotebook,
  isLoose,
  languageOf,
  loose,
  outputsOf,
  tagsOf,
  textOf,
  titleOf,
} from "./notebook.js";
import { type OutputContext, outputHtml } from "./outputs.js";
import { piecesFor } from "./pieces.js";
import { contentPolicy } from "./policy.js";

/** How a notebook is exported. */
export interface PageOptions {
  /** The folder of the notebook: its modules and pictures are found from there. */
  readonly folder: string;
  /** The title of a notebook that has none. */
  readonly name: string;
  /** A page without any script: widgets and figures are pictures. Default false. */
  readonly static?: boolean;
  /** Show the code of the cells. Default true. */
  readonly code?: boolean;
  /** A table of contents. Default false. */
  readonly toc?: boolean;
  /** Modules are read from below this folder and from packages only. Default: from anywhere. */
  readonly within?: string;
}

/** What is said below widgets that only a kernel can serve. */
export const waitingNote: string =
  "Still picture: what these controls call is a closure of a cell, which runs in the kernel only. " +
  "A function that a module exports would run in this page.";

const missingNote = "The state of this widget was not saved with the notebook.";

const stateType = "application/vnd.jupyter.widget-state+json";

/** Returns the saved widget state of a notebook; undefined when there is none. */
export function widgetStateOf({ metadata }: ExportNotebook): { readonly state: SavedModels } | undefined {
  const saved = loose(metadata.widgets)[stateType];
  return isLoose(saved) && isLoose(saved.state) ? (saved as { state: SavedModels }) : undefined;
}

/**
 * Returns the page: text, code, outputs, and (unless `static`) the program that keeps its widgets and figures alive.
 * Nothing in it asks the network, and its Content-Security-Policy forbids it.
 * @throws ExportError when a module of an interactive cell cannot be bundled
 * @example await exportPage(notebook, { folder: "notebooks", name: "00-tour" })
 */
export async function exportPage(notebook: ExportNotebook, options: PageOptions): Promise<string> {
  const saved = options.static ? undefined : widgetStateOf(notebook);
  const models = saved?.state ?? {};
  const waiting = waitingForKernel(notebook, models);
  const markdown = createMarkdown(options.folder);
  const context: OutputContext = {
    markdown,
    live: options.static !== true,
    has: (id) => Object.hasOwn(models, id),
    still: (id) => waiting.get(id) ?? [],
    note: (id) => (waiting.has(id) ? waitingNote : Object.hasOwn(models, id) ? undefined : missingNote),
  };
  const language = languageOf(notebook);
  const cells = notebook.cells.map((cell) => cellHtml(cell, language, context, markdown, options)).join("\n");
  const program = options.static ? undefined : await programOf(notebook, models, options);
  const live = program && needsProgram(cells) ? program : undefined;
  return pageHtml(notebook, { cells, headings: markdown.headings, live, saved, options });
}

/** Text alone needs no program. */
function needsProgram(cells: string): boolean {
  return cells.includes('<div class="lb-widget" ') || cells.includes('<div class="lb-plot">');
}

interface Program {
  readonly loader: string;
  /** Scripts by name. */
  readonly pieces: Readonly<Record<string, Script>>;
}

async function programOf(notebook: ExportNotebook, models: SavedModels, options: PageOptions): Promise<Program> {
  const modules = await bundleModules(boundFunctions(models), options.folder, options.within);
  const names = ["runtime", ...(modules === "" ? [] : ["kernel"]), ...piecesFor(notebook, models, modules)];
  const pieces = Object.fromEntries(names.map((name) => [name, builtScript(name)]));
  return { loader: asset("loader.js"), pieces: { ...pieces, ...(modules !== "" && { modules: scriptOf(modules) }) } };
}

function cellHtml(
  cell: ExportCell,
  language: string,
  context: OutputContext,
  markdown: MarkdownRenderer,
  options: PageOptions,
): string {
  const tags = tagsOf(cell);
  const source = textOf(cell.source);
  if (tags.includes("remove-cell")) return "";
  if (cell.cell_type === "markdown") {
    return `<section class="lb-cell lb-markdown">${markdown.render(source, cell)}</section>`;
  }
  if (cell.cell_type !== "code") return "";
  const outputs = tags.includes("remove-output") ? [] : outputsOf(cell);
  const shown = outputs.map((output) => outputHtml(output, cell, context)).join("\n");
  const code = options.code === false || tags.includes("remove-input") ? "" : codeHtml(cell, source, language);
  if (code === "" && shown === "") return "";
  return `<section class="lb-cell lb-code">${code}${shown === "" ? "" : `<div class="lb-outputs">${shown}</div>`}</section>`;
}

function codeHtml(cell: ExportCell, source: string, language: string): string {
  if (source.trim() === "") return "";
  const code = `<pre class="lb-source" tabindex="0"><code>${highlight(source, language)}</code></pre>`;
  const { jupyter } = loose(cell.metadata);
  const folded = loose(jupyter).source_hidden === true || tagsOf(cell).includes("hide-input");
  return folded ? `<details class="lb-folded"><summary>Code</summary>${code}</details>` : code;
}

interface Parts {
  readonly cells: string;
  readonly headings: readonly Heading[];
  readonly live: Program | undefined;
  readonly saved: { readonly state: SavedModels } | undefined;
  readonly options: PageOptions;
}

function pageHtml(notebook: ExportNotebook, { cells, headings, live, saved, options }: Parts): string {
  const state = live && saved ? shownState(notebook, saved) : undefined;
  const styles = [asset("page.css"), ...(live ? [asset("widgets.css"), iconStyles(iconNames(state))] : [])];
  const scripts = live ? [live.loader, ...Object.values(live.pieces).map(({ text }) => text)] : [];
  const title = escapeHtml(titleOf(notebook, options.name));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(scripts, styles)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Lowbit">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
${styles.map((style) => `<style>${style}</style>`).join("\n")}
</head>
<body>
${options.toc ? contentsHtml(headings) : ""}
<main class="lb-page">
${cells}
</main>
${live ? programHtml(live, state) : ""}</body>
</html>
`;
}

/** The state without models that nothing shown refers to would be smaller; links and Bindings are not referred to. */
function shownState(notebook: ExportNotebook, saved: { readonly state: SavedModels }): unknown {
  const models = saved.state;
  const shown = notebook.cells.flatMap(outputsOf).map(modelIdOf);
  const kept = new Set(shown.flatMap((id) => (id === undefined ? [] : [...reachable(id, models)])));
  for (const [id, { model_name }] of Object.entries(models)) {
    if (/^(?:Binding|Link|DirectionalLink)Model$/.test(String(model_name))) reachable(id, models, kept);
  }
  return { ...saved, state: Object.fromEntries(Object.entries(models).filter(([id]) => kept.has(id))) };
}

function programHtml({ pieces, loader }: Program, state: unknown): string {
  const built = Object.keys(pieces).filter((name) => name !== "modules");
  const notices = built.map((name) => asset(`${name}.txt`)).join("\n");
  const parts = Object.entries(pieces).map(
    ([name, { packed }]) => `<script type="text/plain" data-piece="${name}">${packed}</script>`,
  );
  return `<footer class="lb-footer"><details><summary>Third-party notices</summary><pre>${escapeHtml(notices)}</pre></details></footer>
<script type="${stateType}">${scriptJson(state ?? null)}</script>
${parts.join("\n")}
<script>${loader}</script>
`;
}

function contentsHtml(headings: readonly Heading[]): string {
  const items = headings
    .filter(({ level }) => level <= 3)
    .map(({ level, id, html }) => `<li class="lb-level-${level}"><a href="#${id}">${html}</a></li>`);
  return `<nav class="lb-contents" aria-label="Contents"><ol>${items.join("")}</ol></nav>`;
}
