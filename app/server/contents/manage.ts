/** What the file browser does to files and folders besides opening and saving them. */

import { constants } from "node:fs";
import { copyFile, link, lstat, mkdir, readdir, rename, rm, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { HttpError, toHttpError } from "../http-error.js";
import type { Inside, RootFolder } from "../root-folder.js";
import type { Checkpoints } from "./checkpoints.js";
import type { ContentsType } from "./model.js";
import { formatNotebook } from "./notebook.js";
import { refuseHidden, requireParent } from "./write.js";

/** Creates, copies, moves and deletes below the root. All methods throw HttpError. */
export interface Manager {
  /** Makes an empty file or folder in *folder* under the first free "Untitled" name. Returns its path. */
  create(folder: Inside, type: ContentsType, extension: string): Promise<string>;
  /** Copies *source* into *folder*, with "-Copy1" and so on in the name if need be. Returns the copy's path. */
  copy(source: Inside, folder: Inside): Promise<string>;
  /** Moves *from* to *to*, which must not exist. */
  move(from: Inside, to: Inside): Promise<void>;
  /** Deletes a file or an empty folder. */
  remove(inside: Inside): Promise<void>;
}

/** Returns the manager of the files below *root*. */
export function createManager(root: RootFolder, checkpoints: Checkpoints): Manager {
  return {
    create: async (folder, type, extension) => {
      const stem = { notebook: "Untitled", directory: "Untitled Folder", file: "untitled" }[type];
      const suffix = type === "notebook" ? ".ipynb" : type === "directory" ? "" : extension;
      const separator = type === "directory" ? " " : "";
      const names = (n: number): string => `${stem}${n === 0 ? "" : `${separator}${n}`}${suffix}`;
      return await firstFree(root, folder, names, (path) => makeEmpty(path, type));
    },
    copy: async (source, folder) => {
      if (source.hidden) throw new HttpError(404, `${source.path}: file or folder does not exist`);
      const stats = await stat(source.real).catch((error) => Promise.reject(toHttpError(error, source.path)));
      if (!stats.isFile()) throw new HttpError(400, `${source.path}: only files can be copied`);
      const extension = extname(source.name);
      const stem = source.name.slice(0, source.name.length - extension.length).replace(/-Copy\d*$/, "");
      const names = (n: number): string => (n === 0 ? source.name : `${stem}-Copy${n}${extension}`);
      return await firstFree(root, folder, names, (path) => copyFile(source.real, path, constants.COPYFILE_EXCL));
    },
    move: async (from, to) => {
      refuseHidden(from, "rename");
      refuseHidden(to, "create");
      await requireParent(to);
      if (from.real === to.real) return;
      await moveWithoutReplacing(from, to);
      await checkpoints.follow(from, to);
    },
    remove: async (inside) => {
      refuseHidden(inside, "delete");
      try {
        await removeOne(inside);
      } catch (error) {
        throw toHttpError(error, inside.path);
      }
      await checkpoints.follow(inside, undefined);
    },
  };
}

/** Tries names until *make* does not find the name taken: no gap between asking and making. */
async function firstFree(
  root: RootFolder,
  folder: Inside,
  nameOf: (n: number) => string,
  make: (path: string) => Promise<unknown>,
): Promise<string> {
  for (let n = 0; n < 10_000; n++) {
    const target = await root.resolve(`${folder.path}/${nameOf(n)}`);
    refuseHidden(target, "create");
    try {
      await make(target.real);
      return target.path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw toHttpError(error, target.path);
    }
  }
  throw new HttpError(409, `${folder.path}: no free name for a new file`);
}

async function makeEmpty(path: string, type: ContentsType): Promise<void> {
  if (type === "directory") return await mkdir(path);
  const empty = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  await writeFile(path, type === "notebook" ? formatNotebook(empty) : "", { flag: "wx" });
}

/** `rename` would silently replace a file; a hard link refuses to. Folders are only replaced when empty. */
async function moveWithoutReplacing(from: Inside, to: Inside): Promise<void> {
  const source = await stat(from.real).catch((error) => Promise.reject(toHttpError(error, from.path)));
  const taken = await lstat(to.real).catch(() => undefined);
  // On a file system that ignores case, "A" and "a" are one file, and renaming it is fine.
  if (taken && taken.ino !== source.ino) throw new HttpError(409, `${to.path}: the file exists already`);
  try {
    if (source.isDirectory() || taken) await rename(from.real, to.real);
    else await linkThenUnlink(from.real, to.real);
  } catch (error) {
    throw toHttpError(error, to.path);
  }
}

async function linkThenUnlink(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    return await rename(from, to); // not every file system has hard links
  }
  await unlink(from);
}

/** Removes a file, or a folder in which there is at most a checkpoint folder. */
async function removeOne(inside: Inside): Promise<void> {
  const stats = await lstat(inside.real);
  if (!stats.isDirectory()) return await unlink(inside.real);
  const others = (await readdir(inside.real)).filter((name) => name !== ".ipynb_checkpoints");
  if (others.length > 0) throw new HttpError(400, `${inside.path}: the folder is not empty`);
  await rm(join(inside.real, ".ipynb_checkpoints"), { recursive: true, force: true });
  await rmdir(inside.real);
}
