// Runs rspack and says which files it read.
import { rspack } from "@rspack/core";

/** What is asked of a finished build: the entry's files, and every module in it for the licenses. */
const wanted = {
  all: false,
  assets: true,
  entrypoints: true,
  modules: true,
  nestedModules: true,
  modulesSpace: Number.POSITIVE_INFINITY,
  nestedModulesSpace: Number.POSITIVE_INFINITY,
};

/** The files that the modules of a build were read from. */
export function sourcesOf(modules) {
  return modules.flatMap((module) => [module.nameForCondition, ...sourcesOf(module.modules ?? [])]).filter(Boolean);
}

/** Runs one build; throws with the bundler's own words when it fails. */
export function run(config) {
  return new Promise((resolve, reject) => {
    const compiler = rspack(config);
    compiler.run((error, stats) => {
      compiler.close(() => undefined);
      if (error) return reject(error);
      // One wrong import can have hundreds of consequences.
      if (stats.hasErrors()) return reject(new Error(stats.toString("errors-only").slice(0, 4000)));
      if (stats.hasWarnings()) console.error(stats.toString("errors-warnings"));
      return resolve(stats.toJson(wanted));
    });
  });
}
