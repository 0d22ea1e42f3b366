// Bundles the browser half of the widgets: dist/widgets/lab.js, an ES module with style sheets and the worker's
// script inside as text, and dist/widgets/chunks/ with what it loads on demand, named by content.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { licensesOf } from "./third-party-licenses.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const shared = {
  absWorkingDir: root,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  platform: "browser",
  target: "es2022",
};

/** Style sheets, and the worker's whole script as "lowbit:worker", are imported as `{ text }`. */
export const texts = {
  name: "texts",
  setup(context) {
    const asText = (text) => ({ contents: `export const text = ${JSON.stringify(text)};`, loader: "js" });
    context.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return asText(css.code);
    });
    context.onResolve({ filter: /^lowbit:worker$/ }, () => ({ path: "worker", namespace: "lowbit" }));
    context.onLoad({ filter: /.*/, namespace: "lowbit" }, async () => {
      const entryPoints = ["widgets/entry/worker.ts"];
      const result = await build({ ...shared, entryPoints, format: "iife", minify: true, write: false });
      return asText(result.outputFiles[0].text);
    });
  },
};

/** Bundles `entry` into `outfile`, both relative to the repository, with chunks in a folder `chunks` beside it.
 * Resolves to the licenses of the packages inside. */
export async function bundle(entry, outfile, options = {}) {
  const outdir = dirname(outfile);
  mkdirSync(join(root, outdir), { recursive: true });
  rmSync(join(root, outdir, "chunks"), { recursive: true, force: true });
  const name = outfile.slice(outdir.length + 1, -".js".length);
  const { metafile } = await build({
    ...shared,
    entryPoints: { [name]: entry },
    outdir,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    splitting: true,
    metafile: true,
    plugins: [texts],
    ...options,
  });
  return licensesOf(Object.keys(metafile.inputs).map((path) => join(root, path)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const licenses = await bundle("widgets/entry/lab.ts", "dist/widgets/lab.js", { minify: true });
  writeFileSync(join(root, "dist/widgets/licenses.json"), JSON.stringify(licenses));
}
