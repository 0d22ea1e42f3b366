/** Folders that are put in place together: a reader finds the old ones or the new ones, and never half of one. */
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A folder to be written. */
export interface NewFolder {
  readonly folder: string;
  /** Writes what belongs into it, into an empty folder beside its place. */
  fill(temporary: string): void;
}

/** A folder that was moved into its place, and what was there before. */
interface Placed {
  readonly folder: string;
  readonly old: string | undefined;
}

/**
 * Writes each folder beside its place, and then moves all of them there. Links are replaced, not followed.
 * @throws what the file system throws; then every place is as it was, with nothing left beside it
 * @example placeFolders([{ folder: "/x/kernels/lowbit", fill: (to) => writeFileSync(join(to, "kernel.json"), text) }])
 */
export function placeFolders(folders: readonly NewFolder[]): void {
  const written: { readonly folder: string; readonly temporary: string }[] = [];
  const placed: Placed[] = [];
  try {
    for (const { folder, fill } of folders) {
      makeFolder(dirname(folder));
      const temporary = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
      written.push({ folder, temporary });
      fill(temporary);
      // A temporary folder is private; what lies below a prefix is for everybody there.
      chmodSync(temporary, 0o755);
    }
    for (const { folder, temporary } of written) placed.push({ folder, old: moveInto(folder, temporary) });
  } catch (error) {
    for (const one of placed.reverse()) putBack(one);
    throw error;
  } finally {
    for (const { temporary } of written) rmSync(temporary, { recursive: true, force: true });
    for (const { old } of placed) if (old !== undefined) rmSync(old, { recursive: true, force: true });
  }
}

/** Makes a folder and those above it. Node's own way of doing it never ends below /proc, where none can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another installation was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Moves a folder into its place, also while others do the same; returns where the one before it is now. */
function moveInto(folder: string, temporary: string): string | undefined {
  let old: string | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) {
        if (old !== undefined) rmSync(old, { recursive: true, force: true });
        // A rename moves the whole at once, so that two installations never take a folder apart together.
        const aside = `${temporary}-${attempt}`;
        renameSync(folder, aside);
        old = aside;
      }
      renameSync(temporary, folder);
      return old;
    } catch (error) {
      const another = ["ENOENT", "ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (another && attempt < 100) continue;
      if (old !== undefined) renameSync(old, folder);
      throw error;
    }
  }
}

function putBack({ folder, old }: Placed): void {
  rmSync(folder, { recursive: true, force: true });
  if (old !== undefined) renameSync(old, folder);
}
