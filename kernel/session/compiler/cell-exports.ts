/** `export` in a cell: everything at top level is shared anyway, so the word may stand there and changes nothing. */
import type TS from "typescript";
import { withAdvice } from "./advice.js";
import type { Diagnostic, Position } from "./types.js";
import type { TypeScript } from "./typescript.js";

/**
 * Returns the cell without its top-level `export`s. All else keeps its place, as blanks stand in for the words.
 * @example hideExports(ts, "export const x = 4") // "       const x = 4"
 */
export function hideExports(ts: TypeScript, source: string): string {
  if (!/\bexport\b/.test(source)) return source;
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  let text = source;
  // From the end, because a bracket may be inserted.
  for (const statement of [...file.statements].reverse()) text = hideExport(ts, file, statement, text);
  return text;
}

function hideExport(ts: TypeScript, file: TS.SourceFile, statement: TS.Statement, text: string): string {
  const start = statement.getStart(file);
  if (ts.isExportDeclaration(statement)) {
    if (!statement.moduleSpecifier) return overwrite(text, start, statement.end);
    const module = statement.moduleSpecifier.getStart(file);
    // At first `export *` only loads the file: `convert.ts` puts its names here once they are known.
    if (!statement.exportClause) return overwrite(text, start, module, "import".padEnd(module - start));
    // Both words have six letters.
    return importable(ts, statement.exportClause) ? overwrite(text, start, start + "export".length, "import") : text;
  }
  if (ts.isExportAssignment(statement)) {
    const value = statement.expression.getStart(file);
    if (value === statement.expression.end) return text;
    const blank = overwrite(text, start, value);
    return text[value] === "{" ? inBrackets(blank, start, statement.expression.end) : blank;
  }
  const words = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const hidden = words.filter(
    ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
  );
  if (hidden.length === 0) return text;
  const blank = hidden.reduce((rest, word) => overwrite(rest, word.getStart(file), word.end), text);
  const anonymous = (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name;
  return anonymous ? inBrackets(blank, start, statement.end) : blank;
}

/** Returns the places of `export * from "…"` in a cell, which are those in the text of {@link hideExports}, too. */
export function starExports(
  ts: TypeScript,
  source: string,
): { readonly start: number; readonly end: number; readonly specifier: string }[] {
  if (!/\bexport\s*\*/.test(source)) return [];
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  return file.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause || !statement.moduleSpecifier) return [];
    const specifier = (statement.moduleSpecifier as TS.StringLiteral).text;
    return [{ start: statement.getStart(file), end: statement.end, specifier }];
  });
}

/** Tells whether `export … from` can be read as the `import` of the same names. */
function importable(ts: TypeScript, exportClause: TS.NamedExportBindings): boolean {
  if (!ts.isNamedExports(exportClause)) return true;
  return exportClause.elements.every(({ name }) => name.text !== "default");
}

/** What would open a block or a declaration without a name becomes an expression. */
function inBrackets(text: string, start: number, end: number): string {
  return `${text.slice(0, start)}(${text.slice(start + 1, end)})${text.slice(end)}`;
}

function overwrite(text: string, start: number, end: number, word?: string): string {
  return text.slice(0, start) + (word ?? text.slice(start, end).replace(/[^\r\n]/g, " ")) + text.slice(end);
}

/**
 * Returns the export list of a cell, to be appended to it: all that it declares at top level, for later cells to see.
 * tslab appends the same list itself, but learns the names by making a program of the cell without it: with the list
 * already there, that program serves both times. See {@link withoutSecondList}.
 * @param source a cell without `export`s of its own
 */
export function exportList(ts: TypeScript, source: string): string {
  // The first line makes it a module, as tslab's does.
  const file = ts.createSourceFile("cell.ts", `export {};\n${source}`, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const bind = (ts as unknown as { bindSourceFile(file: TS.SourceFile, options: TS.CompilerOptions): void })
    .bindSourceFile;
  bind(file, { target: ts.ScriptTarget.ES2022 });
  const { locals } = file as unknown as { readonly locals?: ReadonlyMap<TS.__String, TS.Symbol> };
  // TypeScript keeps names that begin with two underscores with one more, and has `__global` for `declare global`.
  const names = [...(locals?.keys() ?? [])].filter((name) => !/^__(?!_)/.test(String(name)));
  return locals?.size ? `\nexport {${names.map((name) => ts.unescapeLeadingUnderscores(name)).join(", ")}}` : "";
}

/** Returns tslab's text of a cell without the export list that it appends after {@link exportList}'s. */
export function withoutSecondList(text: string): string {
  return text.replace(/(\nexport \{[^{}]*\})?\nexport \{[^{}]*\}$/, (both, first) => first ?? both);
}

/**
 * Returns the syntax errors of a cell by itself, undefined when there are none. With one, the export list that tslab
 * appends may be read as a part of the cell, and all that TypeScript says of it is beside the point.
 */
export function syntaxFaults(ts: TypeScript, source: string): Diagnostic[] | undefined {
  // The first line makes it a module, where `await` is a word of its own.
  const text = `export {};\n${hideExports(ts, source)}`;
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const { parseDiagnostics: found } = file as unknown as {
    readonly parseDiagnostics: readonly TS.DiagnosticWithLocation[];
  };
  if (found.length === 0) return undefined;
  const place = (offset: number): Position => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { line: line - 1, character };
  };
  const faults = found.map(({ start, length, messageText, code }) => ({
    start: place(start),
    end: place(start + length),
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    code,
  }));
  return withAdvice(source, faults);
}
