/** V8's compiled code of a script, kept in the user's cache folder from one start to the next. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { homeFolder } from "../../io/home.js";

/** See {@link openCodeCache}. */
export interface CodeCache {
  /** Returns the code that an earlier start has kept; undefined when there is none, or it is damaged. */
  read(): Buffer | undefined;
  /** Keeps code, in place of that of an older version of the script. Without a place to write, nothing happens. */
  write(code: Uint8Array): void;
}

const digestLength = 32;

/**
 * Returns the place of a script's code.
 * @param file path of the script; its size and time are part of the key, as are the versions of Node and of the processor
 * @param folder where the code is kept; default: `lowbit` in `XDG_CACHE_HOME` or `~/.cache`
 */
export function openCodeCache(file: string, folder: string | undefined = defaultFolder()): CodeCache {
  if (folder === undefined) return { read: () => undefined, write: () => undefined };
  const { size, mtimeMs } = statSync(file);
  const start = [basename(file), process.version, process.arch, ""].join("-");
  const path = join(folder, `${start}${size}-${Math.round(mtimeMs)}.v8`);
  return {
    read: () => quietly(() => checked(readFileSync(path))),
    write: (code) => {
      quietly(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
      for (const name of quietly(() => readdirSync(folder)) ?? []) {
        if (name.startsWith(start)) quietly(() => rmSync(join(folder, name)));
      }
      const beside = `${path}.${process.pid}`;
      const written = quietly(() => {
        writeFileSync(beside, Buffer.concat([digest(code), code]), { mode: 0o600 });
        renameSync(beside, path);
        return true;
      });
      // A full disk leaves a piece of it.
      if (!written) quietly(() => rmSync(beside, { force: true }));
    },
  };
}

function defaultFolder(): string | undefined {
  return quietly(() => join(process.env.XDG_CACHE_HOME || join(homeFolder(), ".cache"), "lowbit"));
}

/** V8 itself would run damaged code. */
function checked(content: Buffer): Buffer | undefined {
  const code = content.subarray(digestLength);
  return content.subarray(0, digestLength).equals(digest(code)) ? code : undefined;
}

function digest(code: Uint8Array): Buffer {
  return createHash("sha256").update(code).digest();
}

/** The next start takes a little longer then: no reason to complain. */
function quietly<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
