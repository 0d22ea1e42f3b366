/** Stack traces in the cell's own lines and columns, without the kernel's frames. */
import { SourceMap } from "node:module";
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompiledCell, Position } from "./compiler/types.js";

/** Where the kernel's own code is: its frames say nothing to a user. */
const kernelFolder = dirname(dirname(fileURLToPath(import.meta.url))) + sep;

interface MappedCell {
  readonly cell: CompiledCell;
  maps?: readonly SourceMap[];
}

/** Cells by filename: the latest of each name, so that a stack leads to the text that ran. */
const cells = new Map<string, MappedCell>();

/** Remembers a cell that is about to run. */
export function registerCell(cell: CompiledCell): void {
  cells.set(cell.filename, { cell });
}

/** Returns the source of a cell by its filename. */
export function cellSource(filename: string): string | undefined {
  return cells.get(filename)?.cell.source;
}

/** Returns the place in the cell for a place in its JavaScript; all numbers count from 0. */
export function mapPosition(filename: string, line: number, character: number): Position | undefined {
  const mapped = cells.get(filename);
  if (!mapped) return undefined;
  mapped.maps ??= mapped.cell.maps.map((text) => new SourceMap(JSON.parse(text)));
  let at: Position = { line, character };
  for (const [index, map] of mapped.maps.entries()) {
    const entry = map.findEntry(at.line, at.character) as { originalLine?: number; originalColumn?: number };
    if (entry.originalLine === undefined || entry.originalColumn === undefined) return undefined;
    at = { line: entry.originalLine, character: entry.originalColumn };
    if (index === 0) at = { ...at, character: Math.max(0, at.character - (mapped.cell.shifts[at.line] ?? 0)) };
  }
  // tslab puts one line of its own before the cell.
  return at.line > 0 ? { ...at, line: at.line - 1 } : undefined;
}

/** Makes `error.stack` show cells as they were typed. */
export function installStackTraces(): void {
  Error.prepareStackTrace = (error, sites) => {
    const lines = sites.flatMap((site) => formatSite(site) ?? []);
    return [describe(error), ...lines].join("\n");
  };
}

function describe(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function formatSite(site: NodeJS.CallSite): string | undefined {
  const file = site.getFileName() ?? "";
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  if (path.startsWith(kernelFolder) || path.startsWith("node:") || path.startsWith("internal/")) return undefined;
  if (!cells.has(file)) return `    at ${site.toString()}`;
  const position = mapPosition(file, (site.getLineNumber() ?? 1) - 1, (site.getColumnNumber() ?? 1) - 1);
  const place = position ? `${file}:${position.line + 1}:${position.character + 1}` : file;
  const name = functionName(site);
  return name === undefined ? `    at ${place}` : `    at ${name} (${place})`;
}

/** The name of the function in a frame; none for the cell itself, whose wrapper is the kernel's. */
function functionName(site: NodeJS.CallSite): string | undefined {
  const name = site.getFunctionName()?.replace(/^exports\./, "");
  if (!name || name === cellFunctionName) return undefined;
  const type = site.isConstructor() ? "new " : site.isAsync?.() ? "async " : "";
  const owner = !site.isToplevel() && !site.isConstructor() ? site.getTypeName() : null;
  const full = owner && owner !== "Object" && !name.startsWith(`${owner}.`) ? `${owner}.${name}` : name;
  return `${type}${full}`;
}

/** The name of the function that a cell's code is wrapped in. */
export const cellFunctionName: string = "__lowbit_cell";

/** Returns the place of the first frame of a cell in a stack made by {@link installStackTraces}. */
export function firstCellPlace(stack: string): { readonly filename: string; readonly position: Position } | undefined {
  for (const match of stack.matchAll(/([\w-]+\.ts):(\d+):(\d+)\)?$/gm)) {
    const filename = match[1] as string;
    if (!cells.has(filename)) continue;
    return { filename, position: { line: Number(match[2]) - 1, character: Number(match[3]) - 1 } };
  }
  return undefined;
}
