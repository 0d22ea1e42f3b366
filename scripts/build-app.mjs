// Builds dist/app/ui: JupyterLab's front end from the installed extension packages, with Lowbit's plugins.
// What comes out: <hash>.js chunks and fonts, themes/<package>/index.css, schemas/<package>/*.json,
// licenses.json, and manifest.json, from which the server learns the names.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rspack } from "@rspack/core";
import { common, run, typescriptNames, typescriptRule } from "./rspack-run.mjs";
import { licensesOf } from "./third-party-licenses.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = join(root, "dist/app/ui");
const generated = join(root, "dist/app/generated");
const require = createRequire(join(root, "package.json"));

/** Installed, but left out: there is no server for terminals. */
const leftOut = new Set(["@jupyterlab/terminal-extension"]);

/** Every installed package of the repository's dependencies that JupyterLab calls an extension. */
function findExtensions() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.keys(manifest.devDependencies)
    .filter((name) => !leftOut.has(name))
    .map((name) => join(root, "node_modules", name, "package.json"))
    .filter((path) => existsSync(path))
    .map((path) => ({ folder: dirname(path), manifest: JSON.parse(readFileSync(path, "utf8")) }))
    .filter(({ manifest: { jupyterlab } }) => jupyterlab?.extension || jupyterlab?.mimeExtension)
    .map(({ folder, manifest: { name, version, jupyterlab, styleModule } }) => ({
      name,
      version,
      folder,
      schemaDir: jupyterlab.schemaDir,
      theme: jupyterlab.themePath,
      style: jupyterlab.themePath ? undefined : styleModule,
      plugin: entryOf(name, jupyterlab.extension),
      mime: entryOf(name, jupyterlab.mimeExtension),
    }));
}

/** The module that an `extension` or `mimeExtension` field names: true is the package's main. */
function entryOf(name, field) {
  if (!field) return undefined;
  return field === true ? name : `${name}/${field}`;
}

/** Writes the import lists that app/ui/boot.ts reads. */
function generateLists(extensions) {
  const list = (exported, entries) => {
    const imports = entries.map(({ module }, i) => `import * as ${exported}${i} from ${JSON.stringify(module)};`);
    const items = entries.map(({ name }, i) => `{ name: ${JSON.stringify(name)}, exports: ${exported}${i}.default },`);
    return `${imports.join("\n")}\nexport const ${exported} = [\n${items.join("\n")}\n];\n`;
  };
  const pick = (key) => extensions.filter((e) => e[key]).map((e) => ({ name: e.name, module: e[key] }));
  mkdirSync(generated, { recursive: true });
  writeFileSync(
    join(generated, "extensions.js"),
    list("extensions", pick("plugin")) + list("mimeExtensions", pick("mime")),
  );
  const styles = extensions.filter((e) => e.style).map((e) => `import ${JSON.stringify(`${e.name}/${e.style}`)};`);
  writeFileSync(join(generated, "styles.js"), `${styles.join("\n")}\n`);
}

/** The rules that both builds share, for what JupyterLab's packages import besides JavaScript. */
const assetRules = [
  { test: /\.(svg)$/, issuer: /\.css$/, type: "asset/inline" },
  { test: /\.(svg)$/, issuer: /\.[jt]s$/, type: "asset/source" },
  { test: /\.(md|html|txt)$/, type: "asset/source" },
  { test: /\.raw\.css$/, type: "asset/source" },
  { test: /\.(png|jpg|gif|woff2?|ttf|eot)$/, type: "asset/resource" },
];

/** Font Awesome names five formats of each font; every browser that runs this takes the first, woff2. */
const cssLoader = {
  loader: "css-loader",
  options: { url: { filter: (url) => !/webfonts\/.*\.(eot|ttf|woff|svg)\b(?!2)/.test(url) } },
};

const shared = {
  ...common,
  ignoreWarnings: [/__dirname/],
};

/** The application: one small entry, one large chunk at start, the rest on demand. */
function applicationConfig() {
  return {
    ...shared,
    entry: { main: join(root, "app/ui/index.ts") },
    output: {
      path: output,
      filename: "[name].[contenthash:16].js",
      chunkFilename: "[contenthash:16].js",
      assetModuleFilename: "[contenthash:16][ext]",
      publicPath: "auto",
      clean: true,
    },
    resolve: {
      ...typescriptNames,
      alias: {
        "lowbit-app/extensions": join(generated, "extensions.js"),
        "lowbit-app/styles": join(generated, "styles.js"),
        "lowbit-app/widgets-source": join(root, "app/ui/widgets-by-url.ts"),
      },
      fallback: { path: false, buffer: false, util: false, crypto: false, stream: false, url: false },
    },
    module: {
      rules: [
        typescriptRule,
        { test: /\.css$/, exclude: /\.raw\.css$/, use: ["style-loader", cssLoader], type: "javascript/auto" },
        { test: /\.m?js$/, resolve: { fullySpecified: false } },
        // The package calls itself free of side effects, for the library's sake; style sheets are one.
        { test: /\.css$/, sideEffects: true },
        { include: generated, sideEffects: true, type: "javascript/auto" },
        ...assetRules,
      ],
    },
    plugins: [new rspack.DefinePlugin({ process: '({ cwd: () => "/", env: {} })' })],
  };
}

/** The themes: real style sheets, because JupyterLab swaps them with <link> elements. */
function themesConfig(themes) {
  return {
    ...shared,
    entry: Object.fromEntries(themes.map(({ name, folder, theme }) => [name, join(folder, theme)])),
    output: { path: join(output, "themes"), filename: ".js/[name].js", assetModuleFilename: "[contenthash:16][ext]" },
    module: {
      rules: [
        { test: /\.css$/, use: [rspack.CssExtractRspackPlugin.loader, "css-loader"], type: "javascript/auto" },
        ...assetRules,
      ],
    },
    plugins: [new rspack.CssExtractRspackPlugin({ filename: "[name]/index.css" })],
  };
}

/** Copies the settings schemas; without its schema a plugin does not start. Returns plugin id → version. */
function copySchemas(extensions) {
  const versions = {};
  for (const { name, version, folder, schemaDir } of extensions.filter((e) => e.schemaDir)) {
    const source = join(folder, schemaDir);
    for (const file of readdirSync(source).filter(
      (entry) => entry.endsWith(".json") && entry !== "package.json.orig",
    )) {
      mkdirSync(join(output, "schemas", name), { recursive: true });
      cpSync(join(source, file), join(output, "schemas", name, file));
      versions[`${name}:${file.slice(0, -".json".length)}`] = version;
    }
  }
  return versions;
}

const extensions = findExtensions();
generateLists(extensions);
const themes = extensions.filter((e) => e.theme);
const application = await run(applicationConfig());
await run(themesConfig(themes));
rmSync(join(output, "themes/.js"), { recursive: true, force: true });
for (const icon of ["logo.svg", "logo-busy.svg"]) cpSync(join(root, "app/ui", icon), join(output, icon));
writeFileSync(join(output, "licenses.json"), JSON.stringify(licensesOf(application.sources)));
writeFileSync(
  join(output, "manifest.json"),
  `${JSON.stringify(
    {
      jupyterlab: require("@jupyterlab/application/package.json").version,
      scripts: application.entrypoints.main.assets.map((asset) => asset.name),
      schemas: copySchemas(extensions),
    },
    null,
    2,
  )}\n`,
);
