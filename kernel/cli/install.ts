/** `lowbit install` and `lowbit uninstall`: the kernel for a Jupyter that is already there. No Python is run. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelName, kernelSpec } from "../io/kernelspec.js";
import { kernelArgv } from "../io/launch.js";
import {
  dataFolders,
  prefixDataFolder,
  type Surroundings,
  surroundings,
  sysPrefix,
  userDataFolder,
} from "./jupyter-paths.js";

/** Where to install; at most one of them. Default: the person's own folder. */
export interface PlaceOptions {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly sysPrefix?: boolean;
}

/** The contents of a `kernel.json`. */
export interface InstalledSpec {
  readonly argv: readonly string[];
  readonly display_name?: string;
  readonly metadata?: { readonly lowbit?: { readonly version: string } };
}

const logo = fileURLToPath(new URL("../../app/ui/logo.svg", import.meta.url));

/** Installs the kernelspec and says where. */
export function install(options: PlaceOptions, version: string): void {
  const folder = specFolder(placeFolder(options));
  const before = readSpec(folder);
  if (before !== undefined && !isOurs(before)) {
    throw new Error(
      `install: ${folder} holds a kernel of another program ("${before.display_name ?? "no name"}"); remove it first: jupyter kernelspec remove ${kernelName}`,
    );
  }
  writing("install", folder, () => writeSpec(folder, version));
  const verb = before === undefined ? "Installed" : "Replaced";
  process.stdout.write(`${verb} the kernel "${kernelSpec.display_name}" in ${folder}\n`);
  if (folderOfMain().includes(`${sep}_npx${sep}`)) {
    process.stderr.write(
      "warning: this package lies in npm's cache, which may be emptied; npm install --global lowbit is safer\n",
    );
  }
}

/** Removes the kernelspec from one place and says so. @throws Error when there is none, naming the places that have one */
export function uninstall(options: PlaceOptions): void {
  const folder = specFolder(placeFolder(options));
  const spec = readSpec(folder);
  if (spec === undefined) throw new Error(`uninstall: there is no kernel in ${folder}${elsewhere(folder)}`);
  if (!isOurs(spec)) throw new Error(`uninstall: ${folder} holds a kernel of another program, which stays`);
  writing("uninstall", folder, () => rmSync(folder, { recursive: true }));
  process.stdout.write(`Removed the kernel from ${folder}\n`);
}

/** Returns the data folder that the options name. @throws Error when they name two, or when no prefix is active */
export function placeFolder(options: PlaceOptions, where: Surroundings = surroundings()): string {
  const named = [options.user, options.prefix !== undefined, options.sysPrefix].filter(Boolean).length;
  if (named > 1) throw new Error("several places were named, expected one of --user, --prefix and --sys-prefix");
  if (options.prefix === "") throw new Error("--prefix: an empty text, expected a folder");
  if (options.prefix !== undefined) return prefixDataFolder(options.prefix);
  if (!options.sysPrefix) return userDataFolder(where);
  const prefix = sysPrefix(where);
  if (prefix !== undefined) return prefixDataFolder(prefix);
  throw new Error(
    "--sys-prefix: no Python environment is active (VIRTUAL_ENV, CONDA_PREFIX) and no jupyter command is on the path; activate one, or name it with --prefix",
  );
}

/** Returns where the kernelspec lies in a data folder. */
export function specFolder(dataFolder: string): string {
  return join(dataFolder, "kernels", kernelName);
}

/** Returns the kernelspec in a folder; undefined when there is none that can be read. */
export function readSpec(folder: string): InstalledSpec | undefined {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return undefined;
  try {
    const spec = JSON.parse(readFileSync(file, "utf8")) as Partial<InstalledSpec> | null;
    return { ...spec, argv: Array.isArray(spec?.argv) ? spec.argv.map(String) : [] };
  } catch {
    return { argv: [] };
  }
}

/** Tells whether we wrote this kernelspec, or half wrote it. */
function isOurs(spec: InstalledSpec): boolean {
  return spec.metadata?.lowbit !== undefined || spec.argv.length === 0;
}

/** Written beside its place and then moved there, so that a client never finds half of it. */
function writeSpec(folder: string, version: string): void {
  const kernels = join(folder, "..");
  mkdirSync(kernels, { recursive: true });
  const temporary = mkdtempSync(join(kernels, `.${kernelName}-`));
  try {
    const metadata = { ...kernelSpec.metadata, lowbit: { version } };
    const spec = { argv: kernelArgv("{connection_file}"), ...kernelSpec, metadata };
    writeFileSync(join(temporary, "kernel.json"), `${JSON.stringify(spec, undefined, 2)}\n`, { mode: 0o644 });
    if (existsSync(logo)) copyFileSync(logo, join(temporary, "logo-svg.svg"));
    // A temporary folder is private; a kernelspec below a prefix is for everybody there.
    chmodSync(temporary, 0o755);
    replaceFolder(folder, temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Moves a folder into the place of another, which may be a link, also while others do the same. */
function replaceFolder(folder: string, by: string): void {
  for (let attempt = 1; ; attempt++) {
    const old = `${by}-${attempt}`;
    try {
      // A rename moves the whole at once, so that two installations never take a folder apart together.
      if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) renameSync(folder, old);
      renameSync(by, folder);
      return;
    } catch (error) {
      const another = ["ENOENT", "ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (!another || attempt === 100) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

function writing(command: string, folder: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new Error(`${command}: ${folder} cannot be written: ${(error as Error).message}`);
  }
}

function elsewhere(folder: string): string {
  const others = dataFolders()
    .map(specFolder)
    .filter((other) => other !== folder && existsSync(other));
  return others.length === 0 ? "" : `; there is one in ${others.join(" and ")} (see --user, --prefix, --sys-prefix)`;
}

function folderOfMain(): string {
  return fileURLToPath(import.meta.url);
}
