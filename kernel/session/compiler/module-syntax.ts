/** What an ES module says that a function body cannot: its imports, `import()`, `import.meta` and top-level `await`. */
import type TS from "typescript";
import type { Edit } from "./edits.js";
import type { TypeScript } from "./typescript.js";

/** Returns the modules that a file imports before it runs, in order. */
export function staticImports(ts: TypeScript, file: TS.SourceFile): string[] {
  const all = file.statements.flatMap((statement) => {
    const from = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    return from && statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier)
      ? [statement.moduleSpecifier.text]
      : [];
  });
  return [...new Set(all)];
}

/**
 * Returns the edits after which `import()` and `import.meta` are `__load()` and `_importMeta`, which the code that
 * runs a cell or a local file passes in. Both words are as long as those that they stand for, so no column moves.
 */
export function moduleEdits(ts: TypeScript, file: TS.SourceFile): Edit[] {
  if (!/\bimport\s*[(.]/.test(file.text)) return [];
  const edits: Edit[] = [];
  const visit = (node: TS.Node): void => {
    if (node.kind === ts.SyntaxKind.ImportKeyword && ts.isCallExpression(node.parent)) {
      edits.push({ start: node.getStart(file), end: node.end, text: "__load" });
    } else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      edits.push({ start: node.getStart(file), end: node.end, text: "_importMeta" });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}

/** Tells whether a module awaits outside of any function. */
export function awaitsAtTopLevel(ts: TypeScript, file: TS.SourceFile): boolean {
  const search = (node: TS.Node): boolean => {
    if (ts.isAwaitExpression(node)) return true;
    if (ts.isForOfStatement(node) && node.awaitModifier) return true;
    if (ts.isClassStaticBlockDeclaration(node) || ts.isFunctionLike(node)) {
      return node.name !== undefined && ts.isComputedPropertyName(node.name) && search(node.name);
    }
    return ts.forEachChild(node, search) ?? false;
  };
  return /\bawait\b/.test(file.text) && search(file);
}
