/** Which packages a cell may import from anywhere, and where they are. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The packages that resolve to the kernel's own copy unless the user's folder has one. */
export const ownPackages: readonly string[] = ["lowbit", "tslab", "mathjs"];

const kernelRequire = createRequire(import.meta.url);

/** The folder of the package `lowbit` that this kernel belongs to. */
export const packageRoot: string = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(folder: string): string {
  const file = join(folder, "package.json");
  if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name === "lowbit") return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("findPackageRoot: no package.json of lowbit above the kernel");
  return findPackageRoot(parent);
}

/** Returns the folder of an installed package as `folder` sees it, or undefined. */
export function findPackage(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * Returns those of {@link ownPackages} that the user's folder brings itself, with their place. The package's own
 * repository is no such folder: there `lowbit` is the kernel's copy.
 */
export function userPackages(cwd: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of ownPackages) {
    const folder = findPackage(name, cwd);
    if (folder !== undefined && folder !== ownFolder(name)) found.set(name, folder);
  }
  return found;
}

/** Returns the folder of the kernel's own copy. @throws Error when the installation lacks it */
export function ownFolder(name: string): string {
  if (name === "lowbit") return packageRoot;
  const folder = findPackage(name, packageRoot);
  if (folder === undefined) throw new Error(`ownFolder: ${name} is not installed beside lowbit`);
  return folder;
}

/** Returns TypeScript `paths` that lead each own package, unless in `except`, to the kernel's copy. */
export function typePaths(except: ReadonlySet<string>): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  if (!except.has("lowbit")) {
    const built = join(packageRoot, "dist");
    paths.lowbit = [join(built, "src/index.d.ts")];
    paths["lowbit/widgets"] = [join(built, "widgets/index.d.ts")];
    paths["lowbit/papers/*"] = [join(built, "src/papers/*.d.ts")];
    paths["lowbit/*"] = [join(built, "src/*/index.d.ts"), join(built, "src/*.d.ts")];
  }
  for (const name of ["tslab", "mathjs"]) {
    if (except.has(name)) continue;
    const folder = ownFolder(name);
    const types = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).types as string;
    paths[name] = [join(folder, types)];
  }
  return paths;
}

/** The folder that holds `@types/node` as tslab wants it. */
export function nodeTypesRoot(): string {
  const tslab = dirname(kernelRequire.resolve("tslab/package.json"));
  const types = findPackage("@types/node", tslab);
  if (types === undefined) throw new Error("nodeTypesRoot: @types/node is not installed beside tslab");
  return dirname(types);
}
