/** What may stand at the cursor. */
import type TS from "typescript";
import type { Completion } from "./types.js";
import type { Tslab, TslabConverter } from "./typescript.js";

/**
 * Returns the completions at an offset of a cell.
 * @param declarations those of earlier cells
 * @param cell the path under which cells are compiled
 */
export function complete(
  tslab: Tslab,
  converter: TslabConverter,
  declarations: string,
  source: string,
  offset: number,
  cell: string,
): Completion {
  const result = converter.complete(declarations, source, offset);
  const kinds = new Map(result.original?.entries.map((entry) => [entry.name, entry.kind]));
  const imported = [...kinds.values()].includes("alias") ? importedKinds(tslab, cell) : undefined;
  const matches = result.candidates
    .filter((text) => !text.startsWith("__lowbit"))
    .map((text) => ({ text, type: imported?.get(text) ?? kinds.get(text) ?? "" }));
  return { start: result.start, end: result.end, matches };
}

/** Returns what the imported names of a cell stand for: TypeScript itself calls each an alias. */
function importedKinds({ ts, program }: Tslab, cell: string): Map<string, string> {
  const current = program().getProgram();
  const file = current.getSourceFile(cell);
  const checker = current.getTypeChecker();
  const aliases = file ? checker.getSymbolsInScope(file, ts.SymbolFlags.Alias) : [];
  return new Map(aliases.map((symbol) => [symbol.name, kindOf(ts, checker.getAliasedSymbol(symbol))]));
}

function kindOf(ts: Tslab["ts"], { flags }: TS.Symbol): string {
  const { SymbolFlags } = ts;
  const kinds: readonly (readonly [TS.SymbolFlags, string])[] = [
    [SymbolFlags.Function | SymbolFlags.Method, "function"],
    [SymbolFlags.Class, "class"],
    [SymbolFlags.Enum, "enum"],
    [SymbolFlags.BlockScopedVariable, "const"],
    [SymbolFlags.FunctionScopedVariable, "var"],
    [SymbolFlags.Module, "module"],
    [SymbolFlags.Interface, "interface"],
    [SymbolFlags.TypeAlias, "type"],
    [SymbolFlags.Property, "property"],
  ];
  return kinds.find(([flag]) => flags & flag)?.[1] ?? "";
}
