/** `lowbit install` and `lowbit uninstall`: kernel and widgets for a Jupyter that is already there, without Python. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelName, kernelSpec } from "../io/kernelspec.js";
import { kernelArgv } from "../io/launch.js";
import { frontEnds, installedIn } from "./front-ends.js";
import {
  dataFolders,
  prefixDataFolder,
  type Surroundings,
  surroundings,
  sysPrefix,
  userDataFolder,
} from "./jupyter-paths.js";
import { placeFolders } from "./place-folders.js";

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

/** What `install` and `uninstall` are told. */
export interface InstallOptions extends PlaceOptions {
  /** false: the kernel alone. */
  readonly widgets?: boolean;
}

/**
 * Installs the kernel and the widgets of two kinds of front end, all or nothing, and says where.
 * @throws Error when a place belongs to another program or cannot be written
 */
export function install(options: InstallOptions, version: string): void {
  const dataFolder = placeFolder(options);
  const folder = specFolder(dataFolder);
  const before = readSpec(folder);
  if (before !== undefined && !isOurs(before)) {
    throw new Error(
      `install: ${folder} holds a kernel of another program ("${before.display_name ?? "no name"}"); remove it first: jupyter kernelspec remove ${kernelName}`,
    );
  }
  const widgets = frontEnds.map((frontEnd) => ({ ...frontEnd, folder: frontEnd.folderIn(dataFolder) }));
  const present = widgets.filter((one) => belongsToUs("install", one.folder));
  const chosen = options.widgets === false ? [] : widgets;
  const fillings = chosen.map((one) => ({ folder: one.folder, fill: (to: string) => one.fill(to, version) }));
  writing("install", dataFolder, () => {
    placeFolders([{ folder, fill: (to) => writeSpec(to, version) }, ...fillings]);
    for (const old of present.filter((one) => !chosen.includes(one))) rmSync(old.folder, { recursive: true });
  });
  const verb = (replaced: boolean): string => (replaced ? "Replaced" : "Installed");
  say(`${verb(before !== undefined)} the kernel "${kernelSpec.display_name}" in ${folder}`);
  for (const one of chosen) say(`${verb(present.includes(one))} the ${one.title} in ${one.folder}`);
  for (const one of present) if (!chosen.includes(one)) say(`Removed the ${one.title} from ${one.folder}`);
  if (folderOfMain().includes(`${sep}_npx${sep}`)) {
    process.stderr.write(
      "warning: this package lies in npm's cache, which may be emptied; npm install --global lowbit is safer\n",
    );
  }
}

/**
 * Removes what `install` wrote from one place and says so.
 * @throws Error when there is nothing, naming the places that have something, or when it is another program's
 */
export function uninstall(options: PlaceOptions): void {
  const dataFolder = placeFolder(options);
  const folder = specFolder(dataFolder);
  const spec = readSpec(folder);
  if (spec !== undefined && !isOurs(spec)) {
    throw new Error(`uninstall: ${folder} holds a kernel of another program, which stays`);
  }
  const widgets = frontEnds
    .map(({ title, folderIn }) => ({ title, folder: folderIn(dataFolder) }))
    .filter((one) => installedIn(one.folder)?.ours);
  const found = [...(spec === undefined ? [] : [{ title: "kernel", folder }]), ...widgets];
  if (found.length === 0) throw new Error(`uninstall: there is no kernel in ${folder}${elsewhere(folder)}`);
  for (const one of found) {
    writing("uninstall", one.folder, () => rmSync(one.folder, { recursive: true }));
    say(`Removed the ${one.title} from ${one.folder}`);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Tells whether there is something of ours. @throws Error when there is something of another program */
function belongsToUs(command: string, folder: string): boolean {
  const installed = installedIn(folder);
  if (installed?.ours === false)
    throw new Error(`${command}: ${folder} belongs to another program; move it away first`);
  return installed !== undefined;
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

/**
 * Returns the kernelspec in a folder: one without a command when it cannot be read, or when the folder holds nothing or
 * a logo alone; undefined when there is neither.
 */
export function readSpec(folder: string): InstalledSpec | undefined {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return isRemnant(folder) ? { argv: [] } : undefined;
  try {
    const spec = JSON.parse(readFileSync(file, "utf8")) as Partial<InstalledSpec> | null;
    return { ...spec, argv: Array.isArray(spec?.argv) ? spec.argv.map(String) : [] };
  } catch {
    return { argv: [] };
  }
}

/** Tells whether a folder is what is left of a kernelspec. */
function isRemnant(folder: string): boolean {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return false;
  return readdirSync(folder).every((name) => name.startsWith("logo-"));
}

/** Tells whether we wrote this kernelspec, or half wrote it. */
function isOurs(spec: InstalledSpec): boolean {
  return spec.metadata?.lowbit !== undefined || spec.argv.length === 0;
}

function writeSpec(folder: string, version: string): void {
  const metadata = { ...kernelSpec.metadata, lowbit: { version } };
  const spec = { argv: kernelArgv("{connection_file}"), ...kernelSpec, metadata };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, undefined, 2)}\n`, { mode: 0o644 });
  if (existsSync(logo)) copyFileSync(logo, join(folder, "logo-svg.svg"));
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
