// What the builds with rspack have in common: their configuration, and a run that says which files it read.
import { fileURLToPath } from "node:url";
import { rspack } from "@rspack/core";

/** The part of a configuration that all builds share. */
export const common = {
  context: fileURLToPath(new URL("..", import.meta.url)),
  mode: "production",
  devtool: false,
  performance: false,
  stats: "errors-warnings",
};

/** Imports name the file that the compiler makes; the bundler reads its source. */
export const typescriptNames = { extensions: [".ts", ".js", ".json"], extensionAlias: { ".js": [".ts", ".js"] } };

export const typescriptRule = {
  test: /\.ts$/,
  loader: "builtin:swc-loader",
  options: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } },
};

/** What is asked of a finished build. */
const wanted = { all: false, assets: true, entrypoints: true };

/**
 * Runs one build; throws with the bundler's own words when it fails.
 * Resolves to what was made, and to the `sources`: the files of every module that was read. They are gathered before
 * modules are joined, because a joined module does not name all of its parts; a few may be left out of the bundle.
 */
export function run(config) {
  return new Promise((resolve, reject) => {
    const compiler = rspack(config);
    const sources = new Set();
    compiler.hooks.compilation.tap("sources", (compilation) => {
      compilation.hooks.finishModules.tap("sources", (modules) => {
        for (const { resource } of modules) if (resource) sources.add(resource.replace(/[?|].*$/, ""));
      });
    });
    compiler.run((error, stats) => {
      compiler.close(() => undefined);
      if (error) return reject(error);
      // One wrong import can have hundreds of consequences.
      if (stats.hasErrors()) return reject(new Error(stats.toString("errors-only").slice(0, 4000)));
      if (stats.hasWarnings()) console.error(stats.toString("errors-warnings"));
      return resolve({ ...stats.toJson(wanted), sources: [...sources] });
    });
  });
}
