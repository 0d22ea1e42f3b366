/** The local files that cells import: emitted when they change, and handed to cells until one of them has run. */
import { relative } from "node:path";
import type TS from "typescript";
import { withAdvice } from "./advice.js";
import { applyEdits } from "./edits.js";
import { awaitsAtTopLevel, moduleEdits, staticImports } from "./module-syntax.js";
import type { Diagnostic, Position, SideModule } from "./types.js";
import type { TypeScript } from "./typescript.js";
import { cellFile } from "./watch-host.js";

/** What is wrong in imported files. */
export interface FileFaults {
  /** As TypeScript says it. */
  readonly found: readonly Diagnostic[];
  /** As the user is told. */
  readonly shown: readonly Diagnostic[];
}

/** See {@link createLocalModules}. */
export interface LocalModules {
  /** The file name under which a cell is compiled. */
  readonly cell: string;
  /** Returns what is wrong in imported files. tslab is silent on those above the notebook's folder. */
  faults(): FileFaults;
  /** Returns the modules that the cell just compiled must carry: those that no cell has delivered yet. */
  collect(): SideModule[];
  /** Notes that a cell with these modules ran. */
  delivered(modules: readonly SideModule[]): void;
}

/**
 * Returns the local modules of one notebook.
 * @param builder returns the program that was made last
 * @param isVirtual tells of a path whether it is a `@module` cell, which has one line of tslab's before its own
 */
export function createLocalModules(
  ts: TypeScript,
  cwd: string,
  builder: () => TS.BuilderProgram,
  isVirtual: (path: string) => boolean,
): LocalModules {
  const cell = cellFile(cwd);
  const versions = new Map<string, string>();
  const version = (file: TS.SourceFile): string => versionOf(builder().getProgram(), file);
  const latest = new Map<string, SideModule>();
  const waiting = new Map<string, SideModule>();
  const firstLine = (file: TS.SourceFile): number => (isVirtual(file.fileName) ? 1 : 0);
  const files = (): TS.SourceFile[] => localFiles(builder(), cell);

  const emitAll = (all: readonly TS.SourceFile[]): void => {
    for (const file of all) {
      const module = emitModule(ts, builder().getProgram(), file, firstLine(file));
      versions.set(file.fileName, version(file));
      const known = latest.get(module.path);
      if (known?.code === module.code && known.source === module.source) continue;
      latest.set(module.path, module);
      waiting.set(module.path, module);
    }
  };

  return {
    cell,
    faults: () => joinFaults(files().map((file) => fileFaults(ts, cwd, builder(), file, firstLine(file)))),
    collect: () => {
      const all = files();
      // What a file exports may change what TypeScript makes of its importers: constants, types left out.
      if (all.some((file) => versions.get(file.fileName) !== version(file))) emitAll(all);
      return [...waiting.values()];
    },
    delivered: (modules) => {
      for (const module of modules) if (waiting.get(module.path) === module) waiting.delete(module.path);
    },
  };
}

/** What its JavaScript depends on: its text, which the watch program keeps as its version, and the kind of decorators. */
function versionOf(program: TS.Program, file: TS.SourceFile): string {
  const { version = "" } = file as TS.SourceFile & { readonly version?: string };
  return `${program.getCompilerOptions().experimentalDecorators === true} ${version}`;
}

function localFiles(builder: TS.BuilderProgram, cell: string): TS.SourceFile[] {
  const program = builder.getProgram();
  const source = builder.getSourceFile(cell);
  if (!source) return [];
  return builder
    .getAllDependencies(source)
    .flatMap((name) => (name === cell ? [] : (builder.getSourceFile(name) ?? [])))
    .filter((file) => !file.isDeclarationFile && !file.fileName.endsWith(".json"))
    .filter((file) => !program.isSourceFileFromExternalLibrary(file));
}

function joinFaults(all: readonly FileFaults[]): FileFaults {
  return { found: all.flatMap(({ found }) => found), shown: all.flatMap(({ shown }) => shown) };
}

function fileFaults(
  ts: TypeScript,
  cwd: string,
  builder: TS.BuilderProgram,
  file: TS.SourceFile,
  firstLine: number,
): FileFaults {
  const place = (offset: number): Position => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { line: line - firstLine, character };
  };
  const all = [...builder.getSyntacticDiagnostics(file), ...builder.getSemanticDiagnostics(file)];
  const found = all.map(({ start = 0, length = 0, messageText, code }) => ({
    start: place(start),
    end: place(start + length),
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    code,
    file: relative(cwd, file.fileName).replaceAll("\\", "/"),
  }));
  return { found, shown: withAdvice(file.text.split("\n").slice(firstLine).join("\n"), found) };
}

function emitModule(ts: TypeScript, program: TS.Program, file: TS.SourceFile, firstLine: number): SideModule {
  let emitted = "";
  program.emit(file, (name, text) => {
    if (!/\.d\.[cm]?ts$/.test(name)) emitted = text;
  });
  const { text, map } = splitMap(emitted);
  const source = file.text.split("\n").slice(firstLine).join("\n");
  const common = toFunctionBody(ts, text, ts.isExternalModule(file));
  return { path: file.fileName, source, firstLine, ...common, maps: [...common.maps, ...map] };
}

/** A file that neither imports nor exports is CommonJS already. */
function toFunctionBody(
  ts: TypeScript,
  emitted: string,
  isModule: boolean,
): Pick<SideModule, "code" | "async" | "imports" | "maps"> {
  const file = ts.createSourceFile("module.mjs", emitted, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const text = applyEdits(emitted, moduleEdits(ts, file));
  if (!isModule) return { code: text, async: false, imports: [], maps: [] };
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName: "module.js",
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      target: ts.ScriptTarget.ES2022,
      newLine: ts.NewLineKind.LineFeed,
      sourceMap: true,
    },
  });
  return {
    code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
    async: awaitsAtTopLevel(ts, file),
    imports: staticImports(ts, file),
    maps: sourceMapText === undefined ? [] : [sourceMapText],
  };
}

const mapComment = /\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

function splitMap(emitted: string): { readonly text: string; readonly map: readonly string[] } {
  const match = mapComment.exec(emitted);
  if (!match) return { text: emitted, map: [] };
  const map = Buffer.from(match[1] as string, "base64").toString("utf8");
  return { text: `${emitted.slice(0, match.index)}\n`, map: [map] };
}
