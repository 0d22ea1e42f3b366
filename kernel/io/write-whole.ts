/** Files that are at every moment the old one or the new one, whole: also when the disk is full or the power goes. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Writes beside the file, flushes, then renames.
 * @param mode permissions of the new file
 * @throws what the file system throws, such as ENOSPC; the old file is then as it was, and nothing is left beside it
 */
export function writeWhole(file: string, text: string, mode: number): void {
  const beside = join(dirname(file), `.lowbit-${randomBytes(8).toString("hex")}.tmp`);
  try {
    const handle = openSync(beside, "wx", mode);
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
