// Bundles the browser half of the widgets: dist/widgets/lab.js, one ES module without imports, style sheets and
// the worker's script inside as text.
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

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
const texts = {
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

/** Bundles `entry` into `outfile`, both relative to the repository. */
export async function bundle(entry, outfile, options = {}) {
  mkdirSync(new URL("../dist/widgets", import.meta.url), { recursive: true });
  await build({ ...shared, entryPoints: [entry], outfile, format: "esm", plugins: [texts], ...options });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle("widgets/entry/lab.ts", "dist/widgets/lab.js", { minify: true });
}
