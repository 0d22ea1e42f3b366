import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Replaces the file at *path* by *data* so that a reader, or the next start after a crash, finds either the
 * old file or the new one, whole: write beside it, flush, rename, flush the folder. Keeps the file's mode.
 * @param path a real path; symbolic links are already followed
 * @throws NodeJS.ErrnoException, with the old file untouched and nothing left beside it
 */
export async function writeAtomically(path: string, data: string | Uint8Array): Promise<void> {
  // Asked before anything is written: renaming over a read-only file would succeed.
  const mode = await currentMode(path);
  const temporary = temporaryName(path);
  const file = await open(temporary, "wx", mode ?? 0o666);
  try {
    await file.writeFile(data).finally(() => file.close());
    await replaceBy(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** Puts the finished file *temporary* in the place of *path*, which keeps its mode. Both are in one folder. */
export async function replaceBy(temporary: string, path: string): Promise<void> {
  const mode = await currentMode(path);
  const file = await open(temporary, "r+");
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await flushFolder(dirname(path));
}

/** Returns a hidden name in the same folder, and so on the same file system, that nobody else uses. */
export function temporaryName(path: string): string {
  // The name is cut so that a name of the longest legal length still leaves room for the rest.
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(8).toString("hex")}.tmp`);
}

/** Flushes a rename to the disk; not every platform can open a folder, and there it is not needed. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** The mode of the file that will be replaced; undefined when there is none. @throws when it is read-only */
async function currentMode(path: string): Promise<number | undefined> {
  const old = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (old === undefined) return undefined;
  if (old.isDirectory()) throw Object.assign(new Error("EISDIR: is a folder"), { code: "EISDIR" });
  await access(path, constants.W_OK);
  return old.mode & 0o7777;
}
