/** Bookkeeping over the declarations (`.d.ts` text) that are carried from cell to cell. */
import type TS from "typescript";
import type { TypeScript } from "./typescript.js";

/**
 * Returns the declarations after a cell that threw: its types, functions and the variables that got a value count,
 * a variable that got none keeps the meaning it had before.
 * @param before declarations before the cell
 * @param after declarations as they would be had the cell finished
 * @param declared names of values that the cell declares
 * @param assigned those of them that got a value
 */
export function keepAssigned(
  ts: TypeScript,
  before: string,
  after: string,
  declared: readonly string[],
  assigned: readonly string[],
): string {
  const got = new Set(assigned);
  const lost = new Set(declared.filter((name) => !got.has(name)));
  if (lost.size === 0) return after;
  return filterValues(ts, before, (name) => lost.has(name)) + filterValues(ts, after, (name) => !lost.has(name), true);
}

/** Keeps the value declarations whose name passes; other statements (types, imports) only with `others`. */
function filterValues(ts: TypeScript, text: string, keep: (name: string) => boolean, others = false): string {
  const file = ts.createSourceFile("decl.d.ts", text, ts.ScriptTarget.Latest, true);
  return file.statements.map((statement) => filterStatement(ts, file, statement, keep, others)).join("");
}

function filterStatement(
  ts: TypeScript,
  file: TS.SourceFile,
  statement: TS.Statement,
  keep: (name: string) => boolean,
  others: boolean,
): string {
  if (ts.isVariableStatement(statement)) {
    const flags = statement.declarationList.flags;
    const keyword = flags & ts.NodeFlags.Const ? "const" : flags & ts.NodeFlags.Let ? "let" : "var";
    return statement.declarationList.declarations
      .filter((one) => ts.isIdentifier(one.name) && keep(one.name.text))
      .map((one) => `declare ${keyword} ${one.getText(file)};\n`)
      .join("");
  }
  const named = (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name;
  if (named) return keep(named.text) ? `${statement.getText(file)}\n` : "";
  return others ? `${statement.getText(file)}\n` : "";
}

/**
 * Returns the declarations after a cell with the namespaces of earlier cells, which tslab forgets.
 * @param before declarations before the cell
 * @param after declarations as tslab gives them
 * @param declared names of values that the cell declares; they replace a namespace of the same name
 */
export function keepNamespaces(ts: TypeScript, before: string, after: string, declared: readonly string[]): string {
  if (!/\b(namespace|module|global)\b/.test(before)) return after;
  const file = ts.createSourceFile("decl.d.ts", before, ts.ScriptTarget.Latest, true);
  const kept = file.statements
    .filter((statement) => ts.isModuleDeclaration(statement) && !declared.includes(statement.name.text))
    .map((statement) => `${statement.getText(file)}\n`)
    .filter((text) => !after.includes(text));
  return after + kept.join("");
}
