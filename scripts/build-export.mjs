// Builds dist/export: what `lowbit export` puts into pages. loader.js starts the others: runtime.js and, as scripts of
// their own ("pieces"), what it imports on demand, gzipped; style sheets, icons and notices are beside them.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { texts } from "./build-widgets.mjs";
import { licensesOf } from "./third-party-licenses.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "dist/export");
const modules = join(root, "node_modules");

/** Style sheets are gathered: the page names the hash of each, so a script may not add any. */
function gather(styles) {
  return {
    name: "gather",
    setup(context) {
      context.onLoad({ filter: /\.css$/, namespace: "file" }, async ({ path }) => {
        // The controls' sheets come in a chosen order; see widgetStyles.
        if (!path.includes("node_modules")) styles.push(await minified(readFileSync(path, "utf8")));
        return { contents: 'export const text = "";', loader: "js" };
      });
    },
  };
}

/** The names of packages that are imported on demand, as they are spelt, and what their pieces are called. */
const pieceNames = new Map([
  ["plotly.js/dist/plotly-cartesian.min.js", "plotly-cartesian"],
  ["plotly.js/dist/plotly-gl3d.min.js", "plotly-gl3d"],
  ["plotly.js/dist/plotly-strict.min.js", "plotly-strict"],
  ["mathjs", "mathjs"],
  ["katex", "katex"],
  ["marked", "marked"],
]);

/** An `import()` of such a package resolves to what the piece has left under its name. */
const onDemand = {
  name: "on-demand",
  setup(context) {
    context.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind !== "dynamic-import" || !pieceNames.has(path)) return undefined;
      return { path: pieceNames.get(path), namespace: "piece" };
    });
    // A namespace with a function `then` is a thenable: awaiting the import awaits the piece. The whole Plotly does for
    // a part of it, when that is what the page has.
    context.onLoad({ filter: /.*/, namespace: "piece" }, ({ path }) => ({
      contents: `import { loadPiece, hasPiece, pieces } from "./widgets/page/pieces.js";
        const load = (name) => loadPiece(name).then(() => pieces()[name]);
        const own = ${JSON.stringify(path)};
        const whole = own.startsWith("plotly-") && !(own in pieces()) && !hasPiece(own);
        export const then = (resolve, reject) => load(whole ? "plotly-strict" : own).then(resolve, reject);`,
      resolveDir: root,
      loader: "js",
    }));
  },
};

/**
 * The whole Plotly brings the sheet of its map library, which every page would refuse and only maps need: they fetch their
 * tiles, so they stay empty in any case. What is added instead is an empty sheet, which pages allow.
 */
const withoutMapSheet = {
  name: "without-map-sheet",
  setup(context) {
    context.onLoad({ filter: /plotly-strict\.min\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace(/(\.textContent=)'\.maplibregl-map\{(?:[^'\\]|\\[\s\S])*'/, '$1""');
      if (contents === text) throw new Error("build-export: Plotly has no sheet of its map library, expected one");
      return { contents, loader: "js" };
    });
  },
};

/** The classes of ipywidgets 7, which html-manager would also take along. */
const leftOut = {
  name: "left-out",
  setup(context) {
    context.onResolve({ filter: /^@jupyter-widgets\/(base7|controls7)/ }, ({ path }) => ({ path, namespace: "empty" }));
    context.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};" }));
  },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  define: { "process.env.NODE_DEBUG": "false", "process.env.NODE_ENV": '"production"', "process.env": "{}" },
  format: "iife",
  legalComments: "none",
  loader: Object.fromEntries([".svg", ".ttf", ".woff", ".woff2", ".eot"].map((extension) => [extension, "empty"])),
  logLevel: "warning",
  metafile: true,
  minify: true,
  platform: "browser",
  target: "es2022",
};

/** The files that each script was made from. */
const sources = new Map();

/** Bundles one script. */
async function script(name, options, write = writePacked) {
  const { metafile, outputFiles } = await build({ ...shared, outfile: `${name}.js`, write: false, ...options });
  const [{ contents }] = outputFiles.filter(({ path }) => path.endsWith(".js"));
  write(`${name}.js`, contents);
  const paths = Object.keys(metafile.inputs).map((path) => join(root, path));
  sources.set(name, paths);
}

function writePacked(name, contents) {
  writeFileSync(join(output, `${name}.gz`), gzipSync(contents, { level: 9 }));
}

/** Bundles a package as a piece. */
function piece([specifier, name]) {
  const contents = `import * as all from ${JSON.stringify(specifier)};
    const place = (globalThis[Symbol.for("lowbit.pieces")] ??= {});
    place[${JSON.stringify(name)}] = all;`;
  const stdin = { contents, resolveDir: root, sourcefile: `${name}.js` };
  return script(name, { stdin, plugins: [withoutMapSheet] });
}

async function minified(css) {
  return (await transform(css, { loader: "css", minify: true, charset: "utf8" })).code;
}

/** Jupyter's style sheets of the controls, and the colours of its themes: the light one, and on dark screens the dark. */
async function widgetStyles(own, roots) {
  const read = (path) => readFileSync(join(modules, path), "utf8");
  const variables = (theme, root) =>
    read(`@jupyterlab/theme-${theme}-extension/style/variables.css`).replaceAll(":root", root);
  const controls = await build({
    ...shared,
    stdin: {
      contents: [
        "@lumino/widgets/style/index.css",
        "@jupyter-widgets/base/css/index.css",
        "@jupyter-widgets/controls/css/widgets-base.css",
        "@jupyter-widgets/html-manager/css/output.css",
      ]
        .map((path) => `@import "${path}";`)
        .join("\n"),
      loader: "css",
      resolveDir: root,
    },
    write: false,
  });
  return [
    await minified(variables("light", roots.light)),
    await minified(`@media screen and (prefers-color-scheme: dark) {${variables("dark", roots.auto)}}`),
    roots.dark === undefined ? "" : await minified(variables("dark", roots.dark)),
    controls.outputFiles[0].text,
    await minified(readFileSync(join(root, "widgets/page/page.css"), "utf8")),
    ...own,
  ].join("\n");
}

/** Font Awesome's solid icons as paths, from which each page takes those that it shows. */
function icons() {
  const folder = join(modules, "@fortawesome/fontawesome-free/svgs/solid");
  const found = readdirSync(folder).map((file) => {
    const svg = readFileSync(join(folder, file), "utf8");
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
    const [, path] = / d="([^"]+)"/.exec(svg);
    return [file.slice(0, -".svg".length), { width: Number(width), height: Number(height), path }];
  });
  return Object.fromEntries(found);
}

/** The notices of the packages inside; texts that several packages share stand once. */
function notices(licenses) {
  const byText = new Map();
  for (const { name, versionInfo, licenseId, extractedText } of licenses) {
    const text = extractedText.trim();
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${versionInfo} (${licenseId})`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join("\n")}\n\n${text}`.trim());
  return `${parts.join(`\n\n${"-".repeat(40)}\n\n`)}\n`;
}

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const styles = [];
await script("runtime", {
  banner: { js: 'var __webpack_public_path__="";' },
  entryPoints: ["widgets/entry/page.ts"],
  plugins: [gather(styles), onDemand, leftOut, texts],
});
await script("loader", { entryPoints: ["widgets/page/loader.ts"] }, (name, contents) =>
  writeFileSync(join(output, name), contents),
);
await Promise.all([...pieceNames, ["./widgets/page/kernel.ts", "kernel"]].map(piece));
const pageRoots = { light: ":root", auto: ":root" };
const tag = "lowbit-widget";
const snippetRoots = { light: tag, auto: `${tag}[theme="auto"]`, dark: `${tag}[theme="dark"]` };
writeFileSync(join(output, "widgets.css"), await widgetStyles(styles, pageRoots));
writeFileSync(join(output, "snippet.css"), await widgetStyles(styles, snippetRoots));
writeFileSync(join(output, "page.css"), await minified(readFileSync(join(root, "app/export/page.css"), "utf8")));
writeFileSync(join(output, "icons.json"), JSON.stringify(icons()));
const drawn = join(modules, "@fortawesome/fontawesome-free/package.json");
writeFileSync(join(output, "licenses.json"), JSON.stringify(licensesOf([...sources.values(), drawn].flat())));
sources.set("runtime", [...sources.get("runtime"), drawn]);
for (const [name, paths] of sources) writeFileSync(join(output, `${name}.txt`), notices(licensesOf(paths)));
