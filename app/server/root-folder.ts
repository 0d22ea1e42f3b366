/** The folder that a server serves, and the rule that nothing outside of it is read or written. */
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { HttpError } from "./http-error.js";

/** A path of the contents API, checked. */
export interface Inside {
  /** As clients write it: relative, with `/`, without leading or trailing slash; "" is the root. */
  readonly path: string;
  /** Where it really is, symbolic links followed. The last part need not exist. */
  readonly real: string;
  /** The last part of the path; "" for the root. */
  readonly name: string;
  /** Some part begins with a dot. */
  readonly hidden: boolean;
}

/** Resolves paths of clients below one folder. */
export interface RootFolder {
  /** The folder's own real path. */
  readonly real: string;
  /**
   * Returns where *path* is.
   * @throws HttpError 400 for a path that names nothing sensible, 404 for one that leads outside
   */
  resolve(path: string): Promise<Inside>;
}

/** Returns the root at *folder*. @throws when it does not exist */
export async function openRootFolder(folder: string): Promise<RootFolder> {
  const root = await realpath(folder);
  return {
    real: root,
    resolve: async (path) => {
      const parts = splitPath(path);
      const real = parts.length === 0 ? root : await followLinks(join(root, ...parts));
      if (!isInside(root, real)) throw new HttpError(404, `${path}: leads outside of the root folder`);
      return {
        path: parts.join("/"),
        real,
        name: parts.at(-1) ?? "",
        hidden: parts.some((part) => part.startsWith(".")),
      };
    },
  };
}

/** Whether *real* is *root* or below it. */
export function isInside(root: string, real: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Cuts an API path into its parts. @throws HttpError 400 or 404 as {@link RootFolder.resolve} */
function splitPath(path: string): string[] {
  if (path.includes("\0")) throw new HttpError(400, "a path cannot contain NUL");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  for (const part of parts) {
    if (part === "..") throw new HttpError(404, `${path}: leads outside of the root folder`);
    if (sep === "\\" && /[\\:]/.test(part)) throw new HttpError(400, `${path}: "\\" and ":" cannot be in a name`);
  }
  return parts;
}

/**
 * Follows symbolic links in all parts that exist. A link to nowhere is refused: writing through it would
 * create a file wherever it points.
 */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const dangling = await lstat(path).then(
    () => true,
    () => false,
  );
  if (dangling) throw new HttpError(404, `${basename(path)}: a symbolic link to nowhere`);
  return join(await followLinks(dirname(path)), basename(path));
}
