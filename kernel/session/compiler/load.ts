/** Loads tslab's TypeScript, which is most of what a kernel waits for when it starts and much of what it holds. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** See {@link loadCached}. */
export interface Loaded {
  readonly exports: unknown;
  /** Keeps the compiled code for the next start, unless it came from there. Not to be hurried: it takes a moment. */
  keep(): void;
}

/**
 * Returns a CommonJS module, compiled from V8's code cache where an earlier start has left one, and puts it into
 * `require.cache`. Characters beyond ASCII, which TypeScript has in a few comments, become escapes: with a single one
 * of them V8 would keep two bytes for each of eight million characters.
 * @param require the function in whose cache the module goes
 * @param file its absolute path
 */
export function loadCached(require: NodeJS.Require, file: string): Loaded {
  const source = readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, toEscape);
  const cache = cacheFile(file);
  const cachedData = readIfThere(cache);
  const script = new Script(Module.wrap(source), { filename: file, ...(cachedData && { cachedData }) });
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  module.loaded = true;
  return {
    exports: module.exports,
    keep: () => {
      if (cachedData && script.cachedDataRejected === false) return;
      writeQuietly(cache, () => script.createCachedData());
    },
  };
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** V8 refuses what another version of it has left; the name keeps them from overwriting each other. */
function cacheFile(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const folder = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const key = [process.version, process.arch, size, Math.round(mtimeMs)].join("-");
  return join(folder, "lowbit", `typescript-${key}.v8`);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Without a place to write, the next start takes a little longer: no reason to complain. */
function writeQuietly(path: string, content: () => Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.${process.pid}`;
    writeFileSync(beside, content(), { mode: 0o600 });
    renameSync(beside, path);
  } catch {
    // As above.
  }
}
