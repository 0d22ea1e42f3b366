/** Running cells one after the other in a live kernel. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestKernel } from "./kernel.js";

/** What a failing cell says. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  /** Without colours. */
  readonly traceback: string;
}

/** Runs cells and returns the text of the last result. @throws Error when one of them fails */
export async function runCells(kernel: TestKernel, ...sources: readonly string[]): Promise<string | undefined> {
  let text: string | undefined;
  for (const source of sources) {
    const ran = await kernel.run(source);
    if (ran.reply.status !== "ok") throw new Error(`${source}\n${(ran.reply.traceback as string[]).join("\n")}`);
    text = ran.text;
  }
  return text;
}

/** Runs a cell that must fail. @throws Error when it does not */
export async function runFailing(kernel: TestKernel, source: string): Promise<CellError> {
  const { reply } = await kernel.run(source);
  if (reply.status !== "error") throw new Error(`${source}\ndid not fail`);
  const traceback = (reply.traceback as string[]).join("\n").replace(/\u001b\[\d+m/g, "");
  return { ename: String(reply.ename), evalue: String(reply.evalue), traceback };
}

/** Writes files below a folder; the texts by path. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Returns the files of a package, to be written with {@link writeFiles}. */
export function packageFiles(
  name: string,
  manifest: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  const root = `node_modules/${name}`;
  const all = { "package.json": JSON.stringify({ name, version: "1.0.0", ...manifest }), ...files };
  return Object.fromEntries(Object.entries(all).map(([path, text]) => [`${root}/${path}`, text]));
}
