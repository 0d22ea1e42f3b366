/** tslab's converter, replaced when a fault has left it half updated. */
import { join } from "node:path";
import type { Tslab, TslabConverter, TslabDiagnostic } from "./typescript.js";

/** See {@link createSafeConverter}. */
export interface SafeConverter {
  /** Runs an action; when it throws, once more on a new converter. @throws what the second run throws */
  run<T>(action: (converter: TslabConverter) => T): T;
  /** Adds a `@module` cell, also to every later converter. */
  addModule(name: string, source: string): readonly TslabDiagnostic[];
  /** Tells of a path whether it is a `@module` cell. */
  isModule(path: string): boolean;
  close(): void;
}

/**
 * Returns a converter that outlives its faults: one leaves the watch program half updated, and a new one may well do.
 * @param cwd the notebook's folder
 */
export function createSafeConverter(tslab: Tslab, cwd: string): SafeConverter {
  const create = (): TslabConverter => tslab.createConverter({ isJS: false, isBrowser: false });
  const modules = new Map<string, string>();
  let converter = create();
  const renew = (): void => {
    converter.close();
    converter = create();
    for (const [name, source] of modules) converter.addModule(name, source);
  };
  const run = <T>(action: (converter: TslabConverter) => T): T => {
    try {
      return action(converter);
    } catch {
      renew();
    }
    try {
      return action(converter);
    } catch (error) {
      renew();
      throw error;
    }
  };
  return {
    run,
    addModule: (name, source) => {
      const isNew = !modules.has(name);
      modules.set(name, source);
      // TypeScript remembers that an earlier import of this name failed, and watches the disk alone for a change.
      if (isNew) renew();
      return run((current) => current.addModule(name, source));
    },
    isModule: (path) => [...modules.keys()].some((name) => path === join(cwd, `${name}.ts`).replaceAll("\\", "/")),
    close: () => converter.close(),
  };
}
