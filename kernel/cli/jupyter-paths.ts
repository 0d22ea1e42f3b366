/** Where Jupyter looks for kernels: the rules of `jupyter_core.paths`, without Python. */
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { homeFolder } from "../io/home.js";

/** What the rules depend on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The machine at hand. */
export function surroundings(): Surroundings {
  return { env: process.env, platform: process.platform, home: homeFolder() };
}

/**
 * Returns the person's own data folder: `$JUPYTER_DATA_DIR`, or the platform's place.
 * @example userDataFolder() // "/home/ada/.local/share/jupyter"
 */
export function userDataFolder({ env, platform, home }: Surroundings = surroundings()): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA || join(home, "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** Returns the data folder below a prefix, such as a virtual environment's. */
export function prefixDataFolder(prefix: string): string {
  return join(resolve(prefix), "share", "jupyter");
}

/**
 * Returns the prefix of the Python environment that is active: of `$VIRTUAL_ENV`, of `$CONDA_PREFIX`, or of the
 * `jupyter` command on the path.
 * @returns undefined when there is none of them
 */
export function sysPrefix({ env, platform }: Surroundings = surroundings()): string | undefined {
  const active = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (active) return active;
  const jupyter = findCommand("jupyter", { env, platform });
  return jupyter === undefined ? undefined : prefixOf(jupyter);
}

/** Returns every data folder in which Jupyter looks, in its order, each once. */
export function dataFolders(where: Surroundings = surroundings()): string[] {
  const { env, platform } = where;
  const prefix = sysPrefix(where);
  const system =
    platform === "win32"
      ? [join(env.PROGRAMDATA || "C:\\ProgramData", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  const all = [
    ...(env.JUPYTER_PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
    userDataFolder(where),
    ...(prefix === undefined ? [] : [prefixDataFolder(prefix)]),
    ...system,
  ];
  return [...new Set(all)];
}

/** Returns every folder in which Jupyter looks for configuration, in its order, each once. */
export function configFolders(where: Surroundings = surroundings()): string[] {
  const { env, platform, home } = where;
  const prefix = sysPrefix(where);
  const system =
    platform === "win32"
      ? [join(env.PROGRAMDATA || "C:\\ProgramData", "jupyter")]
      : ["/usr/local/etc/jupyter", "/etc/jupyter"];
  const all = [
    ...(env.JUPYTER_CONFIG_PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
    env.JUPYTER_CONFIG_DIR || join(home, ".jupyter"),
    ...(prefix === undefined ? [] : [join(resolve(prefix), "etc", "jupyter")]),
    ...system,
  ];
  return [...new Set(all)];
}

/** Returns the first executable of this name on the path. */
export function findCommand(
  name: string,
  { env, platform }: Pick<Surroundings, "env" | "platform"> = surroundings(),
): string | undefined {
  const names = platform === "win32" ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`] : [name];
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find(isExecutable);
}

/** A command is `PREFIX/bin/name`; it may be a link from elsewhere, as pipx makes them. */
function prefixOf(command: string): string {
  const own = dirname(dirname(command));
  if (existsSync(join(own, "pyvenv.cfg")) || existsSync(join(own, "conda-meta"))) return own;
  return dirname(dirname(realpathSync(command)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
