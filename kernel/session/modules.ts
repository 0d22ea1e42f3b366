/** `require` and `import` for cells: local files that the compiler emitted, the kernel's own packages, the user's. */
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { FunctionOrigin } from "../../src/display.js";
import { ownPackages, packageRoot } from "./compiler/packages.js";
import type { SideModule } from "./compiler/types.js";
import { importFrom, mayNeedImport, needsImport } from "./esm.js";
import { importStar } from "./interop.js";
import { originOf } from "./origin.js";
import { registerModule } from "./stack.js";

type Exports = Record<string, unknown>;

interface LocalModule {
  readonly module: SideModule;
  /** The paths of the local modules that have asked for this one. */
  readonly importers: Set<string>;
  exports?: Exports;
  /** Its code runs or has run. */
  began: boolean;
  /** It ran to its end. What began and did not end is dropped before the next cell. */
  loaded: boolean;
  /** Set while it, or what it imports, is awaited. */
  loading?: Promise<void>;
  /** The module whose imports are being loaded, when that is why this one is. */
  loadedFor?: string;
}

/** How the code of one folder reaches other modules. */
export interface Imports {
  readonly require: NodeJS.Require;
  /** What `import()` calls. */
  load(specifier: unknown): Promise<unknown>;
  /** Loads modules that the code imports before it runs; undefined when `require` will do. */
  prepare(specifiers: readonly string[]): Promise<void> | undefined;
}

/** See {@link createModules}. */
export interface Modules extends Imports {
  /** Takes new or changed JavaScript of local modules. To be called before each cell. */
  update(modules: readonly SideModule[]): void;
  /** Returns which module that was imported exports this function, and under which name. */
  originOf(value: unknown): FunctionOrigin | undefined;
}

/** Runs the code of a local module as CommonJS; resolves with what it exports when it awaits. */
export type RunModule = (module: SideModule, exports: Exports, imports: Imports) => Exports | Promise<Exports>;

/** What all folders of a notebook share. */
interface Registry {
  readonly local: Map<string, LocalModule>;
  /** ES modules that were imported, by folder and specifier. */
  readonly imported: Map<string, unknown>;
  /** What cells imported from packages, by specifier. */
  readonly packages: Map<string, unknown>;
  /** JSON files that were read, with their time and size then. */
  readonly data: Map<string, string>;
  readonly run: RunModule;
  readonly loaded: (specifier: string) => void;
  isOwn(specifier: string): boolean;
}

const kernelRequire = createRequire(join(packageRoot, "kernel", "cell.js"));

/**
 * Returns the module loader of one notebook.
 * @param cwd the notebook's folder, from which imports resolve
 * @param except own packages that the user's folder brings itself
 * @param loaded called after a package was loaded, with the specifier that asked for it
 */
export function createModules(
  cwd: string,
  except: ReadonlySet<string>,
  run: RunModule,
  loaded: (specifier: string) => void,
): Modules {
  const isOwn = (specifier: string): boolean => {
    const name = specifier.split("/")[0] as string;
    return ownPackages.includes(name) && !except.has(name);
  };
  const registry: Registry = {
    local: new Map(),
    imported: new Map(),
    packages: new Map(),
    data: new Map(),
    run,
    loaded,
    isOwn,
  };
  return {
    ...importsOf(registry, cwd),
    update: (modules) => update(registry.local, modules),
    originOf: (value) => originOf(registry, cwd, value),
  };
}

/** Returns the functions of one folder. @param importer the local file they are for; none for cells */
function importsOf(registry: Registry, folder: string, importer?: string): Imports {
  const native = createRequire(join(folder, "cell.js"));
  const found = (specifier: string, module: unknown): unknown => {
    if (importer === undefined && !/^(\.|\/|node:)/.test(specifier)) registry.packages.set(specifier, module);
    registry.loaded(specifier);
    return module;
  };
  const find = (specifier: string): unknown => {
    const path = findLocal(registry.local, specifier, folder);
    if (path !== undefined) return requireLocal(registry, path, specifier, importer);
    const key = `${folder}\n${specifier}`;
    if (registry.imported.has(key)) return registry.imported.get(key);
    if (isDataFile(specifier)) refreshData(registry, native, specifier);
    return found(specifier, (registry.isOwn(specifier) ? kernelRequire : native)(specifier));
  };
  const loadOne = async (specifier: string): Promise<void> => {
    const path = findLocal(registry.local, specifier, folder);
    if (path !== undefined) return loadLocal(registry, path, importer);
    try {
      find(specifier);
    } catch (error) {
      if (!needsImport(error)) throw error;
      const module = await importFrom(folder)(specifier);
      registry.imported.set(`${folder}\n${specifier}`, module);
      found(specifier, module);
    }
  };
  const prepare = (specifiers: readonly string[]): Promise<void> | undefined => {
    if (!specifiers.some((one) => mustWait(registry, one, folder, new Set()))) return undefined;
    // One after the other: a file may prepare the ground for the next.
    return specifiers.reduce((before, one) => before.then(() => loadOne(one)), Promise.resolve());
  };
  const load = async (specifier: unknown): Promise<unknown> => {
    const name = String(specifier);
    if (/^(file|data|https?):/.test(name)) return importFrom(folder)(name);
    await prepare([name]);
    return importStar(find(name));
  };
  const resolveFrom = (specifier: string, options?: NodeJS.RequireResolveOptions): string =>
    findLocal(registry.local, specifier, folder) ??
    (registry.isOwn(specifier) ? kernelRequire : native).resolve(specifier, options);
  const resolveAll = Object.assign(resolveFrom, { paths: native.resolve.paths });
  const { cache, main, extensions } = native;
  return { require: Object.assign(find, { resolve: resolveAll, cache, main, extensions }), load, prepare };
}

function isDataFile(specifier: string): boolean {
  return specifier.endsWith(".json") && (/^\.{1,2}\//.test(specifier) || isAbsolute(specifier));
}

/** Forgets a JSON file that was edited since it was read, as its type is that of the new text. */
function refreshData({ data }: Registry, { resolve, cache }: NodeJS.Require, specifier: string): void {
  const path = resolve(specifier);
  const { mtimeMs, size } = statSync(path);
  const version = `${mtimeMs} ${size}`;
  if (data.get(path) !== version) delete cache[path];
  data.set(path, version);
}

/** Tells whether a module, or one that it imports, has not run yet and may have to be awaited. */
function mustWait(registry: Registry, specifier: string, folder: string, seen: Set<string>): boolean {
  const path = findLocal(registry.local, specifier, folder);
  if (path === undefined) {
    if (registry.isOwn(specifier) || registry.imported.has(`${folder}\n${specifier}`)) return false;
    return mayNeedImport(createRequire(join(folder, "cell.js")), specifier);
  }
  const found = registry.local.get(path) as LocalModule;
  if (found.loaded || seen.has(path)) return false;
  seen.add(path);
  return found.module.async || found.module.imports.some((one) => mustWait(registry, one, dirname(path), seen));
}

function requireLocal(registry: Registry, path: string, specifier: string, importer?: string): Exports {
  const found = registry.local.get(path) as LocalModule;
  if (importer !== undefined) found.importers.add(importer);
  if (found.exports) return found.exports;
  if (found.module.async && found.loading) {
    // It waits for the module that asks: files that import each other meet a beginning.
    found.exports = {};
    return found.exports;
  }
  if (found.module.async) {
    throw new Error(`require: ${specifier} awaits at its top level, expected an import or await import() of it`);
  }
  start(registry, path);
  return found.exports ?? {};
}

/** Runs a local module, after what it imports, and waits for it. */
async function loadLocal(registry: Registry, path: string, importer?: string): Promise<void> {
  const found = registry.local.get(path) as LocalModule;
  if (importer !== undefined) found.importers.add(importer);
  if (found.loading) return waitsFor(registry, importer, path) ? undefined : found.loading;
  if (found.exports) return;
  found.loadedFor = importer;
  const first = importsOf(registry, dirname(path), path).prepare(found.module.imports) ?? Promise.resolve();
  found.loading = first.then(() => (found.began ? undefined : start(registry, path)));
  try {
    await found.loading;
  } finally {
    found.loading = undefined;
    found.loadedFor = undefined;
  }
}

/** Tells whether a module is loaded for another, or for one that is: files that import each other do not wait. */
function waitsFor(registry: Registry, module: string | undefined, other: string): boolean {
  for (let at = module; at !== undefined; at = registry.local.get(at)?.loadedFor) if (at === other) return true;
  return false;
}

/** Begins a local module; the promise, if any, is settled when it has ended. */
function start(registry: Registry, path: string): Promise<void> | undefined {
  const found = registry.local.get(path) as LocalModule;
  const failed = (error: unknown): never => {
    reset(registry.local, path);
    throw error;
  };
  const ended = (exports: Exports): void => {
    found.exports = exports;
    found.loaded = true;
  };
  // Set before it runs, so that modules which import each other meet a beginning and not a loop.
  found.exports ??= {};
  found.began = true;
  try {
    const result = registry.run(found.module, found.exports, importsOf(registry, dirname(path), path));
    if (result instanceof Promise) return result.then(ended, failed);
    ended(result);
  } catch (error) {
    failed(error);
  }
  return undefined;
}

/** Only what changed starts again, with all that imports it: the others keep their state. */
function update(local: Map<string, LocalModule>, modules: readonly SideModule[]): void {
  for (const [path, { exports, loaded }] of local) if (exports && !loaded) reset(local, path);
  for (const module of modules) {
    const before = local.get(module.path);
    registerModule(module);
    if (before && before.module.code !== module.code) reset(local, module.path);
    local.set(module.path, { importers: new Set(), began: false, loaded: false, ...before, module });
  }
}

/** Forgets the exports of a module and of those that imported it. */
function reset(local: ReadonlyMap<string, LocalModule>, path: string): void {
  const found = local.get(path);
  if (!found) return;
  found.exports = undefined;
  found.began = false;
  found.loaded = false;
  found.loading = undefined;
  const importers = [...found.importers];
  found.importers.clear();
  for (const importer of importers) reset(local, importer);
}

/** Returns the local module that a specifier means: TypeScript's order, in which `./a.js` may be the file `a.ts`. */
function findLocal(local: ReadonlyMap<string, unknown>, specifier: string, folder: string): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(specifier) && !isAbsolute(specifier)) return undefined;
  const path = resolve(folder, specifier).replaceAll("\\", "/");
  const stem = path.replace(/\.([cm]?)jsx?$/, ".$1");
  const written = stem === path ? [] : [`${stem}ts`, `${stem}tsx`];
  const endings = ["ts", "tsx", "js", "jsx"];
  const added = [`${path}.`, `${path}/index.`].flatMap((start) => endings.map((ending) => start + ending));
  return [...written, path, ...added].find((candidate) => local.has(candidate));
}
