/** ES modules that `require` cannot load: without a `require` condition, or awaiting at their top level. */
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";

/** What `require` says of a module that only `import()` can load. */
const needImport = new Set(["ERR_PACKAGE_PATH_NOT_EXPORTED", "ERR_REQUIRE_ASYNC_MODULE", "ERR_REQUIRE_ESM"]);

/** Tells whether a module that `require` refused with this error may be imported. */
export function needsImport(error: unknown): boolean {
  return needImport.has(String((error as NodeJS.ErrnoException | null)?.code));
}

/**
 * Tells whether it takes an attempt to learn if `require` can load a module. The others are not loaded ahead, as the
 * order in which modules run is that of their imports.
 * @param native Node's `require` of the importing folder
 */
export function mayNeedImport(native: NodeJS.Require, specifier: string): boolean {
  if (isBuiltin(specifier)) return false;
  try {
    const path = native.resolve(specifier);
    return native.cache[path] === undefined && isEsModule(path);
  } catch (error) {
    return needsImport(error);
  }
}

function isEsModule(path: string): boolean {
  if (!/\.[jt]s$/.test(path)) return /\.m[jt]s$/.test(path);
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) return /"type"\s*:\s*"module"/.test(readFileSync(file, "utf8"));
    if (dirname(folder) === folder) return false;
  }
}

/** Returns Node's own `import()`, as a file of this folder would call it. */
export function importFrom(folder: string): (specifier: string) => Promise<unknown> {
  const script = new Script("(specifier) => import(specifier)", {
    filename: join(folder, "cell.js"),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return script.runInThisContext() as (specifier: string) => Promise<unknown>;
}

/** What `import.meta` is in a cell or a local file. */
export interface ImportMeta {
  readonly url: string;
  readonly filename: string;
  readonly dirname: string;
  /** Returns the URL of what a specifier means here. */
  resolve(specifier: string): string;
}

/** Returns `import.meta` of a file. @param require the function that its imports go through */
export function importMeta(filename: string, require: NodeJS.Require): ImportMeta {
  return {
    url: pathToFileURL(filename).href,
    filename,
    dirname: dirname(filename),
    resolve: (specifier) => {
      const path = require.resolve(specifier);
      return isBuiltin(path) ? path : pathToFileURL(path).href;
    },
  };
}
