/** Where a function comes from, so that a page without this kernel can import it too. */
import { relative } from "node:path";
import type { FunctionOrigin } from "../../src/display.js";

/** What is loaded: local modules by path, and packages by specifier. */
export interface LoadedModules {
  readonly local: ReadonlyMap<string, { readonly exports?: Readonly<Record<string, unknown>> }>;
  readonly packages: ReadonlyMap<string, unknown>;
}

/** Returns the first loaded module that exports this function. @param folder the notebook's */
export function originOf(
  { local, packages }: LoadedModules,
  folder: string,
  value: unknown,
): FunctionOrigin | undefined {
  if (typeof value !== "function") return undefined;
  for (const [path, { exports }] of local) {
    const name = nameIn(exports, value);
    if (name === undefined) continue;
    const below = relative(folder, path).replaceAll("\\", "/");
    return { module: below.startsWith(".") ? below : `./${below}`, name };
  }
  for (const [module, exports] of packages) {
    const name = nameIn(exports, value);
    if (name !== undefined) return { module, name };
  }
  return undefined;
}

function nameIn(exports: unknown, value: unknown): string | undefined {
  if (typeof exports !== "object" || exports === null) return undefined;
  return Object.keys(exports).find((name) => read(exports, name) === value);
}

/** An export may be a getter that throws: a module that is still being loaded. */
function read(exports: object, name: string): unknown {
  try {
    return (exports as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
