/** Runs a local TypeScript file, compiled to the body of a function, that a cell imports. */
import { dirname } from "node:path";
import { Script } from "node:vm";
import { importMeta } from "./esm.js";
import type { RunModule } from "./modules.js";

/** What the file's code finds. */
const parameters = "exports, require, module, __filename, __dirname, __load, _importMeta";

/** Returns what the module exports; a promise of it when the file awaits at its top level. */
export const runLocalModule: RunModule = ({ path, code, async }, exports, { require, load }) => {
  const module = { exports };
  const head = `(${async ? "async " : ""}function (${parameters}) { `;
  const script = new Script(`${head}${code}\n})`, { filename: path, columnOffset: -head.length });
  const wrapped = script.runInThisContext() as (...args: readonly unknown[]) => unknown;
  const ran = wrapped.call(exports, exports, require, module, path, dirname(path), load, importMeta(path, require));
  return async ? (ran as Promise<void>).then(() => module.exports) : module.exports;
};
