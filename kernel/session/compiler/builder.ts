/** How TypeScript makes a program of each cell: no more than tslab's converter reads of it. */
import type TS from "typescript";
import type { TypeScript } from "./typescript.js";

type ResolvedModules = {
  forEach(action: (resolution: { readonly resolvedModule?: TS.ResolvedModule }) => void): void;
};

/**
 * Returns the factory of programs for the watch host. TypeScript's own default also follows which file refers to
 * which, for all of the library's declarations, cell after cell: nobody asks for that here, and it takes longer than
 * the cell itself.
 */
export function createCellProgram(ts: TypeScript): TS.CreateProgram<TS.BuilderProgram> {
  return (...args) => {
    const builder = ts.createAbstractBuilder(...args);
    const program = builder.getProgram();
    // tslab reads which names a cell declares: they are found when the checker is made.
    program.getTypeChecker();
    return { ...builder, getAllDependencies: (file) => dependencies(program, file) };
  };
}

/** Returns the paths of a file and of all that it imports, files without code left out. */
function dependencies(program: TS.Program, start: TS.SourceFile): string[] {
  const found = new Map<string, TS.SourceFile>();
  const visit = (file: TS.SourceFile | undefined): void => {
    if (!file || file.isDeclarationFile || found.has(file.fileName)) return;
    found.set(file.fileName, file);
    const { resolvedModules } = file as { readonly resolvedModules?: ResolvedModules };
    resolvedModules?.forEach(({ resolvedModule }) => {
      if (resolvedModule) visit(program.getSourceFile(resolvedModule.resolvedFileName));
    });
    for (const { fileName } of file.referencedFiles) visit(program.getSourceFile(fileName));
  };
  visit(start);
  return [...found.keys()];
}
