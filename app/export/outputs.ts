/** The outputs of a cell as HTML. */
import { ansiHtml } from "./ansi.js";
import { modelIdOf } from "./closures.js";
import { escapeHtml, scriptJson } from "./escape.js";
import { imageUri } from "./images.js";
import type { MarkdownRenderer } from "./markdown.js";
import { latexHtml } from "./math.js";
import { type ExportCell, type Loose, loose, textOf } from "./notebook.js";
import { sanitizeHtml } from "./sanitize.js";

/** MIME type of Plotly's figures. */
export const plotlyType = "application/vnd.plotly.v1+json";

/** What outputs are shown with. */
export interface OutputContext {
  readonly markdown: MarkdownRenderer;
  /** Whether the page has scripts: without them widgets and figures are pictures. */
  readonly live: boolean;
  /** Returns what is said below a widget; undefined when nothing is to be said. */
  note(modelId: string): string | undefined;
  /** Whether the state of the widget is there. */
  has(modelId: string): boolean;
  /** Returns the ids of the widget's controls that are not to be moved. */
  still(modelId: string): readonly string[];
}

/** Returns one output as HTML. */
export function outputHtml(output: Loose, cell: ExportCell, context: OutputContext): string {
  switch (output.output_type) {
    case "stream": {
      const name = output.name === "stderr" ? "stderr" : "stdout";
      return `<pre class="lb-stream lb-${name}">${ansiHtml(textOf(output.text))}</pre>`;
    }
    case "error":
      return `<pre class="lb-error" role="alert">${ansiHtml(errorText(output))}</pre>`;
    case "display_data":
    case "execute_result":
      return dataHtml(output, cell, context);
    default:
      return "";
  }
}

function errorText({ ename, evalue, traceback }: Loose): string {
  const lines = Array.isArray(traceback) ? traceback.filter((line) => typeof line === "string") : [];
  return lines.length > 0 ? lines.join("\n") : `${textOf(ename)}: ${textOf(evalue)}`;
}

function dataHtml(output: Loose, cell: ExportCell, context: OutputContext): string {
  const data = loose(output.data);
  const id = modelIdOf(output);
  if (id !== undefined) return widgetHtml(id, data, cell, context);
  if (data[plotlyType] !== undefined) return plotlyHtml(data, loose(output.metadata), cell, context);
  return stillHtml(data, loose(output.metadata), cell, context);
}

/** The widget's place: its still picture, which the page's script replaces by the live view. */
function widgetHtml(id: string, data: Loose, cell: ExportCell, context: OutputContext): string {
  const still = stillHtml(data, {}, cell, context);
  const note = context.live ? context.note(id) : undefined;
  const below = note === undefined ? "" : `<p class="lb-note" role="note">${escapeHtml(note)}</p>`;
  if (!context.live || !context.has(id)) return `<div class="lb-still">${still}</div>${below}`;
  const held = context.still(id);
  const waits = held.length === 0 ? "" : ` data-still="${escapeHtml(held.join(" "))}"`;
  return `<div class="lb-widget" data-model="${escapeHtml(id)}"${waits}>${still}</div>${below}`;
}

function plotlyHtml(data: Loose, metadata: Loose, cell: ExportCell, context: OutputContext): string {
  const still = hasPicture(data)
    ? stillHtml(data, metadata, cell, context)
    : '<p class="lb-note" role="note">This figure is drawn by a script. Its picture was not saved.</p>';
  if (!context.live) return `<div class="lb-still">${still}</div>`;
  const figure = scriptJson(data[plotlyType]);
  return `<div class="lb-plot"><script type="application/json">${figure}</script>${still}</div>`;
}

function hasPicture(data: Loose): boolean {
  return Object.entries(data).some(([type, value]) => imageUri(type, value) !== undefined);
}

const pictures = ["image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"];

/** The richest representation that needs no script. */
function stillHtml(data: Loose, metadata: Loose, cell: ExportCell, context: OutputContext): string {
  const drawn = Object.keys(data).find((type) => /^application\/vnd\.vega(lite)?\.v\d/.test(type));
  if (drawn === undefined && data["text/html"] !== undefined) {
    return `<div class="lb-html">${sanitizeHtml(textOf(data["text/html"]))}</div>`;
  }
  if (data["text/markdown"] !== undefined) {
    return `<div class="lb-markdown">${context.markdown.render(textOf(data["text/markdown"]), cell)}</div>`;
  }
  for (const type of pictures) {
    const uri = imageUri(type, data[type]);
    if (uri !== undefined) return imageHtml(uri, type, data, loose(metadata[type]));
  }
  if (data["text/latex"] !== undefined) return `<div class="lb-latex">${latexHtml(textOf(data["text/latex"]))}</div>`;
  if (drawn !== undefined) {
    return '<p class="lb-note" role="note">This chart is drawn by Vega, which is not in this page, and its picture was not saved.</p>';
  }
  return textHtml(data);
}

function textHtml(data: Loose): string {
  if (data["text/plain"] !== undefined) return `<pre class="lb-text">${ansiHtml(textOf(data["text/plain"]))}</pre>`;
  const json = data["application/json"];
  if (json !== undefined) return `<pre class="lb-text">${escapeHtml(JSON.stringify(json, null, 2))}</pre>`;
  const types = Object.keys(data).join(", ");
  return types === "" ? "" : `<p class="lb-note" role="note">Not shown: ${escapeHtml(types)}.</p>`;
}

/** The text beside a picture describes it, unless it is only the name of a class. */
function imageHtml(uri: string, type: string, data: Loose, size: Loose): string {
  const text = textOf(data["text/plain"]).trim();
  const alt = text === "" || text.length > 300 ? type : text;
  const pixels = (name: string): string => {
    const length = Number(size[name]);
    return length > 0 && length < 10_000 ? ` ${name}="${length}"` : "";
  };
  return `<img class="lb-picture" src="${escapeHtml(uri)}" alt="${escapeHtml(alt)}"${pixels("width")}${pixels("height")}>`;
}
