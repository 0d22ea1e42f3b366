/** Cells that are run again, unchanged, over unchanged declarations: they need not be compiled again. */
import type { CompiledCell } from "./types.js";

/** What came of a cell. */
export interface CellResult {
  readonly cell: CompiledCell;
  /** The declarations after it. */
  readonly declarations: string;
}

/** See {@link createMemo}. */
export interface Memo {
  /** Returns what came of the same cell before, under its new filename. */
  find(before: string, source: string, filename: string): CellResult | undefined;
  keep(before: string, result: CellResult): void;
}

/** An import of a file by its path, as declarations have it. */
const localImport = /\b(from|import)\s*\(?\s*["'](\.{1,2})?\//;

/** How many cells are remembered. */
const most = 32;

/** Returns a memory of the cells compiled last, but for those that depend on files, which may change at any time. */
export function createMemo(): Memo {
  const results = new Map<string, CellResult & { readonly before: string }>();
  return {
    find: (before, source, filename) => {
      const found = results.get(source);
      if (found?.before !== before) return undefined;
      return { cell: { ...found.cell, filename }, declarations: found.declarations };
    },
    keep: (before, result) => {
      const { source } = result.cell;
      results.delete(source);
      if (/\b(import|require|export|declare)\b/.test(source) || localImport.test(before)) return;
      results.set(source, { ...result, before });
      const [oldest] = results.keys();
      if (results.size > most && oldest !== undefined) results.delete(oldest);
    },
  };
}
