/** `require` for cells: local TypeScript that the compiler emitted, the kernel's own packages, and the user's. */
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { ownPackages, packageRoot } from "./compiler/packages.js";
import type { SideModule } from "./compiler/types.js";

interface LoadedModule {
  readonly code: string;
  exports?: Record<string, unknown>;
}

/** See {@link createModules}. */
export interface Modules {
  /** The function that cells get as `require`. */
  readonly require: NodeJS.Require;
  /** Takes new or changed JavaScript of local modules. */
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
  const local = new Map<string, LoadedModule>();
  const kernelRequire = createRequire(join(packageRoot, "kernel", "cell.js"));

  const findLocal = (specifier: string, folder: string): string | undefined => {
    if (!/^\.{0,2}\//.test(specifier)) return undefined;
    const path = resolve(folder, specifier).replaceAll("\\", "/");
    const stem = path.replace(/\.([cm]?[jt]s|tsx)$/, "");
    return [`${path}.js`, `${stem}.js`, `${path}/index.js`].find((candidate) => local.has(candidate));
  };
  const isOwn = (specifier: string): boolean => {
    const name = specifier.split("/")[0] as string;
    return ownPackages.includes(name) && !except.has(name);
  };
  const load = (path: string): Record<string, unknown> => {
    const module = local.get(path) as LoadedModule;
    if (module.exports) return module.exports;
    // Set before it runs, so that modules which import each other meet a beginning and not a loop.
    module.exports = {};
    module.exports = run(path, module.code, module.exports, requireFrom(dirname(path)));
    return module.exports;
  };
  const requireFrom = (folder: string): NodeJS.Require => {
    const native = createRequire(join(folder, "cell.js"));
    const find = (specifier: string): unknown => {
      const path = findLocal(specifier, folder);
      if (path !== undefined) return load(path);
      const module = (isOwn(specifier) ? kernelRequire : native)(specifier);
      loaded(specifier);
      return module;
    };
    const resolveFrom = (specifier: string, options?: NodeJS.RequireResolveOptions): string =>
      (isOwn(specifier) ? kernelRequire : native).resolve(specifier, options);
    const resolveAll = Object.assign(resolveFrom, { paths: native.resolve.paths });
    return Object.assign(find, {
      resolve: resolveAll,
      cache: native.cache,
      main: native.main,
      extensions: native.extensions,
    });
  };

  return {
    require: requireFrom(cwd),
    update: (modules) => {
      if (modules.length === 0) return;
      for (const { path, code } of modules) local.set(path, { code });
      // What was loaded may have imported what has changed.
      for (const [path, { code }] of local) local.set(path, { code });
    },
  };
}
