/** Runs a local TypeScript file, compiled to CommonJS, that a cell imports. */
import { dirname } from "node:path";
import { Script } from "node:vm";
import type { RunModule } from "./modules.js";

/** Returns what the module exports. */
export const runLocalModule: RunModule = (path, code, exports, require) => {
  const module = { exports };
  const head = "(function (exports, require, module, __filename, __dirname) { ";
  const script = new Script(`${head}${code}\n})`, { filename: path, columnOffset: -head.length });
  const wrapped = script.runInThisContext() as (...args: readonly unknown[]) => void;
  wrapped.call(exports, exports, require, module, path, dirname(path));
  return module.exports;
};
