/** `require` for cells: local files that the compiler emitted, the kernel's own packages, and the user's. */
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { ownPackages, packageRoot } from "./compiler/packages.js";
import type { SideModule } from "./compiler/types.js";
import { registerModule } from "./stack.js";

interface LocalModule {
  readonly module: SideModule;
  /** The paths of the local modules that have asked for this one. */
  readonly importers: Set<string>;
  exports?: Record<string, unknown>;
  /** It ran to its end. What began and did not end is dropped before the next cell. */
  loaded: boolean;
}

/** See {@link createModules}. */
export interface Modules {
  /** The function that cells get as `require`. */
  readonly require: NodeJS.Require;
  /** Takes new or changed JavaScript of local modules. To be called before each cell. */
  update(modules: readonly SideModule[]): void;
}

/** Runs the code of a local module as CommonJS. */
export type RunModule = (
  path: string,
  code: string,
  exports: Record<string, unknown>,
  require: NodeJS.Require,
) => Record<string, unknown>;

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
  const local = new Map<string, LocalModule>();
  const kernelRequire = createRequire(join(packageRoot, "kernel", "cell.js"));

  const isOwn = (specifier: string): boolean => {
    const name = specifier.split("/")[0] as string;
    return ownPackages.includes(name) && !except.has(name);
  };
  const load = (path: string, importer: string | undefined): Record<string, unknown> => {
    const found = local.get(path) as LocalModule;
    if (importer !== undefined) found.importers.add(importer);
    if (found.exports) return found.exports;
    // Set before it runs, so that modules which import each other meet a beginning and not a loop.
    found.exports = {};
    try {
      found.exports = run(path, found.module.code, found.exports, requireFrom(dirname(path), path));
      found.loaded = true;
    } catch (error) {
      reset(local, path);
      throw error;
    }
    return found.exports;
  };
  const requireFrom = (folder: string, importer?: string): NodeJS.Require => {
    const native = createRequire(join(folder, "cell.js"));
    const find = (specifier: string): unknown => {
      const path = findLocal(local, specifier, folder);
      if (path !== undefined) return load(path, importer);
      const module = (isOwn(specifier) ? kernelRequire : native)(specifier);
      loaded(specifier);
      return module;
    };
    const resolveFrom = (specifier: string, options?: NodeJS.RequireResolveOptions): string =>
      (isOwn(specifier) ? kernelRequire : native).resolve(specifier, options);
    const resolveAll = Object.assign(resolveFrom, { paths: native.resolve.paths });
    const { cache, main, extensions } = native;
    return Object.assign(find, { resolve: resolveAll, cache, main, extensions });
  };

  return { require: requireFrom(cwd), update: (modules) => update(local, modules) };
}

/** Only what changed starts again, with all that imports it: the others keep their state. */
function update(local: Map<string, LocalModule>, modules: readonly SideModule[]): void {
  for (const [path, { exports, loaded }] of local) if (exports && !loaded) reset(local, path);
  for (const module of modules) {
    const before = local.get(module.path);
    registerModule(module);
    if (before && before.module.code !== module.code) reset(local, module.path);
    local.set(module.path, { importers: new Set(), loaded: false, ...before, module });
  }
}

/** Forgets the exports of a module and of those that imported it. */
function reset(local: ReadonlyMap<string, LocalModule>, path: string): void {
  const found = local.get(path);
  if (!found) return;
  found.exports = undefined;
  found.loaded = false;
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
