/** Notebooks made by hand for the export tests. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExportCell, ExportNotebook } from "../../app/export/index.js";

/** Returns a notebook of these cells, with the models as its saved widget state. */
export function notebookOf(cells: readonly ExportCell[], models?: Record<string, unknown>): ExportNotebook {
  const widgets = {
    "application/vnd.jupyter.widget-state+json": { version_major: 2, version_minor: 0, state: models },
  };
  return {
    metadata: { language_info: { name: "typescript" }, ...(models && { widgets }) },
    cells,
  };
}

/** Returns a Markdown cell. */
export function markdown(source: string, more: object = {}): ExportCell {
  return { cell_type: "markdown", source, metadata: {}, ...more };
}

/** Returns a code cell with outputs. */
export function code(source: string, ...outputs: readonly object[]): ExportCell {
  return { cell_type: "code", source, metadata: {}, execution_count: 1, outputs };
}

/** Returns an output that shows a value. */
export function shows(data: object): object {
  return { output_type: "display_data", data, metadata: {} };
}

/** Returns an output that shows a widget, with a text for places that cannot. */
export function showsWidget(id: string, more: object = { "text/plain": "a widget" }): object {
  const view = { version_major: 2, version_minor: 0, model_id: id };
  return shows({ "application/vnd.jupyter.widget-view+json": view, ...more });
}

const versions: Readonly<Record<string, string>> = {
  "@jupyter-widgets/base": "2.0.0",
  "@jupyter-widgets/controls": "2.0.0",
  "@jupyter-widgets/output": "1.0.0",
  lowbit: "^0.1.0",
};

/** Returns a saved model. @example model("@jupyter-widgets/controls", "IntSlider", { value: 3 }) */
export function model(module: string, name: string, state: object): object {
  const version = versions[module];
  return {
    model_name: `${name}Model`,
    model_module: module,
    model_module_version: version,
    state: {
      _model_name: `${name}Model`,
      _model_module: module,
      _model_module_version: version,
      _view_name: `${name}View`,
      _view_module: module,
      _view_module_version: version,
      ...state,
    },
  };
}

/** Returns a saved core control. */
export function control(name: string, state: object): object {
  return model("@jupyter-widgets/controls", name, { disabled: false, ...state });
}

/** Writes a page into a new folder and returns its path. */
export function writePage(html: string, name = "page.html"): string {
  const file = join(mkdtempSync(join(tmpdir(), "lowbit-export-")), name);
  writeFileSync(file, html);
  return file;
}
