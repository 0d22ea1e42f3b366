/** Secret keys in the person's state folder: what must be the same again after the server was restarted. */
import { createHmac, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Returns the 32 random bytes in *file*, which is made with mode 0600 when it is not there.
 * @throws Error when the file holds something else
 */
export async function readSecret(file: string): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // `wx` lets the first of two servers win.
  await writeFile(file, randomBytes(32), { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const key = await readFile(file);
  if (key.length !== 32) throw new Error(`readSecret: ${file} has ${key.length} bytes, expected 32; delete it`);
  return key;
}

/**
 * Returns what a server of *root* proves itself and its visitors by: the same after a restart, another for another
 * folder. So a page finds its restarted server by itself, and a page of one folder never saves into another.
 * @param state the person's folder
 */
export async function rootSecret(state: string, root: string): Promise<Buffer> {
  const key = await readSecret(`${state}/session-secret`);
  return createHmac("sha256", key).update(root).digest();
}
