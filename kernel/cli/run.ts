/** `lowbit run`: a notebook from the command line. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { RunOptions } from "../main.js";
import { checkFailures, verdictsOf } from "../notebook/checks.js";
import { type Notebook, NotebookError, readNotebook, writeNotebook } from "../notebook/document.js";
import { type CellError, executeNotebook } from "../notebook/execute.js";
import { injectParameters, parseParameters, unknownParameters } from "../notebook/parameters.js";

/** Runs a notebook, says how it went, and returns the exit code: 0 or 1. */
export async function run(file: string, options: RunOptions): Promise<number> {
  const source = readNotebook(file);
  requireTypeScript(file, source);
  if (options.output !== undefined) requireFolder(options.output);
  const parameters = parseParameters(options.parameter);
  for (const name of unknownParameters(source, parameters)) {
    say(`warning: no cell tagged "parameters" declares ${name}`);
  }
  const { notebook, error, timedOut } = await executeNotebook(injectParameters(source, parameters), {
    cwd: dirname(resolve(file)),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
    ...(options.outputLimit !== undefined && { outputLimit: options.outputLimit }),
    onCell: report,
  });
  if (options.output !== undefined) writeNotebook(options.output, notebook);
  if (error) {
    say(error.traceback.join("\n"));
    if (timedOut) say(`stopped: the cell ran longer than ${options.timeout} s (--timeout)`);
    return 1;
  }
  return options.check ? reportChecks(notebook) : 0;
}

/** Cells of another language would only give confusing errors. */
function requireTypeScript(file: string, notebook: Notebook): void {
  const { kernelspec, language_info } = notebook.metadata as Record<string, Record<string, unknown> | undefined>;
  const language = language_info?.name ?? kernelspec?.language;
  if (language === undefined || /^(typescript|javascript)$/i.test(String(language))) return;
  throw new NotebookError(`run: ${file} is written in ${String(language)}, expected typescript`);
}

/** Said before anything runs: afterwards the results would be lost. */
function requireFolder(output: string): void {
  const folder = dirname(resolve(output));
  if (!existsSync(folder)) throw new Error(`run: --output ${output}: there is no folder ${folder}`);
}

function report(index: number, total: number, seconds: number, error: CellError | undefined): void {
  say(`[${index + 1}/${total}] ${error ? "FAILED" : "ok"} ${seconds.toFixed(1)} s`);
}

function reportChecks(notebook: Notebook): number {
  const verdicts = verdictsOf(notebook);
  for (const { id, verdict, ok } of verdicts) say(`${ok ? "ok  " : "FAIL"} ${id}: ${verdict}`);
  const failures = checkFailures(verdicts);
  for (const failure of failures) say(`check failed: ${failure}`);
  process.stdout.write(
    `${verdicts.length - verdicts.filter((one) => !one.ok).length} of ${verdicts.length} as expected\n`,
  );
  return failures.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
