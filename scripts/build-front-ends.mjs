// Builds what other front ends load, from the widgets' browser bundle (dist/widgets, built before):
// dist/labextension, a prebuilt extension for JupyterLab and Notebook 7, and dist/index.js with its chunks in
// dist/amd, the AMD module for front ends that know a widget's module by name.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rspack } from "@rspack/core";
import { common, run, typescriptNames, typescriptRule } from "./rspack-run.mjs";
import { licensesOf } from "./third-party-licenses.mjs";
import { joinLicenses } from "./write-notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const { name, version, description, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const shared = {
  ...common,
  target: ["web", "es2022"],
  resolve: {
    ...typescriptNames,
    alias: {
      "lowbit-app/widgets": join(dist, "widgets/lab.js"),
      "lowbit-app/widgets-source": join(root, "app/ui/widgets-inside.ts"),
    },
  },
  module: {
    rules: [
      typescriptRule,
      // The package calls itself free of side effects, for the library's sake; what is bundled here is used for them.
      { include: join(dist, "widgets"), sideEffects: true },
    ],
  },
};

/** The host's own copy: its classes and its tokens are told apart by identity. */
const fromHost = (requiredVersion) => ({ import: false, singleton: true, requiredVersion });

/** A module federation container, in the layout that JupyterLab's builder makes. */
function labextensionConfig() {
  return {
    ...shared,
    entry: {},
    output: {
      path: join(dist, "labextension/static"),
      filename: "[name].[contenthash:16].js",
      chunkFilename: "[contenthash:16].js",
      publicPath: "auto",
      uniqueName: name,
      clean: true,
    },
    plugins: [
      new rspack.DefinePlugin({ LOWBIT_VERSION: JSON.stringify(version) }),
      new rspack.container.ModuleFederationPluginV1({
        name,
        library: { type: "var", name: ["_JUPYTERLAB", name] },
        filename: "remoteEntry.[contenthash:16].js",
        exposes: {
          "./extension": join(root, "app/ui/labextension.ts"),
          "./mimeExtension": join(root, "app/ui/labextension-mime.ts"),
        },
        shared: {
          "@jupyter-widgets/base": fromHost("^6.0.0"),
          "@jupyter-widgets/base-manager": fromHost("^1.0.0"),
          "@jupyter-widgets/jupyterlab-manager": fromHost("^5.0.0"),
          "@lumino/widgets": fromHost("^2.0.0"),
        },
      }),
    ],
  };
}

/** What JupyterLab reads to find the container; Lowbit's `install` compares the version. */
function writeManifest(remoteEntry) {
  const build = { load: `static/${remoteEntry}`, extension: "./extension", mimeExtension: "./mimeExtension" };
  const manifest = { name, version, description, license, jupyterlab: { extension: true, _build: build } };
  writeFileSync(join(dist, "labextension/package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** `define(["@jupyter-widgets/base"], …)`, with chunks that are found beside the script. */
function amdConfig() {
  return {
    ...shared,
    entry: { index: join(root, "app/ui/amd.ts") },
    output: {
      path: dist,
      filename: "[name].js",
      chunkFilename: "amd/[contenthash:16].js",
      publicPath: "auto",
      uniqueName: `${name}-amd`,
      library: { type: "amd", export: "widgets" },
    },
    externals: ["@jupyter-widgets/base"],
  };
}

rmSync(join(dist, "amd"), { recursive: true, force: true });
mkdirSync(join(dist, "labextension"), { recursive: true });
const extension = await run(labextensionConfig());
writeManifest(extension.assets.find((asset) => asset.name.startsWith("remoteEntry.")).name);
// What the widgets' bundle was made of is not seen in it any more.
const inside = JSON.parse(readFileSync(join(dist, "widgets/licenses.json"), "utf8"));
const packages = joinLicenses([...inside, ...licensesOf(extension.sources)]);
writeFileSync(join(dist, "labextension/static/third-party-licenses.json"), JSON.stringify({ packages }, null, 2));
await run(amdConfig());
