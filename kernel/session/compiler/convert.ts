/** From a cell to what tslab's converter says of it, with the attempts that this takes. */
import type TS from "typescript";
import { exportList, hideExports, starExports } from "./cell-exports.js";
import { applyEdits, type Edit } from "./edits.js";
import type { Tslab, TslabConverter } from "./typescript.js";

/** What the converter gives for a cell. */
export type Converted = ReturnType<TslabConverter["convert"]>;

/** TypeScript's messages for a decorator that does not fit where it stands. */
const decoratorFaults = new Set([1206, 1238, 1239, 1240, 1241, 1270, 1271, 1278, 1279, 1329]);

/**
 * Returns the JavaScript, declarations and faults of a cell.
 * @param previous declarations of earlier cells
 * @param cell the path under which cells are compiled
 */
export function convertCell(
  tslab: Tslab,
  converter: TslabConverter,
  previous: string,
  source: string,
  cell: string,
): Converted {
  const text = hideExports(tslab.ts, source);
  const result = convertEitherWay(tslab, converter, previous, text);
  const stars = result.diagnostics.length === 0 ? starExports(tslab.ts, source) : [];
  if (stars.length === 0) return result;
  // Only now TypeScript knows what the files have.
  const named = nameStars(tslab, stars, cell);
  return convertEitherWay(tslab, converter, previous, applyEdits(text, named));
}

/** Compiles with the decorators of the language; where they do not fit, with TypeScript's older ones. */
function convertEitherWay(tslab: Tslab, converter: TslabConverter, previous: string, text: string): Converted {
  const list = exportList(tslab.ts, text);
  const options = tslab.options();
  options.experimentalDecorators = false;
  const result = converter.convert(previous, text + list);
  if (!result.diagnostics.some(({ code }) => decoratorFaults.has(code))) return result;
  options.experimentalDecorators = true;
  // Another text, as for the same one TypeScript would keep its program.
  const older = converter.convert(previous, `${text} ${list}`);
  return older.diagnostics.length < result.diagnostics.length ? older : result;
}

/** The method is TypeScript's own, though not public: the other one leaves out what `export =` brings. */
type ModuleChecker = TS.TypeChecker & { getExportsAndPropertiesOfModule(module: TS.Symbol): TS.Symbol[] };

/** Returns the edits that turn each `export * from` into an import of all names that the cell does not have itself. */
function nameStars(
  tslab: Tslab,
  stars: readonly (Omit<Edit, "text"> & { readonly specifier: string })[],
  cell: string,
): Edit[] {
  const { ts } = tslab;
  const program = tslab.program().getProgram();
  const checker = program.getTypeChecker() as ModuleChecker;
  const file = program.getSourceFile(cell) as TS.SourceFile;
  const taken = new Set((file as unknown as { readonly locals?: ReadonlyMap<string, unknown> }).locals?.keys());
  return stars.flatMap(({ start, end, specifier }) => {
    const found = file.statements.find(
      (one): one is TS.ImportDeclaration =>
        ts.isImportDeclaration(one) &&
        ts.isStringLiteral(one.moduleSpecifier) &&
        one.moduleSpecifier.text === specifier,
    );
    const module = found && checker.getSymbolAtLocation(found.moduleSpecifier);
    const names = (module ? checker.getExportsAndPropertiesOfModule(module) : [])
      .map(({ name }) => name)
      .filter((name) => name !== "default" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !taken.has(name));
    for (const name of names) taken.add(name);
    if (names.length === 0) return [];
    // Once more without names: when all of them are types, TypeScript drops the other import.
    const from = JSON.stringify(specifier);
    return [{ start, end, text: `import ${from}; import { ${names.join(", ")} } from ${from};` }];
  });
}
