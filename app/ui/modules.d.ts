/** The lists that scripts/build-app.mjs generates from the installed extension packages. */
declare module "lowbit-app/extensions" {
  import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
  import type { LabPlugin, Loaded } from "./plugins.js";
  /** Every package that JupyterLab calls an extension, with its plugins. */
  export const extensions: readonly Loaded<LabPlugin>[];
  /** Every package that renders MIME types. */
  export const mimeExtensions: readonly Loaded<IRenderMime.IExtension>[];
}
declare module "lowbit-app/styles";
declare module "*.css";
declare module "*.svg" {
  const source: string;
  // biome-ignore lint/style/noDefaultExport: the bundler hands a file's text out as its default export
  export default source;
}
