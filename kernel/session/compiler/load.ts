/** Loads tslab's TypeScript, which is most of what a kernel waits for when it starts and much of what it holds. */
import { readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";
import { openCodeCache } from "./code-cache.js";

/** See {@link loadCached}. */
export interface Loaded {
  readonly exports: unknown;
  /** Whether its code came from an earlier start. */
  readonly isCached: boolean;
  /** Keeps the compiled code for the next start, unless it came from there. Not to be hurried: it takes a moment. */
  keep(): void;
}

/**
 * Returns a CommonJS module, compiled from V8's code cache where an earlier start has left one, and puts it into
 * `require.cache`. Characters beyond ASCII, which TypeScript has in a few comments, become escapes: with a single one
 * of them V8 would keep two bytes for each of eight million characters.
 * @param require the function in whose cache the module goes
 * @param file its absolute path
 * @param folder where code is kept; default: the user's cache folder
 */
export function loadCached(require: NodeJS.Require, file: string, folder?: string): Loaded {
  const source = readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, toEscape);
  const cache = openCodeCache(file, folder);
  const cachedData = cache.read();
  const script = new Script(Module.wrap(source), { filename: file, ...(cachedData && { cachedData }) });
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  module.loaded = true;
  // V8 refuses what another version of it, or other flags, have left.
  const isCached = script.cachedDataRejected === false;
  return {
    exports: module.exports,
    isCached,
    keep: () => {
      if (!isCached) cache.write(script.createCachedData());
    },
  };
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
