/**
 * From the ES module that TypeScript emits for a cell to the body of a function.
 *
 * Top-level variables become properties of one shared `exports` object, also for functions that close over them,
 * so that a later cell sees and changes the same variable, as in every notebook. TypeScript does this for
 * `export let x`; the ES module says `let x; export { x }`. So the statement gets its `export` here first.
 */
import type TS from "typescript";
import type { CompiledCell } from "./types.js";
import type { TypeScript } from "./typescript.js";

/** The part of a compiled cell that is made here. */
export type LoweredCell = Pick<CompiledCell, "code" | "async" | "maps" | "shifts">;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const mapComment = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Returns the function body, whether it awaits, and the maps that lead back to the cell. */
export function lower(ts: TypeScript, emitted: string): LoweredCell {
  const { text: module, map } = splitMap(emitted);
  const file = ts.createSourceFile("cell.mjs", module, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const promoted = promote(ts, file);
  const common = ts.transpileModule(apply(module, promoted.edits), {
    fileName: "cell.js",
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      target: ts.ScriptTarget.ES2022,
      newLine: ts.NewLineKind.LineFeed,
      noImplicitUseStrict: true,
      noEmitHelpers: true,
      sourceMap: true,
    },
  });
  const body = common.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  return {
    code: rewritePrologue(ts, body, promoted.uninitialized),
    async: awaitsAtTopLevel(ts, file),
    maps: [common.sourceMapText ?? "", map].filter((text) => text !== ""),
    shifts: promoted.shifts,
  };
}

/** Returns CommonJS for a local module that a cell imports. */
export function lowerModule(ts: TypeScript, emitted: string): string {
  return ts.transpileModule(emitted, {
    fileName: "module.js",
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      target: ts.ScriptTarget.ES2022,
      newLine: ts.NewLineKind.LineFeed,
    },
  }).outputText;
}

function splitMap(emitted: string): { text: string; map: string } {
  const match = mapComment.exec(emitted);
  if (!match) return { text: emitted, map: "" };
  const map = Buffer.from(match[1] as string, "base64").toString("utf8");
  return { text: `${emitted.slice(0, match.index)}\n`, map };
}

interface Promotion {
  readonly edits: readonly Edit[];
  /** Names declared without a value (`let x;`), which must be reset to undefined. */
  readonly uninitialized: ReadonlySet<string>;
  readonly shifts: Readonly<Record<number, number>>;
}

/** Puts `export` before each exported top-level variable statement and takes its names off the export list. */
function promote(ts: TypeScript, file: TS.SourceFile): Promotion {
  const edits: Edit[] = [];
  const promoted = new Set<string>();
  const uninitialized = new Set<string>();
  const shifts: Record<number, number> = {};
  const exported = exportedNames(ts, file);
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const names = statement.declarationList.declarations.flatMap((one) => boundNames(ts, one.name));
    for (const one of statement.declarationList.declarations) {
      if (!one.initializer) for (const name of boundNames(ts, one.name)) uninitialized.add(name);
    }
    if (statement.modifiers?.length || !names.every((name) => exported.has(name))) continue;
    for (const name of names) promoted.add(name);
    const start = statement.getStart(file);
    edits.push({ start, end: start, text: "export " });
    shifts[file.getLineAndCharacterOfPosition(start).line] = "export ".length;
  }
  for (const statement of file.statements) {
    if (!isExportList(ts, statement)) continue;
    const rest = statement.exportClause.elements.filter((element) => !promoted.has(localName(element)));
    const text = `export { ${rest.map((element) => element.getText(file)).join(", ")} };`;
    edits.push({ start: statement.getStart(file), end: statement.end, text });
  }
  return { edits, uninitialized, shifts };
}

type ExportList = TS.ExportDeclaration & { readonly exportClause: TS.NamedExports };

function isExportList(ts: TypeScript, node: TS.Node): node is ExportList {
  return (
    ts.isExportDeclaration(node) && !node.moduleSpecifier && !!node.exportClause && ts.isNamedExports(node.exportClause)
  );
}

function exportedNames(ts: TypeScript, file: TS.SourceFile): Set<string> {
  const lists = file.statements.filter((statement) => isExportList(ts, statement)) as ExportList[];
  return new Set(lists.flatMap((list) => list.exportClause.elements.map(localName)));
}

function localName(element: TS.ExportSpecifier): string {
  return (element.propertyName ?? element.name).text;
}

function boundNames(ts: TypeScript, name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(ts, element.name)));
}

/** Tells whether the module awaits outside of any function. */
function awaitsAtTopLevel(ts: TypeScript, file: TS.SourceFile): boolean {
  const search = (node: TS.Node): boolean => {
    if (ts.isAwaitExpression(node)) return true;
    if (ts.isForOfStatement(node) && node.awaitModifier) return true;
    if (ts.isClassStaticBlockDeclaration(node) || ts.isFunctionLike(node)) {
      return node.name !== undefined && ts.isComputedPropertyName(node.name) && search(node.name);
    }
    return ts.forEachChild(node, search) ?? false;
  };
  return search(file);
}

/**
 * Changes three things in TypeScript's CommonJS, without moving a line: the `__esModule` mark goes; `exports.x =
 * void 0` stays only where the cell itself leaves `x` undefined, because it would wipe the value of an earlier run
 * when this one throws; and re-exported imports are defined so that a later cell may declare the name again.
 */
function rewritePrologue(ts: TypeScript, body: string, uninitialized: ReadonlySet<string>): string {
  const file = ts.createSourceFile("cell.js", body, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const edits: Edit[] = [];
  for (const statement of file.statements) {
    if (!ts.isExpressionStatement(statement)) continue;
    const start = statement.getStart(file);
    const text = body.slice(start, statement.end);
    if (text.startsWith('Object.defineProperty(exports, "__esModule"')) {
      edits.push({ start, end: statement.end, text: "" });
    } else if (text.startsWith("Object.defineProperty(exports, ")) {
      edits.push({ start, end: start + "Object.defineProperty".length, text: "__define" });
    } else if (/^(exports\.[\w$\u0080-\uffff]+ = )+void 0;$/.test(text)) {
      const names = [...text.matchAll(/exports\.([^\s]+) = /g)].map((match) => match[1] as string);
      const kept = names.filter((name) => uninitialized.has(name)).map((name) => `exports.${name} = `);
      edits.push({ start, end: statement.end, text: kept.length > 0 ? `${kept.join("")}void 0;` : "" });
    }
  }
  return apply(body, edits);
}

function apply(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}
