/** Stack traces in the cell's own lines and columns, without the kernel's frames. */
import { SourceMap } from "node:module";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompiledCell, Position, SideModule } from "./compiler/types.js";

/** Where the kernel's own code is: its frames say nothing to a user. */
const kernelFolder = dirname(dirname(fileURLToPath(import.meta.url))) + sep;

/** The notebook's folder; a cell may leave it, and remove it. */
const folder = process.cwd();

/** A text that runs, and how its places lead back to what was typed. */
interface Mapped {
  /** What stack frames show. */
  readonly name: string;
  readonly source: string;
  readonly mapTexts: readonly string[];
  readonly shifts: Readonly<Record<number, number>>;
  /** The line of the mapped text where the source begins. */
  readonly firstLine: number;
  maps?: readonly SourceMap[];
}

/** Cells and local modules by filename: the latest of each, so that a stack leads to the text that ran. */
const texts = new Map<string, Mapped>();
/** The filenames by what frames show. */
const filenames = new Map<string, string>();

function register(filename: string, mapped: Mapped): void {
  texts.set(filename, mapped);
  filenames.set(mapped.name, filename);
}

/** The filenames of the cells that are remembered, oldest first. */
const cells = new Set<string>();
/** So many, so that a kernel that runs for weeks does not grow; a frame of an older cell keeps only its name. */
const mostCells = 2000;

/** Remembers a cell that is about to run. */
export function registerCell({ filename, source, maps, shifts }: CompiledCell): void {
  cells.delete(filename);
  cells.add(filename);
  if (cells.size > mostCells) {
    const [oldest] = cells as Iterable<string>;
    cells.delete(oldest as string);
    texts.delete(oldest as string);
    filenames.delete(oldest as string);
  }
  // tslab puts one line of its own before the cell.
  register(filename, { name: filename, source, mapTexts: maps, shifts, firstLine: 1 });
}

/** Remembers a local module; frames show its path from the notebook's folder. */
export function registerModule({ path, source, maps, firstLine }: SideModule): void {
  const way = relative(folder, path).replaceAll("\\", "/");
  register(path, { name: isAbsolute(way) ? path : way, source, mapTexts: maps, shifts: {}, firstLine });
}

/** Returns the source of a cell or a local module by its filename. */
export function cellSource(filename: string): string | undefined {
  return texts.get(filename)?.source;
}

/** Returns the place in the source for a place in its JavaScript; all numbers count from 0. */
export function mapPosition(filename: string, line: number, character: number): Position | undefined {
  const mapped = texts.get(filename);
  if (!mapped) return undefined;
  mapped.maps ??= mapped.mapTexts.map((text) => new SourceMap(JSON.parse(text)));
  let at: Position = { line, character };
  for (const [index, map] of mapped.maps.entries()) {
    const entry = map.findEntry(at.line, at.character) as { originalLine?: number; originalColumn?: number };
    if (entry.originalLine === undefined || entry.originalColumn === undefined) return undefined;
    at = { line: entry.originalLine, character: entry.originalColumn };
    if (index === 0) at = { ...at, character: Math.max(0, at.character - (mapped.shifts[at.line] ?? 0)) };
  }
  return at.line >= mapped.firstLine ? { ...at, line: at.line - mapped.firstLine } : undefined;
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
  const mapped = texts.get(file);
  if (!mapped) return `    at ${site.toString()}`;
  const position = mapPosition(file, (site.getLineNumber() ?? 1) - 1, (site.getColumnNumber() ?? 1) - 1);
  const place = position ? `${mapped.name}:${position.line + 1}:${position.character + 1}` : mapped.name;
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

/** Returns the place of the first frame of a cell or local module in a stack of {@link installStackTraces}. */
export function firstCellPlace(stack: string): { readonly filename: string; readonly position: Position } | undefined {
  for (const match of stack.matchAll(/^ {4}at (?:.*\()?([^()\n]+):(\d+):(\d+)\)?$/gm)) {
    const filename = filenames.get(match[1] as string);
    if (filename === undefined) continue;
    return { filename, position: { line: Number(match[2]) - 1, character: Number(match[3]) - 1 } };
  }
  return undefined;
}
