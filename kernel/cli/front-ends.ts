/** The folders that show Lowbit's widgets in front ends that are already there, and how to tell ours from others'. */
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The name of the package, of the widgets' module, and of every folder that is installed. */
export const packageName = "lowbit";

const packageFolder = fileURLToPath(new URL("../../../", import.meta.url));

/** What an installed folder says of itself. */
export interface Installed {
  /** Undefined when the folder cannot be read, or is another program's. */
  readonly version: string | undefined;
  /** We wrote it, or half wrote it. */
  readonly ours: boolean;
}

/** One of the two folders. */
export interface FrontEnd {
  /** What it is for, as `install` and `doctor` say it. */
  readonly title: string;
  /** Returns where it lies in a data folder. */
  folderIn(dataFolder: string): string;
  /** Copies it from the package into an empty folder. @throws Error when the package was not built */
  fill(folder: string, version: string): void;
}

/** The prebuilt extension of JupyterLab and Notebook 7. */
export const labextension: FrontEnd = {
  title: "widgets for JupyterLab and Notebook 7",
  folderIn: (dataFolder) => join(dataFolder, "labextensions", packageName),
  fill: (folder) => {
    copy("labextension", folder);
    const uninstallInstructions = "Run: lowbit uninstall, with the --prefix or --sys-prefix of the installation";
    writeJson(join(folder, "install.json"), { packageManager: "npm", packageName, uninstallInstructions });
  },
};

/** The AMD module, where front ends look that know a widget's module by name. */
export const nbextension: FrontEnd = {
  title: "widgets' AMD module",
  folderIn: (dataFolder) => join(dataFolder, "nbextensions", packageName),
  fill: (folder, version) => {
    copy("index.js", join(folder, "index.js"));
    if (existsSync(join(packageFolder, "dist/amd"))) copy("amd", join(folder, "amd"));
    writeFileSync(join(folder, "extension.js"), requireConfig);
    writeJson(join(folder, "package.json"), { name: packageName, version });
  },
};

/** Both of them. */
export const frontEnds: readonly FrontEnd[] = [labextension, nbextension];

/** Tells where the module is. VS Code reads this as text, and takes what stands in the third pair of braces. */
const requireConfig = `define(function () {
  window["requirejs"].config({ map: { "*": { "${packageName}": "nbextensions/${packageName}/index" } } });
  return { load_ipython_extension: function () {} };
});
`;

/**
 * Returns what lies in a folder of a front end; undefined when there is nothing.
 * @example installedIn("/home/ada/.local/share/jupyter/labextensions/lowbit") // { version: "0.1.0", ours: true }
 */
export function installedIn(folder: string): Installed | undefined {
  if (!isThere(folder)) return undefined;
  const file = join(folder, "package.json");
  if (!existsSync(file)) return { version: undefined, ours: isEmpty(folder) };
  try {
    const manifest = JSON.parse(readFileSync(file, "utf8")) as { readonly name?: unknown; readonly version?: unknown };
    const ours = manifest.name === packageName;
    return { version: ours && typeof manifest.version === "string" ? manifest.version : undefined, ours };
  } catch {
    return { version: undefined, ours: true };
  }
}

/** A link that leads nowhere is there too. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** An empty folder is nobody's; we may have it. */
function isEmpty(folder: string): boolean {
  return existsSync(folder) && statSync(folder).isDirectory() && readdirSync(folder).length === 0;
}

function copy(from: string, to: string): void {
  const source = join(packageFolder, "dist", from);
  if (!existsSync(source))
    throw new Error(`the widgets are not built (${source}); run "npm run build", or --no-widgets`);
  cpSync(source, to, { recursive: true });
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
