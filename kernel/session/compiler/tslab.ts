/** The cell compiler over tslab's converter. Runs in a thread of its own: see `worker.ts`. */
import { calleeOffset } from "./callee.js";
import { syntaxFaults } from "./cell-exports.js";
import { completeness } from "./completeness.js";
import { complete } from "./completion.js";
import { convertCell } from "./convert.js";
import { createSafeConverter, type SafeConverter } from "./converter.js";
import { keepAssigned, keepNamespaces } from "./declarations.js";
import { createLocalModules, type FileFaults, type LocalModules } from "./local-modules.js";
import { lower } from "./lower.js";
import { type CellResult, createMemo } from "./memo.js";
import { declareVars, liftVars } from "./nested-vars.js";
import { quickInfoText } from "./quick-info.js";
import type { CellCompiler, CompiledCell, CompileResult, Diagnostic, SideModule } from "./types.js";
import { loadTslab, type Tslab, type TslabConverter, type TslabDiagnostic } from "./typescript.js";

interface Pending {
  readonly modules: readonly SideModule[];
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
  const converter = createSafeConverter(tslab, cwd);
  const locals = createLocalModules(tslab.ts, cwd, tslab.program, converter.isModule);
  let declarations = "";
  let lastId = 0;
  const pending = new Map<number, Pending>();
  const convert = createConvert(tslab, converter, locals);
  const compile = (source: string, filename: string): CompileResult => {
    const { module } = tslab.getCodeMetadata(source);
    const before = declarations;
    const result =
      module === undefined ? convert(before, source, filename) : addModule(converter, module, source, filename, before);
    if ("diagnostics" in result) return { ok: false, diagnostics: result.diagnostics };
    const id = ++lastId;
    const { names, sideModules: modules } = result.cell;
    pending.set(id, { before, after: result.declarations, names, modules });
    pending.delete(id - maxPending);
    return { ok: true, id, cell: result.cell };
  };

  return {
    compile,
    commit: (id, assigned) => {
      const cell = pending.get(id);
      pending.delete(id);
      if (!cell) return;
      locals.delivered(cell.modules);
      declarations = assigned ? keepAssigned(tslab.ts, cell.before, cell.after, cell.names, assigned) : cell.after;
    },
    complete: (source, offset) =>
      converter.run((current) => complete(tslab, current, declarations, source, offset, locals.cell)),
    inspect: (source, offset) => converter.run((current) => inspect(tslab, current, declarations, source, offset)),
    isComplete: (source) => completeness(tslab, source),
    rest: () => {
      warmUp(compile);
      tslab.keepCode();
    },
    close: () => converter.close(),
  };
}

/** The first cell takes three times as long as the second: it is this one, and its code is kept with the rest. */
function warmUp(compile: CellCompiler["compile"]): void {
  compile("0", "warm-up.ts");
}

/** Takes a `@module` cell: others import it, and it declares nothing itself. */
function addModule(
  converter: SafeConverter,
  name: string,
  source: string,
  filename: string,
  declarations: string,
): CellOutcome {
  const diagnostics = converter.addModule(name, source).map(toDiagnostic);
  return diagnostics.length > 0 ? { diagnostics } : { cell: emptyCell(source, filename), declarations };
}

/** Returns the compilation of a cell over the declarations before it, which takes from its memory what it can. */
function createConvert(
  tslab: Tslab,
  converter: SafeConverter,
  locals: LocalModules,
): (before: string, source: string, filename: string) => CellOutcome {
  const memo = createMemo();
  return (before, source, filename) => {
    const known = memo.find(before, source, filename);
    if (known) return known;
    const result = converter.run((current) => compileCell(tslab, current, locals, before, source, filename));
    if (!("diagnostics" in result)) memo.keep(before, result);
    return result;
  };
}

type CellOutcome = CellResult | { readonly diagnostics: readonly Diagnostic[] };

function compileCell(
  tslab: Tslab,
  converter: TslabConverter,
  locals: LocalModules,
  before: string,
  source: string,
  filename: string,
): CellOutcome {
  const result = convertCell(tslab, converter, before, source, locals.cell);
  const diagnostics = allFaults(source, result.diagnostics.map(toDiagnostic), locals.faults());
  if (diagnostics.length > 0) return { diagnostics: syntaxFaults(tslab.ts, source) ?? diagnostics };
  const { ts } = tslab;
  const resultName = result.lastExpressionVar;
  const { module, names: nested } = liftVars(ts, result.output ?? "");
  const cell: CompiledCell = {
    ...lower(ts, module),
    filename,
    source,
    ...(resultName !== undefined && { resultName }),
    names: declaredValues(tslab, result.output ?? "").filter((name) => name !== resultName),
    sideModules: locals.collect(),
  };
  const vars = declareVars(ts, tslab.program().getProgram(), locals.cell, nested);
  return { cell, declarations: keepNamespaces(ts, before, (result.declOutput ?? "") + vars, cell.names) };
}

/** tslab may report a fault of a file as one of the cell, so what `local-modules.ts` knows of a place stands for it. */
function allFaults(source: string, found: readonly Diagnostic[], inFiles: FileFaults): Diagnostic[] {
  const place = ({ start, end }: Diagnostic): string => [start, end].map((at) => `${at.line}:${at.character}`).join();
  const known = new Set(inFiles.found.map(place));
  const others = found.filter((one) => !known.has(place(one)));
  return [...withinCell(source, others), ...inFiles.shown];
}

/** Takes back to the cell's end what is reported in the lines that tslab appends, or drops it when there is more. */
function withinCell(source: string, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const lines = source.split("\n");
  const beyond = (one: Diagnostic): boolean => one.file === undefined && one.start.line >= lines.length;
  const within = diagnostics.filter((one) => !beyond(one));
  if (within.length > 0) return within;
  const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return diagnostics.map((one) => ({ ...one, start: end, end }));
}

function emptyCell(source: string, filename: string): CompiledCell {
  return { filename, source, code: "", async: false, imports: [], names: [], sideModules: [], maps: [], shifts: {} };
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

function inspect(
  tslab: Tslab,
  converter: TslabConverter,
  declarations: string,
  source: string,
  offset: number,
): string | undefined {
  const info = converter.inspect(declarations, source, offset);
  if (info) return quickInfoText(info);
  const callee = calleeOffset(tslab.ts, source, offset);
  const called = callee === undefined ? undefined : converter.inspect(declarations, source, callee);
  return called && quickInfoText(called);
}
