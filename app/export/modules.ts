/** The modules whose functions Bindings name, as one script for the page. */
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import type { SavedModels } from "./closures.js";
import { ExportError, loose } from "./notebook.js";

/** A function that a Binding calls. */
export interface BoundFunction {
  readonly module: string;
  readonly name: string;
}

/** Returns the functions that the saved Bindings name, each once. */
export function boundFunctions(models: SavedModels): BoundFunction[] {
  const found = new Map<string, BoundFunction>();
  for (const { model_name, state } of Object.values(models)) {
    const { module, name } = loose(state);
    if (model_name !== "BindingModel" || typeof module !== "string" || typeof name !== "string") continue;
    found.set(`${module} ${name}`, { module, name });
  }
  return [...found.values()];
}

/** Where the page's program finds the functions: by module, then by name. */
const registry = 'globalThis[Symbol.for("lowbit.modules")]';

/** Where the page's program keeps the library's own modules of which there may be only one. */
const shared = 'globalThis[Symbol.for("lowbit.shared")]';

/**
 * Returns a script that puts each function where the page's program looks for it; empty when there are none.
 * @param folder the notebook's; modules that start with "./" are relative to it
 * @param within modules are read from below this folder and from packages only
 * @throws ExportError naming the module that is not found or cannot be bundled, or the name that it does not export
 */
export async function bundleModules(
  functions: readonly BoundFunction[],
  folder: string,
  within?: string,
): Promise<string> {
  if (functions.length === 0) return "";
  const { build } = await import("esbuild");
  const modules = [...new Set(functions.map(({ module }) => module))];
  const imports = modules.map((module, i) => {
    const names = functions.filter((one) => one.module === module).map(({ name }) => name);
    const items = names.map((name, j) => `${importName(name)} as f${i}_${j}`);
    const entries = names.map((name, j) => `${JSON.stringify(name)}: f${i}_${j}`);
    return [
      `import { ${items.join(", ")} } from ${JSON.stringify(module)};`,
      `${registry}[${JSON.stringify(module)}] = { ${entries.join(", ")} };`,
    ];
  });
  const contents = [...imports.map(([line]) => line), ...imports.map(([, line]) => line)].join("\n");
  try {
    const result = await build({
      stdin: { contents, resolveDir: resolve(folder), sourcefile: "bindings.ts", loader: "ts" },
      bundle: true,
      format: "iife",
      legalComments: "inline",
      logLevel: "silent",
      minify: true,
      platform: "browser",
      plugins: [lowbit(resolve(folder)), ...(within === undefined ? [] : [contained(within)])],
      target: "es2022",
      write: false,
    });
    return `${registry} ??= {};\n${result.outputFiles[0]?.text ?? ""}`;
  } catch (error) {
    throw new ExportError(`export: ${reasonOf(error, functions)}`);
  }
}

/** A name as an import writes it; one that is no identifier is written as a text. */
function importName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function reasonOf(error: unknown, functions: readonly BoundFunction[]): string {
  const { errors } = error as { errors?: readonly { text: string; location?: { file: string; line: number } }[] };
  const first = errors?.[0];
  if (first === undefined) return (error as Error).message;
  const where =
    first.location && first.location.file !== "bindings.ts" ? ` (${first.location.file}:${first.location.line})` : "";
  const wanted = functions.map(({ module, name }) => `${name} of ${module}`).join(", ");
  return `${first.text}${where}; wanted by an interactive cell: ${wanted}`;
}

/** `lowbit` and its rooms come from this package, tree-shaken; `lowbit/widgets` is the one that the page has. */
function lowbit(folder: string): Plugin {
  const root = packageRoot();
  return {
    name: "lowbit",
    setup: (context) => {
      context.onResolve({ filter: /^lowbit\/widgets(\/core)?$/ }, ({ path }) => ({ path, namespace: "lowbit-shared" }));
      context.onLoad({ filter: /.*/, namespace: "lowbit-shared" }, ({ path }) => ({
        contents: `module.exports = ${shared}[${JSON.stringify(path)}];`,
      }));
      context.onResolve({ filter: /^lowbit(\/.*)?$/ }, ({ path }) => {
        if (existsSync(join(folder, "node_modules/lowbit/package.json"))) return undefined;
        return { path: createRequire(join(root, "package.json")).resolve(path), sideEffects: false };
      });
    },
  };
}

/** Refuses files outside a folder that are no package's. */
function contained(within: string): Plugin {
  const allowed = [within, packageRoot()].map((folder) => realpathSync(folder) + sep);
  return {
    name: "contained",
    setup: (context) => {
      context.onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => {
        const real = realpathSync(path);
        if (real.includes(`${sep}node_modules${sep}`) || allowed.some((start) => real.startsWith(start)))
          return undefined;
        return { errors: [{ text: `${path} is outside the folder that may be read` }] };
      });
    },
  };
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
