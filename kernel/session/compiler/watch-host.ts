/** What stands between tslab's converter and TypeScript's watch mode: options, files, timers and output paths. */
import { join, parse } from "node:path";
import type TS from "typescript";
import { createCellProgram } from "./builder.js";
import { withoutSecondList } from "./cell-exports.js";
import { cellGlobals } from "./globals.js";
import { nodeTypesRoot, typePaths } from "./packages.js";
import type { TypeScript } from "./typescript.js";

/** The watch host as tslab makes it. */
export type WatchHost = TS.WatchCompilerHostOfFilesAndCompilerOptions<TS.BuilderProgram>;

/** Returns the file name under which tslab compiles a cell, as TypeScript writes paths. */
export function cellFile(cwd: string): string {
  return join(cwd, "__tslab__.ts").replaceAll("\\", "/");
}

function globalsFile(cwd: string): string {
  return join(cwd, "__lowbit_globals__.d.ts").replaceAll("\\", "/");
}

/** Keeps the cell's globals among the root files when tslab sets them anew for a `@module` cell. */
export function keepGlobals(watch: { updateRootFileNames(names: string[]): void }, cwd: string): void {
  const { updateRootFileNames } = watch;
  watch.updateRootFileNames = (names) => updateRootFileNames.call(watch, [...names, globalsFile(cwd)]);
}

/**
 * Wraps the factory of the watch host: our options over tslab's, and one more root file with the cell's globals.
 * @param hooks.options called with the options of the program, which may be changed between two cells
 * @param hooks.rebuilt called when TypeScript has looked for changes, whether it made a new program or not
 */
export function watchHost(
  real: TypeScript,
  cwd: string,
  except: ReadonlySet<string>,
  hooks: { options(options: TS.CompilerOptions): void; rebuilt(): void },
): (...args: unknown[]) => unknown {
  const globals = globalsFile(cwd);
  const cell = cellFile(cwd);
  return (rootNames, options, system, ...rest) => {
    const sys = system as TS.System;
    const { readFile, fileExists } = sys;
    sys.readFile = (path, encoding) => {
      if (path === globals) return cellGlobals();
      const text = readFile.call(sys, path, encoding);
      return path === cell && text !== undefined ? withoutSecondList(text) : text;
    };
    sys.fileExists = (path) => path === globals || fileExists.call(sys, path);
    // Texts are compared as they are: a hash of each takes longer than it saves.
    sys.createHash = (text) => text;
    shareTimer(sys, hooks.rebuilt);
    const merged = cellOptions(real, options as TS.CompilerOptions, cwd, except);
    hooks.options(merged);
    const create = real.createWatchCompilerHost as unknown as (...args: unknown[]) => unknown;
    const [, ...reporters] = rest;
    return create([...(rootNames as string[]), globals], merged, sys, createCellProgram(real), ...reporters);
  };
}

/** Returns tslab's options with ours over them. */
function cellOptions(
  real: TypeScript,
  options: TS.CompilerOptions,
  cwd: string,
  except: ReadonlySet<string>,
): TS.CompilerOptions {
  return {
    ...options,
    moduleResolution: real.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    // Decorators of the language first; `convert.ts` turns to the older kind where only that fits.
    experimentalDecorators: false,
    allowImportingTsExtensions: true,
    // The fork's own option, which forbids it in the files that a cell imports, too.
    disableTopLevelAwait: false,
    inlineSourceMap: true,
    types: ["node"],
    typeRoots: [nodeTypesRoot()],
    paths: typePaths(except),
    // A cell may import files from above its folder.
    rootDir: parse(cwd).root.replaceAll("\\", "/"),
  };
}

/**
 * TypeScript keeps one timer for a new program and another for names that it could not resolve; tslab has room for
 * one and takes a second for a fault. So all of them share tslab's, which fires when tslab asks for a program.
 */
function shareTimer(sys: TS.System, rebuilt: () => void): void {
  const { setTimeout, clearTimeout } = sys;
  const waiting = new Set<{ readonly run: () => void }>();
  let shared: unknown;
  let running = false;
  const runAll = (): void => {
    running = true;
    // A callback may ask for one more.
    for (const timer of waiting) {
      waiting.delete(timer);
      timer.run();
    }
    running = false;
    rebuilt();
  };
  sys.setTimeout = (callback, _milliseconds, ...args) => {
    const timer = { run: () => callback(...args) };
    if (waiting.size === 0 && !running) shared = setTimeout?.call(sys, runAll, 0);
    waiting.add(timer);
    return timer;
  };
  sys.clearTimeout = (timer) => {
    if (waiting.delete(timer) && waiting.size === 0 && !running) clearTimeout?.call(sys, shared);
  };
}

/**
 * Makes tslab emit the cell alone, at the path where tslab looks for it, which a root folder above the cell's would
 * change. The files that a cell imports are emitted by `local-modules.ts`.
 * @param made called with each new program
 * @returns a function that tells tslab of the program once more, when there was no need for a new one: it takes the
 *   same one twice for a fault, and would print so with each cell
 */
export function emitCellOnly(host: WatchHost, cell: string, made: (builder: TS.BuilderProgram) => void): () => void {
  const created = host.afterProgramCreate;
  let latest: TS.BuilderProgram | undefined;
  host.afterProgramCreate = (builder) => {
    latest = builder;
    made(builder);
    const { emit } = builder;
    builder.emit = (file, write, ...rest) => {
      if (file?.fileName !== cell || !write) return { emitSkipped: true, diagnostics: [] };
      const writeCell: TS.WriteFileCallback = (name, ...data) =>
        write(`outDir/__tslab__${name.endsWith(".d.ts") ? ".d.ts" : ".js"}`, ...data);
      return emit.call(builder, file, writeCell, ...rest);
    };
    created?.call(host, builder);
  };
  return () => {
    if (latest) created?.call(host, { ...latest });
  };
}
