/** `export` in a cell: everything at top level is shared anyway, so the word may stand there and changes nothing. */
import type TS from "typescript";
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
    // The names of `export *` are unknown to tslab, so it only loads the file.
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
 * Corrects the export list that tslab appends to a cell: it writes names as TypeScript keeps them, with one more
 * underscore before those that begin with two, and with `__global` for a `declare global`.
 */
export function tslabExports(ts: TypeScript, text: string): string {
  return text.replace(/\nexport \{([^{}]*)\}$/, (_, list: string) => {
    const names = list.split(", ").filter((name) => !/^__(?!_)/.test(name));
    return `\nexport {${names.map((name) => ts.unescapeLeadingUnderscores(name as TS.__String)).join(", ")}}`;
  });
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
  return found.map(({ start, length, messageText, code }) => ({
    start: place(start),
    end: place(start + length),
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    code,
  }));
}
