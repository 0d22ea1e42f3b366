/** `var` inside a block or a loop: it belongs to the whole cell, so later cells see it too. */
import type TS from "typescript";
import type { TypeScript } from "./typescript.js";

interface Lifted {
  /** The module, in which nested `var`s are assignments to variables declared at its end. */
  readonly module: string;
  /** The names that have no declaration at top level but for the one added here. */
  readonly names: readonly string[];
}

/**
 * Returns a cell's ES module with its nested `var`s at top level, where `lower.ts` finds them. No place moves by more
 * than a bracket. TypeScript itself would export a nested `var` only where it is assigned again.
 * @example liftVars(ts, "for (var k = 0; k < 3; k++) {}\nexport { k };").names // ["k"]
 */
export function liftVars(ts: TypeScript, emitted: string): Lifted {
  if (!/\bvar\b/.test(emitted)) return { module: emitted, names: [] };
  const file = ts.createSourceFile("cell.mjs", emitted, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const lists = nestedLists(ts, file);
  const known = new Set(file.statements.flatMap((statement) => declared(ts, statement)));
  const all = lists.flatMap((list) => list.declarations.flatMap((one) => namesOf(ts, one.name)));
  const names = [...new Set(all)].filter((name) => !known.has(name));
  let module = emitted;
  // From the end, because a bracket may be inserted.
  for (const list of lists.reverse()) module = assignment(ts, file, list, module);
  return { module: names.length === 0 ? module : beforeMap(module, `\nvar ${names.join(", ")};`), names };
}

/** The lists of `var` that are no statements of the module itself, in order. */
function nestedLists(ts: TypeScript, file: TS.SourceFile): TS.VariableDeclarationList[] {
  const found: TS.VariableDeclarationList[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node)) return;
    const isVar = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0;
    if (isVar && node.parent.parent !== file) found.push(node);
    else if (isVar && !ts.isVariableStatement(node.parent)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function declared(ts: TypeScript, statement: TS.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((one) => namesOf(ts, one.name));
  }
  return ts.isFunctionDeclaration(statement) && statement.name ? [statement.name.text] : [];
}

function namesOf(ts: TypeScript, name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesOf(ts, element.name)));
}

/** Overwrites the word `var`. A pattern that begins a statement must not be read as a block. */
function assignment(ts: TypeScript, file: TS.SourceFile, list: TS.VariableDeclarationList, text: string): string {
  const start = list.getStart(file);
  const bracket = !ts.isForOfStatement(list.parent) && !ts.isForInStatement(list.parent);
  const word = bracket ? "  (" : "   ";
  const rest = text.slice(start + word.length, list.end) + (bracket ? ")" : "") + text.slice(list.end);
  return text.slice(0, start) + word + rest;
}

function beforeMap(module: string, text: string): string {
  const at = module.lastIndexOf("\n//# sourceMappingURL=");
  return at < 0 ? module + text : module.slice(0, at) + text + module.slice(at);
}

/** Returns the declarations of variables of a program's file, with the types they have there. */
export function declareVars(ts: TypeScript, program: TS.Program, path: string, names: readonly string[]): string {
  return names.map((name) => `declare var ${name}: ${typeText(ts, program, path, name)};\n`).join("");
}

function typeText(ts: TypeScript, program: TS.Program, path: string, name: string): string {
  const file = program.getSourceFile(path);
  const locals = (file as { readonly locals?: ReadonlyMap<TS.__String, TS.Symbol> } | undefined)?.locals;
  const symbol = locals?.get(ts.escapeLeadingUnderscores(name));
  if (!file || !symbol) return "any";
  const checker = program.getTypeChecker();
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.WriteArrayAsGenericType;
  const text = checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, file), file, flags);
  // Some types have no text that can be read again, such as a class without a name.
  const probe = ts.transpileModule(`declare var x: ${text};`, { reportDiagnostics: true });
  return probe.diagnostics?.length ? "any" : text;
}
