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
/** Where the widgets' bundle comes from: widgets-by-url.ts in the app, widgets-inside.ts in a prebuilt extension. */
declare module "lowbit-app/widgets-source" {
  import type { WidgetBundle } from "./widget-bundle.js";
  /** The version of the package, which the bundle must have too. */
  export function widgetsVersion(): string;
  export function fetchWidgets(): Promise<WidgetBundle>;
}
/** The widgets' bundle itself, for what brings it along. */
declare module "lowbit-app/widgets" {
  import type { WidgetBundle } from "./widget-bundle.js";
  export const moduleName: WidgetBundle["moduleName"];
  export const moduleVersion: WidgetBundle["moduleVersion"];
  export const createWidgets: WidgetBundle["createWidgets"];
  export const plot: WidgetBundle["plot"];
}
/** The version of the package. */
declare const LOWBIT_VERSION: string;
