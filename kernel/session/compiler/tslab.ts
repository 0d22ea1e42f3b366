/** The cell compiler over tslab's converter. Runs in a thread of its own: see `worker.ts`. */
import { completeness } from "./completeness.js";
import { keepAssigned } from "./declarations.js";
import { lower, lowerModule } from "./lower.js";
import type { CellCompiler, CompiledCell, CompileResult, Completion, Diagnostic } from "./types.js";
import { loadTslab, type Tslab, type TslabConverter, type TslabDiagnostic } from "./typescript.js";

interface Pending {
  readonly before: string;
  readonly after: string;
  readonly names: readonly string[];
}

/** How many compiled cells may wait for their commit: more than ever run at once. */
const maxPending = 64;

/**
 * Returns a compiler for the cells of one notebook.
 * @param cwd the notebook's folder
 * @param except own packages that the user's folder brings itself
 */
export function createTslabCompiler(cwd: string, except: ReadonlySet<string>): CellCompiler {
  const tslab = loadTslab(cwd, except);
  const create = (): TslabConverter => tslab.createConverter({ isJS: false, isBrowser: false });
  let converter = create();
  let declarations = "";
  let lastId = 0;
  const pending = new Map<number, Pending>();

  /** A fault inside tslab leaves its watch program half updated, so it is replaced before the fault is reported. */
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      converter.close();
      converter = create();
      throw error;
    }
  };

  return {
    compile: (source, filename) =>
      guarded(() => {
        const before = declarations;
        const result = compileCell(tslab, converter, before, source, filename);
        if ("diagnostics" in result) return { ok: false, diagnostics: result.diagnostics } satisfies CompileResult;
        const id = ++lastId;
        pending.set(id, { before, after: result.declarations, names: result.cell.names });
        pending.delete(id - maxPending);
        return { ok: true, id, cell: result.cell } satisfies CompileResult;
      }),
    commit: (id, assigned) => {
      const cell = pending.get(id);
      pending.delete(id);
      if (!cell) return;
      declarations = assigned ? keepAssigned(tslab.ts, cell.before, cell.after, cell.names, assigned) : cell.after;
    },
    complete: (source, offset) => guarded(() => complete(converter, declarations, source, offset)),
    inspect: (source, offset) =>
      guarded(() => {
        const info = converter.inspect(declarations, source, offset);
        return info && tslab.printQuickInfo(info);
      }),
    isComplete: (source) => completeness(tslab, source),
    close: () => converter.close(),
  };
}

type CellResult =
  | { readonly cell: CompiledCell; readonly declarations: string }
  | { readonly diagnostics: readonly Diagnostic[] };

function compileCell(
  tslab: Tslab,
  converter: TslabConverter,
  before: string,
  source: string,
  filename: string,
): CellResult {
  const { module } = tslab.getCodeMetadata(source);
  if (module !== undefined) {
    const diagnostics = converter.addModule(module, source).map(toDiagnostic);
    if (diagnostics.length > 0) return { diagnostics };
    return { cell: emptyCell(source, filename), declarations: before };
  }
  const result = converter.convert(before, source);
  if (result.diagnostics.length > 0) return { diagnostics: result.diagnostics.map(toDiagnostic) };
  const resultName = result.lastExpressionVar;
  const cell: CompiledCell = {
    ...lower(tslab.ts, result.output ?? ""),
    filename,
    source,
    ...(resultName !== undefined && { resultName }),
    names: declaredValues(tslab, result.output ?? "").filter((name) => name !== resultName),
    sideModules: (result.sideOutputs ?? []).map(({ path, data }) => ({ path, code: lowerModule(tslab.ts, data) })),
  };
  return { cell, declarations: result.declOutput ?? "" };
}

function emptyCell(source: string, filename: string): CompiledCell {
  return { filename, source, code: "", async: false, names: [], sideModules: [], maps: [], shifts: {} };
}

/** The names that the emitted module exports: types have no place in it. */
function declaredValues({ ts }: Tslab, module: string): string[] {
  const file = ts.createSourceFile("cell.mjs", module, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  return file.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) {
      return [];
    }
    return statement.exportClause.elements.map((element) => element.name.text);
  });
}

function toDiagnostic(diagnostic: TslabDiagnostic): Diagnostic {
  const { start, end, messageText: message, code, fileName } = diagnostic;
  return { start, end, message, code, ...(fileName !== undefined && { file: fileName }) };
}

function complete(converter: TslabConverter, declarations: string, source: string, offset: number): Completion {
  const result = converter.complete(declarations, source, offset);
  const kinds = new Map(result.original?.entries.map((entry) => [entry.name, entry.kind]));
  const matches = result.candidates
    .filter((text) => !text.startsWith("__lowbit"))
    .map((text) => ({ text, type: kinds.get(text) ?? "" }));
  return { start: result.start, end: result.end, matches };
}
