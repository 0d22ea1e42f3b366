/** `lowbit export`: a notebook as one HTML file. */
import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { writeWhole } from "../io/write-whole.js";
import type { ExportCommandOptions } from "../main.js";
import { type Notebook, readNotebook } from "../notebook/document.js";
import { type CellError, executeNotebook } from "../notebook/execute.js";

/** Exports a notebook, says what it wrote, and returns the exit code: 0, or 1 when a cell fails with `--run`. */
export async function exportNotebook(file: string, options: ExportCommandOptions): Promise<number> {
  const { ExportError, exportPage, exportSnippet } = await import("../../app/export/index.js");
  if (options.widget !== undefined && !options.snippet) {
    throw new ExportError("export: --widget without --snippet, expected both: only a snippet holds a single widget");
  }
  const name = basename(file).replace(/\.ipynb$/, "");
  const output = options.output ?? `${file.replace(/\.ipynb$/, "")}${options.snippet ? ".js" : ".html"}`;
  requireFolder(output);
  const source = readNotebook(file);
  const { notebook, error } = options.run
    ? await executeNotebook(source, { cwd: dirname(resolve(file)), onCell: report })
    : { notebook: source, error: undefined };
  if (error) say(error.traceback.join("\n"));
  if (!options.run && !hasOutputs(notebook)) {
    say(`warning: ${file} has no outputs; lowbit export --run runs it first`);
  }
  const folder = dirname(resolve(file));
  const text = options.snippet
    ? await exportSnippet(notebook, {
        folder,
        name: basename(output).replace(/\.m?js$/, ""),
        ...(options.widget !== undefined && { widget: options.widget }),
      })
    : await exportPage(notebook, {
        folder,
        name,
        code: options.code,
        ...(options.static && { static: true }),
        ...(options.toc && { toc: true }),
      });
  writeWhole(resolve(output), text, 0o644);
  process.stdout.write(`${output}\n`);
  if (options.snippet) say(usage(basename(output)));
  return error ? 1 : 0;
}

function usage(file: string): string {
  const name = file.replace(/\.m?js$/, "");
  return `Show it with:\n  <script type="module" src="${file}"></script>\n  <lowbit-widget name="${name}"></lowbit-widget>`;
}

function hasOutputs(notebook: Notebook): boolean {
  return notebook.cells.some((cell) => (cell.outputs ?? []).length > 0);
}

/** Said before anything runs: afterwards the results would be lost. */
function requireFolder(output: string): void {
  const folder = dirname(resolve(output));
  if (!existsSync(folder)) throw new Error(`export: --output ${output}: there is no folder ${folder}`);
}

function report(index: number, total: number, seconds: number, error: CellError | undefined): void {
  say(`[${index + 1}/${total}] ${error ? "FAILED" : "ok"} ${seconds.toFixed(1)} s`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
