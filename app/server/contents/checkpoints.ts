/** Checkpoints: one earlier version of a file, kept as Jupyter keeps it in `.ipynb_checkpoints` beside it. */
import { constants } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { HttpError, toHttpError } from "../http-error.js";
import type { Inside, RootFolder } from "../root-folder.js";
import { writeAtomically } from "./atomic-write.js";

/** A checkpoint as the contents API describes it. */
export interface CheckpointModel {
  readonly id: string;
  readonly last_modified: string;
}

/** There is one checkpoint per file, as with Jupyter's own file checkpoints. */
const onlyId = "checkpoint";

/** The checkpoints of the files below a root. All methods throw HttpError. */
export interface Checkpoints {
  create(file: Inside): Promise<CheckpointModel>;
  list(file: Inside): Promise<CheckpointModel[]>;
  restore(file: Inside, id: string): Promise<void>;
  remove(file: Inside, id: string): Promise<void>;
  /** Follows a rename or deletion of the file itself; a missing checkpoint is no error. */
  follow(from: Inside, to: Inside | undefined): Promise<void>;
}

/** Returns the checkpoints of the files below *root*. */
export function createCheckpoints(root: RootFolder): Checkpoints {
  const locate = (file: Inside): Promise<string> => checkpointPath(root, file);
  return {
    create: async (file) => {
      const path = await locate(file);
      await attempt(file, async () => {
        await mkdir(dirname(path), { recursive: true });
        await writeAtomically(path, await readFile(file.real));
      });
      return modelOf(path, file);
    },
    list: async (file) => {
      const path = await locate(file);
      return (await exists(path)) ? [await modelOf(path, file)] : [];
    },
    restore: async (file, id) => {
      const path = await existing(await locate(file), file, id);
      await attempt(file, async () => writeAtomically(file.real, await readFile(path)));
    },
    remove: async (file, id) => {
      const path = await existing(await locate(file), file, id);
      await attempt(file, () => rm(path));
      await rmdir(dirname(path)).catch(() => undefined);
    },
    follow: async (from, to) => {
      const path = await locate(from);
      if (!(await exists(path))) return;
      if (to === undefined) await rm(path, { force: true });
      else await move(path, await locate(to));
      await rmdir(dirname(path)).catch(() => undefined);
    },
  };
}

/** Where the checkpoint of *file* is; the folder could be a link, so it is checked like any other path. */
async function checkpointPath(root: RootFolder, { path, name }: Inside): Promise<string> {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const folder = path.slice(0, path.length - name.length);
  return (await root.resolve(`${folder}.ipynb_checkpoints/${stem}-checkpoint${extension}`)).real;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function existing(path: string, file: Inside, id: string): Promise<string> {
  if (id === onlyId && (await exists(path))) return path;
  throw new HttpError(404, `${file.path}: has no checkpoint "${id}"`);
}

async function modelOf(path: string, file: Inside): Promise<CheckpointModel> {
  const stats = await attempt(file, () => stat(path));
  return { id: onlyId, last_modified: stats.mtime.toISOString() };
}

async function attempt<T>(file: Inside, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toHttpError(error, file.path);
  }
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE));
}
