/**
 * The browser bundle of all widgets: `dist/widgets/lab.js`, an ES module that loads large libraries from
 * `dist/widgets/chunks/` when the first view needs them. A front end loads it and registers
 * `{ name: moduleName, version: moduleVersion, exports: createWidgets(base) }`.
 */
export { plot } from "../dom/plot.js";
export { createWidgets, moduleName, moduleVersion } from "./create-widgets.js";
