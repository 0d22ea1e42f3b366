/**
 * From the ES module that TypeScript emits for a cell to the body of a function.
 *
 * Top-level variables become properties of one shared `exports` object, also for functions that close over them,
 * so that a later cell sees and changes the same variable, as in every notebook. TypeScript does this for
 * `export let x`; the ES module says `let x; export { x }`. So the statement gets its `export` here first.
 */
import type TS from "typescript";
import { applyEdits, type Edit } from "./edits.js";
import { awaitsAtTopLevel, moduleEdits, staticImports } from "./module-syntax.js";
import type { CompiledCell } from "./types.js";
import type { TypeScript } from "./typescript.js";

/** The part of a compiled cell that is made here. */
export type LoweredCell = Pick<CompiledCell, "code" | "async" | "imports" | "maps" | "shifts">;

const mapComment = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Returns the function body, whether it awaits, and the maps that lead back to the cell. */
export function lower(ts: TypeScript, emitted: string): LoweredCell {
  const { text: module, map } = splitMap(emitted);
  const file = ts.createSourceFile("cell.mjs", module, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const promoted = promote(ts, file);
  const common = ts.transpileModule(applyEdits(module, [...promoted.edits, ...moduleEdits(ts, file)]), {
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
    imports: staticImports(ts, file),
    maps: [common.sourceMapText ?? "", map].filter((text) => text !== ""),
    shifts: promoted.shifts,
  };
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

/** What the statements of one kind need: their text changes, and the names that they now export themselves. */
interface Change {
  readonly edits: readonly Edit[];
  readonly names: readonly string[];
}

/** Makes each top-level declaration an exported variable, and takes its names off the export list. */
function promote(ts: TypeScript, file: TS.SourceFile): Promotion {
  const exported = exportedNames(ts, file);
  const uninitialized = new Set<string>();
  const changes: Change[] = [];
  const heads: string[] = [];
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const one of statement.declarationList.declarations) {
        if (!one.initializer) for (const name of boundNames(ts, one.name)) uninitialized.add(name);
      }
      changes.push(promoteVariables(ts, file, statement, exported));
    } else if (ts.isFunctionDeclaration(statement) && statement.name && exported.has(statement.name.text)) {
      changes.push(promoteFunction(file, statement.name, heads));
    } else if (ts.isClassDeclaration(statement) && statement.name && exported.has(statement.name.text)) {
      changes.push(promoteClass(ts, file, statement, statement.name.text));
    }
  }
  const promoted = new Set(changes.flatMap(({ names }) => names));
  const lists = file.statements.filter((one) => isExportList(ts, one)) as ExportList[];
  const edits = [
    { start: 0, end: 0, text: heads.join("") },
    ...changes.flatMap((change) => change.edits),
    ...lists.map((list) => exportRest(file, list, promoted)),
  ];
  return { edits, uninitialized, shifts: shiftsOf(file, edits) };
}

/** `let x` becomes `export let x`; the value of the last expression, when it is a function, stays without a name. */
function promoteVariables(
  ts: TypeScript,
  file: TS.SourceFile,
  statement: TS.VariableStatement,
  exported: ReadonlySet<string>,
): Change {
  const { declarations } = statement.declarationList;
  const names = declarations.flatMap((one) => boundNames(ts, one.name));
  if (!statement.modifiers?.length) {
    if (!names.every((name) => exported.has(name))) return { edits: [], names: [] };
    const start = statement.getStart(file);
    return { edits: [{ start, end: start, text: "export " }], names };
  }
  const value = declarations[0]?.initializer;
  if (!value || !(ts.isArrowFunction(value) || ts.isFunctionExpression(value) || ts.isClassExpression(value))) {
    return { edits: [], names: [] };
  }
  const start = value.getStart(file);
  return {
    edits: [
      { start, end: start, text: "(0, " },
      { start: value.end, end: value.end, text: ")" },
    ],
    names: [],
  };
}

/**
 * A function is hoisted, so it stays where it is under another name, and the first thing that the cell does is to put
 * it into the shared variable. Whoever calls it then calls what the variable holds, also after a later cell wrote it anew.
 */
function promoteFunction(file: TS.SourceFile, name: TS.Identifier, heads: string[]): Change {
  const hidden = `__lowbit_${name.text}`;
  heads.push(`export let ${name.text} = __name(${hidden}, "${name.text}"); `);
  return { edits: [{ start: name.getStart(file), end: name.end, text: hidden }], names: [name.text] };
}

function promoteClass(ts: TypeScript, file: TS.SourceFile, statement: TS.ClassDeclaration, name: string): Change {
  const keyword = statement.getChildren(file).find((child) => child.kind === ts.SyntaxKind.ClassKeyword);
  const start = (keyword ?? statement).getStart(file);
  const edits = [
    { start, end: start, text: `export let ${name} = ` },
    { start: statement.end, end: statement.end, text: ";" },
  ];
  return { edits, names: [name] };
}

function exportRest(file: TS.SourceFile, list: ExportList, promoted: ReadonlySet<string>): Edit {
  const rest = list.exportClause.elements.filter((element) => !promoted.has(localName(element)));
  const text = `export { ${rest.map((element) => element.getText(file)).join(", ")} };`;
  return { start: list.getStart(file), end: list.end, text };
}

/** By how much the text of a line moved to the right. */
function shiftsOf(file: TS.SourceFile, edits: readonly Edit[]): Record<number, number> {
  const shifts: Record<number, number> = {};
  for (const { start, end, text } of edits) {
    const { line } = file.getLineAndCharacterOfPosition(start);
    if (text !== ";" && text !== ")") shifts[line] = (shifts[line] ?? 0) + text.length - (end - start);
  }
  return shifts;
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
  return applyEdits(body, edits);
}
